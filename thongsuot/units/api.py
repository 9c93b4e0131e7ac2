"""JSON over HTTP: units as of a day, find my unit, what lies at a point. Open to everyone, as the pages are."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema

from thongsuot.kernel import clock
from thongsuot.kernel.errors import must_exist
from thongsuot.kernel.text import search_key
from thongsuot.units import finding, queries
from thongsuot.units.finding import LONGEST_TEXT, Candidate, ReadAs
from thongsuot.units.models import Unit
from thongsuot.units.opening import hours_line, openings
from thongsuot.units.queries import PointRow, UnitRow

router = Router(tags=["units"], auth=None)

CODE = r"^([0-9]{2}|[0-9]{3}|[0-9]{5})$"
AsOf = Annotated[date | None, Query(description="The day asked for; today when left out.")]


class UnitOut(Schema):
    """A unit with its name of the day. `agency_identifier_is_example`: made up here, not of the national list."""

    code: str
    level: str
    kind: str
    name: str
    full_name: str
    agency_identifier: str
    agency_identifier_is_example: bool
    valid_from: date
    valid_to: date | None


class NameOut(Schema):
    full_name: str
    kind: str
    valid_from: date
    valid_to: date | None
    decision: str


class ChangeOut(Schema):
    """What a unit was made of, or became. `extent`: whole, part, land_only, part_land_all_population."""

    code: str
    full_name: str
    extent: str
    likeliest: bool
    on: date
    decision: str


class BodyOut(Schema):
    id: int
    kind: str
    name: str
    part_of_id: int | None
    is_example: bool


class PointOut(Schema):
    """Where people go. `is_example`: address, hours and phone are made up."""

    id: int
    name: str
    address: str
    opening_hours: str
    phone: str
    latitude: float | None
    longitude: float | None
    is_example: bool
    managed_by: str
    managed_since: date


class UnitDetails(UnitOut):
    parent: UnitOut | None
    names: list[NameOut]
    made_of: list[ChangeOut]
    became: list[ChangeOut]
    bodies: list[BodyOut]
    service_points: list[PointOut]


class UnitList(Schema):
    as_of: date
    items: list[UnitOut]


class CandidateOut(Schema):
    """`likeliest` is an order to look in where a unit was split; it is never proof."""

    unit: UnitOut
    city: UnitOut
    extent: str
    likeliest: bool
    service_points: list[PointOut]


class ReadAsOut(Schema):
    """A unit the text was taken to mean."""

    unit: UnitOut
    text: str


class FoundOut(Schema):
    """`certainty`: certain (one candidate), one_of_several (all of them are listed), unknown."""

    text: str
    as_of: date
    certainty: str
    candidates: list[CandidateOut]
    land_only: list[UnitOut]
    read_as: list[ReadAsOut]
    elsewhere: list[ReadAsOut]
    remarks: list[str]
    suggestions: list[str]


class PlaceOut(Schema):
    unit: UnitOut
    service_points: list[PointOut]


@router.get("/units", response=UnitList, summary="Units below a unit")
def units(
    request: HttpRequest,
    as_of: AsOf = None,
    parent: Annotated[
        str | None, Query(pattern=CODE, description="Code of a province or district; provinces when left out.")
    ] = None,
    level: Annotated[Unit.Level | None, Query(description="Only units of this level, at any depth below the parent.")] = None,
    q: Annotated[str, Query(max_length=100, description="Part of a name, marks or not.")] = "",
) -> UnitList:
    day = as_of or clock.today()
    if parent is None:
        rows = queries.provinces(as_of=day)
    else:
        top = queries.unit_by_code(parent, as_of=day)
        if level is None:
            rows = queries.units_under(top.id, as_of=day)
        else:
            below = queries.unit_rows(queries.unit_ids_under(top.id, as_of=day) - {top.id}, as_of=day)
            rows = sorted(below.values(), key=lambda row: row.sort_name)
    wanted = search_key(q)
    return UnitList(
        as_of=day,
        items=[_unit(row) for row in rows if (level is None or row.level == level) and wanted in search_key(row.full_name)],
    )


@router.get("/units/find", response=FoundOut, summary="The unit an address belongs to")
def find(
    request: HttpRequest,
    q: Annotated[str, Query(min_length=1, max_length=LONGEST_TEXT, description="An old or new address, in any usual order.")],
    as_of: AsOf = None,
    city: Annotated[
        str | None, Query(pattern=CODE, description="Preferred among homonyms; by default the city of this installation.")
    ] = None,
) -> FoundOut:
    day = as_of or clock.today()
    found = finding.find(q, as_of=day, city_code=city)
    points = queries.points_of([candidate.unit.id for candidate in found.candidates], as_of=day)
    return FoundOut(
        text=found.text,
        as_of=day,
        certainty=found.certainty,
        candidates=[_candidate(candidate, points.get(candidate.unit.id, []), found.as_of) for candidate in found.candidates],
        land_only=[_unit(candidate.unit) for candidate in found.land_only],
        read_as=[_read_as(one) for one in found.read_as],
        elsewhere=[_read_as(one) for one in found.elsewhere],
        remarks=list(found.remarks),
        suggestions=list(found.suggestions),
    )


@router.get("/units/at", response=PlaceOut, summary="The unit a point on the ground lies in")
def at(
    request: HttpRequest,
    lat: Annotated[float, Query(ge=-90, le=90, examples=[21.0337])],
    lon: Annotated[float, Query(ge=-180, le=180, examples=[105.85])],
    as_of: AsOf = None,
) -> PlaceOut:
    """404 outside all known outlines; an installation without outlines knows none."""
    day = as_of or clock.today()
    row = must_exist(queries.unit_at(lat, lon, as_of=day))
    points = queries.points_of([row.id], as_of=day).get(row.id, [])
    return PlaceOut(unit=_unit(row), service_points=_points(points, day))


@router.get("/units/{code}", response=UnitDetails, summary="One unit")
def unit(request: HttpRequest, code: Annotated[str, Path(pattern=CODE, examples=["00070"])], as_of: AsOf = None) -> UnitDetails:
    """The unit that bears the code on that day; when none does, the one that bore it last."""
    day = as_of or clock.today()
    bearers = queries.units_with_code(code, as_of=day)
    if not bearers:
        raise queries.UnitNotFound
    row = next((one for one in bearers if one.exists_on(day)), bearers[0])
    parent = queries.unit_row(row.parent_id, as_of=day) if row.parent_id else None
    return UnitDetails(
        **_unit(row).dict(),
        parent=_unit(parent) if parent else None,
        names=[
            NameOut(
                full_name=name.full_name,
                kind=name.kind,
                valid_from=name.valid_from,
                valid_to=name.valid_to,
                decision=name.decision,
            )
            for name in queries.name_history(row.id)
        ],
        made_of=[_change(change) for change in queries.origins_of([row.id]).get(row.id, [])],
        became=[_change(change) for change in queries.successors_of([row.id]).get(row.id, [])],
        bodies=[
            BodyOut(id=body.id, kind=body.kind, name=body.name, part_of_id=body.part_of_id, is_example=body.is_example)
            for body in queries.bodies_of(row.id, as_of=day)
        ],
        service_points=_points(queries.points_of([row.id], as_of=day).get(row.id, []), day),
    )


def _unit(row: UnitRow) -> UnitOut:
    return UnitOut(
        code=row.code,
        level=row.level,
        kind=row.kind,
        name=row.name,
        full_name=row.full_name,
        agency_identifier=row.agency_identifier,
        agency_identifier_is_example=row.identifier_is_example,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


def _change(change: queries.Change) -> ChangeOut:
    return ChangeOut(
        code=change.unit.code,
        full_name=change.unit.full_name,
        extent=change.extent,
        likeliest=change.likeliest,
        on=change.on,
        decision=change.decision,
    )


def _points(points: list[PointRow], day: date) -> list[PointOut]:
    """Of today with the hours their counters say; of another day with those of their sign."""
    known = openings(points, clock.now()) if points and day == clock.today() else {}
    return [_point(point, hours_line(point, known)) for point in points]


def _point(point: PointRow, hours: str) -> PointOut:
    return PointOut(
        id=point.id,
        name=point.name,
        address=point.address,
        opening_hours=hours,
        phone=point.phone,
        latitude=point.latitude,
        longitude=point.longitude,
        is_example=point.is_example,
        managed_by=point.managed_by_name,
        managed_since=point.managed_since,
    )


def _candidate(candidate: Candidate, points: list[PointRow], day: date) -> CandidateOut:
    return CandidateOut(
        unit=_unit(candidate.unit),
        city=_unit(candidate.city),
        extent=candidate.extent,
        likeliest=candidate.likeliest,
        service_points=_points(points, day),
    )


def _read_as(one: ReadAs) -> ReadAsOut:
    return ReadAsOut(unit=_unit(one.unit), text=one.full)
