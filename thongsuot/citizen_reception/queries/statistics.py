"""How many came, by unit, month and kind: counts alone, for whoever may see the figures."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import TruncMonth

from thongsuot.citizen_reception.models import ReceptionEntry, ReceptionTransfer
from thongsuot.citizen_reception.rules import DUTY
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.units import queries as units

KINDS = (*ReceptionEntry.Kind.values, "")


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Of one unit in one month.

    late      refusals whose notice came after its time, or has not come yet, in whatever unit it was due
    overdue   entries of which some step, slip or result, was done after its time, or is not done yet
    """

    unit_id: int
    month: date
    kinds: dict[str, int] = field(default_factory=dict)
    people: int = 0
    closed: int = 0
    refused: int = 0
    late: int = 0
    overdue: int = 0

    @property
    def entries(self) -> int:
        return sum(self.kinds.values())


def counted_units(actor: Actor, *, on: date) -> frozenset[int]:
    """Whoever receives for the city sees the figures of all units; others those of their own."""
    reached = actor.units_for(DUTY)
    return reached | (units.kept_by(reached, on=on) if reached else reached)


def figures(unit_ids: Collection[int], *, first: date, last: date, now: datetime) -> list[Figures]:
    """By month, then unit; what nobody came for is absent. One query."""
    begins, ends = datetime.combine(first, time(), VIET_NAM), datetime.combine(last, time.max, VIET_NAM)
    is_open = ~Q(state="closed")
    given_late = ReceptionTransfer.objects.filter(refusal_due_at__lt=F("at")).values("entry")
    late = Q(way="refused", refusal_due_at__lt=F("handled_at")) | is_open & Q(way="", refusal_due_at__lt=now)
    overdue = Q(late_since__isnull=False) | Q(due_at__lt=F("closed_at")) | is_open & Q(due_at__lt=now)
    rows = (
        ReceptionEntry.objects.filter(book_unit__in=list(unit_ids), received_at__range=(begins, ends))
        .annotate(month=TruncMonth("received_at", tzinfo=VIET_NAM))
        .values("month", "book_unit", "kind")
        .annotate(
            n=Count("pk"),
            people=Sum("visitor__people"),
            closed=Count("pk", filter=Q(state="closed")),
            refused=Count("pk", filter=Q(way="refused")),
            late=Count("pk", filter=late | Q(pk__in=given_late)),
            overdue=Count("pk", filter=overdue),
        )
        .order_by("month", "book_unit", "kind")
    )
    found: dict[tuple[date, int], Figures] = {}
    for row in rows:
        month = row["month"].date()
        had = found.get((month, row["book_unit"])) or Figures(unit_id=row["book_unit"], month=month)
        found[month, row["book_unit"]] = Figures(
            unit_id=had.unit_id,
            month=month,
            kinds={**had.kinds, row["kind"]: row["n"]},
            people=had.people + row["people"],
            closed=had.closed + row["closed"],
            refused=had.refused + row["refused"],
            late=had.late + row["late"],
            overdue=had.overdue + row["overdue"],
        )
    return list(found.values())


def total(rows: Iterable[Figures]) -> Figures:
    """All of them together; of no unit and no month."""
    sums = Figures(unit_id=0, month=date.min)
    for row in rows:
        kinds = {kind: sums.kinds.get(kind, 0) + row.kinds.get(kind, 0) for kind in KINDS}
        sums = Figures(
            unit_id=0,
            month=date.min,
            kinds=kinds,
            people=sums.people + row.people,
            closed=sums.closed + row.closed,
            refused=sums.refused + row.refused,
            late=sums.late + row.late,
            overdue=sums.overdue + row.overdue,
        )
    return sums
