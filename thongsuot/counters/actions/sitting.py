"""Who sits at which counter today."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.counters import events
from thongsuot.counters.actions import errors
from thongsuot.counters.actions.common import locked_counter, must_work_in, ticket_at, works_in
from thongsuot.counters.models import Counter, CounterBreak, Sitting, Ticket
from thongsuot.counters.rules import ARRANGE, SERVE
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, NotYourDuty
from thongsuot.people.models import Person
from thongsuot.units import queries as units


@command
def sit_down(counter_id: int, *, actor: Actor, at: datetime) -> Sitting:
    """At one counter at a time: whoever sat at another one leaves it. Asked twice, the sitting goes on.

    Raises NotFound, NotYourDuty, SomebodySits, TicketAtCounter (at the counter that would be left).
    """
    if actor.person_id is None:
        raise NotYourDuty(SERVE)
    day = timezone.localdate(at)
    Person.objects.select_for_update(no_key=True).get(pk=actor.person_id)
    left = Sitting.objects.filter(person=actor.person_id, day=day, until_at=None).exclude(counter=counter_id)
    # Two people who change places lock both counters in one order.
    list(Counter.objects.select_for_update().filter(Q(pk=counter_id) | Q(pk__in=left.values("counter"))).order_by("pk"))
    counter = locked_counter(counter_id, on=day)
    unit_id = must_work_in(counter.point_id, SERVE, actor=actor, at=at)
    there = counter.sittings.filter(day=day, until_at=None).first()
    if there is not None and there.person_id != actor.person_id:
        raise errors.SomebodySits(there.person_name)
    if there is None:
        for other in left.select_related("counter"):
            _leave(other, actor=actor, at=at)
        there = Sitting.objects.create(counter=counter, person_id=actor.person_id, person_name=actor.name, day=day, from_at=at)
    record(events.SAT_DOWN, counter, actor=actor, at=at, unit_id=unit_id, sitting=there.pk)
    return there


@command
def get_up(counter_id: int, *, actor: Actor, at: datetime) -> Sitting:
    """By who sits there, or by who arranges the counters. Raises NotFound, NotYourDuty, NobodyToFree, TicketAtCounter."""
    day = timezone.localdate(at)
    counter = locked_counter(counter_id, on=day)
    there = counter.sittings.filter(day=day, until_at=None).select_related("counter").first()
    own = there is not None and there.person_id == actor.person_id
    if not own or not works_in(counter.point_id, SERVE, actor=actor, on=day):
        must_work_in(counter.point_id, ARRANGE, actor=actor, at=at)
    if there is None:
        raise errors.NobodyToFree
    return _leave(there, actor=actor, at=at)


@command
def take_break(counter_id: int, *, reason: str, actor: Actor, at: datetime) -> CounterBreak:
    """Nobody is called from there until it is opened again; what is there is finished first.

    Raises NotFound, NotYourDuty, NobodySits, TicketAtCounter, OnBreak, BadInput.
    """
    counter, sitting, unit_id = _own(counter_id, actor=actor, at=at)
    if reason not in CounterBreak.Reason.values:
        raise BadInput({"reason": _("Hãy chọn một lý do tạm nghỉ trong danh sách.")})
    if held := ticket_at(counter, on=sitting.day):
        raise errors.TicketAtCounter(held.code)
    if sitting.breaks.filter(until_at=None).exists():
        raise errors.OnBreak
    made = CounterBreak.objects.create(sitting=sitting, reason=reason, from_at=at)
    record(events.BREAK_BEGUN, counter, actor=actor, at=at, unit_id=unit_id, sitting=sitting.pk, reason=reason)
    return made


@command
def end_break(counter_id: int, *, actor: Actor, at: datetime) -> CounterBreak:
    """Raises NotFound, NotYourDuty, NobodySits, NotOnBreak."""
    counter, sitting, unit_id = _own(counter_id, actor=actor, at=at)
    found = sitting.breaks.filter(until_at=None).first()
    if found is None:
        raise errors.NotOnBreak
    found.until_at = at
    found.save(update_fields=["until_at"])
    record(events.BREAK_ENDED, counter, actor=actor, at=at, unit_id=unit_id, sitting=sitting.pk, reason=found.reason)
    return found


def _own(counter_id: int, *, actor: Actor, at: datetime) -> tuple[Counter, Sitting, int]:
    """The counter, under lock, and the actor's sitting there."""
    day = timezone.localdate(at)
    counter = locked_counter(counter_id, on=day)
    unit_id = must_work_in(counter.point_id, SERVE, actor=actor, at=at)
    sitting = counter.sittings.filter(day=day, until_at=None, person=actor.person_id).first()
    if sitting is None:
        raise errors.NobodySits
    return counter, sitting, unit_id


def _leave(sitting: Sitting, *, actor: Actor, at: datetime) -> Sitting:
    if held := ticket_at(sitting.counter, on=sitting.day):
        raise errors.TicketAtCounter(held.code)
    sitting.until_at = at
    sitting.save(update_fields=["until_at"])
    sitting.breaks.filter(until_at=None).update(until_at=at)
    unit_id = units.unit_of_point(sitting.counter.point_id)
    # What was kept for this counter alone is called by whoever calls its queue.
    for ticket in Ticket.objects.waiting(sitting.day).select_for_update().filter(reserved_for=sitting.counter_id):
        ticket.reserved_for = None
        ticket.save(update_fields=["reserved_for"])
        record(events.RELEASED, ticket, actor=actor, at=at, unit_id=unit_id, code=ticket.code, queue=ticket.queue_id)
    record(events.GOT_UP, sitting.counter, actor=actor, at=at, unit_id=unit_id, sitting=sitting.pk)
    return sitting
