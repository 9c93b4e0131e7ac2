"""Forms of citizen reception. Their texts are checked by the commands; here they are read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thongsuot.citizen_reception.facts import DayFacts, PaperFacts, PartyFacts, VisitorFacts
from thongsuot.citizen_reception.models import CameAs, ReceptionDay, ReceptionEntry
from thongsuot.citizen_reception.numbers import Number
from thongsuot.citizen_reception.rules import MATTER_AT_MOST, WORDS_AT_MOST
from thongsuot.web.forms import DayField, Form

_OFF = {"autocomplete": "off"}
_PHONE = {"inputmode": "tel", "autocomplete": "off", "class": "w12"}
_NUMBER = {"inputmode": "numeric", "autocomplete": "off", "class": "w12"}
Choices = Iterable[tuple[Any, Any]]


def _hour(label: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        input_formats=["%H:%M", "%Hh%M", "%H"],
        widget=forms.TimeInput(attrs={"class": "w4", "autocomplete": "off"}, format="%H:%M"),
        help_text=_("Giờ và phút, ví dụ: 08:00."),
        error_messages={"invalid": _("Chưa đọc được giờ này. Hãy ghi giờ và phút, ví dụ: 08:00.")},
    )


def _people(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=1,
        max_value=9999,
        initial=1,
        widget=forms.NumberInput(attrs={"class": "w4", "inputmode": "numeric"}),
        error_messages={"invalid": _("Chưa đọc được số này. Hãy ghi bằng chữ số, ví dụ: 12.")},
    )


def _words(label: Any, *, most: int = WORDS_AT_MOST, rows: int = 4, hint: Any = "") -> forms.CharField:
    return forms.CharField(label=label, max_length=most, help_text=hint, widget=forms.Textarea(attrs={"rows": rows}))


class OfUnitForm(Form):
    """About a unit of the officer: asked only of who has several."""

    unit = forms.TypedChoiceField(label=_("Đơn vị"), coerce=int)

    def __init__(self, whose: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = list(whose)
        self.offer(unit=offered)
        if len(offered) == 1:
            self.fields["unit"].initial = offered[0][0]
            self.fields["unit"].widget = forms.HiddenInput()


class ClassForm(Form):
    kind = forms.ChoiceField(label=_("Loại việc"), widget=forms.RadioSelect, choices=ReceptionEntry.Kind.choices)
    competence = forms.ChoiceField(label=_("Thẩm quyền"), widget=forms.RadioSelect, choices=ReceptionEntry.Competence.choices)
    competent_body = forms.CharField(
        label=_("Cơ quan có thẩm quyền"), max_length=200, required=False, help_text=_("Khi việc thuộc cơ quan khác")
    )


class VisitForm(OfUnitForm):
    name = forms.CharField(label=_("Họ và tên người đến"), max_length=200, widget=forms.TextInput(attrs=_OFF))
    address = forms.CharField(label=_("Địa chỉ"), max_length=300, widget=forms.TextInput(attrs=_OFF))
    id_number = forms.CharField(label=_("Số căn cước"), max_length=20, required=False, widget=forms.TextInput(attrs=_NUMBER))
    phone = forms.CharField(
        label=_("Điện thoại"),
        max_length=20,
        required=False,
        help_text=_("Để báo kết quả xử lý"),
        widget=forms.TextInput(attrs=_PHONE),
    )
    email = forms.CharField(label=_("Thư điện tử"), max_length=254, required=False, widget=forms.TextInput(attrs=_OFF))
    people = _people(_("Số người mà người đến đại diện"))
    representatives = forms.CharField(
        label=_("Những người đại diện của đoàn"),
        max_length=1000,
        required=False,
        help_text=_("Khi nhiều người cùng một nội dung"),
        widget=forms.TextInput(attrs=_OFF),
    )
    matter = _words(_("Nội dung trình bày"), most=MATTER_AT_MOST, hint=_("Người tố cáo được giữ kín: không ghi tên họ ở đây"))
    papers = forms.CharField(
        label=_("Giấy tờ đã đưa"),
        max_length=2000,
        required=False,
        help_text=_("Mỗi dòng một giấy tờ. Bản quét thêm được ở trang sau"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    heard_by = forms.CharField(
        label=_("Người chủ trì tiếp"), max_length=200, required=False, help_text=_("Chức vụ, khi không phải người ghi sổ")
    )
    kind = forms.ChoiceField(
        label=_("Loại việc"), required=False, choices=[("", _("Phân loại sau")), *ReceptionEntry.Kind.choices]
    )
    competence = forms.ChoiceField(
        label=_("Thẩm quyền"), required=False, choices=[("", _("Xác định sau")), *ReceptionEntry.Competence.choices]
    )
    competent_body = forms.CharField(
        label=_("Cơ quan có thẩm quyền"), max_length=200, required=False, help_text=_("Khi việc thuộc cơ quan khác")
    )
    came_as = forms.ChoiceField(label=_("Cách đến"), choices=CameAs.choices[:2], initial=CameAs.IN_PERSON)

    def visitor(self) -> VisitorFacts:
        return VisitorFacts(**{name: self.cleaned_data[name] for name in VisitorFacts.__dataclass_fields__})

    def handed_in(self) -> list[PaperFacts]:
        return [PaperFacts(title=line) for line in self.cleaned_data["papers"].splitlines() if line.strip()]


class PaperForm(Form):
    title = forms.CharField(label=_("Tên giấy tờ"), max_length=200)
    file = forms.FileField(label=_("Bản quét hoặc ảnh"), required=False, help_text=_("PDF, JPG hoặc PNG"))

    def paper(self) -> PaperFacts:
        file = self.cleaned_data["file"]
        return PaperFacts(title=self.cleaned_data["title"], content=file, file_name=file.name if file else "")


class GroundsForm(Form):
    grounds = _words(_("Căn cứ từ chối tiếp"), most=1000, rows=3, hint=_("Điều khoản nào, vì sao"))
    day = DayField(label=_("Ngày có căn cứ"))
    hour = _hour(_("Giờ có căn cứ"))

    def since(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.cleaned_data["day"], self.cleaned_data["hour"]))


class HandleForm(Form):
    """`asks_since`: no grounds were noted yet, so a refusal says from when on there were any."""

    way = forms.ChoiceField(label=_("Cách xử lý"), widget=forms.RadioSelect, choices=ReceptionEntry.Way.choices)
    to_unit = forms.TypedChoiceField(
        label=_("Chuyển đến đơn vị của thành phố"),
        coerce=int,
        required=False,
        empty_value=None,
        help_text=_("Khi chuyển: đơn vị này nhận lượt tiếp ngay và giải quyết tiếp"),
    )
    body = forms.CharField(
        label=_("Cơ quan khác có thẩm quyền"),
        max_length=200,
        required=False,
        help_text=_("Khi hướng dẫn, hoặc chuyển đến nơi không có trong danh sách"),
    )
    words = _words(_("Nội dung trên phiếu"), hint=_("Người đến nhận phiếu này. Khi từ chối: ghi rõ căn cứ"))
    day = DayField(
        label=_("Căn cứ từ chối có từ ngày"), required=False, help_text=_("Khi từ chối: hạn thông báo tính từ lúc này")
    )
    hour = _hour(_("Từ giờ"))

    def __init__(self, units: Choices, *args: Any, asks_since: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(to_unit=[("", gettext("Không, ghi tên cơ quan ở dưới")), *units])
        self.fields["hour"].required = False
        if not asks_since:
            del self.fields["day"], self.fields["hour"]

    def said(self) -> dict[str, Any]:
        """What the command is told."""
        said = {name: self.cleaned_data[name] for name in ("way", "body", "words")}
        day, hour = self.cleaned_data.get("day"), self.cleaned_data.get("hour")
        since = timezone.make_aware(datetime.combine(day, hour)) if day and hour else None
        return said | {"to_unit_id": self.cleaned_data["to_unit"], "since": since}


class ResultForm(Form):
    result = _words(_("Kết quả giải quyết"), hint=_("Người đến được báo nội dung này nếu có điện thoại hoặc thư điện tử"))


class EndForm(Form):
    because = forms.ChoiceField(label=_("Vì sao kết thúc?"), widget=forms.RadioSelect)
    reason = _words(_("Lý do cụ thể"), most=1000, rows=3)

    def __init__(self, *args: Any, handed_over: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = ReceptionEntry.Ended
        self.offer(because=[(way.value, way.label) for way in ways if handed_over or way != ways.RETURNED])


class NumberForm(Form):
    """A number of the law from a day on."""

    value = forms.IntegerField(label=_("Giá trị"))
    basis = forms.CharField(label=_("Căn cứ"), max_length=300, help_text=_("Văn bản, điều, khoản đã đọc"))
    checked = forms.BooleanField(
        label=_("Tôi đã đọc văn bản đang có hiệu lực, số này đúng"),
        required=False,
        help_text=_("Không đánh dấu thì số vẫn dùng, với nhãn “chưa ai đối chiếu”"),
    )
    valid_from = DayField(label=_("Từ ngày"))

    def __init__(self, *args: Any, number: Number, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"] = forms.IntegerField(label=str(number.label), min_value=number.least, max_value=number.most)
        self._name_what_is_missing()


class ReasonForm(Form):
    reason = forms.CharField(
        label=_("Lý do xem"), max_length=300, help_text=_("Được ghi lại cùng tên bạn"), widget=forms.TextInput
    )


class WhyForm(Form):
    reason = forms.CharField(label=_("Lý do"), max_length=300)


class DayForm(OfUnitForm):
    weekday = forms.TypedChoiceField(label=_("Thứ"), coerce=int, choices=ReceptionDay.Weekday.choices)
    week = forms.TypedChoiceField(label=_("Tuần"), coerce=int, choices=ReceptionDay.Week.choices)
    starts = _hour(_("Từ giờ"))
    ends = _hour(_("Đến giờ"))
    point = forms.TypedChoiceField(label=_("Điểm phục vụ"), coerce=int, required=False, empty_value=None)
    place = forms.CharField(
        label=_("Phòng, địa chỉ"), max_length=300, required=False, help_text=_("Ví dụ: phòng 102, trụ sở Ủy ban nhân dân")
    )
    receiver = forms.CharField(label=_("Ai tiếp"), max_length=200, help_text=_("Ví dụ: Chủ tịch Ủy ban nhân dân"))
    by_head = forms.BooleanField(label=_("Người đứng đầu trực tiếp tiếp"), required=False)
    valid_from = DayField(label=_("Áp dụng từ ngày"))

    def __init__(self, whose: Choices, points: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(whose, *args, **kwargs)
        self.offer(point=[("", gettext("Không, ghi địa chỉ ở dưới")), *points])

    def facts(self) -> DayFacts:
        said = {name: value for name, value in self.cleaned_data.items() if name not in {"unit", "point"}}
        return DayFacts(**said, point_id=self.cleaned_data["point"])


class ChangeDayForm(Form):
    day = DayField(label=_("Ngày trong lịch"))
    moved_to = DayField(label=_("Chuyển sang ngày"), required=False, help_text=_("Để trống nếu không tiếp bù"))
    reason = forms.CharField(label=_("Lý do"), max_length=300, help_text=_("Người dân đọc được"))


class EndDayForm(Form):
    on = DayField(label=_("Thôi từ ngày"))


class WhenForm(Form):
    day = DayField(label=_("Ngày tiếp"))
    hour = _hour(_("Giờ bắt đầu"))

    def starts_at(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.cleaned_data["day"], self.cleaned_data["hour"]))


class MoveForm(WhenForm):
    reason = forms.CharField(label=_("Lý do"), max_length=300)


class SessionForm(OfUnitForm, WhenForm):
    title = forms.CharField(
        label=_("Tên phiên tiếp"),
        max_length=200,
        help_text=_("Không ghi tên người. Phiên về tố cáo: lập từ trang lượt tiếp để được giữ kín"),
    )
    heard_by = forms.CharField(label=_("Chủ trì"), max_length=200, help_text=_("Ví dụ: Chủ tịch Ủy ban nhân dân"))
    chair = forms.TypedChoiceField(
        label=_("Người ký biên bản"),
        coerce=int,
        required=False,
        empty_value=None,
        help_text=_("Người chủ trì. Không chọn thì người đứng đầu đơn vị ký"),
    )
    link = forms.CharField(
        label=_("Đường dẫn vào hệ thống trực tuyến"),
        max_length=500,
        required=False,
        help_text=_("Bắt đầu bằng https://. Hình và tiếng đi qua hệ thống đó, không đi qua Thông Suốt."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )
    luot = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, whose: Choices, chairs: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(whose, *args, **kwargs)
        self.offer(chair=[("", gettext("Không chọn")), *chairs])


class ChairForm(Form):
    chair = forms.TypedChoiceField(label=_("Người chủ trì, ký biên bản"), coerce=int, empty_value=None)
    heard_by = forms.CharField(label=_("Chức vụ ghi trên biên bản"), max_length=200, help_text=_("Ví dụ: Phó Chủ tịch"))
    reason = forms.CharField(label=_("Lý do"), max_length=300)

    def __init__(self, chairs: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(chair=[("", gettext("Chọn người")), *chairs])


class PartyForm(Form):
    name = forms.CharField(label=_("Họ tên hoặc cơ quan"), max_length=200, widget=forms.TextInput(attrs=_OFF))
    role = forms.CharField(label=_("Tư cách"), max_length=200, help_text=_("Ví dụ: người khiếu nại, người đại diện của đoàn"))
    people = _people(_("Đại diện cho số người"))
    phone = forms.CharField(label=_("Điện thoại"), max_length=20, required=False, widget=forms.TextInput(attrs=_PHONE))
    email = forms.CharField(label=_("Thư điện tử"), max_length=254, required=False, widget=forms.TextInput(attrs=_OFF))

    def facts(self) -> PartyFacts:
        return PartyFacts(**self.cleaned_data)


class SiteForm(Form):
    point = forms.TypedChoiceField(label=_("Điểm phục vụ"), coerce=int, required=False, empty_value=None)
    unit = forms.TypedChoiceField(label=_("Đơn vị"), coerce=int, required=False, empty_value=None)
    name = forms.CharField(
        label=_("Tên điểm tiếp"), max_length=200, required=False, help_text=_("Khi không có trong hai danh sách trên")
    )

    def __init__(self, units: Choices, points: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(unit=[("", gettext("Không chọn")), *units], point=[("", gettext("Không chọn")), *points])


class LineForm(Form):
    """One test of a line. Words of several lines, so that no Enter says that it was good."""

    note = _words(_("Ghi chú lần thử"), most=300, rows=2, hint=_("Ví dụ: hình rõ, tiếng ngắt quãng"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = False


class TellForm(Form):
    how = forms.CharField(label=_("Đã thông báo bằng cách nào?"), max_length=200, help_text=_("Ví dụ: giấy mời số 12/GM-UBND"))


class RecordingForm(Form):
    link = forms.CharField(
        label=_("Đường dẫn trên máy chủ nhà nước"),
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )
    sha256 = forms.CharField(
        label=_("Mã SHA-256 của bản ghi"),
        max_length=64,
        required=False,
        help_text=_("64 ký tự, chép từ máy chủ lưu bản ghi"),
        widget=forms.TextInput(attrs=_OFF),
    )
    file = forms.FileField(label=_("Hoặc tệp lưu tại đây"), required=False)


class MinutesForm(Form):
    words = _words(_("Diễn biến và kết luận"), rows=8)


class DisposeForm(Form):
    decision = forms.CharField(
        label=_("Số, ngày của quyết định hủy"), max_length=60, help_text=_("Ví dụ: 12/QĐ-UBND ngày 05/01/2042")
    )


class PinForm(Form):
    pin = forms.CharField(
        label=_("Mã PIN ký số"),
        max_length=20,
        widget=forms.PasswordInput(attrs={"class": "w12", "inputmode": "numeric", "autocomplete": "off"}),
    )


class ScanForm(Form):
    scan = forms.FileField(label=_("Bản quét biên bản đã ký tay"), help_text=_("PDF, JPG hoặc PNG"))
