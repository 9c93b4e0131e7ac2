"""Forms of helping."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thongsuot.assistance.models import Agent, Helper
from thongsuot.assistance.rules import NOTE_AT_MOST, Outcome, Topic
from thongsuot.counters.satisfaction import Level, Reason
from thongsuot.web.forms import DayField, Form

_DIGITS = {"inputmode": "numeric", "autocomplete": "off", "class": "w12"}
_PHONE = {"inputmode": "tel", "autocomplete": "off", "class": "w12"}


class ConsentForm(Form):
    """Whom, and for what. Sent by GET: nothing changes yet."""

    nguoi = forms.CharField(
        label=_("Số thẻ của người giúp"),
        max_length=30,
        help_text=_("In trên thẻ của họ, dạng TG-7H4P-22. Gõ chữ thường hay thiếu gạch nối đều được"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "class": "w12"}),
    )
    thu_tuc = forms.CharField(label=_("Thủ tục cần nộp"), max_length=200, help_text=_("Tên hoặc mã, ví dụ: khai sinh"))


class AsForm(Form):
    """As which of one's entries in the register; not asked of who has one."""

    tu_cach = forms.TypedChoiceField(label=_("Giúp với tư cách"), coerce=int, widget=forms.RadioSelect)

    def __init__(self, helpers: list[Helper], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(tu_cach=[(one.pk, one.called) for one in helpers])
        if len(helpers) == 1:
            self.fields["tu_cach"].initial = helpers[0].pk
            self.fields["tu_cach"].widget = forms.HiddenInput()


class CodeForm(AsForm):
    code = forms.CharField(
        label=_("Mã đồng ý của người dân"),
        max_length=20,
        help_text=_("Sáu chữ số. Người dân đọc cho bạn, mỗi mã dùng một lần"),
        widget=forms.TextInput(attrs=_DIGITS),
    )


class WithoutAccountForm(AsForm):
    """Somebody who has no account: by a code sent to them, or on paper."""

    name = forms.CharField(
        label=_("Họ và tên người được giúp"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    procedure = forms.CharField(label=_("Thủ tục cần nộp"), max_length=200, help_text=_("Tên hoặc mã, ví dụ: khai sinh"))
    how = forms.ChoiceField(
        label=_("Người dân đồng ý bằng cách nào?"),
        widget=forms.RadioSelect,
        choices=[("code", _("Mã gửi đến thư hoặc điện thoại của họ")), ("paper", _("Giấy đồng ý đã ký"))],
    )
    email = forms.CharField(
        label=_("Thư điện tử của người dân"),
        max_length=254,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=_("Điện thoại của người dân"), max_length=20, required=False, widget=forms.TextInput(attrs=_PHONE)
    )
    scan = forms.FileField(
        label=_("Ảnh hoặc bản quét giấy đồng ý"),
        required=False,
        help_text=_("Chụp đủ bốn góc, thấy rõ chữ ký. JPG, PNG hoặc PDF"),
    )


class RateForm(Form):
    level = forms.TypedChoiceField(
        label=_("Bạn hài lòng với người giúp đến mức nào?"),
        choices=Level.choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Hãy chọn một trong năm mức.")},
    )
    reasons = forms.MultipleChoiceField(
        label=_("Điều gì làm bạn chọn mức đó?"), required=False, widget=forms.CheckboxSelectMultiple, choices=Reason.choices
    )


class ReasonForm(Form):
    reason = forms.CharField(
        label=_("Lý do xem"), max_length=300, help_text=_("Được ghi lại cùng tên bạn"), widget=forms.TextInput
    )


class NoteReasonForm(ReasonForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = gettext("Được ghi lại cùng tên bạn, luật sư đã ghi lượt tư vấn đọc được")


# -- the register ------------------------------------------------------------------------------------------------------


class AgentForm(Form):
    unit = forms.TypedChoiceField(label=_("Phường, xã"), coerce=int)
    name = forms.CharField(label=_("Tên đại lý"), max_length=200)
    address = forms.CharField(label=_("Địa chỉ"), max_length=300)
    hours = forms.CharField(label=_("Giờ mở cửa"), max_length=200, help_text=_("Ví dụ: 8:00-17:00, thứ hai đến thứ bảy"))
    phone = forms.CharField(label=_("Điện thoại"), max_length=20, widget=forms.TextInput(attrs=_PHONE))
    decision_number = forms.CharField(label=_("Số quyết định đăng ký"), max_length=60)
    decided_on = DayField(label=_("Ngày quyết định"))
    valid_from = DayField(label=_("Đăng ký từ ngày"))

    def __init__(self, whose: Iterable[tuple[int, str]], *args: Any, new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(unit=whose)
        if not new:
            del self.fields["unit"], self.fields["valid_from"]

    @staticmethod
    def of(agent: Agent) -> dict[str, Any]:
        return {name: getattr(agent, name) for name in AGENT_FACTS}


AGENT_FACTS = ("name", "address", "hours", "phone", "decision_number", "decided_on")


class HelperForm(Form):
    kind = forms.ChoiceField(label=_("Loại"), widget=forms.RadioSelect)
    unit = forms.TypedChoiceField(label=_("Phường, xã của tình nguyện viên"), coerce=int, required=False)
    agent = forms.TypedChoiceField(label=_("Đại lý"), coerce=int, required=False, help_text=_("Chỉ với nhân viên đại lý"))
    full_name = forms.CharField(label=_("Họ và tên"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = forms.CharField(
        label=_("Thư điện tử"),
        max_length=254,
        help_text=_("Để mở tài khoản. Người đó tự đặt mật khẩu bằng “Quên mật khẩu”"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    phone = forms.CharField(label=_("Điện thoại"), max_length=20, required=False, widget=forms.TextInput(attrs=_PHONE))
    organisation = forms.CharField(
        label=_("Tổ chức"), max_length=200, required=False, help_text=_("Ví dụ: Đoàn thanh niên phường, Đoàn luật sư thành phố")
    )
    bar_number = forms.CharField(label=_("Số thẻ luật sư"), max_length=30, required=False)
    training = forms.CharField(
        label=_("Số giấy chứng nhận tập huấn"),
        max_length=120,
        required=False,
        help_text=_("Nhân viên đại lý chưa có thì chưa giúp được"),
    )
    trained_on = DayField(label=_("Ngày tập huấn"), required=False)
    may_scan = forms.BooleanField(label=_("Được chụp, quét và đính giấy tờ"), required=False)
    may_submit = forms.BooleanField(label=_("Được bấm nộp hồ sơ, đứng tên người dân"), required=False)
    is_head = forms.BooleanField(label=_("Phụ trách đại lý: xem nhật ký của cả đại lý"), required=False)
    valid_from = DayField(label=_("Từ ngày"))

    def __init__(
        self,
        *args: Any,
        kinds: Iterable[tuple[str, Any]] = (),
        whose: Iterable[tuple[int, str]] = (),
        agents: Iterable[tuple[int, str]] = (),
        new: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offer(kind=kinds, unit=[("", "-"), *whose], agent=[("", "-"), *agents])
        if not new:
            for name in ("kind", "unit", "agent", "email", "phone", "valid_from"):
                del self.fields[name]

    @staticmethod
    def of(helper: Helper) -> dict[str, Any]:
        return {name: getattr(helper, name) for name in HELPER_FACTS}


HELPER_FACTS = ("full_name", "organisation", "bar_number", "training", "trained_on", "may_scan", "may_submit", "is_head")


class LogForm(Form):
    """What of the log is asked for. Sent by GET; a field left empty narrows nothing."""

    dai_ly = forms.TypedChoiceField(label=_("Đại lý"), coerce=int, required=False, empty_value=None)
    nguoi_giup = forms.CharField(label=_("Số thẻ của người giúp"), max_length=30, required=False)
    tu = DayField(label=_("Từ ngày"), required=False)
    den = DayField(label=_("Đến hết ngày"), required=False)

    def __init__(self, agents: Iterable[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(dai_ly=[("", gettext("Tất cả")), *agents])


class EndForm(Form):
    on = DayField(label=_("Thôi từ ngày"))


class ListForm(Form):
    file = forms.FileField(label=_("Tệp danh sách (.xlsx hoặc .csv)"))


# -- shifts ------------------------------------------------------------------------------------------------------------


class ShiftForm(Form):
    helper = forms.CharField(
        label=_("Số thẻ của người trực"),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "class": "w12"}),
    )
    point = forms.TypedChoiceField(label=_("Điểm phục vụ"), coerce=int)
    day = DayField(label=_("Ngày"))
    starts = forms.TimeField(
        label=_("Từ giờ"), widget=forms.TimeInput(format="%H:%M", attrs={"class": "w4", "autocomplete": "off"})
    )
    ends = forms.TimeField(
        label=_("Đến giờ"), widget=forms.TimeInput(format="%H:%M", attrs={"class": "w4", "autocomplete": "off"})
    )
    team = forms.TypedChoiceField(label=_("Đội của đợt cao điểm"), coerce=int, required=False)

    def __init__(self, points: Iterable[tuple[int, str]], teams: Iterable[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("starts", "ends"):
            self.fields[name].error_messages["invalid"] = gettext("Chưa đọc được giờ này. Hãy ghi giờ và phút, ví dụ 8:30.")
        teams = list(teams)
        self.offer(point=points, team=[("", gettext("Không thuộc đội nào")), *teams])
        if not teams:
            del self.fields["team"]


class CountForm(Form):
    came = forms.TypedChoiceField(
        label=_("Có đến trực không?"),
        choices=[("1", _("Có đến")), ("0", _("Không đến"))],
        coerce=lambda said: said == "1",
        widget=forms.RadioSelect,
    )
    people = forms.IntegerField(
        label=_("Số người đã giúp"),
        min_value=0,
        max_value=2000,
        help_text=_("Không tính người đã nộp qua phiên nộp giúp, hệ thống tự đếm"),
        widget=forms.TextInput(attrs=_DIGITS),
    )
    accounts = forms.IntegerField(
        label=_("Số tài khoản đã giúp mở"), min_value=0, max_value=2000, widget=forms.TextInput(attrs=_DIGITS)
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("people", "accounts"):
            says = gettext("Ghi một số từ 0 đến %(most)s.") % {"most": 2000}
            self.fields[name].error_messages |= {"invalid": says, "min_value": says, "max_value": says}


class CorrectForm(CountForm):
    reason = forms.CharField(label=_("Vì sao sửa"), max_length=300, widget=forms.TextInput)


class NoteForm(Form):
    topic = forms.ChoiceField(label=_("Lĩnh vực"), choices=Topic.choices)
    outcome = forms.ChoiceField(label=_("Kết quả"), choices=Outcome.choices, widget=forms.RadioSelect)
    referred_to = forms.CharField(label=_("Giới thiệu đến đâu"), max_length=200, required=False)
    words = forms.CharField(
        label=_("Ghi chép"),
        max_length=NOTE_AT_MOST,
        required=False,
        widget=forms.Textarea(attrs={"rows": "6"}),
        help_text=_("Được niêm phong. Chỉ bạn đọc được, và người phụ trách trợ giúp pháp lý khi ghi lý do"),
    )


# -- campaigns ---------------------------------------------------------------------------------------------------------


class CampaignForm(Form):
    name = forms.CharField(label=_("Tên đợt"), max_length=200)
    starts_on = DayField(label=_("Ngày bắt đầu"))
    days = forms.IntegerField(label=_("Số ngày"), min_value=1, max_value=366, initial=30, widget=forms.TextInput(attrs=_DIGITS))
    people = forms.IntegerField(label=_("Chỉ tiêu: số người được giúp"), min_value=0, widget=forms.TextInput(attrs=_DIGITS))
    accounts = forms.IntegerField(label=_("Chỉ tiêu: số tài khoản được mở"), min_value=0, widget=forms.TextInput(attrs=_DIGITS))
    dossiers = forms.IntegerField(label=_("Chỉ tiêu: số hồ sơ nộp giúp"), min_value=0, widget=forms.TextInput(attrs=_DIGITS))

    def __init__(self, *args: Any, new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("days", "people", "accounts", "dossiers"):
            says = gettext("Ghi một số, ví dụ 30.")
            self.fields[name].error_messages |= {"invalid": says, "min_value": says, "max_value": says}
        if not new:
            del self.fields["starts_on"]

    def targets(self) -> dict[str, int]:
        return {name: self.cleaned_data[name] for name in ("people", "accounts", "dossiers")}


class TeamForm(Form):
    point = forms.TypedChoiceField(label=_("Điểm phục vụ"), coerce=int)
    name = forms.CharField(label=_("Tên đội"), max_length=120)

    def __init__(self, points: Iterable[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(point=points)
