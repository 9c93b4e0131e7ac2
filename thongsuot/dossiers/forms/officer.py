"""Forms of what an officer does with one dossier. What may be chosen comes from the view, as rows of queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thongsuot.dossiers.forms.papers import PageCountField
from thongsuot.kernel.text import one_line
from thongsuot.kernel.working_time import VIET_NAM, WorkingCalendar
from thongsuot.web.forms import DayField, Form

Choices = Sequence[tuple[Any, Any]]


def _lines(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class LinesField(forms.CharField):
    """A list, one line each; empty lines are no lines."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]  # the stub knows a text only
        return [line for text in str(value or "").splitlines() if (line := one_line(text))]

    def validate(self, value: Any) -> None:
        if self.required and not value:
            raise forms.ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """Length is the command's business: per line, not of the whole."""


class UncoverForm(Form):
    reason = forms.CharField(
        label=_("Vì sao cần xem đầy đủ"),
        max_length=300,
        help_text=_("Người dân đọc được câu này. Ví dụ: đối chiếu thẻ khi trả kết quả."),
    )


class ConfirmForm(Form):
    """Nothing to fill in: only the press of the button."""


class ReasonForm(Form):
    reason = forms.CharField(label=_("Lý do"), widget=_lines(), help_text=_("Người dân đọc được câu này."))


class OptionalReasonForm(Form):
    reason = forms.CharField(label=_("Lý do"), widget=_lines(), required=False, help_text=_("Theo lời người nộp."))


class ReasonsForm(Form):
    reasons = LinesField(
        label=_("Các lý do, mỗi lý do một dòng"),
        widget=_lines(6),
        help_text=_("Ghi đủ mọi lý do trong một lần. Người dân đọc được các dòng này."),
    )


class ForwardForm(Form):
    """`step_key`: the step this officer saw; if it was finished meanwhile, nothing happens."""

    step_key = forms.CharField(widget=forms.HiddenInput)
    to_person = forms.TypedChoiceField(label=_("Người nhận"), coerce=int, empty_value=None, required=False)
    note = forms.CharField(label=_("Ghi chú cho người nhận"), required=False, max_length=1000)
    without_opinions = forms.BooleanField(
        label=_("Chuyển khi chưa đủ ý kiến trả lời"), required=False, help_text=_("Ghi lý do vào ô ghi chú.")
    )

    pin = forms.CharField(
        label=_("Mã PIN của chứng thư"),
        max_length=64,
        strip=False,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "class": "w12"}),
    )
    where = forms.ChoiceField(
        label=_("Vị trí chữ ký"),
        required=False,
        help_text=_("Chọn chỗ trống, để chữ ký không che chữ."),
        choices=[
            ("foot_right", _("Cuối trang cuối, bên phải")),
            ("middle_right", _("Giữa trang cuối, bên phải")),
            ("foot_left", _("Cuối trang cuối, bên trái")),
            ("new_page", _("Thêm một trang để ký")),
        ],
    )
    paper_reason = forms.CharField(
        label=_("Ký tay trên giấy thay cho ký số, vì"),
        max_length=300,
        required=False,
        help_text=_("Chỉ điền khi không ký số. Lý do được ghi vào hồ sơ."),
    )

    def __init__(
        self,
        *args: Any,
        people: Choices,
        opinions_open: int,
        signs: bool = False,
        has_key: bool = False,
        chooses_place: bool = False,
        **kwargs: Any,
    ) -> None:
        """`signs`: the step ends with a signature; `has_key`: there is a certificate for it; `chooses_place`: a person's."""
        super().__init__(*args, **kwargs)
        if not signs:
            del self.fields["paper_reason"]
        if not chooses_place:
            del self.fields["where"]
        if not signs or not has_key:
            del self.fields["pin"]
        if len(people) < 2:
            del self.fields["to_person"]
        else:
            self.offer(to_person=[("", gettext("Để người phân công chọn")), *people])
        if not opinions_open:
            del self.fields["without_opinions"]


class ReturnForm(Form):
    step_key = forms.CharField(widget=forms.HiddenInput)
    to_step = forms.ChoiceField(label=_("Trả lại bước"))
    reason = forms.CharField(label=_("Cần sửa gì"), widget=_lines())

    def __init__(self, *args: Any, steps: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(to_step=list(steps))


class ReassignForm(Form):
    step_key = forms.CharField(widget=forms.HiddenInput)
    to_person = forms.TypedChoiceField(label=_("Chuyển cho"), coerce=int)
    reason = forms.CharField(label=_("Ghi chú"), required=False, max_length=1000)

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(to_person=[("", gettext("Chọn người")), *people])


class AskOpinionForm(Form):
    """Bodies of the unit itself, of the city and its departments, and of the city's other units."""

    body_id = forms.TypedChoiceField(label=_("Cơ quan được hỏi"), coerce=int)
    answer_by = DayField(
        label=_("Trả lời chậm nhất"),
        required=False,
        help_text=_("Ngày làm việc. Để trống: theo thời hạn thường lệ của thành phố."),
    )
    question = forms.CharField(label=_("Điều cần hỏi"), widget=_lines(5), max_length=1000)

    def __init__(self, *args: Any, bodies: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(body_id=[("", gettext("Chọn cơ quan")), *bodies])


class AnswerForm(Form):
    answer = forms.CharField(label=_("Ý kiến trả lời"), widget=_lines(6), max_length=2000)


class SupplementForm(Form):
    """One complete list: what is ticked of the published papers, and what is written in own words."""

    papers = forms.MultipleChoiceField(label=_("Giấy tờ còn thiếu"), widget=forms.CheckboxSelectMultiple, required=False)
    items = LinesField(
        label=_("Nội dung khác cần bổ sung, mỗi nội dung một dòng"),
        widget=_lines(5),
        required=False,
        help_text=_("Ghi rõ thiếu gì, sai ở đâu. Ví dụ: Tờ khai chưa có chữ ký ở trang 2."),
    )
    reason = forms.CharField(label=_("Hướng dẫn thêm"), widget=_lines(3), required=False)

    def __init__(self, *args: Any, papers: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(papers=list(papers))
        self._names = dict(papers)

    def all_items(self) -> list[str]:
        """The whole list as it will be sent. Only after `is_valid()`."""
        ticked = [gettext("Bổ sung: %(paper)s") % {"paper": self._names[code]} for code in self.cleaned_data["papers"]]
        return [*ticked, *self.cleaned_data["items"]]


class ReappointForm(Form):
    """A day and an hour within the shifts; that it is after the old appointment is the command's business."""

    day = DayField(label=_("Ngày hẹn mới"), help_text=_("Ngày làm việc, sau ngày hẹn cũ. Ví dụ: 20/11/2026"))
    hour = forms.ChoiceField(label=_("Giờ"))
    reason = forms.CharField(
        label=_("Lý do chậm"), widget=_lines(), help_text=_("Người dân đọc được câu này trên phiếu xin lỗi.")
    )

    def __init__(self, *args: Any, calendar: WorkingCalendar, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hours = [
            hour
            for shift in calendar.shifts
            for hour in range(shift.starts.hour + bool(shift.starts.minute), shift.ends.hour + 1)
        ]
        self.offer(hour=[(f"{hour:02}:00", f"{hour:02}:00") for hour in hours])
        self.fields["hour"].initial = f"{hours[-1]:02}:00"

    def new_at(self) -> datetime:
        """Only after `is_valid()`."""
        chosen: date = self.cleaned_data["day"]
        return datetime.combine(chosen, time.fromisoformat(self.cleaned_data["hour"]), VIET_NAM)


class ExtendForm(Form):
    """How many days, and why. Only certification may be made longer than the procedure says, as agreed in writing."""

    days = forms.IntegerField(label=_("Kéo dài thêm (ngày làm việc)"), min_value=1, max_value=365)
    reason = forms.CharField(label=_("Lý do"), widget=_lines(), help_text=_("Người dân đọc được câu này."))
    agreement = forms.CharField(label=_("Văn bản thỏa thuận với người yêu cầu"), max_length=300, required=False)

    def __init__(self, *args: Any, given: int, agreed_longer: bool, **kwargs: Any) -> None:
        """`given`: the days the procedure gives; `agreed_longer`: may the filer agree to more?"""
        super().__init__(*args, **kwargs)
        self.fields["days"].initial = given
        self.fields["days"].help_text = gettext("Thủ tục cho kéo dài nhiều nhất %(days)s ngày làm việc.") % {"days": given}
        if agreed_longer:
            self.fields["agreement"].help_text = gettext("Chỉ ghi khi kéo dài quá %(days)s ngày: số, ngày của văn bản.") % {
                "days": given
            }
        else:
            del self.fields["agreement"]


class HandBackForm(Form):
    handed_to = forms.CharField(
        label=_("Người nhận kết quả"),
        max_length=200,
        help_text=_("Họ tên người đến nhận, sau khi đối chiếu giấy tờ hoặc giấy ủy quyền."),
    )


class DraftForm(Form):
    title = forms.CharField(label=_("Tên kết quả"), max_length=300)
    file = forms.FileField(label=_("Tệp dự thảo"), help_text=_("PDF, ảnh hoặc văn bản, tối đa 20 MB"))


def paper_field_name(code: str) -> str:
    return f"tep-{code}"


class BringForm(Form):
    """What the owner brings to the counter: a file or a tick per paper, and words."""

    answer = forms.CharField(label=_("Người nộp trả lời"), widget=_lines(3), required=False)

    def __init__(self, *args: Any, papers: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = []
        for code, name in papers:
            self.codes.append(code)
            self.fields[f"co-{code}"] = forms.BooleanField(label=name, required=False)
            self.fields[paper_field_name(code)] = forms.FileField(
                label=gettext("Bản quét: %(paper)s") % {"paper": name}, required=False
            )
            self.fields[f"so-trang-{code}"] = PageCountField(
                label=gettext("Số trang giấy đã quét: %(paper)s") % {"paper": name}, required=False
            )


class BatchPinForm(Form):
    pin = forms.CharField(
        label=_("Mã PIN của chứng thư"),
        max_length=64,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "class": "w12"}),
        help_text=_("Nhập một lần cho cả lượt. Mã không được lưu."),
    )


class ReturnLegForm(Form):
    reason = forms.CharField(label=_("Vì sao trả lại"), widget=_lines(), help_text=_("Nơi gửi đọc câu này để biết cần sửa gì."))


class NoticeForm(Form):
    """The tax office's payment notice."""

    number = forms.CharField(label=_("Số thông báo"), max_length=60)
    amount_dong = forms.IntegerField(label=_("Số tiền phải nộp (đồng)"), min_value=1)
    pay_by = DayField(label=_("Nộp chậm nhất ngày"))
    file = forms.FileField(label=_("Tệp thông báo"), required=False, help_text=_("PDF hoặc ảnh, tối đa 20 MB"))


class ProofForm(Form):
    """Proof of payment: with a notice of the tax office its number or its file is needed."""

    proof_number = forms.CharField(label=_("Số chứng từ nộp tiền"), max_length=60, required=False)
    file = forms.FileField(label=_("Tệp chứng từ"), required=False, help_text=_("PDF hoặc ảnh, tối đa 20 MB"))


class PartnerAnswerForm(Form):
    """What a partner without accounts answered; with the notice when its step ends with one."""

    step_key = forms.CharField(widget=forms.HiddenInput)
    answered_by = forms.CharField(label=_("Người trả lời ở cơ quan phối hợp"), max_length=200)
    document = forms.CharField(
        label=_("Số và ngày văn bản trả lời"), max_length=100, help_text=_("Ví dụ: 45/VPĐK ngày 08/10/2026")
    )
    note = forms.CharField(label=_("Nội dung trả lời"), widget=_lines(), required=False, max_length=600)
    number = forms.CharField(
        label=_("Số thông báo nộp tiền"), max_length=60, required=False, help_text=_("Để trống nếu không phát sinh nghĩa vụ.")
    )
    amount_dong = forms.IntegerField(label=_("Số tiền phải nộp (đồng)"), min_value=1, required=False)
    pay_by = DayField(label=_("Nộp chậm nhất ngày"), required=False)
    file = forms.FileField(label=_("Tệp văn bản trả lời"), required=False, help_text=_("PDF hoặc ảnh, tối đa 20 MB"))

    def __init__(self, *args: Any, asks_payment: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_payment:
            for name in ("number", "amount_dong", "pay_by", "file"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        parts = ("number", "amount_dong", "pay_by")
        if any(given.get(name) for name in parts):
            for name in parts:
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, gettext("Thông báo nộp tiền cần cả số, số tiền và hạn nộp."))
        return given
