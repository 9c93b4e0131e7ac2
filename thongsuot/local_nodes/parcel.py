"""What a node is given: enough of the city's database to run one hall, and as little of anybody as that needs.

Rows travel as Django serializes them, with the ids that they have in the city. Of officers a node learns names and posts, not
addresses, numbers or passwords; of who booked an hour nothing at all.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core import serializers
from django.db import models
from django.db.models import Q

from thongsuot.counters.models import (
    Booking,
    Counter,
    CounterBreak,
    Device,
    HallSettings,
    OpeningException,
    OpeningHours,
    Queue,
    Section,
    Sitting,
    Ticket,
    VoiceClip,
    VoiceSet,
)
from thongsuot.counters.rules import ARRANGE, SERVE
from thongsuot.kernel.periods import in_force
from thongsuot.local_nodes.models import HallCode
from thongsuot.people import queries as people
from thongsuot.people.models import Appointment, Delegation, Person
from thongsuot.procedures.models import Field
from thongsuot.units import queries as units
from thongsuot.units.models import (
    Body,
    CalendarDay,
    PointDetails,
    PointManagement,
    ServicePoint,
    Unit,
    UnitName,
    WorkingHours,
)

Row = dict[str, Any]

# Left out of what is given: a node has keys of its own machines, and may know no person but by name.
LEFT_OUT: dict[type[models.Model], frozenset[str]] = {
    Person: frozenset({"email", "phone", "id_number", "password", "last_login", "session_generation", "inactive_reason"}),
    Device: frozenset({"key_digest", "joining_digest"}),
    Appointment: frozenset({"decided_by", "decision_number"}),
    Delegation: frozenset({"reason", "decision_number"}),
    Ticket: frozenset({"mark"}),
    UnitName: frozenset({"decision"}),
}
# In this order a row comes after those that it points to.
GIVEN: tuple[type[models.Model], ...] = (
    Unit,
    UnitName,
    Body,
    ServicePoint,
    PointDetails,
    PointManagement,
    CalendarDay,
    WorkingHours,
    Field,
    Person,
    Appointment,
    Delegation,
    HallCode,
    Section,
    Queue,
    Counter,
    Device,
    OpeningHours,
    OpeningException,
    HallSettings,
    VoiceSet,
    VoiceClip,
    Sitting,
    CounterBreak,
    Booking,
    Ticket,
)


def setup_of(house_id: int, *, on: date) -> list[Row]:
    """What changes rarely: the unit and those above, the point and who runs it, its officers, its hall. Some thirty queries."""
    point = units.point_of_house(house_id, as_of=on)
    chain, above = [point.unit_id], Unit.objects.get(pk=point.unit_id)
    while above.parent_id is not None:
        above = Unit.objects.get(pk=above.parent_id)
        chain.append(above.pk)
    points = _points_of(house_id)
    bodies = _bodies(Body.objects.filter(pk__in=PointManagement.objects.filter(point__in=points).values("managed_by")))
    officers = {pk for duty in (SERVE, ARRANGE) for pk, _name in people.officers_of_houses([house_id], duty, on=on)[house_id]}
    delegations = Delegation.objects.filter(in_force(on), from_person__in=officers)
    officers |= set(delegations.values_list("to_person", flat=True))
    at_home = Q(point=None) | Q(point__in=points)
    appointments = Appointment.objects.filter(at_home, in_force(on), person__in=officers)
    bodies |= _bodies(Body.objects.filter(pk__in=appointments.values("body")))
    chain += [pk for pk in ServicePoint.objects.filter(pk__in=points).values_list("unit_id", flat=True) if pk not in chain]
    chain += [pk for pk in Body.objects.filter(pk__in=bodies).values_list("unit_id", flat=True) if pk not in chain]
    chain += [pk for pk in delegations.values_list("unit_id", flat=True) if pk not in chain]
    chain += [pk for pk in Unit.objects.filter(pk__in=chain).values_list("parent_id", flat=True) if pk and pk not in chain]
    here = Q(point=house_id)
    voices = VoiceSet.objects.filter(here | Q(point=None))
    return _written(
        Unit.objects.filter(pk__in=chain).order_by("level", "pk"),
        UnitName.objects.filter(unit__in=chain),
        Body.objects.filter(pk__in=bodies).order_by("pk"),
        ServicePoint.objects.filter(pk__in=points).order_by("pk"),
        PointDetails.objects.filter(point__in=points),
        PointManagement.objects.filter(point__in=points),
        CalendarDay.objects.filter(date__gte=on),
        WorkingHours.objects.filter(city__in=chain),
        Field.objects.all(),
        Person.objects.filter(pk__in=officers),
        appointments,
        delegations,
        HallCode.objects.filter(person__in=officers),
        Section.objects.filter(here),
        Queue.objects.filter(here),
        Counter.objects.filter(here),
        Device.objects.filter(here),
        OpeningHours.objects.filter(here),
        OpeningException.objects.filter(here, day__gte=on),
        HallSettings.objects.filter(here | Q(point=None)),
        voices,
        VoiceClip.objects.filter(voice__in=voices),
    )


def state_of(house_id: int, *, on: date) -> list[Row]:
    """What changes with each call: who sits, who waits, who is expected. Five queries."""
    sittings = Sitting.objects.filter(counter__point=house_id, day=on, until_at=None)
    open_states = (Ticket.State.WAITING, *Ticket.AT_COUNTER)
    open_tickets = Ticket.objects.filter(point=house_id, day=on, state__in=open_states)
    busy = Q(pk__in=sittings.values("person")) | Q(pk__in=open_tickets.values("served_by"))
    return _written(
        Person.objects.filter(busy),
        sittings,
        CounterBreak.objects.filter(sitting__in=sittings, until_at=None),
        Booking.objects.filter(queue__point=house_id, day=on, state=Booking.State.BOOKED),
        open_tickets,
    )


def _points_of(house_id: int) -> list[int]:
    found, last = [house_id], house_id
    while (after := ServicePoint.objects.filter(continues=last).values_list("pk", flat=True).first()) is not None:
        found.append(after)
        last = after
    return found


def _bodies(rows: models.QuerySet[Body]) -> set[int]:
    """With those that they are part of."""
    found: set[int] = set()
    wanted = set(rows.values_list("pk", flat=True))
    while wanted - found:
        found |= wanted
        wanted = {pk for pk in Body.objects.filter(pk__in=found).values_list("part_of_id", flat=True) if pk is not None}
    return found


def _written(*of: models.QuerySet[Any]) -> list[Row]:
    return [row for rows in of for row in written(rows.model, rows)]


def written(model: type[models.Model], rows: Iterable[models.Model]) -> list[Row]:
    """As JSON holds them, without what is left out."""
    left_out = LEFT_OUT.get(model, frozenset())
    names = [field.name for field in (*model._meta.local_fields, *model._meta.many_to_many) if field.name not in left_out]
    found: list[Row] = json.loads(serializers.serialize("json", rows, fields=names))
    if model is Booking:
        for row in found:
            row["fields"]["person"] = -row["pk"]  # somebody, and no two the same
    if model is Appointment:
        for row in found:  # a node opens nothing but its hall
            row["fields"]["duties"] = json.dumps(
                [duty for duty in json.loads(row["fields"]["duties"]) if duty in {SERVE, ARRANGE}]
            )
    return found


def digest_of(rows: list[Row]) -> str:
    return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()


def put(rows: list[Row]) -> None:
    """Write them into this database, over what has the same ids. Inside a transaction. Own columns stay as they are.

    Raises ValueError: a row of a kind that is not given.
    """
    places = {model._meta.label_lower: place for place, model in enumerate(GIVEN)}
    if unknown := {row["model"] for row in rows} - places.keys():
        raise ValueError(f"not given to nodes: {sorted(unknown)}")
    ordered = sorted(rows, key=lambda row: places[row["model"]])
    for parsed in serializers.deserialize("json", json.dumps(ordered), ignorenonexistent=True):
        _put_one(parsed)


def _put_one(parsed: Any) -> None:
    row = parsed.object
    model = type(row)
    left_out = LEFT_OUT.get(model, frozenset())
    given = [field.name for field in model._meta.local_concrete_fields if not field.primary_key and field.name not in left_out]
    if isinstance(row, Booking):
        Person.objects.get_or_create(pk=row.person_id, defaults={"full_name": "", "joined_at": row.made_at})
    if model.objects.filter(pk=row.pk).exists():
        models.Model.save_base(row, raw=True, force_update=True, update_fields=given)
    else:
        if isinstance(row, Person):
            row.set_unusable_password()
        if isinstance(row, Device):
            row.joining_digest = f"node:{row.pk}"
        models.Model.save_base(row, raw=True, force_insert=True)
    for name, others in (parsed.m2m_data or {}).items():
        getattr(row, name).set(others)
