"""The period asked for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thongsuot.web.forms import DayField, Form

LONGEST = timedelta(days=731)


class PeriodForm(Form):
    """First and last day, both included, at most two years."""

    tu = DayField(label=_("Từ ngày"))
    den = DayField(label=_("Đến hết ngày"))

    def clean(self) -> dict[str, Any]:
        days = super().clean() or self.cleaned_data
        first, last = days.get("tu"), days.get("den")
        if first and first.year < 2000:
            self.add_error("tu", gettext("Ngày đầu sớm quá. Hãy chọn từ năm 2000."))
        elif first and last and last < first:
            self.add_error("den", gettext("Ngày cuối ở trước ngày đầu. Hãy xem lại."))
        elif first and last and last - first > LONGEST:
            self.add_error("den", gettext("Mỗi lần xem nhiều nhất hai năm. Hãy chọn ngày gần hơn."))
        return days


class FirstDayForm(Form):
    """The first of fifteen days."""

    tu = DayField(label=_("Ngày đầu"))

    def clean_tu(self) -> Any:
        first = self.cleaned_data["tu"]
        if not 2000 <= first.year <= 2200:
            self.add_error("tu", gettext("Ngày đầu phải từ năm 2000 đến năm 2200."))
        return first
