"""What people who report fill in: the report with the questions of its category, what they say afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thongsuot.counters.satisfaction import Level
from thongsuot.feedback.facts import PhotoUpload
from thongsuot.feedback.models import CategoryQuestion
from thongsuot.kernel import clock
from thongsuot.web.forms import DayField, Form

# Named one by one: a phone that sees image/jpeg turns its own format into one everybody can open.
PICTURES = "image/jpeg,image/png,.jpg,.jpeg,.png"
ASKS = "hoi_"
Kind = CategoryQuestion.Kind


class Photos(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[UploadedFile[Any]]:
        found: list[UploadedFile[Any]] = files.getlist(name) if hasattr(files, "getlist") else []
        return found

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in files


class PhotosField(forms.FileField):
    """Pictures of the sender. What they are is looked at when they are kept."""

    widget = Photos(attrs={"accept": PICTURES})

    def clean(self, data: Any, initial: Any = None) -> list[PhotoUpload]:
        return [PhotoUpload(name=file.name or "", content=file.file) for file in data or []]


class Degrees(forms.CharField):
    """A degree, with a point or a comma; None when empty."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off"}
        super().__init__(max_length=20, required=False, widget=forms.TextInput(attrs=attrs), **kwargs)

    def clean(self, value: Any) -> float | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            degrees = float(text.replace(",", "."))
        except ValueError:
            degrees = 999.0
        if not abs(degrees) <= 180:
            raise forms.ValidationError(gettext("Tọa độ là một số theo độ, ví dụ: 21,0285."))
        return degrees


class AskedField(forms.CharField):
    """Asked of everybody, yet what is missing is for the command to say."""

    def validate(self, value: Any) -> None:
        return


class ReportForm(Form):
    """One report. What must be there, and what is right, the command says: it knows the sender, the category and the place."""

    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    category = forms.ChoiceField(label=_("Về việc gì"), required=False)
    words = AskedField(
        label=_("Bạn thấy gì"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Vài câu là đủ. Không cần ghi tên, số điện thoại ở đây."),
    )
    photos = PhotosField(label=_("Ảnh"), required=False, help_text=_("Do bạn chụp tại nơi xảy ra, loại JPG hoặc PNG."))
    latitude = Degrees(label=_("Vĩ độ"))
    longitude = Degrees(label=_("Kinh độ"))
    address = forms.CharField(
        label=_("Địa chỉ, hoặc cách tìm đến"),
        required=False,
        help_text=_("Ví dụ: trước số 12 phố Bến, phường Sông"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    unit = forms.TypedChoiceField(label=_("Phường, xã nơi xảy ra"), required=False, coerce=int, empty_value=None)
    day = DayField(label=_("Ngày xảy ra"), required=False, help_text=_("Để trống nếu đang xảy ra."))
    hour = forms.TimeField(
        label=_("Lúc mấy giờ"),
        required=False,
        input_formats=["%H:%M", "%Hh%M", "%Hh", "%H"],
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("Ví dụ: 7:30"),
        error_messages={"invalid": _("Chưa đọc được giờ này. Hãy ghi giờ và phút, ví dụ: 7:30.")},
    )
    urgent = forms.BooleanField(
        label=_("Việc khẩn: thiên tai, dịch bệnh, tai nạn, mất an ninh"),
        required=False,
        help_text=_(
            "Có người gặp nguy hiểm, hãy gọi ngay 113 (công an), 114 (cứu hỏa, cứu nạn) hoặc 115 (cấp cứu). "
            "Cán bộ xem và quyết định việc có khẩn hay không."
        ),
    )
    masked = forms.BooleanField(
        label=_("Khi công khai, chỉ nêu phường, xã, không nêu nơi cụ thể"),
        required=False,
        help_text=_("Tên, điện thoại, thư điện tử của bạn không bao giờ được công khai."),
    )
    name = AskedField(label=_("Họ và tên"), widget=forms.TextInput(attrs={"autocomplete": "name"}))
    phone = forms.CharField(
        label=_("Điện thoại"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        help_text=_("Chúng tôi báo tin về phản ánh qua đây."),
    )
    email = forms.CharField(
        label=_("Thư điện tử"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        help_text=_("Cần điện thoại hoặc thư điện tử, có cả hai thì càng tốt."),
    )
    dossier = forms.CharField(
        label=_("Mã hồ sơ, nếu phản ánh về một hồ sơ"), required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    same_as = forms.CharField(required=False, widget=forms.HiddenInput)
    knows = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        groups: Sequence[tuple[str, Sequence[tuple[str, str]]]],
        units: Sequence[tuple[int, str]],
        questions: Sequence[CategoryQuestion] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offer(
            category=[("", gettext("Tôi không rõ, hãy chọn giúp")), *groups],
            unit=[("", gettext("Chưa rõ")), *units],
        )
        self.questions = list(questions)
        self.add({f"{ASKS}{one.code}": question_field(one) for one in questions})

    @property
    def asked(self) -> list[Any]:
        return [self[f"{ASKS}{one.code}"] for one in self.questions]

    @property
    def answers(self) -> dict[str, object]:
        return {one.code: self.cleaned_data.get(f"{ASKS}{one.code}") for one in self.questions}

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        day, hour = said.get("day"), said.get("hour")
        if hour and not day and not self.errors.get("day"):
            said["day"] = clock.today()
        return said

    @property
    def happened_at(self) -> datetime | None:
        day: date | None = self.cleaned_data.get("day")
        if day is None:
            return None
        hour: time = self.cleaned_data.get("hour") or time(0, 0)
        return timezone.make_aware(datetime.combine(day, hour))


class QuestionsForm(Form):
    """The questions of one category by themselves: what the page holds ready for each."""

    def __init__(self, questions: Sequence[CategoryQuestion]) -> None:
        super().__init__()
        self.add({f"{ASKS}{one.code}": question_field(one) for one in questions})


def question_field(question: CategoryQuestion) -> forms.Field:
    """By the kind of a question. Whether something must be answered, the command says."""
    told: dict[str, Any] = {"label": question.asks, "required": False, "help_text": question.hint}
    if question.kind == Kind.ONE_OF:
        return forms.ChoiceField(**told, choices=[("", gettext("Chưa chọn")), *question.answers])
    if question.kind == Kind.SOME_OF:
        return forms.MultipleChoiceField(**told, choices=question.answers, widget=forms.CheckboxSelectMultiple)
    if question.kind == Kind.TEXT:
        return forms.CharField(**told, widget=forms.Textarea(attrs={"rows": 3}))
    attrs = {"autocomplete": "off"}
    if question.kind == Kind.NUMBER:
        attrs["inputmode"] = "decimal"
    if question.kind == Kind.DATETIME:
        attrs["type"] = "datetime-local"
    return forms.CharField(**told, widget=forms.TextInput(attrs=attrs))


class ReplyForm(Form):
    words = AskedField(label=_("Lời nhắn"), widget=forms.Textarea(attrs={"rows": 3}))
    photos = PhotosField(label=_("Thêm ảnh"), required=False, help_text=_("Loại JPG hoặc PNG."))


class RateForm(Form):
    level = forms.TypedChoiceField(
        label=_("Bạn có hài lòng với việc giải quyết không?"), choices=Level.choices, coerce=int, widget=forms.RadioSelect
    )
    note = forms.CharField(label=_("Điều bạn muốn nói thêm"), required=False, widget=forms.Textarea(attrs={"rows": 2}))


class ReopenForm(Form):
    why = AskedField(label=_("Việc gì còn chưa được giải quyết"), widget=forms.Textarea(attrs={"rows": 3}))
