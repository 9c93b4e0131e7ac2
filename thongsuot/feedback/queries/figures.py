"""Figures of feedback over a scope and a period: from totals of days where there are any for the scope, else from the legs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from thongsuot.counters.satisfaction import SHOWN_FROM
from thongsuot.feedback.counting import COLUMNS, EVER, MEASURES, NAMES, parts
from thongsuot.feedback.models import Category, Escalation, TicketLeg
from thongsuot.feedback.words import Channel, Stream
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.periods import Period
from thongsuot.kernel.remember import SOON, remembered
from thongsuot.units import queries as units

DUTY = "see figures"


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Whose tickets: of these units of one city; those this person handled; of these streams only.

    person_id    who worked on them, the last one in each unit
    whole_city   unit_ids are all that ever had any: totals by channel, category and stream serve too
    """

    city_id: int
    unit_ids: frozenset[int]
    whole_city: bool = False
    person_id: int | None = None
    streams: frozenset[str] | None = None

    @property
    def parameters(self) -> dict[str, Any]:
        return {
            "city": self.city_id,
            "units": sorted(self.unit_ids),
            "keys": [str(unit_id) for unit_id in sorted(self.unit_ids)],
            "person": self.person_id,
            "streams": sorted(self.streams or ()),
        }

    def condition(self, alias: str = "f") -> str:
        """About a row of feedback_ticketleg."""
        conditions = [f"{alias}.city_id = %(city)s"]
        if not self.whole_city:
            conditions.append(f"{alias}.unit_id = ANY(%(units)s)")
        if self.streams is not None:
            conditions.append(f"{alias}.stream = ANY(%(streams)s)")
        if self.person_id is not None:
            conditions.append(f"{alias}.handler_id = %(person)s")
        return " AND ".join(conditions)


def seen_by(actor: Actor, *, on: date) -> Scope:
    """All whose figures someone sees. Raises NotYourDuty."""
    seen = units.seen_by(actor, DUTY, on=on, counted=counted_units)
    return Scope(city_id=seen.city_id, unit_ids=seen.unit_ids, whole_city=seen.whole_city)


@remembered(seconds=SOON)
def counted_units(city_id: int) -> frozenset[int]:
    """Units with any figures, whether or not they exist today."""
    of_units = "city_id = %(city)s AND kind = 'unit' AND stream = ''"
    return frozenset(map(int, units.values_in("feedback_feedbackday", "key", of_units, city=city_id)))


@dataclass(frozen=True)
class Sums(Mapping[str, int]):
    """The measures over a period (`counting.MEASURES`), the sums of all days before, and what follows from them.

    still          waited for at the end and late only after now: nothing is late before its time
    index_still    the same by item 5.2
    """

    within: Mapping[str, int] = field(default_factory=dict)
    before: Mapping[str, int] = field(default_factory=dict)
    still: int = 0
    index_still: int = 0

    def __getitem__(self, name: str) -> int:
        if name not in NAMES:
            raise KeyError(name)
        return self.within.get(name, 0)

    def __iter__(self) -> Any:
        return iter(NAMES)

    def __len__(self) -> int:
        return len(NAMES)

    def ever(self, name: str) -> int:
        return self.before.get(name, 0) + self[name]

    @property
    def carried(self) -> int:
        """Waited for when the period began."""
        return sum(self.before.get(name, 0) * sign for name, sign in _WAITING)

    @property
    def waiting(self) -> int:
        return sum(self.ever(name) * sign for name, sign in _WAITING)

    @property
    def overdue(self) -> int:
        return self.waiting - (self.ever("started") - self.ever("left") + self.still)

    @property
    def on_time(self) -> float | None:
        """Share of the answers given in the period."""
        return self["answered_in_time"] * 100 / self["answered"] if self["answered"] else None

    @property
    def rated_enough(self) -> bool:
        return self["rated"] >= SHOWN_FROM

    @property
    def satisfied(self) -> float | None:
        return self["satisfied"] * 100 / self["rated"] if self.rated_enough else None

    @property
    def level(self) -> float | None:
        """Mean of the levels, 1 to 5."""
        return self["levels"] / self["rated"] if self.rated_enough else None

    @property
    def handled(self) -> int:
        """Item 5.2: to be handled in the period, each once: closed in it, gone away late in it, or open at its end."""
        return self["closed"] + self["moved_late"] + self.ever("started") - self.ever("moved") - self.ever("closed")

    @property
    def handled_in_time(self) -> int:
        return self["closed_in_time"] + self._open_in_time

    @property
    def not_well(self) -> int:
        """Item 5.3: late, disliked or opened again, each once; the last two in the period in which they were said."""
        return self.handled - self.handled_in_time + self["closed_in_time"] - self["closed_well"] + self["marked"]

    @property
    def handled_well(self) -> int:
        return max(0, self.handled - self.not_well)

    @property
    def _open_in_time(self) -> int:
        return self.ever("started") - self.ever("index_left") + self.index_still


def together(some: Iterable[Sums]) -> Sums:
    """Several as one: streams of a scope."""
    all_of = list(some)
    within, before = ({name: sum(half(one, name) for one in all_of) for name in names} for names, half in _HALVES)
    return Sums(within, before, sum(one.still for one in all_of), sum(one.index_still for one in all_of))


_HALVES: tuple[tuple[tuple[str, ...], Callable[[Sums, str], int]], ...] = (
    (NAMES, lambda one, name: one.within.get(name, 0)),
    (EVER, lambda one, name: one.before.get(name, 0)),
)
_WAITING = (("started", 1), ("moved", -1), ("answered", -1), ("refused", -1))


def total(scope: Scope, period: Period) -> Sums:
    """One line. Two queries at most."""
    return grouped(scope, period).get("", Sums())


def by_unit(scope: Scope, period: Period) -> dict[int, Sums]:
    return {int(key): sums for key, sums in grouped(scope, period, by="unit").items()}


_COLUMN = {"unit": "unit_id::text", "category": "coalesce(category_id, 0)::text", "channel": "channel", "stream": "stream"}


def grouped(scope: Scope, period: Period, *, by: str = "") -> dict[str, Sums]:
    """Sums by unit, category, channel or stream, or one under ''. Two queries at most."""
    found = _of_legs(scope, period, by) if (source := _totals(scope, by)) is None else _of_totals(scope, period, by, source)
    still = _still(scope, period, by)
    return {key: Sums(within, before, *still.get(key, (0, 0))) for key, (within, before) in found.items()}


Halves = dict[str, tuple[Mapping[str, int], Mapping[str, int]]]


def _of_totals(scope: Scope, period: Period, by: str, condition: str) -> Halves:
    """Sums over totals of days: within the period, and of all days before."""
    key = {"": "''", "stream": "CASE kind WHEN 'unit' THEN stream ELSE key END"}.get(by, "key")
    within = ", ".join(f"coalesce(sum({name}), 0)" for name in COLUMNS)
    before = ", ".join(f'coalesce(sum("{name}"), 0)' for name in EVER)
    statement = (
        f"SELECT true, {key}, {within} FROM feedback_feedbackday"  # noqa: S608
        f" WHERE {condition} AND day BETWEEN %(first)s AND %(last)s GROUP BY 2"
        f" UNION ALL SELECT false, {key}, {before}{', 0' * (len(NAMES) - len(EVER))} FROM feedback_feedbackday"
        f" WHERE {condition} AND day < %(first)s GROUP BY 2"
    )
    halves: dict[bool, dict[str, dict[str, int]]] = {True: {}, False: {}}
    with connection.cursor() as cursor:
        cursor.execute(statement, {**scope.parameters, **period.parameters})
        for is_within, found, *counts in cursor.fetchall():
            halves[is_within][found] = dict(zip(NAMES if is_within else EVER, map(int, counts), strict=False))
    keys = halves[True].keys() | halves[False].keys()
    return {one: (halves[True].get(one, {}), halves[False].get(one, {})) for one in keys}


def _of_legs(scope: Scope, period: Period, by: str) -> Halves:
    """The same in one pass over the legs: of few units, or of one person."""
    within = [f"sum({MEASURES[name][1]}) FILTER (WHERE {MEASURES[name][0]} BETWEEN %(first)s AND %(last)s)" for name in NAMES]
    before = [f"sum({MEASURES[name][1]}) FILTER (WHERE {MEASURES[name][0]} < %(first)s)" for name in EVER]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_COLUMN.get(by, chr(39) * 2)}, {', '.join([*within, *before])} FROM feedback_ticketleg f"  # noqa: S608
            f" WHERE {scope.condition()} GROUP BY 1",
            {**scope.parameters, **period.parameters},
        )
        rows = [(row[0], [int(count or 0) for count in row[1:]]) for row in cursor.fetchall()]
    return {
        key: (dict(zip(NAMES, counts, strict=False)), dict(zip(EVER, counts[len(NAMES) :], strict=True)))
        for key, counts in rows
    }


def _totals(scope: Scope, by: str) -> str | None:
    """Which totals of days tell it; None: none do."""
    if scope.person_id is not None:
        return None
    if scope.whole_city and scope.streams is None:
        return f"city_id = %(city)s AND kind = '{by or 'stream'}' AND stream = ''"
    if by in ("category", "channel"):
        return None
    all_of = "stream <> ''" if by == "stream" else "stream = ''"
    streams = all_of if scope.streams is None else "stream = ANY(%(streams)s)"
    return f"city_id = %(city)s AND kind = 'unit' AND {streams}{'' if scope.whole_city else ' AND key = ANY(%(keys)s)'}"


_WAITS = "f.moved_on IS NULL AND f.answered_on IS NULL AND f.refused_on IS NULL"


def _still(scope: Scope, period: Period, by: str) -> dict[str, tuple[int, int]]:
    """How many open ones will be late when the period ends and are not yet. None when it is over."""
    if period.is_over:
        return {}
    key = _COLUMN.get(by, "''")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {key}, count(*) FILTER (WHERE {_WAITS} AND f.overdue_at >= %(now)s AND f.left_on <= %(last)s),"  # noqa: S608
            " count(*) FILTER (WHERE f.late_at >= %(now)s AND f.index_left_on <= %(last)s) FROM feedback_ticketleg f"
            f" WHERE ({_WAITS} AND f.overdue_at >= %(now)s"
            " OR f.moved_on IS NULL AND f.closed_on IS NULL AND f.late_at >= %(now)s)"
            f" AND {scope.condition()} GROUP BY 1",
            {**scope.parameters, **period.parameters},
        )
        return {row[0]: (row[1], row[2]) for row in cursor.fetchall()}


@dataclass(frozen=True, kw_only=True)
class Line:
    """A row of a table of figures. `key`: an id, a channel, a stream, a month."""

    key: str
    name: str
    sums: Sums


def unit_lines(scope: Scope, period: Period) -> list[Line]:
    """Every unit with anything at all, by name."""
    sums = by_unit(scope, period)
    names = units.unit_rows(sums, as_of=period.last)
    rows = sorted(names.values(), key=lambda row: (row.level == "commune", row.sort_name))
    return [Line(key=str(row.id), name=row.full_name, sums=sums[row.id]) for row in rows if _anything(sums[row.id])]


def _anything(sums: Sums) -> bool:
    return sums.carried > 0 or any(sums[name] for name in ("started", "answered", "refused", "rated", "moved"))


def category_lines(scope: Scope, period: Period) -> list[Line]:
    sums = grouped(scope, period, by="category")
    names = {
        str(pk): (place, name) for pk, place, name in Category.objects.filter(pk__in=sums).values_list("pk", "place", "name")
    }
    lines = [Line(key=key, name=names.get(key, (0, ""))[1], sums=one) for key, one in sums.items() if _anything(one)]
    return sorted(lines, key=lambda line: names.get(line.key, (10_000, "")))


def channel_lines(scope: Scope, period: Period) -> list[Line]:
    sums = grouped(scope, period, by="channel")
    return [Line(key=one, name=str(one.label), sums=sums[one]) for one in Channel if one in sums and _anything(sums[one])]


def stream_lines(scope: Scope, period: Period) -> list[Line]:
    sums = grouped(scope, period, by="stream")
    return [Line(key=one, name=str(one.label), sums=sums[one]) for one in Stream if one in sums and _anything(sums[one])]


def refusals(scope: Scope, period: Period) -> list[tuple[str, int]]:
    """How many were refused for which reason, the most first. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT f.refusal, count(*) FROM feedback_ticketleg f WHERE f.refused_on BETWEEN %(first)s AND %(last)s"  # noqa: S608
            f" AND {scope.condition()} GROUP BY 1 ORDER BY 2 DESC, 1",
            {**scope.parameters, **period.parameters},
        )
        return [(reason, count) for reason, count in cursor.fetchall()]


def rungs(scope: Scope, period: Period) -> list[tuple[str, dict[int, int]]]:
    """Units with how many rungs of the ladder were climbed in the period, by name. Two queries at most."""
    rows = Escalation.objects.filter(
        ticket__city=scope.city_id,
        climbed_at__gte=period.starts_at,
        climbed_at__lt=period.ends_at,
        rung__in=Escalation.Rung.values,
    )
    if not scope.whole_city:
        own = Q(unit__in=scope.unit_ids)  # with the operators a ticket has no unit: those rungs are the city's
        rows = rows.filter(own | Q(unit=None) if scope.city_id in scope.unit_ids else own)
    if scope.streams is not None:
        # Of what it was when it was climbed, as all else is counted: what becomes of another stream later changes no period.
        then = TicketLeg.objects.filter(ticket_id=OuterRef("ticket_id"), started_at__lte=OuterRef("climbed_at"))
        was = Subquery(then.order_by("-number").values("stream")[:1])
        rows = rows.alias(was=Coalesce(was, F("ticket__stream"))).filter(was__in=scope.streams)
    counts: dict[int, dict[int, int]] = {}
    for unit_id, rung, count in rows.values_list("unit_id", "rung").annotate(count=Count("pk")):
        of_unit = counts.setdefault(unit_id or scope.city_id, {})
        of_unit[rung] = of_unit.get(rung, 0) + count
    names = units.unit_rows(counts, as_of=period.last).values()
    ordered = sorted(names, key=lambda row: (row.level == "commune", row.sort_name))
    return [(row.full_name, counts[row.id]) for row in ordered]


@dataclass(frozen=True, kw_only=True)
class DayRow:
    day: date
    received: int
    answered: int
    waiting: int


def by_day(scope: Scope, period: Period) -> list[DayRow]:
    """Each day until today, with what waited on its evening. One query."""
    given, source, condition = "", "feedback_feedbackday", _totals(scope, "")
    if condition is None:
        legs = f"SELECT * FROM feedback_ticketleg f WHERE {scope.condition()}"  # noqa: S608
        given, source, condition = f"WITH f AS ({legs}), parts AS ({parts()}) ", "parts", "true"
    wanted = ('"received"', '"answered"', '"started" - "moved" - "answered" - "refused"')
    sums = ", ".join(f"coalesce(sum({one}), 0)" for one in wanted)
    statement = (
        f"{given}SELECT day, {sums} FROM {source} WHERE {condition} AND day BETWEEN %(first)s AND %(last)s GROUP BY 1"  # noqa: S608
        f" UNION ALL SELECT %(first)s::date - 1, {sums} FROM {source} WHERE {condition} AND day < %(first)s"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, {**scope.parameters, **period.parameters})
        found = {day: tuple(map(int, counts)) for day, *counts in cursor.fetchall()}
    rows, last = [], min(period.last, timezone.localdate(period.now))
    waiting = found.get(period.first - timedelta(days=1), (0, 0, 0))[2]
    for number in range((last - period.first).days + 1):
        day = period.first + timedelta(days=number)
        received, answered, more = found.get(day, (0, 0, 0))
        waiting += more
        rows.append(DayRow(day=day, received=received, answered=answered, waiting=waiting))
    return rows


def by_month(scope: Scope, period: Period) -> list[Line]:
    """The months of the period, each with its own sums; at most twenty-five. Two queries for each."""
    lines, first = [], period.first
    while first <= min(period.last, timezone.localdate(period.now)):
        after = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        month = Period(first=first, last=min(after - timedelta(days=1), period.last), now=period.now)
        lines.append(Line(key=f"{first:%Y-%m}", name=f"{first:%m/%Y}", sums=total(scope, month)))
        first = after
    return lines
