"""Queues and counters of a point: opened, changed, closed. By whoever arranges the counters of the body that runs it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.counters import events
from thongsuot.counters.actions import errors
from thongsuot.counters.actions.common import (
    fields_of,
    locked_counter,
    locked_house,
    locked_queue,
    must_work_in,
    ticket_at,
)
from thongsuot.counters.models import Booking, Counter, Device, Equipment, Queue, RosterEntry, Section, Ticket
from thongsuot.counters.rules import ARRANGE, COUNTERS_AT_MOST, LETTERS
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, NotFound, must_exist
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.text import one_line
from thongsuot.units import queries as units

NAME_AT_MOST = 80
DAYS_NAMED = 5


@command
def open_queue(
    point_id: int, *, letter: str, name: str, fields: Sequence[str], name_en: str = "", actor: Actor, at: datetime
) -> Queue:
    """From now on people wait in it. Fields that another queue of the point had are this one's.

    Raises NotFound, NotYourDuty, BadInput, LetterTaken.
    """
    house_id, day = units.house_of(point_id), timezone.localdate(at)
    unit_id = must_work_in(house_id, ARRANGE, actor=actor, at=at)
    locked_house(house_id)
    mark = _letter(letter)
    if Queue.objects.filter(point=house_id, letter=mark, valid_to=None).exists():
        raise errors.LetterTaken
    queue = Queue.objects.create(
        point_id=house_id,
        letter=mark,
        name=_name(name),
        name_en=_name(name_en, required=False),
        fields=fields_of(fields, day),
        valid_from=day,
    )
    lost = _taken_from_others(queue)
    facts = {"letter": mark, "name": queue.name, "fields": queue.fields, "lost": lost}
    record(events.QUEUE_OPENED, queue, actor=actor, at=at, unit_id=unit_id, **facts)
    return queue


@command
def change_queue(queue_id: int, *, name: str, fields: Sequence[str], name_en: str = "", actor: Actor, at: datetime) -> Queue:
    """Its letter stays: people wait with it. Raises NotFound, NotYourDuty, BadInput."""
    day, house_id = timezone.localdate(at), Queue.objects.filter(pk=queue_id).values_list("point_id", flat=True).first()
    if house_id is None:
        raise NotFound
    unit_id = must_work_in(house_id, ARRANGE, actor=actor, at=at)
    # Before the queue's own row: of two changed at once each may take fields from the other.
    locked_house(house_id)
    queue = locked_queue(queue_id, on=day)
    queue.name, queue.fields = _name(name), fields_of(fields, day)
    queue.name_en = _name(name_en, required=False)
    queue.save(update_fields=["name", "name_en", "fields"])
    lost = _taken_from_others(queue)
    record(events.QUEUE_CHANGED, queue, actor=actor, at=at, unit_id=unit_id, name=queue.name, fields=queue.fields, lost=lost)
    return queue


@command
def close_queue(queue_id: int, *, actor: Actor, at: datetime) -> Queue:
    """Nobody waits in it any more; its tickets of before stay. Raises NotFound, NotYourDuty, StillWaiting, StillBooked."""
    day = timezone.localdate(at)
    queue = locked_queue(queue_id, on=day)
    unit_id = must_work_in(queue.point_id, ARRANGE, actor=actor, at=at)
    waiting = Ticket.objects.filter(queue=queue, day=day, ended_at=None).count()  # who was called may come back to wait
    if waiting:
        raise errors.StillWaiting(waiting)
    booked = Booking.objects.filter(queue=queue, state=Booking.State.BOOKED, starts_at__gte=at).count()
    if booked:
        raise errors.StillBooked(booked)
    queue.valid_to = day
    queue.save(update_fields=["valid_to"])
    queue.counters.clear()
    record(events.QUEUE_CLOSED, queue, actor=actor, at=at, unit_id=unit_id, letter=queue.letter)
    return queue


@command
def open_counter(
    point_id: int,
    *,
    number: int,
    name: str,
    queues: Collection[int],
    section_id: int | None = None,
    actor: Actor,
    at: datetime,
) -> Counter:
    """Raises NotFound, NotYourDuty, BadInput, NumberTaken."""
    house_id, day = units.house_of(point_id), timezone.localdate(at)
    unit_id = must_work_in(house_id, ARRANGE, actor=actor, at=at)
    locked_house(house_id)
    if not 1 <= number <= COUNTERS_AT_MOST:
        raise BadInput({"number": _("Số quầy từ 1 đến %(most)s.") % {"most": COUNTERS_AT_MOST}})
    if Counter.objects.filter(point=house_id, number=number, valid_to=None).exists():
        raise errors.NumberTaken
    served = _queues(house_id, queues, day)
    counter = Counter.objects.create(point_id=house_id, number=number, name=_name(name, required=False), valid_from=day)
    _put_in(counter, section_id)
    counter.queues.set(served)
    letters = [queue.letter for queue in served]
    record(
        events.COUNTER_OPENED, counter, actor=actor, at=at, unit_id=unit_id, number=number, queues=letters, section=section_id
    )
    return counter


@command
def change_counter(
    counter_id: int, *, name: str, queues: Collection[int], section_id: int | None = None, actor: Actor, at: datetime
) -> Counter:
    """From now on it calls from these queues; whom it serves stays. Raises NotFound, NotYourDuty, BadInput, LastCounter."""
    day, unit_id = timezone.localdate(at), _locked_with_house(counter_id, actor=actor, at=at)
    counter = locked_counter(counter_id, on=day)
    served = _queues(counter.point_id, queues, day)
    _must_leave_nobody(counter, [one.pk for one in served], at=at)
    counter.name = _name(name, required=False)
    counter.save(update_fields=["name"])
    _put_in(counter, section_id)
    counter.queues.set(served)
    letters = [queue.letter for queue in served]
    record(
        events.COUNTER_CHANGED,
        counter,
        actor=actor,
        at=at,
        unit_id=unit_id,
        name=counter.name,
        queues=letters,
        section=section_id,
    )
    return counter


@command
def close_counter(counter_id: int, *, actor: Actor, at: datetime) -> Counter:
    """Nobody sits there any more, and nothing stands there.

    Raises NotFound, NotYourDuty, CounterTaken, TicketAtCounter, CounterInUse, LastCounter.
    """
    day, unit_id = timezone.localdate(at), _locked_with_house(counter_id, actor=actor, at=at)
    counter = locked_counter(counter_id, on=day)
    if sitting := counter.sittings.filter(day=day, until_at=None).first():
        raise errors.CounterTaken(sitting.person_name)
    if held := ticket_at(counter, on=day):
        raise errors.TicketAtCounter(held.code)
    if named := _standing_at(counter, day):
        raise errors.CounterInUse(", ".join(named))
    _must_leave_nobody(counter, [], at=at)
    counter.valid_to = day
    counter.save(update_fields=["valid_to"])
    record(events.COUNTER_CLOSED, counter, actor=actor, at=at, unit_id=unit_id, number=counter.number)
    return counter


def _locked_with_house(counter_id: int, *, actor: Actor, at: datetime) -> int:
    """Of two counters that leave one queue at once each would count on the other: one after the other. Returns the unit."""
    house_id = must_exist(Counter.objects.filter(pk=counter_id).first()).point_id
    unit_id = must_work_in(house_id, ARRANGE, actor=actor, at=at)
    locked_house(house_id)
    return unit_id


def _standing_at(counter: Counter, day: date) -> list[str]:
    """Names of machines and things that stand there; on which days somebody is meant to sit."""
    machines = Device.objects.filter(counter=counter, retired_at=None).order_by("name").values_list("name", flat=True)
    things = Equipment.objects.filter(counter=counter).exclude(state=Equipment.State.RETIRED).order_by("code")
    days = RosterEntry.objects.filter(counter=counter, day__gte=day).order_by("day").values_list("day", flat=True).distinct()
    named = [*machines, *(f"{one.code} {one.name}" for one in things)]
    if days:
        shown = [f"{one:%d/%m}" for one in days[:DAYS_NAMED]]
        shown += ["…"] if len(days) > DAYS_NAMED else []
        named.append(_("ca trực đã xếp ngày %(days)s") % {"days": ", ".join(shown)})
    return named


def _must_leave_nobody(counter: Counter, kept: Collection[int], *, at: datetime) -> None:
    """Queues that this counter leaves, and that no other open one calls, hold nobody. Raises LastCounter."""
    day = timezone.localdate(at)
    others = Counter.objects.filter(in_force(day), queues=OuterRef("pk")).exclude(pk=counter.pk)
    left = counter.queues.filter(in_force(day), ~Exists(others)).exclude(pk__in=kept)
    waiting = Ticket.objects.filter(queue=OuterRef("pk"), day=day, state=Ticket.State.WAITING)
    booked = Booking.objects.filter(queue=OuterRef("pk"), state=Booking.State.BOOKED, starts_at__gte=at)
    letters = list(left.filter(Exists(waiting) | Exists(booked)).order_by("letter").values_list("letter", flat=True))
    if letters:
        raise errors.LastCounter(", ".join(letters))


def _put_in(counter: Counter, section_id: int | None) -> None:
    """Into a section of the same point, or out of any. Raises BadInput."""
    if section_id is None and counter.section_id is None:
        return
    section = Section.objects.filter(pk=section_id or 0, point=counter.point_id, valid_to=None).first()
    if section_id and section is None:
        raise BadInput({"section_id": _("Hãy chọn một bộ phận đang dùng của điểm này.")})
    counter.section = section
    counter.save(update_fields=["section"])


def _letter(text: str) -> str:
    letter = one_line(text).upper()
    if letter not in LETTERS:
        raise BadInput({"letter": _("Hãy ghi một chữ cái từ A đến Z, không dấu.")})
    return letter


def _name(text: str, *, required: bool = True) -> str:
    name = one_line(text)
    if required and not name:
        raise BadInput({"name": _("Chưa ghi tên. Hãy ghi việc mà người dân đến làm, ví dụ: Chứng thực.")})
    if len(name) > NAME_AT_MOST:
        raise BadInput({"name": _("Tên dài quá %(most)s ký tự. Hãy viết ngắn hơn.") % {"most": NAME_AT_MOST}})
    return name


def _taken_from_others(queue: Queue) -> list[str]:
    """One field leads to one queue. Returns letters of the queues that lost some."""
    lost: list[str] = []
    if not queue.fields:
        return lost
    others = Queue.objects.select_for_update().filter(point=queue.point_id, valid_to=None, fields__overlap=queue.fields)
    for other in others.exclude(pk=queue.pk).order_by("letter"):
        other.fields = [code for code in other.fields if code not in queue.fields]
        other.save(update_fields=["fields"])
        lost.append(other.letter)
    return lost


def _queues(house_id: int, ids: Collection[int], day: date) -> list[Queue]:
    """Raises BadInput: some are of another point or closed, or none were chosen."""
    found = list(Queue.objects.filter(in_force(day), point=house_id, pk__in=ids).order_by("letter"))
    if not ids or len(found) != len(set(ids)):
        raise BadInput({"queues": _("Hãy chọn ít nhất một hàng chờ đang dùng của điểm này.")})
    return found
