"""Forms of the desk, of administration and of the stand-in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thongsuot.feedback.forms.asking import AskingForm
from thongsuot.feedback.models import Category
from thongsuot.feedback.queries.reporting import by_group
from thongsuot.hotline.actions.calls import CORRECTED
from thongsuot.hotline.models import Call, CallScript, HotlineLine, OperatorPresence
from thongsuot.hotline.rules import EMERGENCY, Settings
from thongsuot.hotline.stand_in.core import MISCHIEF
from thongsuot.units.queries import UnitRow
from thongsuot.web.forms import DayField, Form

_NUMBERS = {"class": "w12", "inputmode": "tel", "autocomplete": "off"}
MINUTES_NUMBER = {"class": "w4", "inputmode": "numeric", "autocomplete": "off"}


class SeatForm(Form):
    line = forms.TypedChoiceField(label=_("Đường dây"), coerce=int)
    extension = forms.CharField(
        label=_("Máy lẻ"),
        max_length=20,
        help_text=_("Số của điện thoại trên bàn bạn, ví dụ 101."),
        widget=forms.TextInput(attrs=_NUMBERS),
    )

    def __init__(self, *args: Any, lines: Iterable[HotlineLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(line=[(one.pk, f"{one.code}, {one.name}") for one in lines])


class CallsForm(Form):
    """Which calls. By no telephone number: an address is read by others."""

    ngay = DayField(label=_("Ngày"), required=False)
    phieu = forms.CharField(
        label=_("Số phiếu"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"class": "w12", "autocomplete": "off"}),
    )
    cuoc = forms.IntegerField(
        label=_("Cuộc gọi số"),
        required=False,
        min_value=1,
        max_value=2**63 - 1,
        widget=forms.TextInput(attrs={"class": "w12", "inputmode": "numeric", "autocomplete": "off"}),
    )


def grouped(rows: Iterable[Category]) -> list[tuple[str, list[tuple[int, str]]]]:
    """Categories as a list to choose from, by their groups."""
    return [(group, [(row.pk, row.name) for row in inside]) for group, inside in by_group(rows)]


class ClassifyForm(Form):
    """`asked`: without it a ticket may be made whose category others find."""

    category = forms.TypedChoiceField(label=_("Lĩnh vực"), coerce=int, empty_value=None)
    urgent = forms.BooleanField(label=_("Khẩn: thiên tai, dịch bệnh, tai nạn, an ninh"), required=False)

    def __init__(self, *args: Any, categories: Iterable[Category], asked: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(category=[("", _("Chọn lĩnh vực")), *grouped(categories)])
        self.fields["category"].required = asked


class TicketForm(AskingForm):
    """What the caller tells, as the operator writes it down, with what the category asks. The telephone stands there already
    when it is known. `key`: one page makes one ticket, however often it is sent.
    """

    words = forms.CharField(label=_("Nội dung phản ánh"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
    address = forms.CharField(
        label=_("Nơi xảy ra"), max_length=300, required=False, help_text=_("Số nhà, đường, địa danh như người gọi nói.")
    )
    place_unit = forms.TypedChoiceField(label=_("Xã, phường"), coerce=int, empty_value=None, required=False)
    name = forms.CharField(label=_("Họ và tên người gọi"), max_length=200)
    phone = forms.CharField(label=_("Số điện thoại liên hệ"), max_length=20, widget=forms.TextInput(attrs=_NUMBERS))
    key = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    def __init__(self, *args: Any, communes: Iterable[UnitRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(place_unit=[("", _("Chưa rõ")), *((row.id, row.full_name) for row in communes)])

    def start_with_questions(self) -> None:
        """The first thing to ask now: of the category just noted, else what it is about."""
        name = next(iter(self.places.values()), "words")
        self.fields[name].widget.attrs["autofocus"] = True

    def facts(self) -> dict[str, Any]:
        asked = set(self.places.values())
        return {"answers": self.answers, **{name: said for name, said in self.cleaned_data.items() if name not in asked}}


class CorrectForm(Form):
    """What was noted wrongly. A call that brought a ticket keeps that outcome."""

    outcome = forms.ChoiceField(label=_("Kết quả đúng"), widget=forms.RadioSelect)
    category = forms.TypedChoiceField(label=_("Lĩnh vực"), coerce=int, empty_value=None, required=False)
    urgent = forms.BooleanField(label=_("Khẩn: thiên tai, dịch bệnh, tai nạn, an ninh"), required=False)
    reason = forms.CharField(label=_("Lý do sửa"), max_length=300, help_text=_("Lý do và kết quả cũ được giữ lại."))

    def __init__(self, *args: Any, call: Call, categories: Sequence[Category], **kwargs: Any) -> None:
        now = {"outcome": call.outcome, "category": call.category_id, "urgent": call.urgent}
        super().__init__(*args, initial=now, **kwargs)
        offered = [Call.Outcome.TICKET] if call.ticket_id else CORRECTED
        self.offer(outcome=[(one.value, one.label) for one in offered])
        known = any(row.pk == call.category_id for row in categories)
        older = [] if known or call.category is None else [(call.category_id, call.category.name)]
        self.offer(category=[("", _("Chưa rõ lĩnh vực")), *older, *grouped(categories)])


class WhyForm(Form):
    """Why something is done to a call that is done."""

    reason = forms.CharField(label=_("Lý do"), max_length=300)


class ReassignForm(WhyForm):
    person = forms.TypedChoiceField(label=_("Giao cho"), coerce=int, empty_value=None)

    def __init__(self, *args: Any, people: Iterable[tuple[Any, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(person=people)
        self.order_fields(["person", "reason"])


class NoteForm(Form):
    note = forms.CharField(
        label=_("Ghi chú"), max_length=300, required=False, help_text=_("Ví dụ: máy bận, hẹn gọi lại buổi chiều.")
    )


class TransferForm(Form):
    """One list of where a call may go: whoever is ready here, emergency numbers, communes."""

    where = forms.ChoiceField(label=_("Chuyển đến"))

    def __init__(self, *args: Any, operators: Iterable[OperatorPresence], communes: Iterable[UnitRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(
            where=[
                ("", _("Chọn nơi chuyển")),
                (
                    _("Tổng đài viên sẵn sàng"),
                    [(f"operator-{one.person_id}", f"{one.person_name}, {one.extension}") for one in operators],
                ),
                (_("Số khẩn cấp"), [(f"emergency-{number}", f"{number}, {words}") for number, words in EMERGENCY.items()]),
                (_("Xã, phường"), [(f"unit-{row.id}", row.full_name) for row in communes]),
            ]
        )

    def target(self) -> dict[str, str]:
        to, _dash, where = self.cleaned_data["where"].partition("-")
        return {"to": to, "where": where}


class CallBackForm(Form):
    minutes = forms.IntegerField(
        label=_("Gọi lại trong (phút)"),
        required=False,
        min_value=1,
        max_value=2880,
        help_text=_("Để trống: theo thời hạn đã đặt."),
        widget=forms.TextInput(attrs=MINUTES_NUMBER),
    )


class ReasonForm(Form):
    reason = forms.CharField(
        label=_("Lý do xem"), max_length=300, help_text=_("Lý do được ghi lại; người có số này đọc được lý do đó.")
    )


class LineForm(Form):
    code = forms.CharField(
        label=_("Mã đường dây ở tổng đài"), max_length=20, help_text=_("Đúng như tin báo của tổng đài, ví dụ 1022.")
    )
    name = forms.CharField(label=_("Tên đường dây"), max_length=80)


class SettingsForm(Form):
    classify_minutes = forms.IntegerField(label=_("Phân loại cuộc gọi trong (phút, từ khi nhấc máy)"))
    connect_minutes = forms.IntegerField(label=_("Cuộc gọi đã nhận mà chưa nối máy thì trả lại hàng chờ sau (phút)"))
    call_back_minutes = forms.IntegerField(label=_("Gọi lại trong (phút)"))
    most_tries = forms.IntegerField(label=_("Số lần gọi lại không gặp thì thôi"))
    retry_minutes = forms.IntegerField(label=_("Gọi không gặp thì gọi lần sau từ (phút)"))
    stuck_minutes = forms.IntegerField(
        label=_("Báo việc tồn đọng sau (phút)"), help_text=_("Cuộc gọi chưa ghi kết quả, việc gọi lại đã nhận mà chưa gọi.")
    )
    lost_minutes = forms.IntegerField(
        label=_("Hỏi tổng đài về cuộc gọi không có tin mới sau (phút)"), help_text=_("Khi tổng đài quên báo kết thúc.")
    )
    recording_days = forms.IntegerField(label=_("Giữ bản ghi âm (ngày)"))
    number_days = forms.IntegerField(label=_("Giữ số người gọi (ngày)"))
    recording_most_mb = forms.IntegerField(label=_("Nghe bản ghi âm nặng nhất (MB)"))
    basis = forms.CharField(label=_("Căn cứ"), max_length=200)

    def __init__(self, *args: Any, now: Settings, **kwargs: Any) -> None:
        super().__init__(*args, initial={**now.numbers, "basis": now.basis}, **kwargs)
        for name in Settings.RANGES:
            self.fields[name].widget.attrs |= MINUTES_NUMBER

    def settings(self) -> Settings:
        return Settings(**self.cleaned_data)


class ScriptForm(Form):
    opening = forms.CharField(label=_("Lời mở đầu"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    steps = forms.CharField(
        label=_("Các bước"),
        required=False,
        max_length=7000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Mỗi dòng một bước: điều cần hỏi, điều cần nói."),
    )

    def __init__(self, *args: Any, now: CallScript | None, **kwargs: Any) -> None:
        initial = {"opening": now.opening, "steps": "\n".join(now.steps)} if now else {}
        super().__init__(*args, initial=initial, **kwargs)

    def facts(self) -> dict[str, Any]:
        return {"opening": self.cleaned_data["opening"], "steps": self.cleaned_data["steps"].splitlines()}


class RingForm(Form):
    line = forms.ChoiceField(label=_("Gọi đến đường dây"))
    caller = forms.RegexField(
        r"[0-9+ .-]{3,20}",
        label=_("Số người gọi"),
        required=False,
        help_text=_("Để trống: số ẩn. Ví dụ 0912 000 111."),
        widget=forms.TextInput(attrs=_NUMBERS),
        error_messages={"invalid": _("Số người gọi chỉ gồm chữ số, ví dụ 0912 000 111.")},
    )
    mischief = forms.ChoiceField(label=_("Tổng đài giả lập sẽ"), required=False, choices=list(MISCHIEF.items()))

    def __init__(self, *args: Any, lines: Iterable[HotlineLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(line=[(one.code, f"{one.code}, {one.name}") for one in lines])
