"""Units as of a day. Answers are remembered for a few seconds: see `kernel.remember`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import TellPerson
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.remember import FOR_EVER, SOON, Memory, remembered
from thongsuot.units.models import Succession, Unit, UnitName


class UnitNotFound(TellPerson):
    code = "units.not_found"
    status = 404
    says = _("Không tìm thấy đơn vị này. Hãy kiểm tra lại mã, hoặc tìm theo tên xã, phường.")


@dataclass(frozen=True, kw_only=True)
class UnitRow:
    """A unit with the name it bears on the day asked for."""

    id: int
    code: str
    level: str
    kind: str
    name: str
    full_name: str
    sort_name: str
    parent_id: int | None
    agency_identifier: str
    identifier_is_example: bool
    valid_from: date
    valid_to: date | None

    def exists_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    @property
    def last_day(self) -> date | None:
        return self.valid_to - timedelta(days=1) if self.valid_to else None


@dataclass(frozen=True, kw_only=True)
class NameRow:
    """One name a unit bore, and when."""

    kind: str
    name: str
    full_name: str
    sort_name: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class _Timeline:
    unit: tuple[int, str, str, int | None, str, bool, date, date | None]
    names: tuple[NameRow, ...]

    def on(self, day: date) -> UnitRow:
        """Before its first name the first, after its last the last: a code of an ended unit can always be shown."""
        unit_id, code, level, parent_id, identifier, is_example, valid_from, valid_to = self.unit
        name = next((name for name in reversed(self.names) if name.valid_from <= day), self.names[0])
        return UnitRow(
            id=unit_id,
            code=code,
            level=level,
            kind=name.kind,
            name=name.name,
            full_name=name.full_name,
            sort_name=name.sort_name,
            parent_id=parent_id,
            agency_identifier=identifier,
            identifier_is_example=is_example,
            valid_from=valid_from,
            valid_to=valid_to,
        )


def _timelines(unit_ids: Iterable[int]) -> dict[int, _Timeline]:
    rows = (
        UnitName.objects.filter(unit_id__in=list(unit_ids))
        .order_by("unit_id", "valid_from")
        .values_list(
            "unit_id",
            "unit__code",
            "unit__level",
            "unit__parent_id",
            "unit__agency_identifier",
            "unit__identifier_is_example",
            "unit__valid_from",
            "unit__valid_to",
            "kind",
            "name",
            "full_name",
            "sort_name",
            "valid_from",
            "valid_to",
        )
    )
    units: dict[int, tuple[int, str, str, int | None, str, bool, date, date | None]] = {}
    names: dict[int, list[NameRow]] = {}
    for row in rows:
        units[row[0]] = row[:8]
        kind, name, full_name, sort_name, valid_from, valid_to = row[8:]
        names.setdefault(row[0], []).append(
            NameRow(kind=kind, name=name, full_name=full_name, sort_name=sort_name, valid_from=valid_from, valid_to=valid_to)
        )
    return {unit_id: _Timeline(unit, tuple(names[unit_id])) for unit_id, unit in units.items()}


_known: Memory[int, _Timeline] = Memory(seconds=SOON)


def _timeline(unit_id: int) -> _Timeline:
    known = _known.get(unit_id)
    if known is not None:
        return known
    found = _timelines([unit_id]).get(unit_id)
    if found is None:
        raise UnitNotFound
    return _known.put(unit_id, found)


def unit_row(unit_id: int, *, as_of: date) -> UnitRow:
    """The unit with its name of that day. A unit that has ended keeps its last name: ask `exists_on`. Raises UnitNotFound."""
    return _timeline(unit_id).on(as_of)


def unit_rows(unit_ids: Iterable[int], *, as_of: date) -> dict[int, UnitRow]:
    """Many at once, in one query at most. Unknown ids are absent."""
    timelines = {unit_id: _known.get(unit_id) for unit_id in unit_ids}
    unknown = [unit_id for unit_id, timeline in timelines.items() if timeline is None]
    if unknown:
        for unit_id, timeline in _timelines(unknown).items():
            timelines[unit_id] = _known.put(unit_id, timeline)
    return {unit_id: timeline.on(as_of) for unit_id, timeline in timelines.items() if timeline is not None}


def names_of(unit_id: int) -> tuple[NameRow, ...]:
    """Every name the unit has borne, oldest first. Raises UnitNotFound."""
    return _timeline(unit_id).names


@remembered(seconds=SOON)
def _id_of_code(code: str, as_of: date) -> int:
    ids = list(Unit.objects.filter(in_force(as_of), code=code).values_list("id", flat=True)[:1])
    if not ids:
        raise UnitNotFound
    return ids[0]


def unit_by_code(code: str, *, as_of: date) -> UnitRow:
    """The unit that bears this code on that day; codes were used again on 2025-07-01. Raises UnitNotFound."""
    return unit_row(_id_of_code(code, as_of), as_of=as_of)


def units_with_code(code: str, *, as_of: date) -> list[UnitRow]:
    """Every unit that ever bore the code, the latest first: an ended unit's code still leads somewhere."""
    ids = Unit.objects.filter(code=code).values_list("id", flat=True)
    return sorted(unit_rows(ids, as_of=as_of).values(), key=lambda row: row.valid_from, reverse=True)


@remembered(seconds=SOON)
def _under(parent_id: int, as_of: date) -> tuple[UnitRow, ...]:
    under = Unit.objects.filter(in_force(as_of), parent_id=parent_id).exclude(level=Unit.Level.AGENCY)
    ids = under.values_list("id", flat=True)
    return tuple(sorted(unit_rows(ids, as_of=as_of).values(), key=lambda row: (row.sort_name, row.kind, row.code)))


def units_under(parent_id: int, *, as_of: date) -> list[UnitRow]:
    """The administrative units directly under one that exist on that day, in Vietnamese order of names without kind."""
    return list(_under(parent_id, as_of))


@remembered(seconds=SOON)
def _provinces(as_of: date) -> tuple[UnitRow, ...]:
    ids = Unit.objects.filter(in_force(as_of), level=Unit.Level.PROVINCE).values_list("id", flat=True)
    return tuple(sorted(unit_rows(ids, as_of=as_of).values(), key=lambda row: row.sort_name))


def provinces(*, as_of: date) -> list[UnitRow]:
    """All provinces and cities of that day, in Vietnamese order."""
    return list(_provinces(as_of))


_SUBTREE = """
WITH RECURSIVE tree AS (
  SELECT id FROM units_unit WHERE id = %(top)s
  UNION ALL
  SELECT u.id FROM units_unit u JOIN tree ON u.parent_id = tree.id
   WHERE u.valid_from <= %(last)s AND (u.valid_to IS NULL OR u.valid_to > %(first)s)
)
SELECT id FROM tree
"""


@remembered(seconds=SOON)
def _ids_under(top_id: int, first: date, last: date) -> frozenset[int]:
    with connection.cursor() as cursor:
        cursor.execute(_SUBTREE, {"top": top_id, "first": first, "last": last})
        return frozenset(row[0] for row in cursor.fetchall())


def unit_ids_under(city_id: int, *, as_of: date) -> frozenset[int]:
    """The unit itself and all below it that exist on that day, agencies of a city too."""
    return _ids_under(city_id, as_of, as_of)


def unit_ids_under_between(city_id: int, first: date, last: date) -> frozenset[int]:
    """The same of all those days: a unit that ended on one of them, and what came after it."""
    return _ids_under(city_id, first, last)


_PROVINCE = """
WITH RECURSIVE up AS (
  SELECT id, parent_id, level FROM units_unit WHERE id = %s
  UNION ALL
  SELECT u.id, u.parent_id, u.level FROM units_unit u JOIN up ON u.id = up.parent_id
)
SELECT id FROM up WHERE level = 'province'
"""


@remembered(seconds=FOR_EVER)
def city_of(unit_id: int) -> int:
    """The id of the province or city above a unit (itself when it is one). A unit never changes its parent."""
    with connection.cursor() as cursor:
        cursor.execute(_PROVINCE, [unit_id])
        found = cursor.fetchone()
    if found is None:
        raise UnitNotFound
    city_id: int = found[0]
    return city_id


_PROVINCES_INTO = """
WITH RECURSIVE before AS (
  SELECT %(city)s::bigint AS id
  UNION
  SELECT s.old_unit_id FROM units_succession s JOIN before ON s.new_unit_id = before.id
    JOIN units_unit u ON u.id = s.old_unit_id
   WHERE s.extent = 'whole' AND u.level = 'province'
)
SELECT id FROM before
"""


@remembered(seconds=SOON)
def provinces_into(city_id: int) -> frozenset[int]:
    """The city, and the provinces that went whole into it through any chain of decisions: whose communes of before are its."""
    with connection.cursor() as cursor:
        cursor.execute(_PROVINCES_INTO, {"city": city_id})
        return frozenset(row[0] for row in cursor.fetchall())


def default_city(*, as_of: date) -> UnitRow:
    """The city this installation serves (settings.CITY_CODE). Raises UnitNotFound when its units are not loaded."""
    return unit_by_code(settings.CITY_CODE, as_of=as_of)


def city_of_duty(actor: Actor, duty: str, *, on: date) -> UnitRow:
    """The city, for whom the duty covers all of it. Raises NotYourDuty."""
    city = default_city(as_of=on)
    actor.must(duty, unit_id=city.id)
    return city


@dataclass(frozen=True, kw_only=True)
class Change:
    """A unit another came from or went to. `extent` is a `Succession.Extent`."""

    unit: UnitRow
    extent: str
    likeliest: bool
    on: date
    decision: str


def origins_of(unit_ids: Iterable[int]) -> dict[int, list[Change]]:
    """What units were made of, whole ones first, with the names those ended with. Without an origin: absent. Two queries."""
    return _changes("new_unit_id", "old_unit_id", unit_ids)


def successors_of(unit_ids: Iterable[int]) -> dict[int, list[Change]]:
    """What became of ended units, whole first, with the names those began with. Units that go on are absent. Two queries."""
    return _changes("old_unit_id", "new_unit_id", unit_ids)


def _changes(from_field: str, to_field: str, unit_ids: Iterable[int]) -> dict[int, list[Change]]:
    fields = (from_field, to_field, "extent", "likeliest", "decision__effective_on", "decision__number")
    rows = list(Succession.objects.filter(**{f"{from_field}__in": list(unit_ids)}).values_list(*fields))
    order = list(Succession.Extent)
    unit_rows([row[1] for row in rows], as_of=date.max)  # names, all at once
    found: dict[int, list[Change]] = {}
    for from_id, to_id, extent, likeliest, day, number in rows:
        called_on = day if to_field == "new_unit_id" else day - timedelta(days=1)
        found.setdefault(from_id, []).append(
            Change(unit=unit_row(to_id, as_of=called_on), extent=extent, likeliest=likeliest, on=day, decision=number)
        )
    for changes in found.values():
        changes.sort(key=lambda change: (order.index(Succession.Extent(change.extent)), change.unit.sort_name))
    return found


_KEEPER = "SELECT new_unit_id FROM units_succession WHERE old_unit_id = %s AND keeps_records"
_BEGINS_AND_ENDS = "SELECT valid_to, parent_id FROM units_unit WHERE id = %s"


@remembered(seconds=SOON)
def keeper_of(unit_id: int, *, on: date) -> int:
    """Who answers on that day for what a unit left undivided: closed dossiers, books, archives. Itself while it exists.

    Where nobody was named, what lay above it. Raises UnitNotFound.
    """
    with connection.cursor() as cursor:
        for _step in range(20):  # a chain of decisions is never so long
            cursor.execute(_BEGINS_AND_ENDS, [unit_id])
            row = cursor.fetchone()
            if row is None:
                raise UnitNotFound
            ends, parent_id = row
            if ends is None or on < ends:
                return unit_id
            cursor.execute(_KEEPER, [unit_id])
            kept = cursor.fetchone()
            if kept is None and parent_id is None:
                return unit_id
            unit_id = kept[0] if kept is not None else parent_id
    return unit_id


_KEPT_BY = """
WITH RECURSIVE kept AS (
  SELECT s.old_unit_id AS id FROM units_succession s JOIN units_unit u ON u.id = s.old_unit_id
   WHERE s.keeps_records AND s.new_unit_id = ANY(%(units)s) AND u.valid_to <= %(day)s
  UNION
  SELECT u.id FROM units_unit u
   WHERE u.parent_id = ANY(%(units)s) AND u.valid_to <= %(day)s
     AND NOT EXISTS (SELECT FROM units_succession s WHERE s.old_unit_id = u.id AND s.keeps_records)
  UNION
  SELECT u.id FROM kept JOIN LATERAL (
    SELECT s.old_unit_id AS id FROM units_succession s WHERE s.new_unit_id = kept.id AND s.keeps_records
     UNION ALL
    SELECT below.id FROM units_unit below
     WHERE below.parent_id = kept.id AND below.valid_to <= %(day)s
       AND NOT EXISTS (SELECT FROM units_succession s WHERE s.old_unit_id = below.id AND s.keeps_records)
  ) AS u ON true
)
SELECT id FROM kept
"""


@remembered(seconds=SOON)
def kept_by(unit_ids: frozenset[int], *, on: date) -> frozenset[int]:
    """The ended units whose undivided things these units answer for on that day, through any chain of decisions.

    Those that named them keepers, and what lay under them where nobody was named: `keeper_of`, asked from the other side.
    """
    with connection.cursor() as cursor:
        cursor.execute(_KEPT_BY, {"units": list(unit_ids), "day": on})
        return frozenset(row[0] for row in cursor.fetchall())


@dataclass(frozen=True, kw_only=True)
class NamePeriod:
    """A name a unit bore, and the act that gave it; the act is empty for names of before."""

    kind: str
    full_name: str
    valid_from: date
    valid_to: date | None
    decision: str
    title: str


def name_history(unit_id: int) -> list[NamePeriod]:
    """Every name, oldest first. One query."""
    rows = UnitName.objects.filter(unit_id=unit_id).order_by("valid_from").select_related("decision")
    return [
        NamePeriod(
            kind=row.kind,
            full_name=row.full_name,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            decision=row.decision.number if row.decision else "",
            title=row.decision.title if row.decision else "",
        )
        for row in rows
    ]
