"""What people who report fill in: the report with the questions of its category, what they say afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thongsuot.counters.satisfaction import Level
from thongsuot.feedback.forms.asking import AskingForm
from thongsuot.feedback.forms.photos import PhotosField
from thongsuot.kernel import clock
from thongsuot.units.forms import DegreesField
from thongsuot.web.forms import AskedField, DayField, Form


class ReportForm(AskingForm):
    """One report. What must be there, and what is right, the command says: it knows the sender, the category and the place."""

    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    category = forms.ChoiceField(label=_("Về việc gì"), required=False)
    words = AskedField(
        label=_("Bạn thấy gì"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Vài câu là đủ. Không cần ghi tên, số điện thoại ở đây."),
    )
    photos = PhotosField(label=_("Ảnh"), required=False)
    latitude = DegreesField(label=_("Vĩ độ"), limit=90, required=False)
    longitude = DegreesField(label=_("Kinh độ"), limit=180, required=False)
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
        photos_most: int,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offer(
            category=[("", gettext("Tôi không rõ, hãy chọn giúp")), *groups],
            unit=[("", gettext("Chưa rõ")), *units],
        )
        self.photos_most = photos_most
        hint = gettext("Do bạn chụp tại nơi xảy ra, nhiều nhất %(most)s ảnh, loại JPG hoặc PNG.")
        self.fields["photos"].help_text = hint % {"most": photos_most}

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
