"""What a page of figures is asked for: whose figures, which days. The same words in every address."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.indicators.queries.catalogue import field_choices, procedures_of
from thongsuot.indicators.queries.seen import seen_by
from thongsuot.indicators.queries.sums import Scope
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.units import queries as units
from thongsuot.web.periods import Question, period_of
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
class Asked(Question):
    """The scope and the period of an address, and what its page needs to ask for others. `seen`: all units of the actor."""

    app = "indicators"
    named = PAGES
    actor: Actor
    scope: Scope
    seen: frozenset[int]
    field: str
    choices: list[tuple[int, str]]

    @property
    def more(self) -> list[tuple[str, str]]:
        return [("linh_vuc", self.field)] if self.field else []

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


def _top(unit_ids: frozenset[int]) -> int:
    return units.city_of(next(iter(unit_ids)))


def asked(request: HttpRequest) -> Asked:
    """From the address: this month of all one's units when it says nothing. Raises NotYourDuty to who sees no figures."""
    actor = actor_of(request)
    now = clock.now()
    seen = seen_by(actor, on=timezone.localdate(now))
    mine = seen.unit_ids
    period, preset, form = period_of(request, now)
    choices = units.unit_choices(mine, timezone.localdate(now))
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
