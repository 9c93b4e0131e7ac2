"""Many points of a city set up at once, by who manages its units: opening hours; rosters and training from one file."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.counters import events
from thongsuot.counters.actions.calling_off import call_off_outside
from thongsuot.counters.actions.errors import HoursTouch, NothingToChange
from thongsuot.counters.actions.opening import NEW_HOURS, must_be_a_week, put_hours
from thongsuot.counters.models import RosterEntry, Training
from thongsuot.counters.queries.city import city_points, hours_changes
from thongsuot.counters.queries.roster_files import RosterPlan, roster_lines, roster_plan
from thongsuot.counters.queries.touched import touched_by_week
from thongsuot.counters.rules import CITY
from thongsuot.counters.rules.opening import Week
from thongsuot.files.actions import store
from thongsuot.files.models import StoredFile
from thongsuot.files.rules import TABLE_RULE
from thongsuot.files.storage import Readable
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, must_exist
from thongsuot.people.models import Person
from thongsuot.units import queries as units
from thongsuot.units.models import ServicePoint

PURPOSE = "counters.rosters"


@command
def set_hours_of_many(
    city_id: int,
    *,
    week: Week,
    valid_from: date,
    house_ids: Collection[int] | None = None,
    only_missing: bool = False,
    told: int = 0,
    actor: Actor,
    at: datetime,
) -> int:
    """These hours from a day on, at those points or at all of the city; how many points got them.

    only_missing  leave out those that have hours on that day, or announced for a later one
    Days that differ stay, and so do hours announced for a later day. What people booked for other hours is called off.
    told          see `call_off_outside`, of all points together. Raises NotYourDuty, BadInput, NothingToChange, HoursTouch.
    """
    actor.must(CITY, unit_id=city_id)
    must_be_a_week(week, valid_from, at=at)
    points = city_points(city_id, on=timezone.localdate(at))
    wanted = set(points if house_ids is None else house_ids)
    if wanted - points.keys():
        raise BadInput({"points": _("Có điểm không thuộc thành phố hoặc đã thôi dùng. Tải lại trang để chọn lại.")})
    _lock(wanted)
    changes = hours_changes([row for house, row in points.items() if house in wanted], week=week, valid_from=valid_from)
    chosen = [one for one in changes if not one.same and not (only_missing and one.known)]
    if not chosen:
        raise NothingToChange
    for one in chosen:
        unit_id = one.at.point.unit_id
        put_hours(one.at.house_id, unit_id, week=week, valid_from=valid_from, actor=actor, at=at)
    touched = touched_by_week(chosen, week=week, valid_from=valid_from, at=at)
    if sum(found.count for _said, found in touched.values()) > told:
        all_found = [found for _said, found in touched.values()]
        raise HoursTouch(sum(len(one.bookings) for one in all_found), sum(len(one.seats) for one in all_found))
    for house_id, (said, found) in touched.items():
        call_off_outside(house_id, said, reason=NEW_HOURS, told=found.count, actor=actor, at=at)
    return len(chosen)


@command
def send_rosters(content: bytes | Readable, *, name: str, city_id: int, actor: Actor, at: datetime) -> StoredFile:
    """Keep a file whose every row can be used, to be looked at. Raises NotYourDuty, RowsRefused, NotATable, and as `store`."""
    actor.must(CITY, unit_id=city_id)
    stored = store(content, name=name, actor=actor, at=at, purpose=PURPOSE, rule=TABLE_RULE)
    today = timezone.localdate(at)
    roster_plan(roster_lines(stored, today=today), city_id=city_id, today=today)
    return stored


@command
def import_rosters(file_id: int, *, city_id: int, actor: Actor, at: datetime) -> RosterPlan:
    """All of a file that was sent, judged anew: a shift that it names is planned as it says, others stay as they are.

    Sent twice it changes nothing more. Raises NotFound, NotYourDuty, RowsRefused.
    """
    actor.must(CITY, unit_id=city_id)
    stored = roster_file(file_id)
    today = timezone.localdate(at)
    read = roster_lines(stored, today=today)
    _lock(units.houses_of({line.point_id for line in read.lines}).values())
    # As `set_shift`: whoever works at two points is planned by one of them at a time.
    people = Person.objects.select_for_update(no_key=True).filter(email__in={line.email for line in read.lines})
    list(people.order_by("pk"))
    plan = roster_plan(read, city_id=city_id, today=today)
    RosterEntry.objects.filter(pk__in=plan.replaced).delete()
    RosterEntry.objects.bulk_create(plan.entries())
    houses = {house.pk: house for house in ServicePoint.objects.filter(pk__in=plan.houses)}
    for house_id, shifts in plan.shifts_by_house().items():
        days = sorted({day for day, _starts in shifts})
        facts = {"first": str(days[0]), "last": str(days[-1]), "shifts": len(shifts), "sha256": stored.blob.sha256}
        record(
            events.ROSTER_IMPORTED, houses[house_id], actor=actor, at=at, unit_id=plan.houses[house_id].point.unit_id, **facts
        )
    for made in Training.objects.bulk_create(plan.new_trainings()):
        facts = {"person": made.person_id, "fields": made.fields, "trained_on": str(made.trained_on)}
        record(events.TRAINED, made, actor=actor, at=at, unit_id=plan.unit_of(made.person_id), **facts)
    record(events.ROSTERS_READ, stored, actor=actor, at=at, unit_id=city_id, **plan.figures)
    return plan


def roster_file(file_id: int) -> StoredFile:
    """Raises NotFound."""
    found = must_exist(StoredFile.objects.select_related("blob").filter(pk=file_id, purpose=PURPOSE).first())
    return found


def _lock(house_ids: Iterable[int]) -> None:
    list(ServicePoint.objects.select_for_update().filter(pk__in=list(house_ids)).order_by("pk"))
