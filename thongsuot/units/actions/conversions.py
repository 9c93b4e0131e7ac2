"""Conversions of facilities: drafted, proposed, checked, approved, and in force at their instant by themselves."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, NotFound, TellPerson, must_exist
from thongsuot.kernel.text import one_line
from thongsuot.units import events, queries
from thongsuot.units.actions.reorganising import (
    DecisionHasFaults,
    DecisionNotChecked,
    DecisionNotOpen,
)
from thongsuot.units.actions.withdrawing import DecisionInForce
from thongsuot.units.facts import ConversionFacts, ConversionLineFact
from thongsuot.units.models import (
    ConversionLine,
    Decision,
    Facility,
    FacilityConversion,
    FacilityStanding,
    PointManagement,
    ServicePoint,
    Unit,
)
from thongsuot.units.queries import facilities as reading
from thongsuot.units.rules.conversions import Around, Standing, faults, planned_counts, proposed
from thongsuot.units.rules.reorganising import Fault

State = Decision.State


class ConversionBuiltUpon(TellPerson):
    """A later change of one of its facilities or points is already planned: that one goes first."""

    code = "units.conversion_built_upon"
    says = gettext_lazy("Đã có thay đổi sau đó dựa trên quyết định này. Hãy rút thay đổi ấy trước.")


@command
def draft_conversion(head: ConversionFacts, *, city_id: int, actor: Actor, at: datetime) -> FacilityConversion:
    """Begin a conversion, or put the head of a draft of that number right; its lines stay. A withdrawn one begins anew.

    Raises NotYourDuty, BadInput, DecisionNotOpen.
    """
    actor.must("manage units", unit_id=city_id)
    number, title = one_line(head.number)[:60], one_line(head.title)[:300]
    if not number:
        raise BadInput({"number": _("Hãy ghi số, ký hiệu của quyết định.")})
    counts = {*Facility.Kind.values, "point"}
    if not all(kind in counts and isinstance(count, int) and 0 <= count <= 100_000 for kind, count in head.expected.items()):
        raise BadInput({"expected": _("Số cơ sở theo văn bản là số nguyên không âm.")})
    found = FacilityConversion.objects.select_for_update().filter(number=number).first()
    if found is not None and (found.city_id != city_id or found.state == State.APPROVED):
        raise DecisionNotOpen
    if found is None:
        found = FacilityConversion(number=number, city_id=city_id, drafted_at=at, drafted_by_name=actor.name)
    found.title, found.signed_on, found.effective_on = title or number, head.signed_on, head.effective_on
    found.expected, found.state = dict(head.expected), State.DRAFT
    found.approved_at, found.approved_by_name = None, ""
    found.save()
    record(events.CONVERSION_DRAFTED, found, actor=actor, at=at, unit_id=city_id, effective_on=head.effective_on)
    return found


@command
def put_conversion_line(conversion_id: int, line: ConversionLineFact, *, actor: Actor, at: datetime) -> ConversionLine:
    """Add a line about a facility or a service point, or put the one about it right.

    Raises NotFound, NotYourDuty, DecisionNotOpen, BadInput.
    """
    found = _open(conversion_id, actor)
    _check_line(line)
    known = found.lines.filter(facility=line.facility_id, point=line.point_id).first()
    row = _line(found, line)
    row.pk = known.pk if known else None
    row.save()
    _edited(found, actor, at, facility=line.facility_id, point=line.point_id)
    return row


@command
def propose_lines(
    conversion_id: int,
    *,
    unit_ids: Collection[int] | None = None,
    chosen: Mapping[int, int] | None = None,
    actor: Actor,
    at: datetime,
) -> int:
    """For each unit of the city (or of `unit_ids`) one central station, the others its points; earlier lines about these go.

    chosen    {unit: the facility that is to be central}; else the station nearest to the seat, where places are known
    returns   how many lines were written. Raises NotFound, NotYourDuty, DecisionNotOpen
    """
    found = _open(conversion_id, actor)
    seats = reading.seats(found.city_id, found.effective_on)
    of_unit: dict[int, list[Standing]] = {}
    for standing in reading.standings_on(found.city_id, found.effective_on).values():
        of_unit.setdefault(standing.unit_id, []).append(standing)
    wanted = seats if unit_ids is None else {pk: seat for pk, seat in seats.items() if pk in unit_ids}
    lines = [line for pk, seat in wanted.items() for line in proposed(seat, of_unit.get(pk, ()), chosen=(chosen or {}).get(pk))]
    found.lines.filter(facility__in=[line.facility_id for line in lines]).delete()
    ConversionLine.objects.bulk_create(_line(found, line) for line in lines)
    _edited(found, actor, at, proposed=len(lines), units=len(wanted))
    return len(lines)


@command
def drop_conversion_line(line_id: int, *, actor: Actor, at: datetime) -> FacilityConversion:
    """Raises NotFound, NotYourDuty, DecisionNotOpen."""
    line = must_exist(ConversionLine.objects.filter(pk=line_id).first())
    found = _open(line.conversion_id, actor)
    line.delete()
    _edited(found, actor, at, facility=line.facility_id, point=line.point_id, dropped=True)
    return found


@command
def check_conversion(conversion_id: int, *, actor: Actor, at: datetime) -> list[Fault]:
    """Hold the draft against what is there. Returns what was found; without a fault it may be approved.

    Raises NotFound, NotYourDuty, DecisionNotOpen.
    """
    found = _open(conversion_id, actor)
    wrong = reading.conversion_faults(found)
    found.state = State.DRAFT if wrong else State.CHECKED
    found.save(update_fields=["state"])
    record(events.CONVERSION_CHECKED, found, actor=actor, at=at, unit_id=found.city_id, faults=len(wrong))
    return wrong


@command
def approve_conversion(conversion_id: int, *, actor: Actor, at: datetime) -> FacilityConversion:
    """Write the dated rows: from its day on whoever asks sees the facilities as it says. What was before stays as it was.

    Raises NotFound, NotYourDuty, DecisionNotOpen, DecisionNotChecked, DecisionHasFaults.
    """
    found = _open(conversion_id, actor)
    if found.state != State.CHECKED:
        raise DecisionNotChecked
    lines = reading.line_facts(found)
    # Nobody changes a facility or a point of it between the check and the writing.
    facilities = [one.facility_id for one in lines if one.facility_id is not None]
    points = [one.point_id for one in lines if one.point_id is not None]
    list(Facility.objects.select_for_update().filter(pk__in=facilities).order_by("pk"))
    list(ServicePoint.objects.select_for_update().filter(pk__in=points).order_by("pk"))
    around = reading.around(found, lines)
    if wrong := faults(reading.head_of(found), lines, around):
        raise DecisionHasFaults(wrong)
    _write_facilities(found, [one for one in lines if one.facility_id], around, actor, at)
    _write_points(found, [one for one in lines if one.point_id], around, actor, at)
    found.state, found.approved_at, found.approved_by_name = State.APPROVED, at, actor.name
    found.save(update_fields=["state", "approved_at", "approved_by_name"])
    record(
        events.CONVERSION_APPROVED,
        found,
        actor=actor,
        at=at,
        unit_id=found.city_id,
        effective_on=found.effective_on,
        counts=dict(planned_counts(lines)),
    )
    transaction.on_commit(queries.clear_caches)
    return found


@command
def withdraw_conversion(conversion_id: int, *, reason: str, actor: Actor, at: datetime) -> FacilityConversion:
    """A draft is given up; what was approved is taken back, as long as its day has not come and nothing was built upon it.

    Raises NotFound, NotYourDuty, BadInput, DecisionNotOpen, DecisionInForce, ConversionBuiltUpon.
    """
    found = must_exist(FacilityConversion.objects.select_for_update().filter(pk=conversion_id).first())
    actor.must("manage units", unit_id=found.city_id)
    reason = one_line(reason)[:500]
    if not reason:
        raise BadInput({"reason": _("Hãy ghi lý do rút quyết định.")})
    if found.state == State.WITHDRAWN:
        raise DecisionNotOpen
    if found.state == State.APPROVED:
        if timezone.localtime(at).date() >= found.effective_on:
            raise DecisionInForce
        _take_back(found, actor, at)
    found.state = State.WITHDRAWN
    found.save(update_fields=["state"])
    record(events.CONVERSION_WITHDRAWN, found, actor=actor, at=at, unit_id=found.city_id, reason=reason)
    transaction.on_commit(queries.clear_caches)
    return found


def _open(conversion_id: int, actor: Actor) -> FacilityConversion:
    found = must_exist(FacilityConversion.objects.select_for_update().filter(pk=conversion_id).first())
    actor.must("manage units", unit_id=found.city_id)
    if found.state not in (State.DRAFT, State.CHECKED):
        raise DecisionNotOpen
    return found


def _edited(found: FacilityConversion, actor: Actor, at: datetime, **facts: object) -> None:
    """What was checked is not what it is now."""
    if found.state == State.CHECKED:
        found.state = State.DRAFT
        found.save(update_fields=["state"])
    record(events.CONVERSION_EDITED, found, actor=actor, at=at, unit_id=found.city_id, **facts)


def _check_line(line: ConversionLineFact) -> None:
    if (line.facility_id is None) == (line.point_id is None):
        raise BadInput({"facility": _("Mỗi dòng là một cơ sở hoặc một điểm phục vụ.")})
    if line.facility_id is not None:
        if line.kind not in Facility.Kind.values:
            raise BadInput({"kind": _("Loại cơ sở là trạm y tế hoặc điểm y tế.")})
        facilities = [pk for pk in (line.facility_id, line.parent_id) if pk is not None]
        if Facility.objects.filter(pk__in=facilities).count() != len(set(facilities)):
            raise NotFound
        if line.unit_id is not None and not Unit.objects.filter(pk=line.unit_id).exists():
            raise NotFound
    elif line.managed_by_id is None:
        raise BadInput({"managed_by": _("Hãy chọn cơ quan quản lý mới.")})
    elif not ServicePoint.objects.filter(pk=line.point_id or 0).exists():
        raise NotFound


def _line(found: FacilityConversion, line: ConversionLineFact) -> ConversionLine:
    values = {**asdict(line), "name": one_line(line.name)[:200]}
    return ConversionLine(conversion=found, **values)


def _write_facilities(
    found: FacilityConversion, lines: Sequence[ConversionLineFact], around: Around, actor: Actor, at: datetime
) -> None:
    """The standing that holds ends, the next begins on the same day: the check saw that nothing else is there."""
    day = found.effective_on
    was = {one.facility_id: around.facilities[one.facility_id] for one in lines if one.facility_id is not None}
    held = FacilityStanding.objects.filter(facility__in=was, valid_from__lt=day, valid_to=None)
    held.update(valid_to=day)
    rows = [
        FacilityStanding(
            facility_id=pk,
            kind=one.kind,
            name=one.name or was[pk].name,
            unit_id=one.unit_id or was[pk].unit_id,
            parent_id=one.parent_id,
            conversion=found,
            valid_from=day,
        )
        for one in lines
        if (pk := one.facility_id) is not None
    ]
    FacilityStanding.objects.bulk_create(rows)
    for row in rows:
        record(
            events.FACILITY_CONVERTED,
            Facility(pk=row.facility_id),
            actor=actor,
            at=at,
            unit_id=row.unit_id,
            conversion=found.pk,
            what=row.kind,
            parent=row.parent_id,
            valid_from=day,
        )


def _write_points(
    found: FacilityConversion, lines: Sequence[ConversionLineFact], around: Around, actor: Actor, at: datetime
) -> None:
    """As `move_point` does, for many: the point, its dossiers, codes and figures stay as they are."""
    day = found.effective_on
    wanted = {one.point_id: one.managed_by_id for one in lines if one.point_id is not None and one.managed_by_id is not None}
    PointManagement.objects.filter(point__in=wanted, valid_from__lt=day, valid_to=None).update(valid_to=day)
    PointManagement.objects.bulk_create(
        PointManagement(point_id=point_id, managed_by_id=body_id, basis=found.number, valid_from=day)
        for point_id, body_id in wanted.items()
    )
    for point_id, body_id in wanted.items():
        record(
            events.POINT_MOVED,
            ServicePoint(pk=point_id),
            actor=actor,
            at=at,
            unit_id=around.points[point_id].unit_id,
            managed_by=body_id,
            valid_from=day,
            basis=found.number,
        )


def _take_back(found: FacilityConversion, actor: Actor, at: datetime) -> None:
    """The dated rows as they were before it was approved."""
    day = found.effective_on
    lines = reading.line_facts(found)
    facilities = [one.facility_id for one in lines if one.facility_id is not None]
    points = {one.point_id: one.managed_by_id for one in lines if one.point_id is not None}
    points |= _continued(points, found)
    made = FacilityStanding.objects.filter(conversion=found)
    managed = PointManagement.objects.filter(point__in=points, valid_from=day, basis=found.number)
    still = sum(points[row.point_id] == row.managed_by_id and row.valid_to is None for row in managed)
    if made.filter(valid_to=None, valid_from=day).count() != len(facilities) or still != len(points):
        raise ConversionBuiltUpon
    units = dict(made.values_list("facility_id", "unit_id"))
    made.delete()
    managed.delete()
    FacilityStanding.objects.filter(facility__in=facilities, valid_to=day).update(valid_to=None)
    before = PointManagement.objects.filter(point__in=points, valid_to=day).select_related("point")
    for row in before:
        record(
            events.POINT_MOVED,
            row.point,
            actor=actor,
            at=at,
            unit_id=row.point.unit_id,
            managed_by=row.managed_by_id,
            valid_from=row.valid_from,
            basis=row.basis,
        )
    before.update(valid_to=None)
    for pk in facilities:
        record(
            events.FACILITY_CONVERSION_UNDONE,
            Facility(pk=pk),
            actor=actor,
            at=at,
            unit_id=units.get(pk),
            conversion=found.pk,
        )


def _continued(point_ids: Collection[int], found: FacilityConversion) -> dict[int, int | None]:
    """{point: its body} of those that continue these in units that began since, and took over what the conversion says."""
    continued: dict[int, int | None] = {}
    ids = set(point_ids)
    while ids:
        rows = PointManagement.objects.filter(point__continues__in=ids, valid_from=found.effective_on, basis=found.number)
        reached: dict[int, int | None] = dict(rows.values_list("point_id", "managed_by_id"))
        continued |= reached
        ids = set(reached)
    return continued
