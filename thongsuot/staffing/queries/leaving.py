"""Leave cases: what the tool advises, lists, and how old the open ones are."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet

from thongsuot.kernel.actor import Actor
from thongsuot.staffing import rules
from thongsuot.staffing.models import LeaveCase, LeaveRate
from thongsuot.staffing.models.leaving import LeaveKind, Stage
from thongsuot.staffing.queries.seen import leave_cases_seen
from thongsuot.staffing.rules.leaving import Calculation, Facts, Line, calculate, missing
from thongsuot.units import queries as units

OPEN = ~Q(stage__in=rules.OVER)
# Days since the application, up to and including; the last band has no end.
BANDS = (10, 30, 60)


def advice(case: LeaveCase) -> Calculation | None:
    """None while facts are lacking. One query."""
    if missing(vars(case), case.kind):
        return None
    return calculate(facts_of(case), LeaveRate.objects.filter(kind=case.kind))


def kept(calculation: Calculation) -> list[dict[str, Any]]:
    """The lines as a decided case keeps them: numbers with a point as text, as they were."""
    return [{**asdict(line), "quantity": str(line.quantity), "factor": str(line.factor)} for line in calculation.lines]


def shown(case: LeaveCase) -> Calculation | None:
    """Once decided what was kept then, whatever rates say since; before it what comes out today. None: facts are lacking."""
    if case.stage not in rules.DECIDED:
        return advice(case)
    lines = [
        Line(**{**line, "quantity": Decimal(line["quantity"]), "factor": Decimal(line["factor"])})
        for line in case.advised_lines
    ]
    return Calculation(lines=tuple(lines))


def facts_of(case: LeaveCase) -> Facts:
    return Facts(
        kind=case.kind,
        pay_dong=case.pay_dong or 0,
        leaves_on=case.leaves_on,
        reorganised_on=case.reorganised_on,
        months_insured=case.months_insured or 0,
        months_served=case.months_served or 0,
        retires_on=case.retires_on,
    )


@dataclass(frozen=True, kw_only=True)
class LeaveRow:
    """One line of the list: no pay, no amount, no reason."""

    id: int
    name: str
    unit: str
    kind: str
    stage: str
    stage_label: str
    applied_on: date
    leaves_on: date
    days: int


def _cases(actor: Actor, *, stage: str, kind: str) -> QuerySet[LeaveCase]:
    found = LeaveCase.objects.filter(leave_cases_seen(actor))
    if stage == "mo":
        found = found.filter(OPEN)
    elif stage in Stage.values:
        found = found.filter(stage=stage)
    return found.filter(kind=kind) if kind in LeaveKind.values else found


def case_count(actor: Actor, *, stage: str = "", kind: str = "") -> int:
    return _cases(actor, stage=stage, kind=kind).count()


def cases(actor: Actor, *, on: date, stage: str = "", kind: str = "", limit: int, offset: int = 0) -> list[LeaveRow]:
    """The oldest application first. Two queries."""
    found = list(
        _cases(actor, stage=stage, kind=kind).select_related("member").order_by("applied_on", "pk")[offset : offset + limit]
    )
    names = units.unit_rows({one.unit_id for one in found}, as_of=on)
    return [
        LeaveRow(
            id=one.pk,
            name=one.member.full_name,
            unit=names[one.unit_id].full_name,
            kind=one.get_kind_display(),
            stage=one.stage,
            stage_label=one.get_stage_display(),
            applied_on=one.applied_on,
            leaves_on=one.leaves_on,
            days=(on - one.applied_on).days,
        )
        for one in found
    ]


@dataclass(frozen=True, kw_only=True)
class Ageing:
    """applications = settled + open + withdrawn + refused.

    bands   open ones by days since they applied: (from, to or None, count)
    """

    applications: int
    settled: int
    withdrawn: int
    refused: int
    open: int
    bands: tuple[tuple[int, int | None, int], ...]
    stages: tuple[tuple[str, str, int], ...]


def ageing(actor: Actor, *, on: date) -> Ageing:
    """How many asked, how many are settled, how long the others wait. Two queries."""
    seen = LeaveCase.objects.filter(leave_cases_seen(actor))
    by_stage = dict(seen.order_by().values_list("stage").annotate(count=Count("pk")))
    ages = [(on - applied).days for applied in seen.filter(OPEN).values_list("applied_on", flat=True)]
    starts = (0, *(band + 1 for band in BANDS))
    bands = []
    for place, start in enumerate(starts):
        end = BANDS[place] if place < len(BANDS) else None
        bands.append((start, end, sum(max(0, age) >= start and (end is None or age <= end) for age in ages)))
    settled, withdrawn = by_stage.get(Stage.SETTLED, 0), by_stage.get(Stage.WITHDRAWN, 0)
    return Ageing(
        applications=sum(by_stage.values()),
        settled=settled,
        withdrawn=withdrawn,
        refused=by_stage.get(Stage.REFUSED, 0),
        open=len(ages),
        bands=tuple(bands),
        stages=tuple((stage.value, str(stage.label), by_stage.get(stage, 0)) for stage in Stage if stage not in rules.OVER),
    )
