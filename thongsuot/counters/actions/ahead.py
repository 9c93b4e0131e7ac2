"""Before one comes: a number by telephone, an hour at a queue. Tickets stay without a name, whoever arranged them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.counters import away, events
from thongsuot.counters.actions import errors
from thongsuot.counters.actions.common import locked_queue, must_be_called, must_work_in
from thongsuot.counters.actions.tickets import give_ticket
from thongsuot.counters.models import AheadCount, Booking, BookingPlan, Device, Queue, Ticket
from thongsuot.counters.queries import ahead as queries
from thongsuot.counters.queries.opening import open_times, opens_words, settings_of
from thongsuot.counters.rules import ARRANGE
from thongsuot.counters.rules.booking import BOOKED_AT_ONCE, booked_place, may_check_in
from thongsuot.kernel.actor import ANYONE, Actor
from thongsuot.kernel.codes import new_code
from thongsuot.kernel.command import command, record
from thongsuot.kernel.dated import change_from
from thongsuot.kernel.errors import BadInput, NotYourDuty, must_exist
from thongsuot.kernel.events import EventKind
from thongsuot.kernel.text import one_line
from thongsuot.people.models import Person
from thongsuot.units import queries as units

SLOT_MINUTES, SEATS = (5, 240), (1, 200)


@command
def take_ticket_ahead(queue_id: int, *, actor: Actor, at: datetime) -> Ticket:
    """By whoever is logged in, for today, while the point is open: one that waits at a queue, and so many in a day.

    The ticket and its history name nobody: a mark tells until it ends that it is theirs.
    Raises NotFound, NotYourDuty, PointClosed, PointCutOff, QueueNotCalled, NotAhead, WaitsAlready, EnoughAhead.
    """
    person_id, day = _somebody(actor), timezone.localdate(at)
    queue = locked_queue(queue_id, on=day)
    times, most = open_times(queue.point_id, on=day), settings_of(queue.point_id, on=day).ahead_a_day
    if day not in times.days or not most:
        raise errors.NotAhead
    if not times.is_open(at):
        raise errors.PointClosed(opens_words(times, at))
    if away.cut_off(queue.point_id, at=at):
        raise errors.PointCutOff
    must_be_called(queue, on=day)
    mark = queries.mark_of(person_id, day, queue.pk)
    if waits := Ticket.objects.filter(mark=mark).first():
        raise errors.WaitsAlready(waits.code)
    AheadCount.objects.get_or_create(mark=queries.mark_of(person_id, day), defaults={"day": day})
    count = AheadCount.objects.select_for_update().get(mark=queries.mark_of(person_id, day))
    if count.taken >= most:
        raise errors.EnoughAhead(most)
    count.taken += 1
    count.save(update_fields=["taken"])
    return give_ticket(queue, units.unit_of_point(queue.point_id), mark=mark, actor=ANYONE, at=at)


def forget_counts(*, at: datetime) -> None:
    """Those of days gone by."""
    AheadCount.objects.filter(day__lt=timezone.localdate(at)).delete()


@command
def set_booking_plan(queue_id: int, *, weekday: int, minutes: int, seats: int, actor: Actor, at: datetime) -> BookingPlan:
    """From today on. Bookings that were made stay. Raises NotFound, NotYourDuty, BadInput."""
    day = timezone.localdate(at)
    queue = locked_queue(queue_id, on=day)
    unit_id = must_work_in(queue.point_id, ARRANGE, actor=actor, at=at)
    problems = {}
    for name, value, (least, most) in (
        ("weekday", weekday, (0, 6)),
        ("minutes", minutes, SLOT_MINUTES),
        ("seats", seats, SEATS),
    ):
        if not least <= value <= most:
            problems[name] = _("Hãy ghi một số từ %(least)s đến %(most)s.") % {"least": least, "most": most}
    if problems:
        raise BadInput(problems)
    owner, values = {"queue_id": queue.pk, "weekday": weekday}, {"minutes": minutes, "seats": seats}
    made = change_from(BookingPlan.objects.filter(**owner), day, owner, values)
    record(events.PLAN_SET, queue, actor=actor, at=at, unit_id=unit_id, weekday=weekday, **values)
    return made


@command
def end_booking_plan(queue_id: int, *, weekday: int, actor: Actor, at: datetime) -> Queue:
    """Nobody books that weekday any more; bookings that were made stay. Raises NotFound, NotYourDuty."""
    day = timezone.localdate(at)
    queue = locked_queue(queue_id, on=day)
    unit_id = must_work_in(queue.point_id, ARRANGE, actor=actor, at=at)
    plan = must_exist(BookingPlan.objects.select_for_update().filter(queue=queue, weekday=weekday, valid_to=None).first())
    plan.valid_to = day
    plan.save(update_fields=["valid_to"])
    record(events.PLAN_ENDED, queue, actor=actor, at=at, unit_id=unit_id, weekday=weekday)
    return queue


@command
def book(queue_id: int, *, starts_at: datetime, actor: Actor, at: datetime) -> Booking:
    """One hour at a queue in a day. Raises NotFound, NotYourDuty, NoSlot, SlotFull, BookedAlready, EnoughBooked."""
    person_id = _somebody(actor)
    queue = locked_queue(queue_id, on=timezone.localdate(at))  # of two who want the last seat one comes first
    slot = _free_slot(queue, starts_at, at=at)
    day = timezone.localdate(starts_at)
    Person.objects.select_for_update(no_key=True).get(pk=person_id)
    open_ones = Booking.objects.filter(person=person_id, state=Booking.State.BOOKED)
    if open_ones.filter(queue=queue, day=day).exists():
        raise errors.BookedAlready
    if open_ones.count() >= BOOKED_AT_ONCE:
        raise errors.EnoughBooked(BOOKED_AT_ONCE)
    made = Booking.objects.create(
        queue=queue,
        person_id=person_id,
        day=day,
        starts_at=starts_at,
        minutes=slot.minutes,
        code=new_code("HEN", letters=6),
        made_at=at,
    )
    _tell(made, events.BOOKED, actor=actor, at=at)
    return made


@command
def move_booking(booking_id: int, *, starts_at: datetime, actor: Actor, at: datetime) -> Booking:
    """To another slot of the same queue. Raises NotFound, NotYourDuty, NotBooked, NoSlot, SlotFull, BookedAlready."""
    booking = _own(booking_id, actor=actor)
    queue = locked_queue(booking.queue_id, on=timezone.localdate(at))
    booking = _own(booking_id, actor=actor, lock=True)
    if starts_at != booking.starts_at:
        slot, day = _free_slot(queue, starts_at, at=at), timezone.localdate(starts_at)
        others = Booking.objects.filter(person=booking.person_id, queue=queue, day=day, state=Booking.State.BOOKED)
        if others.exclude(pk=booking.pk).exists():
            raise errors.BookedAlready
        booking.starts_at, booking.day, booking.minutes = starts_at, day, slot.minutes
        booking.save(update_fields=["starts_at", "day", "minutes"])
    _tell(booking, events.BOOKING_MOVED, actor=actor, at=at)
    return booking


@command
def cancel_booking(booking_id: int, *, actor: Actor, at: datetime) -> Booking:
    """Raises NotFound, NotYourDuty, NotBooked."""
    booking = _own(booking_id, actor=actor, lock=True)
    booking.state = Booking.State.CANCELLED
    booking.save(update_fields=["state"])
    _tell(booking, events.BOOKING_CANCELLED, actor=actor, at=at)
    return booking


@command
def check_in(booking_id: int, *, actor: Actor, at: datetime) -> Ticket:
    """By whoever booked, on their telephone.

    Raises NotFound, NotYourDuty, NotBooked, TooEarly, TooLate, PointClosed, PointCutOff.
    """
    booking = _own(booking_id, actor=actor)
    if away.cut_off(booking.queue.point_id, at=at):
        raise errors.PointCutOff
    return _check_in(booking, None, actor=actor, at=at)


@command
def check_in_at(device_id: int, code: str, *, actor: Actor, at: datetime) -> Ticket:
    """At the kiosk of the point, by the code. Raises NotJoined, WrongBooking, NotBooked, TooEarly, TooLate, PointClosed."""
    device = Device.objects.select_for_update().filter(pk=device_id, kind=Device.Kind.KIOSK, retired_at=None).first()
    if device is None:
        raise errors.NotJoined
    written = one_line(code).upper().replace(" ", "-")
    here = Booking.objects.filter(queue__point=device.point_id)
    booking = here.filter(code__in=[written, f"HEN-{written}"]).first()
    if booking is None:
        raise errors.WrongBooking
    return _check_in(booking, device, actor=actor, at=at)


def _check_in(found: Booking, device: Device | None, *, actor: Actor, at: datetime) -> Ticket:
    """The ticket is told nothing of the booking but its place; and the booking nothing of the ticket."""
    queue = locked_queue(found.queue_id, on=timezone.localdate(at))
    booking = Booking.objects.select_for_update(of=("self",)).select_related("queue").get(pk=found.pk)
    if booking.state != Booking.State.BOOKED:
        raise errors.NotBooked
    settings = settings_of(booking.queue.point_id, on=booking.day)
    if not may_check_in(at, booking.starts_at, early=settings.early, late=settings.late):
        if at < booking.starts_at:
            raise errors.TooEarly(timezone.localtime(booking.starts_at - settings.early))
        raise errors.TooLate
    times = open_times(booking.queue.point_id, on=timezone.localdate(at))
    if times.closed_for_the_day(at):
        raise errors.PointClosed(opens_words(times, at))
    booking.state = Booking.State.CHECKED_IN
    booking.save(update_fields=["state"])
    _tell(booking, events.CHECKED_IN, actor=actor, at=at)
    mark: str | None = queries.mark_of(booking.person_id, booking.day, queue.pk)
    if Ticket.objects.filter(mark=mark).exists():  # they took another one by telephone
        mark = None
    place = booked_place(booking.starts_at, early=settings.early)
    unit_id = units.unit_of_point(queue.point_id)
    return give_ticket(queue, unit_id, waits_from=place, mark=mark, device=device, actor=ANYONE, at=at)


@command
def miss_booking(booking_id: int, *, actor: Actor, at: datetime) -> Booking:
    """Nobody came within the time. Raises NotFound, NotBooked."""
    booking = must_exist(Booking.objects.select_for_update(of=("self",)).select_related("queue").filter(pk=booking_id).first())
    late = settings_of(booking.queue.point_id, on=booking.day).late
    if booking.state != Booking.State.BOOKED or at <= booking.starts_at + late:
        raise errors.NotBooked
    booking.state = Booking.State.MISSED
    booking.save(update_fields=["state"])
    _tell(booking, events.BOOKING_MISSED, actor=actor, at=at)
    return booking


def _somebody(actor: Actor) -> int:
    if actor.person_id is None:
        raise NotYourDuty("own account")
    return actor.person_id


def _own(booking_id: int, *, actor: Actor, lock: bool = False) -> Booking:
    """Under lock: one that is still to come. Raises NotFound, NotYourDuty, NotBooked."""
    rows = Booking.objects.filter(pk=booking_id, person=_somebody(actor)).select_related("queue")
    booking = must_exist((rows.select_for_update(of=("self",)) if lock else rows).first())
    if lock and booking.state != Booking.State.BOOKED:
        raise errors.NotBooked
    return booking


def _free_slot(queue: Queue, starts_at: datetime, *, at: datetime) -> queries.Slot:
    """Raises NoSlot, SlotFull."""
    day = timezone.localdate(starts_at)
    last = timezone.localdate(at) + timedelta(days=settings_of(queue.point_id, on=timezone.localdate(at)).days_ahead)
    found = queries.slots_on(queue, day, now=at) if day <= last else []
    slot = next((one for one in found if one.starts_at == starts_at), None)
    if slot is None:
        raise errors.NoSlot
    if not slot.free:
        raise errors.SlotFull
    return slot


def _tell(booking: Booking, kind: EventKind, *, actor: Actor, at: datetime) -> None:
    unit_id = units.unit_of_point(booking.queue.point_id)
    facts = {"queue": booking.queue_id, "starts_at": booking.starts_at.isoformat()}
    record(kind, booking, actor=actor, at=at, unit_id=unit_id, **facts)
