"""Is every unit ready for feedback: who handles and who approves there, and how each came through a drill."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Min

from thongsuot.feedback.models import FeedbackTicket
from thongsuot.feedback.queries.arranging import communes, handlers
from thongsuot.people import queries as people
from thongsuot.units import queries as units
from thongsuot.units.queries import UnitRow

HANDLE, APPROVE = "handle feedback", "approve feedback"


def units_that_answer(city_id: int, *, on: date) -> list[UnitRow]:
    """Every commune, and whoever else is named as competent for something, in Vietnamese order within each."""
    here = communes(city_id, on=on)
    named = [unit for unit, _count in handlers(city_id, on=on) if unit.id not in here and unit.exists_on(on)]
    return [*here.values(), *sorted(named, key=lambda unit: unit.sort_name)]


@dataclass(frozen=True, kw_only=True)
class ReadyRow:
    unit: UnitRow
    handle: int
    approve: int

    @property
    def ready(self) -> bool:
        return bool(self.handle and self.approve)


def readiness(city_id: int, *, on: date) -> list[ReadyRow]:
    """Three queries, and those of the units."""
    held = people.holders_by_unit([HANDLE, APPROVE], on=on)
    return [
        ReadyRow(unit=unit, handle=held.get((unit.id, HANDLE), 0), approve=held.get((unit.id, APPROVE), 0))
        for unit in units_that_answer(city_id, on=on)
    ]


@dataclass(frozen=True, kw_only=True)
class DrillRow:
    unit: str
    number: str
    state: str
    accepted_at: datetime | None
    written_at: datetime | None
    approved_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Drill:
    """The last one. `open`: tickets of it that wait to be closed."""

    sent_at: datetime
    open: int
    rows: list[DrillRow]

    @property
    def figures(self) -> dict[str, int]:
        return {
            "units": len(self.rows),
            "accepted": sum(row.accepted_at is not None for row in self.rows),
            "written": sum(row.written_at is not None for row in self.rows),
            "approved": sum(row.approved_at is not None for row in self.rows),
        }


def last_drill(city_id: int, *, on: date) -> Drill | None:
    """Those who did not answer first. Three queries at most."""
    drills = FeedbackTicket.objects.filter(city=city_id, drill=True)
    sent_at = drills.aggregate(last=Max("reported_at"))["last"]
    if sent_at is None:
        return None
    tickets = list(drills.filter(reported_at=sent_at).annotate(written_at=Min("replies__written_at")))
    names = units.unit_rows({one.unit_id for one in tickets if one.unit_id}, as_of=on)
    tickets.sort(key=lambda one: (one.answered_at is not None, one.written_at is not None, one.number))
    rows = [
        DrillRow(
            unit=names[one.unit_id].full_name if one.unit_id else "",
            number=one.number,
            state=one.get_state_display(),
            accepted_at=one.accepted_at,
            written_at=one.written_at,
            approved_at=one.answered_at,
        )
        for one in tickets
    ]
    return Drill(sent_at=sent_at, open=sum(one.ended_at is None for one in tickets), rows=rows)
