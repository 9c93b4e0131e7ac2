"""Which open dossiers a change of the calendar moves, and where to: for the preview and for the worker alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import msgspec
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from thongsuot.dossiers import rules
from thongsuot.dossiers.models import MovedDue, Recomputation
from thongsuot.dossiers.queries.dates import answer_limit
from thongsuot.kernel.models import Event
from thongsuot.kernel.working_time import DAY, WorkingCalendar, start_of
from thongsuot.procedures import queries as procedures
from thongsuot.units import events as unit_events
from thongsuot.units import queries as units
from thongsuot.units.facts import CalendarChange, DayFact

CalendarOn = Callable[[int, datetime], WorkingCalendar]
"""(a unit's id, an instant) -> the calendar its deadlines were counted by at that instant."""

Outcome = MovedDue.Outcome
SLICE = 200
_MOST_SHOWN = 50

# Open, not yet judged, and running over one of the days. Before reception it is the desk's answer that runs.
_COUNT = """
SELECT count(*) FROM dossiers_dossier d
 WHERE d.ended_at IS NULL AND d.resolved_at IS NULL
   AND coalesce(d.due_at, d.answer_due_at) >= %(first)s AND coalesce(d.received_at, d.submitted_at) < %(last)s
"""
_ROWS = """
SELECT d.id, coalesce(d.code, d.submission_code), d.version_id, d.resolving_unit_id, d.received_at, d.due_at,
       d.submitted_at, d.answer_due_at,
       array(SELECT p.starts_at FROM dossiers_pause p WHERE p.dossier_id = d.id AND p.ends_at IS NOT NULL ORDER BY p.id),
       array(SELECT p.ends_at FROM dossiers_pause p WHERE p.dossier_id = d.id AND p.ends_at IS NOT NULL ORDER BY p.id),
       d.extended_at, d.extended_days
  FROM dossiers_dossier d
 WHERE d.ended_at IS NULL AND d.resolved_at IS NULL
   AND coalesce(d.due_at, d.answer_due_at) >= %(first)s AND coalesce(d.received_at, d.submitted_at) < %(last)s
   AND d.id > %(after)s
 ORDER BY d.id LIMIT %(limit)s
"""


@dataclass(frozen=True, kw_only=True)
class Running:
    """An open dossier whose time holds one of the days."""

    id: int
    code: str
    version_id: int
    unit_id: int
    received_at: datetime | None
    due_at: datetime | None
    submitted_at: datetime | None
    answer_due_at: datetime | None
    halts: tuple[tuple[datetime, datetime], ...]
    extended: tuple[datetime, int] | None


@dataclass(frozen=True, kw_only=True)
class Move:
    """Where one dossier goes. BY_HAND: what is stored is not what the old calendar gives, so nothing is changed."""

    row: Running
    outcome: MovedDue.Outcome
    due_before: datetime
    due_after: datetime


@dataclass(frozen=True, kw_only=True)
class Preview:
    """Who would move. `first` are some of them, the soonest due first."""

    looked_at: int
    by_outcome: dict[str, int]
    by_unit: list[tuple[str, int]]
    first: list[Move]

    @property
    def moved(self) -> int:
        return self.by_outcome.get(Outcome.LATER, 0) + self.by_outcome.get(Outcome.EARLIER, 0)


def _span(days: Sequence[date]) -> dict[str, datetime]:
    """From the first of the days to the end of the last."""
    return {"first": start_of(days[0]), "last": start_of(days[-1] + DAY)}


def count_running(days: Sequence[date]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, _span(days))
        return int(cursor.fetchone()[0])


def running(days: Sequence[date], *, after: int = 0, limit: int = SLICE) -> list[Running]:
    """In order of ids, from beyond `after`. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, {**_span(days), "after": after, "limit": limit})
        return [
            Running(
                id=row[0],
                code=row[1],
                version_id=row[2],
                unit_id=row[3],
                received_at=row[4],
                due_at=row[5],
                submitted_at=row[6],
                answer_due_at=row[7],
                halts=tuple(zip(row[8], row[9], strict=True)),
                extended=(row[10], row[11]) if row[10] else None,
            )
            for row in cursor.fetchall()
        ]


def taken_back(recomputation: Recomputation) -> list[CalendarChange]:
    """What leads from the calendar of now to that by which open dossiers still are dated: this change undone, and with it
    every later one that no finished walk has carried to the dossiers yet."""
    finished = Recomputation.objects.filter(finished_at__isnull=False).exclude(pk=recomputation.pk).values("change_event_id")
    changes = (
        Event.objects.filter(name=unit_events.DAYS_CHANGED.name, pk__gte=recomputation.change_event_id)
        .exclude(pk__in=finished)
        .order_by("-pk")
        .values_list("facts", flat=True)
    )
    return [change_of(facts).taken_back(days_of(facts["removed"])) for facts in changes]


def days_of(told: object) -> list[DayFact]:
    """Days as a `units.days_changed` event tells them."""
    return msgspec.convert(told, list[DayFact])


def change_of(facts: Mapping[str, object]) -> CalendarChange:
    """The change that such an event tells."""
    return CalendarChange(add=tuple(days_of(facts["added"])), remove=tuple(fact.day for fact in days_of(facts["removed"])))


def calendars(*changes: CalendarChange) -> CalendarOn:
    """As the calendar is now, or as it would be after changes. Each asked once for a city and day."""
    known: dict[tuple[int, date], WorkingCalendar] = {}

    def on(unit_id: int, at: datetime) -> WorkingCalendar:
        key = (units.city_of(unit_id), timezone.localdate(at))
        if key not in known:
            known[key] = units.calendar_changed(key[0], changes, on=key[1])
        return known[key]

    return on


def move_of(row: Running, *, before: CalendarOn, after: CalendarOn, now: datetime) -> Move | None:
    """Where the change takes this dossier; None when it stays. A dossier that was moved already stays."""
    stored = row.due_at or row.answer_due_at
    assert stored is not None  # the query asks for one of them
    then, since = _due(row, before), _due(row, after)
    target = rules.moved_due(then, since, now=now, calendar=after(row.unit_id, now))
    if then == since or target == stored:
        return None
    outcome = Outcome.BY_HAND if stored != then else Outcome.LATER if target > stored else Outcome.EARLIER
    return Move(row=row, outcome=outcome, due_before=stored, due_after=target)


def _due(row: Running, calendar_on: CalendarOn) -> datetime:
    if row.received_at is not None:
        halts = rules.halts_of_limit(row.halts, received_at=row.received_at)
        limit = procedures.version(row.version_id).limit
        origin = rules.Origin(starts_at=row.received_at, limit=limit, halts=halts, extended=row.extended)
    else:
        begun = row.halts[-1][1] if row.halts else row.submitted_at
        assert begun is not None  # an answer is owed only for what was submitted
        origin = rules.Origin(starts_at=begun, limit=answer_limit(on=timezone.localdate(begun)))
    return rules.due_from(origin, lambda at: calendar_on(row.unit_id, at))


def preview(change: CalendarChange, *, now: datetime) -> Preview:
    """Who would move, had the change been made now, counted; nothing is changed. A query per 2,000 dossiers."""
    before, after = calendars(), calendars(change)
    looked_at = last = 0
    by_outcome: dict[str, int] = {}
    by_unit: dict[int, int] = {}
    found: list[Move] = []
    while rows := running(change.days, after=last, limit=2_000):
        last, looked_at = rows[-1].id, looked_at + len(rows)
        for row in rows:
            move = move_of(row, before=before, after=after, now=now)
            if move is None:
                continue
            by_outcome[move.outcome] = by_outcome.get(move.outcome, 0) + 1
            by_unit[row.unit_id] = by_unit.get(row.unit_id, 0) + 1
            found.append(move)
        found = _soonest(found)
    names = units.unit_rows(by_unit, as_of=timezone.localdate(now))
    return Preview(
        looked_at=looked_at,
        by_outcome=by_outcome,
        by_unit=sorted(
            ((names[unit_id].full_name, count) for unit_id, count in by_unit.items() if unit_id in names),
            key=lambda line: (-line[1], line[0]),
        ),
        first=_soonest(found),
    )


def _soonest(found: list[Move]) -> list[Move]:
    return sorted(found, key=lambda move: (move.due_before, move.row.id))[:_MOST_SHOWN]


# -- what was done -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class RecomputationRow:
    id: int
    days: list[date]
    announced_at: datetime
    announced_by_name: str
    to_look_at: int
    looked_at: int
    finished_at: datetime | None
    later: int
    earlier: int
    by_hand: int


@dataclass(frozen=True, kw_only=True)
class MovedRow:
    dossier_id: int
    code: str
    unit_id: int
    version_id: int
    outcome: str
    due_before: datetime
    due_after: datetime


def recomputations(recomputation_id: int | None = None) -> list[RecomputationRow]:
    """The latest twenty, newest first, or that one. Two queries."""
    rows = Recomputation.objects.order_by("-id")
    rows = rows.filter(pk=recomputation_id) if recomputation_id is not None else rows[:20]
    found = list(rows)
    counts: dict[tuple[int, str], int] = {
        (line["recomputation_id"], line["outcome"]): line["n"]
        for line in MovedDue.objects.filter(recomputation__in=[row.pk for row in found])
        .values("recomputation_id", "outcome")
        .annotate(n=Count("id"))
    }
    return [
        RecomputationRow(
            id=row.pk,
            days=row.days,
            announced_at=row.announced_at,
            announced_by_name=row.announced_by_name,
            to_look_at=row.to_look_at,
            looked_at=row.looked_at,
            finished_at=row.finished_at,
            later=counts.get((row.pk, Outcome.LATER), 0),
            earlier=counts.get((row.pk, Outcome.EARLIER), 0),
            by_hand=counts.get((row.pk, Outcome.BY_HAND), 0),
        )
        for row in found
    ]


def moved_of(recomputation_id: int, *, first: int, size: int) -> list[MovedRow]:
    """What a person must look at before what moved, each by its new day. One query."""
    rows = (
        MovedDue.objects.filter(recomputation_id=recomputation_id)
        .order_by("outcome", "due_after", "id")  # by_hand comes first by its name
        .values(
            "dossier_id",
            "dossier__code",
            "dossier__submission_code",
            "dossier__resolving_unit_id",
            "dossier__version_id",
            "outcome",
            "due_before",
            "due_after",
        )[first : first + size]
    )
    return [
        MovedRow(
            dossier_id=row["dossier_id"],
            code=row["dossier__code"] or row["dossier__submission_code"] or "",
            unit_id=row["dossier__resolving_unit_id"],
            version_id=row["dossier__version_id"],
            outcome=row["outcome"],
            due_before=row["due_before"],
            due_after=row["due_after"],
        )
        for row in rows
    ]
