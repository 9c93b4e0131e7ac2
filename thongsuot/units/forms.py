"""Forms of the pages about units, service points and the calendar."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thongsuot.units.facts import CalendarChange, DayFact, HoursFact, PointFact
from thongsuot.units.finding import LONGEST_TEXT
from thongsuot.units.models import CalendarDay
from thongsuot.units.queries import HoursRow, PointRow
from thongsuot.web.forms import DayField, Form

_PLAIN = {"autocomplete": "off"}


class DegreesField(forms.CharField):
    """A coordinate in degrees, with a point or a comma: 21.0285 or 21,0285. Empty gives None."""

    widget = forms.TextInput(attrs={**_PLAIN, "inputmode": "decimal"})

    def __init__(self, *, limit: float, **kwargs: Any) -> None:
        super().__init__(max_length=20, **kwargs)
        self.limit = limit

    def prepare_value(self, value: Any) -> Any:
        return f"{value:.5f}" if isinstance(value, float) else value

    def clean(self, value: Any) -> float | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            degrees = float(text.replace(",", "."))
        except ValueError:
            degrees = math.nan
        if not abs(degrees) <= self.limit:  # also when it is not a number
            raise ValidationError(gettext("Tọa độ là một số theo độ, ví dụ: 21,0285."))
        return degrees


class FindForm(Form):
    q = forms.CharField(
        label=_("Nơi ở, theo tên cũ hoặc tên mới"),
        max_length=LONGEST_TEXT,
        help_text=_("Số nhà, đường nếu có, rồi phường hoặc xã, quận hoặc huyện. Không cần dấu."),
        widget=forms.TextInput(attrs={"type": "search", **_PLAIN}),
        error_messages={
            "max_length": _("Địa chỉ quá dài. Hãy chỉ ghi số nhà, tên đường, phường hoặc xã, quận hoặc huyện, tỉnh.")
        },
    )


class PlaceForm(Form):
    lat = DegreesField(label=_("Vĩ độ"), help_text=_("Ví dụ: 21,0337"), limit=90)
    lon = DegreesField(label=_("Kinh độ"), help_text=_("Ví dụ: 105,8500"), limit=180)


class PointForm(Form):
    """How a service point is found, from a day on."""

    name = forms.CharField(label=_("Tên điểm phục vụ"), max_length=200, widget=forms.TextInput(attrs=_PLAIN))
    address = forms.CharField(label=_("Địa chỉ"), max_length=300, widget=forms.TextInput(attrs=_PLAIN))
    opening_hours = forms.CharField(label=_("Giờ mở cửa"), max_length=200, widget=forms.TextInput(attrs=_PLAIN))
    phone = forms.CharField(label=_("Điện thoại"), max_length=20, widget=forms.TextInput(attrs={**_PLAIN, "type": "tel"}))
    latitude = DegreesField(label=_("Vĩ độ"), limit=90, required=False)
    longitude = DegreesField(label=_("Kinh độ"), limit=180, required=False)
    is_example = forms.BooleanField(
        label=_("Đây vẫn là giá trị mẫu"), required=False, help_text=_("Người dân sẽ thấy chữ “Mẫu” bên cạnh địa chỉ")
    )
    valid_from = DayField(label=_("Áp dụng từ ngày"))

    @classmethod
    def about(cls, point: PointRow, *, on: date) -> dict[str, Any]:
        """What the form shows first."""
        return {**{name: getattr(point, name) for name in cls.base_fields if name != "valid_from"}, "valid_from": on}

    def facts(self) -> PointFact:
        return PointFact(**{name: value for name, value in self.cleaned_data.items() if name != "valid_from"})


class MoveForm(Form):
    """Another body runs the point, from a day on. `bodies`: those that can."""

    to_body_id = forms.TypedChoiceField(label=_("Cơ quan quản lý mới"), coerce=int)
    valid_from = DayField(label=_("Từ ngày"))
    basis = forms.CharField(
        label=_("Căn cứ"), max_length=200, help_text=_("Số và ngày của quyết định"), widget=forms.TextInput(attrs=_PLAIN)
    )

    def __init__(self, *args: Any, bodies: Iterable[tuple[int, str]], on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_body_id"].choices = [("", gettext("Chọn cơ quan")), *bodies]  # type: ignore[attr-defined]
        self.fields["valid_from"].initial = on


class AddDayForm(Form):
    """A day that differs from its weekday; a day off given in exchange for a weekend day brings both at once."""

    day = DayField(label=_("Ngày"))
    effect = forms.ChoiceField(
        label=_("Loại ngày"),
        widget=forms.RadioSelect,
        initial=CalendarDay.Effect.OFF,
        choices=[(CalendarDay.Effect.OFF, _("Nghỉ")), (CalendarDay.Effect.WORK, _("Làm bù"))],
    )
    name = forms.CharField(
        label=_("Tên ngày"), max_length=120, help_text=_("Ví dụ: Quốc khánh, Ngày làm bù"), widget=forms.TextInput(attrs=_PLAIN)
    )
    basis = forms.CharField(
        label=_("Căn cứ"),
        max_length=200,
        required=False,
        help_text=_("Số và ngày của văn bản"),
        widget=forms.TextInput(attrs=_PLAIN),
    )
    swapped_with = DayField(
        label=_("Hoán đổi: làm bù vào ngày"), required=False, help_text=_("Thứ Bảy hoặc Chủ nhật làm bù cho ngày nghỉ này")
    )

    def clean_swapped_with(self) -> date | None:
        worked: date | None = self.cleaned_data["swapped_with"]
        if worked and self.cleaned_data.get("effect") == CalendarDay.Effect.WORK:
            raise forms.ValidationError(gettext("Ngày ở trên đã là ngày làm bù. Hãy để trống ô này."))
        return worked

    def change(self) -> CalendarChange:
        data = {**self.cleaned_data}
        worked = data.pop("swapped_with")
        fact = DayFact(kind="manual", **data)
        if worked is None:
            return CalendarChange(add=(fact,))
        swap = DayFact(
            day=worked,
            effect=CalendarDay.Effect.WORK,
            name=gettext("Ngày làm bù cho %(day)s") % {"day": f"{fact.day:%d/%m/%Y}"},
            kind="swap_work",
            basis=fact.basis,
        )
        return CalendarChange(add=(fact, swap))


class HoursForm(Form):
    """Shifts and cut-off of the city, from a day on."""

    morning_starts = forms.TimeField(label=_("Sáng từ"))
    morning_ends = forms.TimeField(label=_("Sáng đến"))
    afternoon_starts = forms.TimeField(label=_("Chiều từ"))
    afternoon_ends = forms.TimeField(label=_("Chiều đến"))
    cut_off = forms.TimeField(
        label=_("Giờ chốt nhận trong ngày"), help_text=_("Nhận sau giờ này thì tính sang ngày làm việc sau")
    )
    basis = forms.CharField(label=_("Căn cứ"), max_length=200, widget=forms.TextInput(attrs=_PLAIN))
    valid_from = DayField(label=_("Áp dụng từ ngày"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.TimeField):
                field.widget = forms.TimeInput(format="%H:%M", attrs={**_PLAIN, "inputmode": "numeric"})
                field.input_formats = ["%H:%M", "%H.%M", "%Hh%M", "%H"]
                field.error_messages["invalid"] = gettext("Chưa đọc được giờ này. Hãy nhập giờ và phút, ví dụ: 08:00.")

    @staticmethod
    def about(hours: HoursRow | None, *, on: date) -> dict[str, Any]:
        if hours is None:
            return {"valid_from": on}
        return {**{name: getattr(hours, name) for name in HoursForm.base_fields if name != "basis"}, "valid_from": on}

    def facts(self) -> HoursFact:
        data = self.cleaned_data
        return HoursFact(
            morning=(data["morning_starts"], data["morning_ends"]),
            cut_off=data["cut_off"],
            basis=data["basis"],
            afternoon=(data["afternoon_starts"], data["afternoon_ends"]),
        )
