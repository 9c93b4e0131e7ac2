"""Gaps in intake around the day: working hours in which the people of a unit would have met nobody who may receive."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.db.models import Count

from thongsuot.dossiers.models import Dossier
from thongsuot.handover.models import Changeover
from thongsuot.handover.queries.transfers import ended_by
from thongsuot.units import queries as units
from thongsuot.units.heirs import Heirs
from thongsuot.units.models import Unit

DAY = timedelta(days=1)
MOST_DAYS = 31


@dataclass(frozen=True, kw_only=True)
class Gap:
    """One unit on one day. `lacks`: centre, officer, identifier; what it takes to give out a code at a desk."""

    unit_id: int
    day: date
    minutes: int
    lacks: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One new unit: before its first day the units it came from had to receive, from then on it has.

    minutes    working minutes of the days asked for, without intake at the unit, or at any it came from
    received   dossiers that were really received there in these days
    """

    unit_id: int
    minutes: int
    received: int
    gaps: tuple[Gap, ...]


# One row for each unit that could give a citizen a code on that day: its one-stop centre, somebody there or in the unit who
# may receive, and the identifier the code begins with.
_ABLE = """
SELECT u.id,
       EXISTS (SELECT FROM units_body b WHERE b.unit_id = u.id AND b.kind = 'service_centre'
                  AND b.valid_from <= %(day)s AND (b.valid_to IS NULL OR b.valid_to > %(day)s)),
       EXISTS (SELECT FROM people_appointment a JOIN units_body b ON b.id = a.body_id JOIN people_person p ON p.id = a.person_id
                WHERE (b.unit_id = u.id OR a.point_id IS NOT NULL AND a.point_id IN (SELECT units_points_of(u.id)))
                  AND p.is_active AND 'receive dossiers' = ANY(a.duties)
                  AND a.valid_from <= %(day)s AND (a.valid_to IS NULL OR a.valid_to > %(day)s)
                  AND b.valid_from <= %(day)s AND (b.valid_to IS NULL OR b.valid_to > %(day)s)),
       u.agency_identifier <> ''
  FROM units_unit u
 WHERE u.id = ANY(%(units)s) AND u.valid_from <= %(day)s AND (u.valid_to IS NULL OR u.valid_to > %(day)s)
"""
_LACKS = ("centre", "officer", "identifier")


def intake(changeover: Changeover, *, first: date, last: date) -> list[Line]:
    """Every successor; those with gaps first. At most a month. Three queries a day at most, however many units."""
    day_of = changeover.effective_on
    last = min(last, first + DAY * (MOST_DAYS - 1))
    came_from: dict[int, set[int]] = defaultdict(set)
    level = dict(Unit.objects.filter(pk__in=ended_by(changeover.decision)).values_list("pk", "level"))
    heirs = Heirs(day_of)
    for old in level:
        for new in heirs.candidates(old):
            came_from[new].add(old)
    gaps: dict[int, list[Gap]] = defaultdict(list)
    day = first
    while day <= last:
        calendar = units.working_calendar(changeover.city_id, on=day)
        minutes = calendar.minutes_per_day() if calendar.works(day) else 0
        if minutes:
            communes = {one for olds in came_from.values() for one in olds if level[one] == Unit.Level.COMMUNE}
            missing = _lacking(communes if day < day_of else came_from, day)
            for new, olds in came_from.items():
                for place in sorted(olds & communes) if day < day_of else [new]:
                    if place in missing:
                        gaps[new].append(Gap(unit_id=place, day=day, minutes=minutes, lacks=missing[place]))
        day += DAY
    places = set(came_from) | set(level)
    received = dict(
        Dossier.objects.filter(receiving_unit__in=places, received_at__date__gte=first, received_at__date__lte=last)
        .order_by()
        .values_list("receiving_unit_id")
        .annotate(n=Count("id"))
    )
    lines = [
        Line(
            unit_id=new,
            minutes=sum({gap.day: gap.minutes for gap in gaps[new]}.values()),
            received=received.get(new, 0) + sum(received.get(old, 0) for old in olds),
            gaps=tuple(gaps[new]),
        )
        for new, olds in came_from.items()
    ]
    return sorted(lines, key=lambda line: (-line.minutes, line.unit_id))


def _lacking(unit_ids: Iterable[int], day: date) -> dict[int, tuple[str, ...]]:
    """{unit: what it lacks}; a unit that is not there on the day lacks all. One query."""
    wanted = list(unit_ids)
    with connection.cursor() as cursor:
        cursor.execute(_ABLE, {"units": wanted, "day": day})
        found = {row[0]: tuple(what for what, has in zip(_LACKS, row[1:], strict=True) if not has) for row in cursor.fetchall()}
    return {one: found.get(one, _LACKS) for one in wanted if found.get(one, _LACKS)}
