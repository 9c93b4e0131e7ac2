"""What the letters about a ticket are told, and to whom they go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from thongsuot.citizen_reception.models import ReceptionEntry
from thongsuot.feedback.models import Escalation, FeedbackTicket, TimeLimit
from thongsuot.feedback.rules.masking import words_for_others
from thongsuot.feedback.words import Stream
from thongsuot.kernel import text
from thongsuot.kernel.actor import system
from thongsuot.kernel.working_time import local_day
from thongsuot.notices import actions as notices
from thongsuot.notices.rules import Recipient
from thongsuot.people import queries as people
from thongsuot.people.models import Person
from thongsuot.units import queries as units

# As long as a message is tried again, and some days for a telephone that is off: then the sealed link is forgotten.
_LINK_KEPT = timedelta(days=7)
_WRITTEN = frozenset({"what", "reason"})


def tell_sender(key: str, ticket: FeedbackTicket, *, send_key: str, at: datetime, **more: object) -> None:
    """To whoever sent it. Whose name was forgotten is told nothing more; a drill was sent by nobody; an address that only a
    letter claims may be anybody's.
    """
    sender = ticket.reporter
    if ticket.drill or sender.unverified or sender.forgotten_at is not None:
        return
    notices.queue(
        key,
        to=Recipient(name=sender.name, email=sender.email, phone=sender.phone, person_id=sender.person_id),
        about=ticket,
        unit_id=ticket.unit_id or ticket.city_id,
        context={**_about(ticket, at), "link": _address("feedback:follow", ticket.secret), **more},
        send_key=send_key,
        useful_until=at + _LINK_KEPT,
        actor=system("worker"),
        at=at,
    )


def tell_senders(
    key: str,
    ticket: FeedbackTicket,
    *,
    send_key: str,
    at: datetime,
    only: FeedbackTicket | None = None,
    but: int | None = None,
    **more: object,
) -> None:
    """To whoever sent it and whoever sent one that hangs on it: each gets the answer, by the link of their own.

    What was written to the first sender the others read without what may be of that one alone.

    only   whoever sent that one of them: the others were told
    but    not whoever sent that one: they said it themselves
    """
    if ticket.pk != but and (only is None or only == ticket):
        tell_sender(key, ticket, send_key=f"{send_key}/{ticket.pk}", at=at, **more)
    name = ticket.reporter.name
    others = more | {word: words_for_others("", str(said), name) for word, said in more.items() if word in _WRITTEN}
    children = ticket.children.select_related("reporter", "category").exclude(pk=but or 0).order_by("pk")
    for one in children if only is None else children.filter(pk=only.pk):
        tell_sender(key, one, send_key=f"{send_key}/{one.pk}", at=at, **others)


def tell_officers(
    key: str, ticket: FeedbackTicket, people_told: Iterator[Person], *, send_key: str, at: datetime, **more: object
) -> None:
    for person in people_told:
        notices.queue(
            key,
            to=Recipient(name=person.full_name, email=person.email, phone=person.phone, person_id=person.pk),
            about=ticket,
            unit_id=ticket.unit_id or ticket.city_id,
            context={**_about(ticket, at), "link": _address("feedback:ticket", ticket.pk), **more},
            send_key=f"{send_key}/{person.pk}",
            actor=system("worker"),
            at=at,
        )


def tell_mail_held(why: str, held: int, *, city_id: int, send_key: str, at: datetime) -> None:
    """Whoever takes feedback: letters wait in the mailbox."""
    for person in holders("take feedback", city_id, at):
        notices.queue(
            "feedback_mail_held",
            to=Recipient(name=person.full_name, email=person.email, phone=person.phone, person_id=person.pk),
            about=None,
            unit_id=city_id,
            context={
                "code": f"{held}",
                "procedure": why,
                "agency": unit_name(city_id, at),
                "contact": settings.HOTLINE,
                "link": _address("feedback:held_mail"),
            },
            send_key=f"{send_key}/{person.pk}",
            actor=system("worker"),
            at=at,
        )


def holders(duty: str, unit_id: int, at: datetime) -> Iterator[Person]:
    """Who holds the duty in the unit, or stands in for somebody who is away."""
    staff = people.staff_with_duty(duty, unit_id, on=timezone.localdate(at))
    yield from Person.objects.filter(pk__in={row.doing.id for row in staff}, is_active=True).order_by("pk")


def reminded(climbed: Escalation, at: datetime) -> Iterator[Person]:
    """Half: who works on it, or whoever may; near: who approves; due: the city's operators; again: who leads them. Of a step of
    the operators: themselves, or who leads them.
    """
    ticket, rung = climbed.ticket, climbed.rung
    if climbed.step and climbed.step != TimeLimit.Step.RECEIVE:
        taker = Person.objects.filter(pk=ticket.taken_by_id, is_active=True) if ticket.taken_by_id else Person.objects.none()
        leads = rung in {Escalation.Rung.NEAR, Escalation.Rung.AGAIN}
        mine = taker if rung == Escalation.Rung.HALF else None
        yield from mine or holders("approve feedback" if leads else "take feedback", ticket.city_id, at)
        return
    unit_id = climbed.unit_id or ticket.city_id
    if rung == Escalation.Rung.HALF:
        handler = Person.objects.filter(pk=ticket.handler_id, is_active=True) if ticket.handler_id else Person.objects.none()
        yield from handler or holders("handle feedback", unit_id, at)
    elif rung == Escalation.Rung.NEAR:
        yield from holders("approve feedback", unit_id, at)
    elif rung == Escalation.Rung.DUE:
        yield from holders("take feedback", ticket.city_id, at)
    else:
        yield from holders("approve feedback", ticket.city_id, at)


def unit_name(unit_id: int, at: datetime) -> str:
    return units.unit_row(unit_id, as_of=timezone.localdate(at)).full_name


def until_of(entry: ReceptionEntry) -> str:
    """When somebody hears of an entry of citizen reception, as a letter says it: no day that is over."""
    if not entry.is_open:
        return "Việc ở đó đã kết thúc, hãy hỏi kết quả tại nơi tiếp."
    if entry.due_at is None:
        return "Bạn được báo khi có kết quả."
    day = text.day(local_day(entry.due_at))
    if entry.state == ReceptionEntry.State.ACCEPTED:
        return f"Việc đã được tiếp nhận, giải quyết chậm nhất ngày {day}."
    return f"Bạn được báo cách xử lý chậm nhất ngày {day}."


def _about(ticket: FeedbackTicket, at: datetime) -> dict[str, object]:
    return {
        "code": ticket.number,
        "procedure": ticket.category.name if ticket.category else str(Stream(ticket.stream).label),
        "agency": unit_name(ticket.unit_id or ticket.city_id, at),
        "contact": settings.HOTLINE,
    }


def _address(name: str, *args: object) -> str:
    return settings.PUBLIC_URL.rstrip("/") + reverse(name, args=args)
