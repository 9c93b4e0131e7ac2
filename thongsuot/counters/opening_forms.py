"""Forms of the opening hours of a point and of what else it settles for itself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from thongsuot.counters.rules.opening import UnreadableHours, Week, read_spans, written
from thongsuot.counters.rules.settings import RANGES, Settings
from thongsuot.counters.words import WEEKDAYS
from thongsuot.kernel.working_time import Shift
from thongsuot.web.forms import DayField, Form


class SpansField(forms.CharField):
    """'7:30-11:30, 13:30-17:00'; empty: closed. Gives spans."""

    default_error_messages = {
        "invalid": _("Chưa đọc được giờ “%(text)s”. Hãy ghi như: 7:30-11:30, 13:30-17:00; buổi sau đứng sau buổi trước.")
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=80, **kwargs)
        self.widget.attrs |= {"class": "w24", "autocomplete": "off"}

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) or value is None else written(value)

    def clean(self, value: Any) -> tuple[Shift, ...]:
        try:
            return read_spans(super().clean(value))
        except UnreadableHours as trouble:
            raise ValidationError(self.error_messages["invalid"], code="invalid", params={"text": str(trouble)}) from None


class HoursForm(Form):
    """One line a weekday: day_0 is Monday."""

    valid_from = DayField(label=_("Áp dụng từ ngày"))

    def __init__(self, *args: Any, week: Week = (), **kwargs: Any) -> None:
        initial = {f"day_{place}": spans for place, spans in enumerate(week)} | (kwargs.pop("initial", None) or {})
        super().__init__(*args, initial=initial, **kwargs)
        self.add({f"day_{place}": SpansField(label=name) for place, name in enumerate(WEEKDAYS)})

    def week(self) -> Week:
        return tuple(self.cleaned_data[f"day_{place}"] for place in range(7))


class ExceptionForm(Form):
    day = DayField(label=_("Ngày"))
    spans = SpansField(label=_("Giờ mở cửa ngày đó"), help_text=_("Để trống: đóng cửa cả ngày."))
    reason = forms.CharField(label=_("Lý do"), max_length=200, help_text=_("Người dân đọc lý do này. Ví dụ: Sửa điện."))


class SettingsForm(Form):
    ahead_a_day = forms.IntegerField(
        label=_("Số lượt lấy số qua điện thoại của một người trong ngày"), help_text=_("0: không cấp số trước khi đến.")
    )
    early_minutes = forms.IntegerField(label=_("Người có hẹn được nhận số sớm nhất trước giờ hẹn (phút)"))
    late_minutes = forms.IntegerField(label=_("Người có hẹn được nhận số muộn nhất sau giờ hẹn (phút)"))
    days_ahead = forms.IntegerField(label=_("Hẹn trước nhiều nhất (ngày)"))
    expires_minutes = forms.IntegerField(
        label=_("Số còn chờ hết giá trị sau giờ đóng cửa (phút)"), help_text=_("0: đúng giờ đóng cửa.")
    )
    most_absences = forms.IntegerField(
        label=_("Số lần gọi không thấy đến thì bỏ lượt"), help_text=_("Chưa đủ số lần này thì số về cuối hàng.")
    )
    basis = forms.CharField(label=_("Căn cứ"), max_length=200, required=False)

    def __init__(self, *args: Any, now: Settings, of_city: bool = False, **kwargs: Any) -> None:
        initial = {name: getattr(now, name) for name in (*RANGES, "basis")}
        super().__init__(*args, initial=initial, **kwargs)
        if of_city:
            area = forms.IntegerField(label=_("Diện tích tối thiểu của một điểm (m²)"), help_text=_("0: không đặt mức."))
            self.add({"least_area_m2": area})
        for name in RANGES:
            if name in self.fields:
                self.fields[name].widget.attrs |= {"class": "w4", "inputmode": "numeric"}

    def settings(self) -> Settings:
        return Settings(**self.cleaned_data)
