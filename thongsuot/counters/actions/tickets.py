"""A ticket's way: taken, called, served; or sent on, left, cancelled."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType

from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.counters import events
from thongsuot.counters.actions import errors
from thongsuot.counters.actions.common import locked_counter, locked_queue, must_be_called, must_work_in, ticket_at, works_in
from thongsuot.counters.actions.opening import must_be_open
from thongsuot.counters.models import Counter, Device, Queue, Service, Sitting, Ticket
from thongsuot.counters.queries.opening import settings_of
from thongsuot.counters.queries.waits import expected_waits
from thongsuot.counters.rules import A_MINUTE_AT_A_DEVICE, ARRANGE, SERVE, BackReason, Priority, SendReason
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.codes import LETTERS
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, NotFound, must_exist
from thongsuot.kernel.events import EventKind
from thongsuot.numbering.actions import draw
from thongsuot.units import queries as units
from thongsuot.units.models import ServicePoint

SECRET_LETTERS = 12  # one of 10^16


@command
def take_ticket(queue_id: int, *, priority: str = "", actor: Actor, at: datetime) -> Ticket:
    """The next number of the queue's letter on that day, without a gap.

    priority  a rules.Priority, or none
    Raises NotFound, NotYourDuty, BadInput.
    """
    queue = locked_queue(queue_id, on=timezone.localdate(at))
    unit_id = must_work_in(queue.point_id, SERVE, actor=actor, at=at)
    return give_ticket(queue, unit_id, priority=priority, actor=actor, at=at)


@command
def take_ticket_at(device_id: int, queue_id: int, *, priority: str = "", actor: Actor, at: datetime) -> Ticket:
    """By whoever stands at the kiosk, which acts for them: nobody is asked who they are, and a priority is what they say.

    Raises NotFound, NotJoined, BadInput, TooManyTickets, PointClosed, QueueNotCalled.
    """
    device = Device.objects.select_for_update().filter(pk=device_id, kind=Device.Kind.KIOSK, retired_at=None).first()
    if device is None:
        raise errors.NotJoined
    queue = locked_queue(queue_id, on=timezone.localdate(at))
    if queue.point_id != device.point_id:
        raise NotFound
    lately = Ticket.objects.filter(device=device, taken_at__gt=at - timedelta(minutes=1)).count()
    if lately >= A_MINUTE_AT_A_DEVICE:
        raise errors.TooManyTickets
    must_be_open(device.point_id, at=at)
    must_be_called(queue, on=timezone.localdate(at))
    return give_ticket(queue, units.unit_of_point(queue.point_id), priority=priority, device=device, actor=actor, at=at)


def give_ticket(
    queue: Queue,
    unit_id: int,
    *,
    priority: str = "",
    device: Device | None = None,
    waits_from: datetime | None = None,
    mark: str | None = None,
    actor: Actor,
    at: datetime,
) -> Ticket:
    """What all commands that give one share; the queue is under lock.

    waits_from  of whoever has a booking: since when they count as waiting
    mark        of whoever took it by telephone (queries.ahead)
    """
    if priority and priority not in Priority.values:
        raise BadInput({"priority": _("Hãy chọn một lý do ưu tiên trong danh sách.")})
    day = timezone.localdate(at)
    # What is kept is what is told (Ticket.told). Whoever goes first is told no time: others' waits say nothing about theirs.
    wait = None if priority or waits_from else expected_waits(queue.point_id, at=at).get(queue.pk)
    kind, series_unit_id, bucket = series_of(queue, day)
    number, _given_at = draw(kind, unit_id=series_unit_id, bucket=bucket, at=at)
    ticket = Ticket.objects.create(
        point_id=queue.point_id,
        queue=queue,
        letter=queue.letter,
        number=number,
        day=day,
        priority=priority,
        taken_at=at,
        waits_from=waits_from or at,
        mark=mark,
        secret="".join(secrets.choice(LETTERS) for _ in range(SECRET_LETTERS)),
        device=device,
        expected=wait.mean if wait else None,
        expected_error=wait.error if wait else None,
    )
    facts: dict[str, object] = {"priority": priority} if priority else {}
    if device is not None:
        facts["device"] = device.pk
    if waits_from is not None:
        facts["booked"] = True
    record(events.TAKEN, ticket, actor=actor, at=at, unit_id=unit_id, code=ticket.code, queue=queue.pk, **facts)
    return ticket


def series_of(queue: Queue, day: date) -> tuple[str, int, str]:
    """(kind, unit, bucket) of the numbers of its letter. The unit is the one that had the house first: a day on which the house
    goes to another has one series.
    """
    first_unit_id = ServicePoint.objects.values_list("unit_id", flat=True).get(pk=queue.point_id)
    return f"ticket:{queue.point_id}:{queue.letter}", first_unit_id, f"{day:%y%m%d}"


@command
def call_next(counter_id: int, *, actor: Actor, at: datetime) -> Ticket | None:
    """Whoever is served there is done; the next of the counter's queues is called. None: nobody waits, but somebody was done.

    Raises NotFound, NotYourDuty, NobodySits, OnBreak, TicketAtCounter (called, and nobody came yet), NobodyWaits.
    """
    counter, unit_id = _manned(counter_id, actor=actor, at=at, calls=True)
    day = timezone.localdate(at)
    held = ticket_at(counter, on=day)
    if held is not None and held.state == Ticket.State.CALLED:
        raise errors.TicketAtCounter(held.code)
    if held is not None:
        _move(held, Ticket.State.DONE, events.DONE, unit_id, actor=actor, at=at, ended_at=at)
    waiting = Ticket.objects.waiting(day).for_counter(counter)
    # Two counters of one queue that call at once get one each.
    ticket = waiting.in_order().select_for_update(skip_locked=True, of=("self",)).first()
    if ticket is None:
        if held is None:
            raise errors.NobodyWaits
        return None
    return _call(ticket, counter, unit_id, actor=actor, at=at)


@command
def call_one(ticket_id: int, *, counter_id: int, actor: Actor, at: datetime) -> Ticket:
    """Out of turn: somebody who came back, or who must be heard first. Also one that was cancelled, or had left.

    Raises NotFound, NotYourDuty, NobodySits, OnBreak, TicketAtCounter, NotWaiting, KeptForOther.
    """
    counter, unit_id = _manned(counter_id, actor=actor, at=at, calls=True)
    day = timezone.localdate(at)
    if held := ticket_at(counter, on=day):
        raise errors.TicketAtCounter(held.code)
    ticket = must_exist(Ticket.objects.select_for_update().filter(pk=ticket_id, point=counter.point_id).first())
    if not ticket.can_be_called(day):
        raise errors.NotWaiting(ticket.code)
    kept_for = ticket.reserved_for
    if kept_for is not None and kept_for != counter and _at_work(kept_for, on=day):
        raise errors.KeptForOther(ticket.code, kept_for.number)
    return _call(ticket, counter, unit_id, actor=actor, at=at)


@command
def call_again(counter_id: int, *, actor: Actor, at: datetime) -> Ticket:
    """The same number once more. Raises NotFound, NotYourDuty, NobodySits, NoTicket."""
    counter, unit_id = _manned(counter_id, actor=actor, at=at)
    ticket = _held(counter, Ticket.State.CALLED, at=at)
    return _move(ticket, Ticket.State.CALLED, events.CALLED_AGAIN, unit_id, actor=actor, at=at, called_at=at)


@command
def begin(counter_id: int, *, actor: Actor, at: datetime) -> Ticket:
    """Whoever was called has come. Raises NotFound, NotYourDuty, NobodySits, NoTicket."""
    counter, unit_id = _manned(counter_id, actor=actor, at=at)
    ticket = _held(counter, Ticket.State.CALLED, at=at)
    return _move(
        ticket, Ticket.State.SERVING, events.CAME, unit_id, actor=actor, at=at, served_at=at, served_by_id=actor.person_id
    )


@command
def finish(counter_id: int, *, actor: Actor, at: datetime) -> Ticket:
    """Served, and nobody else is called yet. Raises NotFound, NotYourDuty, NobodySits, NoTicket."""
    counter, unit_id = _manned(counter_id, actor=actor, at=at, or_arranger=True)
    ticket = _held(counter, Ticket.State.SERVING, at=at)
    return _move(ticket, Ticket.State.DONE, events.DONE, unit_id, actor=actor, at=at, ended_at=at)


@command
def absent(counter_id: int, *, actor: Actor, at: datetime) -> Ticket:
    """Nobody came: back to the end of the queue, until it was called too often (Settings.most_absences) or the queue is closed.

    Raises NotFound, NotYourDuty, NobodySits, NoTicket.
    """
    counter, unit_id = _manned(counter_id, actor=actor, at=at, or_arranger=True)
    ticket = _held(counter, Ticket.State.CALLED, at=at)
    ticket.absences += 1
    most = settings_of(counter.point_id, on=ticket.day).most_absences
    waits = ticket.absences < most and ticket.queue.valid_to is None
    if waits:
        ticket.waits_from = at
    state, ended_at = (Ticket.State.WAITING, None) if waits else (Ticket.State.LEFT, at)
    return _move(ticket, state, events.ABSENT, unit_id, actor=actor, at=at, counter=None, ended_at=ended_at)


@command
def send_on(counter_id: int, *, queue_id: int, actor: Actor, at: datetime) -> Ticket:
    """To another queue of the point, in the place that its waiting so far gives it. Its time here stays (Service).

    Raises NotFound, NotYourDuty, NobodySits, NoTicket.
    """
    counter, unit_id = _manned(counter_id, actor=actor, at=at, or_arranger=True)
    day = timezone.localdate(at)
    queue = locked_queue(queue_id, on=day)
    if queue.point_id != counter.point_id:
        raise NotFound
    ticket = ticket_at(counter, on=day)
    if ticket is None:
        raise errors.NoTicket
    ticket.waits_from = ticket.taken_at
    return _wait_again(ticket, events.SENT_ON, unit_id, actor=actor, at=at, until=at, queue=queue)


@command
def send_to(counter_id: int, *, to_counter_id: int, reason: str, actor: Actor, at: datetime) -> Ticket:
    """To one other counter of the point, which calls it before all others. While somebody works there no other calls it; during
    a break there `call_one` does, and once nobody sits there it waits in its queue. Its time here stays (Service).

    Raises NotFound, NotYourDuty, NobodySits, NoTicket, NobodyThere, BadInput.
    """
    day = timezone.localdate(at)
    # Two that send to each other at once lock both counters in one order.
    list(Counter.objects.select_for_update().filter(pk__in=[counter_id, to_counter_id]).order_by("pk"))
    counter, unit_id = _manned(counter_id, actor=actor, at=at, or_arranger=True)
    other = locked_counter(to_counter_id, on=day)
    if other.point_id != counter.point_id or other.pk == counter.pk:
        raise NotFound
    if reason not in SendReason.values:
        raise BadInput({"reason": _("Hãy chọn một lý do chuyển trong danh sách.")})
    if not other.sittings.filter(day=day, until_at=None).exists():
        raise errors.NobodyThere(other.number)
    ticket = ticket_at(counter, on=day)
    if ticket is None:
        raise errors.NoTicket
    ticket.waits_from = ticket.taken_at
    facts: dict[str, object] = {"to_counter": other.number, "reason": reason}
    kind = events.SENT_TO_COUNTER
    return _wait_again(ticket, kind, unit_id, actor=actor, at=at, until=at, facts=facts, reserved_for=other)


@command
def come_back(ticket_id: int, *, reason: str, actor: Actor, at: datetime) -> Ticket:
    """Done today, and back with what was missing: the number waits again in its old place, before all others at the counter of
    whoever served it, while they sit. By them, or by who arranges the counters.

    reason  a rules.BackReason
    Raises NotFound, NotYourDuty, NotBack, BadInput.
    """
    seen = must_exist(Ticket.objects.filter(pk=ticket_id).first())
    day, own = timezone.localdate(at), seen.was_served_by(actor.person_id)
    unit_id = must_work_in(seen.point_id, SERVE if own else ARRANGE, actor=actor, at=at)
    if reason not in BackReason.values:
        raise BadInput({"reason": _("Hãy chọn một lý do quay lại trong danh sách.")})
    # Locked in the order of other commands: the counter, which may be left; the queue, which may be closed; the number.
    who = actor.person_id if own else seen.served_by_id
    seats = Sitting.objects.filter(person=who, day=day, until_at=None, counter__point=seen.point_id)
    seat = Counter.objects.select_for_update().filter(pk__in=seats.values("counter")).first()
    if seat is not None and not seats.filter(counter=seat).exists():
        seat = None
    queue = Queue.objects.select_for_update().get(pk=seen.queue_id)
    ticket = Ticket.objects.select_for_update(of=("self",)).select_related("queue", "counter", "served_by").get(pk=ticket_id)
    if not ticket.may_come_back(day) or ticket.queue_id != queue.pk or queue.valid_to is not None:
        raise errors.NotBack(ticket.code)
    kept = {"reserved_for": seat} if seat is not None else {}
    facts: dict[str, object] = {"reason": reason} | ({"to_counter": seat.number} if seat is not None else {})
    until = ticket.ended_at or at
    return _wait_again(ticket, events.RETURNED, unit_id, actor=actor, at=at, until=until, facts=facts, absences=0, **kept)


def _wait_again(
    ticket: Ticket,
    kind: EventKind,
    unit_id: int,
    *,
    actor: Actor,
    at: datetime,
    until: datetime,
    facts: Mapping[str, object] = MappingProxyType({}),
    **changes: object,
) -> Ticket:
    """Its time at the counter, if somebody came, becomes a row of its own."""
    if ticket.served_at is not None and ticket.counter is not None:
        Service.objects.create(
            ticket=ticket,
            queue_id=ticket.queue_id,
            counter=ticket.counter,
            person=ticket.served_by,
            from_at=ticket.served_at,
            until_at=until,
            again_at=at,
        )
    gone = {"counter": None, "served_at": None, "served_by": None, "ended_at": None}
    return _move(ticket, Ticket.State.WAITING, kind, unit_id, actor=actor, at=at, facts=facts, **gone, **changes)


def _at_work(counter: Counter, *, on: date) -> bool:
    """Somebody sits there, and calls."""
    sitting = counter.sittings.filter(day=on, until_at=None).first()
    return sitting is not None and not sitting.breaks.filter(until_at=None).exists()


@command
def cancel_ticket(ticket_id: int, *, actor: Actor, at: datetime) -> Ticket:
    """Taken by mistake, or its owner is gone; `call_one` still calls it. Raises NotFound, NotYourDuty, NotWaiting."""
    ticket = must_exist(Ticket.objects.select_for_update().filter(pk=ticket_id).first())
    unit_id = must_work_in(ticket.point_id, SERVE, actor=actor, at=at)
    return _cancel(ticket, unit_id, actor=actor, at=at)


@command
def leave_queue(secret: str, *, actor: Actor, at: datetime) -> Ticket:
    """By whoever holds the ticket: they do not wait any longer. Raises NotFound, NotWaiting."""
    ticket = must_exist(Ticket.objects.select_for_update().filter(secret=secret).first())
    return _cancel(ticket, units.unit_of_point(ticket.point_id), actor=actor, at=at)


def _cancel(ticket: Ticket, unit_id: int, *, actor: Actor, at: datetime) -> Ticket:
    if ticket.state != Ticket.State.WAITING or ticket.day != timezone.localdate(at):
        raise errors.NotWaiting(ticket.code)
    return _move(ticket, Ticket.State.CANCELLED, events.CANCELLED, unit_id, actor=actor, at=at, ended_at=at)


def _manned(
    counter_id: int, *, actor: Actor, at: datetime, or_arranger: bool = False, calls: bool = False
) -> tuple[Counter, int]:
    """The counter, under lock, at which the actor sits today, and the unit whose point it is.

    calls        somebody is to be called, which nobody does during a break
    or_arranger  what somebody left at a counter may be ended or sent on by who arranges the counters there
    """
    day = timezone.localdate(at)
    counter = locked_counter(counter_id, on=day)
    if or_arranger and works_in(counter.point_id, ARRANGE, actor=actor, on=day):
        return counter, units.unit_of_point(counter.point_id)
    unit_id = must_work_in(counter.point_id, SERVE, actor=actor, at=at)
    sitting = counter.sittings.filter(day=day, until_at=None, person=actor.person_id).first()
    if sitting is None:
        raise errors.NobodySits
    if calls and sitting.breaks.filter(until_at=None).exists():
        raise errors.OnBreak
    return counter, unit_id


def _held(counter: Counter, state: str, *, at: datetime) -> Ticket:
    ticket = ticket_at(counter, state, on=timezone.localdate(at))
    if ticket is None:
        raise errors.NoTicket
    return ticket


def _call(ticket: Ticket, counter: Counter, unit_id: int, *, actor: Actor, at: datetime) -> Ticket:
    return _move(
        ticket,
        Ticket.State.CALLED,
        events.CALLED,
        unit_id,
        actor=actor,
        at=at,
        counter=counter,
        called_at=at,
        ended_at=None,
        expired=False,
        reserved_for=None,
    )


def _move(
    ticket: Ticket,
    state: str,
    kind: EventKind,
    unit_id: int,
    *,
    actor: Actor,
    at: datetime,
    facts: Mapping[str, object] = MappingProxyType({}),
    **changes: object,
) -> Ticket:
    """The event says at which counter it happened. Whose telephone it is of is forgotten when it ends."""
    where = ticket.counter or changes.get("counter")
    ticket.state = state
    for name, value in changes.items():
        setattr(ticket, name, value)
    if ticket.ended_at is not None:
        ticket.mark = ticket.reserved_for = None
    ticket.save()
    queue: Queue = ticket.queue
    number = where.number if isinstance(where, Counter) else None
    record(kind, ticket, actor=actor, at=at, unit_id=unit_id, code=ticket.code, counter=number, queue=queue.pk, **facts)
    return ticket
