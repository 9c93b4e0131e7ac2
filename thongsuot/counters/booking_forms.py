"""Forms of what is arranged before one comes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thongsuot.counters.models import BookingPlan
from thongsuot.counters.rules import CallOffReason
from thongsuot.counters.words import WEEKDAYS
from thongsuot.web.forms import Form

_NUMBER = {"class": "w4", "inputmode": "numeric"}


class WhereForm(Form):
    """Which ward: its name, or an address of before."""

    q = forms.CharField(
        label=_("Phường, xã, hoặc địa chỉ cũ"), max_length=200, help_text=_("Ví dụ: Hoàn Kiếm, hoặc: phường Hàng Bạc.")
    )


class PlanForm(Form):
    """Two numbers a weekday; no seats: nobody books it."""

    def __init__(self, *args: Any, plans: Mapping[int, BookingPlan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place, name in enumerate(WEEKDAYS):
            plan = plans.get(place)
            self.add(
                {
                    f"seats_{place}": forms.IntegerField(
                        label=_("%(day)s: số chỗ mỗi khung giờ") % {"day": name},
                        min_value=0,
                        max_value=200,
                        initial=plan.seats if plan else 0,
                        widget=forms.NumberInput(attrs=_NUMBER),
                    ),
                    f"minutes_{place}": forms.IntegerField(
                        label=_("%(day)s: mỗi khung (phút)") % {"day": name},
                        min_value=5,
                        max_value=240,
                        initial=plan.minutes if plan else 30,
                        widget=forms.NumberInput(attrs=_NUMBER),
                    ),
                }
            )

    def days(self) -> list[tuple[int, int, int]]:
        """(weekday, minutes, seats)."""
        said = self.cleaned_data
        return [(place, said[f"minutes_{place}"], said[f"seats_{place}"]) for place in range(7)]


class CallOffForm(Form):
    reason = forms.ChoiceField(label=_("Lý do"), choices=[("", _("Chọn lý do")), *CallOffReason.choices])


class CodeForm(Form):
    code = forms.CharField(
        label=_("Mã hẹn"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "class": "w16"}),
    )
