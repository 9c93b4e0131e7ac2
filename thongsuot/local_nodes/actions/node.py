"""What a node does to its own database: it is filled by the city, runs the hall while the line is cut, and follows again."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from thongsuot.counters.actions.tickets import series_of
from thongsuot.counters.models import Booking, CounterBreak, Device, OpeningException, Queue, Sitting, Ticket, TicketRating
from thongsuot.counters.queries.devices import digest as digest_of_key
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.periods import in_force
from thongsuot.local_nodes import events, lines, parcel
from thongsuot.local_nodes.models import HallCode, Standing
from thongsuot.local_nodes.rules import first_id
from thongsuot.numbering.actions import begin_after
from thongsuot.people.models import Appointment, Delegation
from thongsuot.units import queries as units

IN_THE_HALL = 7_201  # of the advisory lock: shared by whoever does something in the hall, alone by whoever hands over
_OWN_IDS = (Ticket, Sitting, CounterBreak, TicketRating)


@command
def become_node(
    city: str, *, node_id: int, house_id: int, database: str, first_number: int, actor: Actor, at: datetime
) -> Standing:
    """An empty database becomes the node's, with ids of its own for what it will make."""
    row = Standing.objects.create(
        pk=Standing.ONLY, city=city, house_id=house_id, database=database, first_number=first_number, heard_at=at
    )
    with connection.cursor() as cursor:
        for model in _OWN_IDS:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s, false)", [model._meta.db_table, first_id(node_id)]
            )
    record(events.FILLED, row, actor=actor, at=at)
    return row


def take_in(*, setup: list[parcel.Row] | None, state: list[parcel.Row] | None, digests: tuple[str, str], at: datetime) -> bool:
    """What the city gives, while the node follows. False: it runs the hall, and what it was given is of before.

    Without an event: what happened, happened in the city.
    """
    with transaction.atomic():
        row = Standing.objects.select_for_update().get()
        if row.acting_since is not None:
            return False
        _put(row, setup, state, digests, at=at)
    return True


def _put(
    row: Standing,
    setup: list[parcel.Row] | None,
    state: list[parcel.Row] | None,
    digests: tuple[str, str],
    *,
    at: datetime,
) -> None:
    if setup is not None:
        _forget_what_no_longer_holds(setup)
        parcel.put(setup)
        row.setup = digests[0]
    if state is not None:
        _forget_what_is_over(state, at=at)
        parcel.put(state)
        row.state = digests[1]
    row.heard_at, row.trouble = at, ""
    row.save()
    units.clear_caches()


def _given_of(rows: list[parcel.Row], model: type[Model]) -> set[int]:
    return {one["pk"] for one in rows if one["model"] == model._meta.label_lower}


def _forget_what_no_longer_holds(setup: list[parcel.Row]) -> None:
    """Whose post, delegation or code ended is not let in any more; days that were to differ do not."""
    for model in (HallCode, Delegation, Appointment, OpeningException):
        model.objects.exclude(pk__in=_given_of(setup, model)).delete()


def _forget_what_is_over(state: list[parcel.Row], *, at: datetime) -> None:
    """Numbers and sittings that the city does not hold open any more ended there. Without an event: none happened here."""
    gone = Ticket.objects.filter(ended_at=None).exclude(pk__in=_given_of(state, Ticket))
    gone.update(state=Ticket.State.DONE, ended_at=at, mark=None, reserved_for=None)
    for model in (CounterBreak, Sitting):
        model.objects.filter(until_at=None).exclude(pk__in=_given_of(state, model)).update(until_at=at)
    booked = Booking.objects.filter(state=Booking.State.BOOKED).exclude(pk__in=_given_of(state, Booking))
    booked.update(state=Booking.State.CANCELLED)
    # One that goes from counter to counter is nowhere for a moment.
    Ticket.objects.filter(state__in=Ticket.AT_COUNTER).update(state=Ticket.State.WAITING)


@command
def begin_to_act(*, actor: Actor, at: datetime) -> Standing:
    """The city does not answer: from now on the hall is run here."""
    row = Standing.objects.select_for_update().get()
    if row.acting_since is None:
        row.acting_since = at
        row.save()
        number_on(row, at=at)
    record(events.ACTED, row, actor=actor, at=at)
    return row


def number_on(row: Standing, *, at: datetime) -> None:
    """The numbers of each queue begin where the city's do not come to. Again each day."""
    day = timezone.localdate(at)
    for queue in Queue.objects.filter(in_force(day), point=row.house_id):
        kind, unit_id, bucket = series_of(queue, day)
        begin_after(row.first_number - 1, kind=kind, unit_id=unit_id, bucket=bucket, at=at)


def sent(up_to: int, *, at: datetime) -> None:
    """The city took these lines. No event: it would be one for each question."""
    Standing.objects.filter(sent_up_to__lt=up_to).update(sent_up_to=up_to, heard_at=at)


@command
def follow(*, state: list[parcel.Row], digest: str, actor: Actor, at: datetime) -> bool:
    """The city knows everything and runs the hall again. False: something happened here meanwhile, which is told first."""
    with hall_to_itself():
        row = Standing.objects.select_for_update().get()
        record(events.FOLLOWED, row, actor=actor, at=at)
        if row.acting_since is None or lines.after(row.sent_up_to, most=1):
            return False
        row.acting_since = None
        _put(row, None, state, (row.setup, digest), at=at)
    return True


def new_key(device: Device) -> str:
    """For the browser of a machine of the hall, at this node alone; the one of before ends. Without an event."""
    key = secrets.token_urlsafe(32)
    Device.objects.filter(pk=device.pk).update(key_digest=digest_of_key(key))
    return key


@contextmanager
def hall_to_itself() -> Iterator[None]:
    """Nobody is in the middle of something in the hall. Until the transaction ends."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IN_THE_HALL])
        yield


@contextmanager
def in_the_hall() -> Iterator[None]:
    """Whoever does something in the hall; handing over waits for them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock_shared(%s)", [IN_THE_HALL])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock_shared(%s)", [IN_THE_HALL])


def tell_trouble(text: str) -> None:
    Standing.objects.exclude(trouble=text).update(trouble=text[:300])
