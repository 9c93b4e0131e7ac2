"""Who sits where in which shift, who was trained for what: by whoever arranges the counters of the point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.counters import events
from thongsuot.counters.actions import errors
from thongsuot.counters.actions.common import fields_of, locked_house, must_work_in
from thongsuot.counters.models import Counter, RosterEntry, Training
from thongsuot.counters.queries.opening import open_times
from thongsuot.counters.queries.rosters import WEEK, busy_in, monday_of, officers_at, strays_of
from thongsuot.counters.queries.touched import to_come
from thongsuot.counters.rules import ARRANGE
from thongsuot.counters.rules.opening import days_from
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, NotYourDuty, must_exist
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.text import one_line
from thongsuot.people.models import Person
from thongsuot.units import queries as units
from thongsuot.units.models import ServicePoint


@command
def set_shift(
    point_id: int, *, day: date, starts: time, seats: Mapping[int, int], actor: Actor, at: datetime
) -> list[RosterEntry]:
    """Who sits at which counter: {counter: person}. What was planned for that shift before is replaced.

    Raises NotFound, NotYourDuty, ShiftOver, NoShift, BadInput.
    """
    house_id = units.house_of(point_id)
    unit_id = must_work_in(house_id, ARRANGE, actor=actor, at=at)
    locked_house(house_id)
    if day < timezone.localdate(at):
        raise errors.ShiftOver
    span = next((one for one in open_times(house_id, on=day).spans(day) if one.starts == starts), None)
    if span is None:
        raise errors.NoShift
    counters = dict(Counter.objects.filter(in_force(day), point=house_id).values_list("pk", "number"))
    officers, problems = dict(officers_at(house_id, on=day)), {}
    people = list(seats.values())
    for counter_id, person_id in seats.items():
        field = f"seat_{counter_id}"
        if counter_id not in counters:
            problems["seats"] = _("Có quầy không còn dùng. Tải lại trang để xem các quầy của ngày đó.")
        elif person_id not in officers:
            problems[field] = _("Người này không làm việc tại điểm vào ngày đó. Hãy chọn người khác.")
        elif people.count(person_id) > 1:
            problems[field] = _("%(name)s đã ở một quầy khác trong ca này. Mỗi người một quầy.") % {"name": officers[person_id]}
    if problems:
        raise BadInput(problems)
    RosterEntry.objects.filter(point=house_id, day=day, starts=starts).delete()
    # Whoever works at two points is at one of them at a time: two points that plan for one person do so one after the other.
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk"))
    if busy_in(span, people, day=day):
        raise BadInput({"seats": _("Có người đã được xếp trực ở điểm khác trong ca này. Hãy chọn người khác.")})
    made = RosterEntry.objects.bulk_create(
        RosterEntry(
            point_id=house_id, day=day, starts=starts, counter_id=counter, person_id=person, person_name=officers[person]
        )
        for counter, person in seats.items()
    )
    facts = {"day": str(day), "starts": f"{starts:%H:%M}", "seats": {counters[one]: who for one, who in seats.items()}}
    house = ServicePoint.objects.get(pk=house_id)
    record(events.ROSTER_SET, house, actor=actor, at=at, unit_id=unit_id, **facts)
    return made


@command
def copy_week(point_id: int, *, monday: date, actor: Actor, at: datetime) -> int:
    """Into each shift of that week, from today on, for which nobody is planned, who sits there a week before and still may.

    Returns how many people were seated. Raises NotFound, NotYourDuty, NothingToCopy.
    """
    house_id, today = units.house_of(point_id), timezone.localdate(at)
    unit_id = must_work_in(house_id, ARRANGE, actor=actor, at=at)
    locked_house(house_id)
    monday = monday_of(monday)
    planned = RosterEntry.objects.filter(point=house_id)
    rows = []
    for day in days_from(monday, WEEK):
        if day < today:
            continue
        before = planned.filter(day=day - timedelta(days=WEEK), counter__in=Counter.objects.filter(in_force(day)))
        spans, officers = open_times(house_id, on=day).spans(day), dict(officers_at(house_id, on=day))
        for span in spans:
            if planned.filter(day=day, starts=span.starts).exists():
                continue
            wanted = sorted({one.person_id for one in before.filter(starts=span.starts)})
            list(Person.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk"))
            elsewhere = busy_in(span, wanted, day=day)
            rows += [
                RosterEntry(
                    point_id=house_id,
                    day=day,
                    starts=span.starts,
                    counter_id=one.counter_id,
                    person_id=one.person_id,
                    person_name=officers[one.person_id],
                )
                for one in before.filter(starts=span.starts)
                if one.person_id in officers and one.person_id not in elsewhere
            ]
    if not rows:
        raise errors.NothingToCopy
    RosterEntry.objects.bulk_create(rows)
    house = ServicePoint.objects.get(pk=house_id)
    record(events.ROSTER_COPIED, house, actor=actor, at=at, unit_id=unit_id, monday=str(monday), seats=len(rows))
    return len(rows)


@command
def drop_strays(point_id: int, *, monday: date, actor: Actor, at: datetime) -> int:
    """Seats of that week still to come that nobody will take (queries.rosters.strays_of). Returns how many.

    Raises NotFound, NotYourDuty, NoStrays.
    """
    house_id = units.house_of(point_id)
    unit_id = must_work_in(house_id, ARRANGE, actor=actor, at=at)
    locked_house(house_id)
    strays = [one.entry.pk for one in strays_of(house_id, first=monday_of(monday))]
    found = list(RosterEntry.objects.filter(to_come(at), pk__in=strays).values_list("pk", flat=True))
    if not found:
        raise errors.NoStrays
    RosterEntry.objects.filter(pk__in=found).delete()
    house = ServicePoint.objects.get(pk=house_id)
    record(events.STRAYS_DROPPED, house, actor=actor, at=at, unit_id=unit_id, monday=str(monday_of(monday)), seats=len(found))
    return len(found)


@command
def record_training(
    point_id: int,
    person_id: int,
    *,
    fields: Sequence[str],
    trained_on: date,
    evidence: str,
    actor: Actor,
    at: datetime,
) -> Training:
    """Of somebody who works there. fields: none for all. Raises NotFound, NotYourDuty, BadInput."""
    house_id, day = units.house_of(point_id), timezone.localdate(at)
    unit_id = must_work_in(house_id, ARRANGE, actor=actor, at=at)
    evidence, problems = one_line(evidence), {}
    if person_id not in dict(officers_at(house_id, on=day)):
        problems["person"] = _("Hãy chọn một cán bộ của điểm này.")
    if trained_on > day:
        problems["trained_on"] = _("Ngày tập huấn chưa đến. Hãy ghi sau khi đã học xong.")
    if not evidence or len(evidence) > 200:
        problems["evidence"] = _("Chưa ghi giấy tờ chứng minh. Ví dụ: Giấy chứng nhận số 12, lớp tháng 9.")
    if problems:
        raise BadInput(problems)
    made = Training.objects.create(person_id=person_id, fields=fields_of(fields, day), trained_on=trained_on, evidence=evidence)
    facts = {"person": person_id, "fields": made.fields, "trained_on": str(trained_on)}
    record(events.TRAINED, made, actor=actor, at=at, unit_id=unit_id, **facts)
    return made


@command
def withdraw_training(training_id: int, *, point_id: int, actor: Actor, at: datetime) -> Training:
    """Recorded by mistake. By who arranges a point at which the person works. Raises NotFound, NotYourDuty."""
    house_id = units.house_of(point_id)
    unit_id = must_work_in(house_id, ARRANGE, actor=actor, at=at)
    found = must_exist(Training.objects.select_for_update().filter(pk=training_id, withdrawn_at=None).first())
    if found.person_id not in dict(officers_at(house_id, on=timezone.localdate(at))):
        raise NotYourDuty(ARRANGE)
    found.withdrawn_at = at
    found.save(update_fields=["withdrawn_at"])
    record(events.TRAINING_WITHDRAWN, found, actor=actor, at=at, unit_id=unit_id, person=found.person_id)
    return found
