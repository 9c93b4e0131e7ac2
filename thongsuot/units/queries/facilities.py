"""Facilities as of a day, and conversions: what one meets, what is wrong with it, its lines as shown."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from datetime import date

from django.db import connection
from django.db.models import Count, Q
from django.utils.functional import Promise

from thongsuot.kernel.errors import NotFound, must_exist
from thongsuot.kernel.periods import in_force
from thongsuot.units.facts import ConversionFacts, ConversionLineFact
from thongsuot.units.models import (
    Body,
    Decision,
    Facility,
    FacilityConversion,
    FacilityDetails,
    FacilityStanding,
    PointDetails,
    PointManagement,
    ServicePoint,
    Unit,
)
from thongsuot.units.queries.bodies import Period, belongs_to_city
from thongsuot.units.queries.units import UnitRow, city_of, provinces_into, unit_rows
from thongsuot.units.rules.conversions import Around, Managed, Seat, Standing, faults
from thongsuot.units.rules.reorganising import Fault


@dataclass(frozen=True, kw_only=True)
class FacilityRow:
    """A facility as it is, and is found, on the day asked for."""

    id: int
    code: str
    kind: str
    name: str
    unit_id: int
    parent_id: int | None
    address: str
    opening_hours: str
    phone: str
    latitude: float | None
    longitude: float | None

    @property
    def kind_label(self) -> str | Promise:
        return Facility.Kind(self.kind).label

    @property
    def is_point(self) -> bool:
        return self.kind == Facility.Kind.HEALTH_POINT


_FACILITIES = """
SELECT f.id, f.code, s.kind, s.name, s.unit_id, s.parent_id,
       coalesce(d.address, ''), coalesce(d.opening_hours, ''), coalesce(d.phone, ''), d.latitude, d.longitude
  FROM units_facilitystanding s
  JOIN units_facility f ON f.id = s.facility_id AND (f.valid_to IS NULL OR f.valid_to > %(day)s)
  LEFT JOIN units_facilitydetails d
    ON d.facility_id = f.id AND d.valid_from <= %(day)s AND (d.valid_to IS NULL OR d.valid_to > %(day)s)
 WHERE s.valid_from <= %(day)s AND (s.valid_to IS NULL OR s.valid_to > %(day)s)
   AND (%(units)s::bigint[] IS NULL OR s.unit_id = ANY(%(units)s::bigint[]))
   AND (%(one)s::bigint IS NULL OR f.id = %(one)s::bigint)
 ORDER BY s.kind DESC, f.code
"""


def _facilities(day: date, *, units: Iterable[int] | None = None, one: int | None = None) -> list[FacilityRow]:
    names = [field.name for field in fields(FacilityRow)]
    with connection.cursor() as cursor:
        cursor.execute(_FACILITIES, {"day": day, "units": None if units is None else list(units), "one": one})
        return [FacilityRow(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]


def facilities_of(unit_ids: Iterable[int], *, as_of: date) -> dict[int, list[FacilityRow]]:
    """The facilities of units on that day, stations first. Units without one are absent. One query."""
    found: dict[int, list[FacilityRow]] = {}
    for row in _facilities(as_of, units=unit_ids):
        found.setdefault(row.unit_id, []).append(row)
    return found


def facility_row(facility_id: int, *, as_of: date) -> FacilityRow | None:
    """One facility; none when it did not exist on that day. One query."""
    return next(iter(_facilities(as_of, one=facility_id)), None)


def facility(facility_id: int, *, city_id: int) -> Facility:
    """Raises NotFound, for one of another city too."""
    found = Facility.objects.filter(pk=facility_id).first()
    last = FacilityStanding.objects.filter(facility=facility_id).order_by("valid_from").last()
    if found is None or last is None or city_of(last.unit_id) not in provinces_into(city_id):
        raise NotFound
    return found


def in_city(city_id: int, prefix: str = "unit") -> Q:
    """Of a commune of the city, also of one that ended and lay in a district, or in a province that went into the city."""
    tops = provinces_into(city_id)
    return Q(**{f"{prefix}__parent__in": tops}) | Q(**{f"{prefix}__parent__parent__in": tops}) | Q(**{f"{prefix}__in": tops})


def facility_counts(city_id: int, *, as_of: date) -> dict[str, int]:
    """{kind: how many facilities of it the city has on that day}. One query."""
    rows = FacilityStanding.objects.filter(in_force(as_of), in_force(as_of, "facility__"), in_city(city_id))
    return dict(rows.order_by().values_list("kind").annotate(n=Count("pk")))


@dataclass(frozen=True, kw_only=True)
class UnitFacilities:
    """A unit with its facilities on a day. `waits`: it has ended, and what it had has not been moved yet."""

    unit: UnitRow
    facilities: list[FacilityRow]
    waits: bool


def facilities_by_unit(city_id: int, *, as_of: date) -> list[UnitFacilities]:
    """All of the city in Vietnamese order of units, those without a facility too; ended ones only while they have some.

    Five queries at most.
    """
    holders = FacilityStanding.objects.filter(in_force(as_of), in_city(city_id)).values_list("unit_id", flat=True).distinct()
    units = {row.id: row for row in _communes(city_id, as_of)}
    units |= unit_rows(holders, as_of=as_of)
    found = facilities_of(units, as_of=as_of)
    rows = [
        UnitFacilities(unit=unit, facilities=found.get(pk, []), waits=not unit.exists_on(as_of)) for pk, unit in units.items()
    ]
    return sorted(rows, key=lambda row: (row.unit.sort_name, row.unit.kind, row.unit.code))


def _communes(city_id: int, day: date) -> list[UnitRow]:
    """Communes of the city on a day, in its districts and in the provinces before it while there were such."""
    rows = unit_rows(communes_on(city_id, day).values(), as_of=day).values()
    return sorted(rows, key=lambda row: (row.sort_name, row.kind, row.code))


def communes_on(city_id: int, day: date) -> dict[str, int]:
    """{code: commune} of the city on a day, as long as it was of a province that went into it too. Two queries."""
    tops = provinces_into(city_id)
    here = Q(parent__in=tops) | Q(parent__parent__in=tops)
    return dict(Unit.objects.filter(here, in_force(day), level=Unit.Level.COMMUNE).values_list("code", "pk"))


@dataclass(frozen=True, kw_only=True)
class StandingPeriod:
    """What a facility was, is or will be for a time, and the conversion that made it so."""

    kind_label: str | Promise
    name: str
    unit: UnitRow
    parent_id: int | None
    parent_name: str
    valid_from: date
    valid_to: date | None
    conversion_id: int | None
    conversion: str


def standings_of(facility_id: int) -> list[StandingPeriod]:
    """Oldest first. Four queries at most."""
    rows = list(FacilityStanding.objects.filter(facility=facility_id).order_by("valid_from").select_related("conversion"))
    parents = [row.parent_id for row in rows if row.parent_id]
    named: dict[tuple[int, date], str] = {}
    for one in FacilityStanding.objects.filter(facility__in=parents).order_by("valid_from"):
        for row in rows:
            if row.parent_id == one.facility_id and one.valid_from <= row.valid_from:
                named[one.facility_id, row.valid_from] = one.name
    units = {row.pk: unit_rows([row.unit_id], as_of=row.valid_from)[row.unit_id] for row in rows}
    return [
        StandingPeriod(
            kind_label=Facility.Kind(row.kind).label,
            name=row.name,
            unit=units[row.pk],
            parent_id=row.parent_id,
            parent_name=named.get((row.parent_id, row.valid_from), "") if row.parent_id else "",
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            conversion_id=row.conversion_id,
            conversion=row.conversion.number if row.conversion else "",
        )
        for row in rows
    ]


def facility_addresses(facility_id: int) -> list[Period]:
    """Where it was, is and will be, oldest first. One query."""
    rows = FacilityDetails.objects.filter(facility=facility_id).order_by("valid_from")
    return [Period(text=row.address or "-", valid_from=row.valid_from, valid_to=row.valid_to) for row in rows]


# --- conversions


def conversion(conversion_id: int, *, city_id: int) -> FacilityConversion:
    """Raises NotFound, for one of another city too."""
    found = must_exist(FacilityConversion.objects.select_related("city").filter(pk=conversion_id, city=city_id).first())
    return found


@dataclass(frozen=True, kw_only=True)
class ConversionRow:
    """A conversion in a list, with how many lines of each kind it has."""

    id: int
    number: str
    title: str
    effective_on: date
    state: str
    stations: int
    health_points: int
    points: int


def conversions(city_id: int) -> list[ConversionRow]:
    """Drafts first, then the latest. One query."""
    kinds = Facility.Kind
    rows = FacilityConversion.objects.filter(city=city_id).annotate(
        stations=Count("lines", filter=Q(lines__kind=kinds.HEALTH_STATION)),
        health_points=Count("lines", filter=Q(lines__kind=kinds.HEALTH_POINT)),
        points=Count("lines", filter=Q(lines__point__isnull=False)),
    )
    names = [field.name for field in fields(ConversionRow)]
    found = [ConversionRow(**values) for values in rows.order_by("-effective_on", "number").values(*names)]
    return sorted(found, key=lambda row: row.state not in (Decision.State.DRAFT, Decision.State.CHECKED))


def head_of(found: FacilityConversion) -> ConversionFacts:
    return ConversionFacts(
        number=found.number,
        title=found.title,
        signed_on=found.signed_on,
        effective_on=found.effective_on,
        expected=found.expected,
    )


def line_facts(found: FacilityConversion) -> list[ConversionLineFact]:
    """One query."""
    names = [field.name for field in fields(ConversionLineFact)]
    return [ConversionLineFact(**values) for values in found.lines.order_by("pk").values(*names)]


def standings_on(city_id: int, day: date) -> dict[int, Standing]:
    """Facilities of the city in force on the day, with what is known to change after. One query.

    A standing that ends on a later day, and a facility that does, both say so in `ends`.
    """
    rows = (
        FacilityStanding.objects.filter(in_force(day), in_force(day, "facility__"), in_city(city_id))
        .order_by("facility__code")
        .values_list(
            "facility_id",
            "facility__code",
            "kind",
            "name",
            "unit_id",
            "parent_id",
            "valid_from",
            "valid_to",
            "facility__valid_to",
        )
    )
    places = {
        pk: (latitude, longitude)
        for pk, latitude, longitude in FacilityDetails.objects.filter(in_force(day)).values_list(
            "facility_id", "latitude", "longitude"
        )
        if latitude is not None and longitude is not None
    }
    return {
        pk: Standing(
            facility_id=pk,
            code=code,
            kind=kind,
            name=name,
            unit_id=unit_id,
            parent_id=parent_id,
            valid_from=valid_from,
            ends=valid_to or ends,
            place=places.get(pk),
        )
        for pk, code, kind, name, unit_id, parent_id, valid_from, valid_to, ends in rows
    }


def _managed_on(city_id: int, day: date, point_ids: Collection[int]) -> dict[int, Managed]:
    rows = PointManagement.objects.filter(
        in_force(day), in_force(day, "point__"), in_city(city_id, "point__unit"), point__in=point_ids
    ).values_list("point_id", "point__unit_id", "managed_by_id", "valid_from", "valid_to", "point__valid_to")
    return {
        pk: Managed(
            point_id=pk,
            name=str(pk),
            unit_id=unit_id,
            managed_by_id=body_id,
            valid_from=valid_from,
            ends=valid_to or ends,
        )
        for pk, unit_id, body_id, valid_from, valid_to, ends in rows
    }


def around(found: FacilityConversion, lines: Collection[ConversionLineFact]) -> Around:
    """What it meets on its day. Eight queries, however many lines."""
    day, city_id = found.effective_on, found.city_id
    points = [one.point_id for one in lines if one.point_id is not None]
    wanted = [pk for one in lines for pk in (one.facility_id, one.parent_id) if pk is not None]
    codes: dict[tuple[str, int], str] = {
        ("facility", pk): code for pk, code in Facility.objects.filter(pk__in=wanted).values_list("pk", "code")
    }
    details = PointDetails.objects.filter(point__in=points).order_by("valid_from").values_list("point_id", "name")
    codes |= {("point", pk): name for pk, name in details}
    bodies = Body.objects.filter(
        in_force(day), in_city(city_id), pk__in=[one.managed_by_id for one in lines if one.managed_by_id]
    ).select_related("unit")
    return Around(
        city_id=city_id,
        facilities=standings_on(city_id, day),
        points=_managed_on(city_id, day, points) if points else {},
        units={row.id: row.full_name for row in _communes(city_id, day)},
        bodies={body.pk: city_id if belongs_to_city(body, city_id) else body.unit_id for body in bodies},
        codes=codes,
    )


def conversion_faults(found: FacilityConversion) -> list[Fault]:
    """What keeps it from being approved."""
    lines = line_facts(found)
    return faults(head_of(found), lines, around(found, lines))


def seats(city_id: int, day: date) -> dict[int, Seat]:
    """Units of the city in force that day, each with where its service point is (not a made-up place), else its middle."""
    rows = _communes(city_id, day)
    middles = {
        pk: (latitude, longitude)
        for pk, latitude, longitude in Unit.objects.filter(pk__in=[row.id for row in rows]).values_list(
            "pk", "latitude", "longitude"
        )
        if latitude is not None and longitude is not None
    }
    real: dict[int, tuple[float, float]] = {
        unit_id: (latitude, longitude)
        for unit_id, latitude, longitude in PointDetails.objects.filter(
            in_force(day), in_force(day, "point__"), point__unit__in=[row.id for row in rows], is_example=False
        )
        .order_by("-point_id")
        .values_list("point__unit_id", "latitude", "longitude")
        if latitude is not None and longitude is not None
    }
    return {
        row.id: Seat(unit_id=row.id, name=row.name, full_name=row.full_name, place=real.get(row.id) or middles.get(row.id))
        for row in rows
    }


@dataclass(frozen=True, kw_only=True)
class LineRow:
    """A line as shown: what it was, what it becomes."""

    id: int
    facility_id: int | None
    code: str
    before: str
    after: str
    kind: str
    parent: str
    chosen_by: str
    point_id: int | None


@dataclass(frozen=True, kw_only=True)
class UnitLines:
    """Lines of one unit, its central station first."""

    unit: UnitRow
    lines: list[LineRow]


def lines_by_unit(found: FacilityConversion) -> list[UnitLines]:
    """All lines by the unit they lead to, in Vietnamese order. Six queries at most."""
    day = found.effective_on
    lines = list(found.lines.select_related("facility", "parent", "managed_by").order_by("-kind", "facility__code", "pk"))
    eve: dict[int, FacilityStanding] = {}
    before = FacilityStanding.objects.filter(facility__in=[one.facility_id for one in lines if one.facility_id])
    for standing in before.filter(valid_from__lt=day).order_by("valid_from"):
        eve[standing.facility_id] = standing
    point_ids = [one.point_id for one in lines if one.point_id]
    points = {
        row.point_id: row
        for row in PointDetails.objects.filter(point__in=point_ids).order_by("valid_from").select_related("point")
    }
    managers = {
        row.point_id: row.managed_by.name
        for row in PointManagement.objects.filter(point__in=point_ids, valid_from__lt=day)
        .order_by("valid_from")
        .select_related("managed_by")
    }
    owners = dict(ServicePoint.objects.filter(pk__in=point_ids).values_list("pk", "unit_id"))
    names = {
        one.facility_id: one.name or (eve[one.facility_id].name if one.facility_id in eve else "")
        for one in lines
        if one.facility_id
    }
    grouped: dict[int, list[LineRow]] = {}
    for one in lines:
        if one.facility_id and one.facility:
            was = eve.get(one.facility_id)
            unit_id = one.unit_id or (was.unit_id if was else found.city_id)
            row = LineRow(
                id=one.pk,
                facility_id=one.facility_id,
                code=one.facility.code,
                before=was.name if was else one.facility.code,
                after=names[one.facility_id],
                kind=one.kind,
                parent=(names.get(one.parent_id) or one.parent.code) if one.parent_id and one.parent else "",
                chosen_by=one.chosen_by,
                point_id=None,
            )
        else:
            unit_id = owners[one.point_id or 0]
            details = points.get(one.point_id or 0)
            row = LineRow(
                id=one.pk,
                facility_id=None,
                code="",
                before=f"{details.name if details else one.point_id}: {managers.get(one.point_id or 0, '-')}",
                after=one.managed_by.name if one.managed_by else "",
                kind="point",
                parent="",
                chosen_by="",
                point_id=one.point_id,
            )
        grouped.setdefault(unit_id, []).append(row)
    units = unit_rows(grouped, as_of=day)
    rows = [UnitLines(unit=units[pk], lines=those) for pk, those in grouped.items()]
    return sorted(rows, key=lambda row: (row.unit.sort_name, row.unit.kind, row.unit.code))


def centres(unit_ids: Collection[int], *, as_of: date) -> list[tuple[int, int, str]]:
    """(body, unit, name) of the service centres of communes on that day. One query."""
    found = Body.objects.filter(in_force(as_of), unit__in=unit_ids, kind=Body.Kind.SERVICE_CENTRE).order_by("unit_id", "pk")
    return list(found.values_list("pk", "unit_id", "name"))


def facility_id_of(code: str) -> int | None:
    """By its code. One query."""
    return Facility.objects.filter(code=code).values_list("pk", flat=True).first()
