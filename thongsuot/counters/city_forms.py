"""Forms with which many points of a city are set up at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thongsuot.counters.opening_forms import HoursForm
from thongsuot.counters.queries.city import CityPoint
from thongsuot.web.forms import Form

MISSING, ALL, CHOSEN = "thieu", "tat-ca", "chon"


class CityHoursForm(HoursForm):
    """The same week for the points that have none, for all, or for those that are ticked."""

    scope = forms.ChoiceField(
        label=_("Đặt cho"),
        widget=forms.RadioSelect,
        initial=MISSING,
        choices=[
            (MISSING, _("Các điểm chưa có giờ mở cửa")),
            (ALL, _("Mọi điểm của thành phố")),
            (CHOSEN, _("Các điểm được chọn")),
        ],
    )
    points = forms.TypedMultipleChoiceField(
        label=_("Điểm được chọn"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, at: Iterable[CityPoint], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(
            points=[(row.house_id, row.unit if row.unit in row.point.name else f"{row.point.name}, {row.unit}") for row in at]
        )
        names = [name for name in self.fields if name not in {"scope", "points"}]
        self.order_fields([*names, "scope", "points"])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("scope") == CHOSEN and not said.get("points") and "points" not in self.errors:
            self.add_error("points", _("Chưa chọn điểm nào. Hãy chọn điểm, hoặc chọn đặt cho mọi điểm."))
        return said

    def facts(self) -> dict[str, Any]:
        scope = self.cleaned_data["scope"]
        return {
            "week": self.week(),
            "valid_from": self.cleaned_data["valid_from"],
            "house_ids": self.cleaned_data["points"] if scope == CHOSEN else None,
            "only_missing": scope == MISSING,
        }


class RosterFileForm(Form):
    file = forms.FileField(
        label=_("Tệp .xlsx hoặc .csv"), help_text=_("Theo đúng tệp mẫu. Sai một dòng thì chưa nhập dòng nào.")
    )

    def __init__(self, *args: Any, again: bool = False, **kwargs: Any) -> None:
        """again: of a file that is there already."""
        super().__init__(*args, **kwargs)
        self.fields["file"].required = not again
