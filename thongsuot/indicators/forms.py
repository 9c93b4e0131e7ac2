"""The period asked for."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thongsuot.web.forms import DayField, Form


class FirstDayForm(Form):
    """The first of fifteen days."""

    tu = DayField(label=_("Ngày đầu"))

    def clean_tu(self) -> Any:
        first = self.cleaned_data["tu"]
        if not 2000 <= first.year <= 2200:
            self.add_error("tu", gettext("Ngày đầu phải từ năm 2000 đến năm 2200."))
        return first
