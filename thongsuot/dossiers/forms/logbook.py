"""Periods: of the logbook and of the figures."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thongsuot.web.forms import DayField, Form

LONGEST = timedelta(days=366)


class PeriodForm(Form):
    """First and last day, both included, at most a year."""

    tu = DayField(label=_("Từ ngày"))
    den = DayField(label=_("Đến hết ngày"))

    def clean(self) -> dict[str, Any]:
        days = super().clean() or self.cleaned_data
        first, last = days.get("tu"), days.get("den")
        if first and last and last < first:
            self.add_error("den", gettext("Ngày cuối ở trước ngày đầu. Hãy xem lại."))
        elif first and last and last - first > LONGEST:
            self.add_error("den", gettext("Mỗi lần xem nhiều nhất một năm. Hãy chọn ngày gần hơn."))
        return days
