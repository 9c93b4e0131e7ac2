"""The period asked for."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thongsuot.web import forms
from thongsuot.web.forms import DayField, Form

LONGEST = timedelta(days=731)


class PeriodForm(forms.PeriodForm):
    """First and last day, both included, at most two years."""

    longest = LONGEST
    too_long = _("Mỗi lần xem nhiều nhất hai năm. Hãy chọn ngày gần hơn.")

    def clean_tu(self) -> date:
        first: date = self.cleaned_data["tu"]
        if first.year < 2000:
            self.add_error("tu", gettext("Ngày đầu sớm quá. Hãy chọn từ năm 2000."))
        return first


class FirstDayForm(Form):
    """The first of fifteen days."""

    tu = DayField(label=_("Ngày đầu"))

    def clean_tu(self) -> Any:
        first = self.cleaned_data["tu"]
        if not 2000 <= first.year <= 2200:
            self.add_error("tu", gettext("Ngày đầu phải từ năm 2000 đến năm 2200."))
        return first
