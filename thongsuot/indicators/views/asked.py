"""What a page of figures is asked for: whose figures, which days. The same words in every address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.indicators.queries.catalogue import field_choices, procedures_of
from thongsuot.indicators.queries.seen import seen_by
from thongsuot.indicators.queries.sums import Scope
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.periods import Period
from thongsuot.kernel.remember import SOON, remembered
from thongsuot.kernel.text import day
from thongsuot.units import queries as units
from thongsuot.web.periods import PeriodForm, period_of, tabs
from thongsuot.web.request import actor_of, number_of

PAGES: tuple[tuple[str, Promise], ...] = (
    ("index", gettext_lazy("Bộ chỉ số")),
    ("compare", gettext_lazy("So sánh đơn vị")),
    ("steps", gettext_lazy("Từng bước")),
    ("series", gettext_lazy("Theo ngày")),
    ("map", gettext_lazy("Bản đồ")),
    ("report", gettext_lazy("Báo cáo")),
    ("fifteen", gettext_lazy("15 ngày đầu")),
)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The scope and the period of an address, and what its page needs to ask for others. `seen`: all units of the actor."""

    actor: Actor
    scope: Scope
    seen: frozenset[int]
    period: Period
    unit_id: int | None
    field: str
    preset: str
    form: PeriodForm
    choices: list[tuple[int, str]]
    path: str

    @property
    def status(self) -> int:
        return 422 if self.form.is_bound and self.form.errors else 200

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The question as parts of an address."""
        parts = [("tu", day(self.period.first)), ("den", day(self.period.last))] if not self.preset else [("ky", self.preset)]
        if self.unit_id is not None:
            parts.append(("don_vi", str(self.unit_id)))
        if self.field:
            parts.append(("linh_vuc", self.field))
        return parts

    @property
    def query(self) -> str:
        return urlencode(self.kept)

    def href(self, name: str, *args: str, **more: str) -> str:
        return f"{reverse(f'indicators:{name}', args=args)}?{urlencode([*self.kept, *more.items()])}"

    @property
    def tabs(self) -> list[dict[str, Any]]:
        others = [pair for pair in self.kept if pair[0] not in ("tu", "den", "ky")]
        return tabs(self.path, self.preset, others)

    @property
    def pages(self) -> list[dict[str, Any]]:
        return [
            {"text": label, "href": self.href(name), "current": self.path == reverse(f"indicators:{name}")}
            for name, label in PAGES
        ]

    @property
    def title(self) -> str:
        if len(self.scope.unit_ids) == 1:
            return units.unit_row(next(iter(self.scope.unit_ids)), as_of=self.period.last).full_name
        if self.scope.whole_city:
            return units.unit_row(_top(self.scope.unit_ids), as_of=self.period.last).full_name
        return _("%(count)s đơn vị") % {"count": len(self.scope.unit_ids)}

    @property
    def fields(self) -> list[tuple[str, str]]:
        return field_choices()

    def context(self) -> dict[str, Any]:
        """For the frame `indicators/_frame.html`."""
        return {"asked": self, "period": self.period, "form": self.form}


def _top(unit_ids: frozenset[int]) -> int:
    return units.city_of(next(iter(unit_ids)))


def asked(request: HttpRequest) -> Asked:
    """From the address: this month of all one's units when it says nothing. Raises NotYourDuty to who sees no figures."""
    actor = actor_of(request)
    now = clock.now()
    seen = seen_by(actor, on=timezone.localdate(now))
    mine = seen.unit_ids
    period, preset, form = period_of(request, now)
    choices = _choices(mine, timezone.localdate(now))
    asked_for = number_of(request.GET.get("don_vi", ""))
    unit_id = asked_for if asked_for in mine else None
    shown = mine if unit_id is None else frozenset({unit_id})
    field = request.GET.get("linh_vuc", "")
    field = field if field in dict(field_choices()) else ""
    return Asked(
        actor=actor,
        scope=Scope(
            unit_ids=shown,
            procedure_ids=procedures_of(field) if field else None,
            whole_city=seen.whole_city and unit_id is None,
        ),
        seen=mine,
        period=period,
        unit_id=unit_id,
        field=field,
        preset=preset,
        form=form,
        choices=choices,
        path=request.path,
    )


@remembered(seconds=SOON)
def _choices(unit_ids: frozenset[int], on: date) -> list[tuple[int, str]]:
    rows = units.unit_rows(unit_ids, as_of=on).values() if len(unit_ids) > 1 else ()
    return [(row.id, row.full_name) for row in sorted(rows, key=lambda row: (row.level == "commune", row.sort_name))]
