"""What follows from what happens to tickets: people are told, pictures are drawn. Runs in the worker, maybe twice."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import cast

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext, ngettext

from thongsuot.citizen_reception import actions as reception
from thongsuot.citizen_reception import events as reception_events
from thongsuot.citizen_reception.facts import Taken
from thongsuot.citizen_reception.models import ReceptionEntry
from thongsuot.feedback import actions, events, letters, tasks
from thongsuot.feedback.actions.common import TOLD, number_of
from thongsuot.feedback.actions.errors import NotInThisState
from thongsuot.feedback.facts import PlaceFacts, ReportFacts, SenderFacts
from thongsuot.feedback.models import Answer, Extension, FeedbackTicket, Photo, Routing
from thongsuot.feedback.queries.reception import entry_of, of_entry, photos_among, ticket_of
from thongsuot.feedback.queries.settings import setting
from thongsuot.feedback.words import Channel, RefusalReason, Suspected, Urgency, WithheldReason
from thongsuot.kernel import clock
from thongsuot.kernel.actor import system
from thongsuot.kernel.errors import NotFound, TellPerson
from thongsuot.kernel.events import EventKind, Happened, on
from thongsuot.kernel.models import Event
from thongsuot.units import queries as units

State = FeedbackTicket.State


def _ticket(happened: Happened) -> FeedbackTicket:
    return FeedbackTicket.objects.select_related("reporter", "category").get(pk=happened.subject_id)


def _key(happened: Happened) -> str:
    return f"{happened.name}/{happened.id}"


@on(events.REPORTED)
def tell_received(happened: Happened) -> None:
    """Who has it at once is told by the letter that says where it went."""
    ticket = _ticket(happened)
    if ticket.state in {State.NEW, State.VALIDATING}:
        letters.tell_sender("feedback_received", ticket, send_key=_key(happened), at=clock.now())
    elif ticket.parent is not None:
        _tell_merged(ticket, ticket.parent)


@on(events.SENDER_CONFIRMED)
def tell_confirmed(happened: Happened) -> None:
    """Nothing was told until now: how it stands, by the letter of the event that made it so, which nobody is to read twice. Its
    link leads to all the rest.
    """
    ticket = _ticket(happened)
    worked = ticket.parent or ticket
    if ticket.parent is not None:
        _tell_merged(ticket, ticket.parent)
    if worked.state in {*TOLD, State.CLOSED} and worked.answered_at is not None:
        _tell_answered(_last(events.ANSWERED, worked), only=ticket)
        if worked.withheld:
            _tell_withheld(_last(events.WITHHELD, worked), only=ticket)
    elif ticket.state == State.REFUSED:
        tell_refused(_last(events.REFUSED, ticket))
    elif ticket.state == State.HANDED_OVER:
        tell_handed_over(_last(events.HANDED_OVER, ticket))
    elif ticket.unit_id is not None and ticket.parent is None:
        _tell_routed(_last(events.ROUTED, ticket))
    elif ticket.parent is None:
        tell_received(_last(events.REPORTED, ticket))


def _all(kind: EventKind, ticket: FeedbackTicket) -> QuerySet[Event]:
    return Event.objects.filter(subject=FeedbackTicket._meta.label_lower, subject_id=ticket.pk, name=kind.name)


def _last(kind: EventKind, ticket: FeedbackTicket) -> Happened:
    event = _all(kind, ticket).latest("number")
    return Happened(id=event.pk, name=event.name, subject=event.subject, subject_id=event.subject_id, facts=event.facts)


@on(events.ROUTED)
def tell_routed(happened: Happened) -> None:
    """Not where another sender opened it again, to the unit that had it: the letter about that says so."""
    if not _opened_by_another(happened):
        _tell_routed(happened)
    ticket, routing = _ticket(happened), Routing.objects.get(pk=cast(int, happened.facts["routing"]))
    if routing.returned_at is None and (ticket.urgency == Urgency.URGENT or ticket.urgent_claimed):
        tasks.tell_urgent(routing.pk)


def _opened_by_another(happened: Happened) -> bool:
    """In one command: what the operators send on later is told as ever."""
    until = Event.objects.filter(subject=happened.subject, subject_id=happened.subject_id, pk__lte=happened.id)
    own, before = until.order_by("-number")[:2]
    return before.name == events.REOPENED.name and before.at == own.at and "child" in before.facts


def _tell_routed(happened: Happened) -> None:
    ticket, at = _ticket(happened), clock.now()
    routing = ticket.routings.get(pk=cast(int, happened.facts["routing"]))
    if routing.returned_at is None:  # given back within the minute: the next routing says where it is
        letters.tell_sender(
            "feedback_routed",
            ticket,
            send_key=_key(happened),
            at=at,
            to_unit=letters.unit_name(routing.unit_id, at),
            due_at=ticket.due_at or routing.due_at,
        )


@on(events.REOPENED)
def tell_reopened(happened: Happened) -> None:
    """Everybody else who reported it: not why, that is between who said so and us. Answered anew meanwhile, the answer does."""
    ticket = _ticket(happened)
    if ticket.round != happened.facts["round"] or ticket.answered_at is not None:
        return
    said_by = cast(int, happened.facts.get("child", ticket.pk))
    letters.tell_senders("feedback_reopened", ticket, send_key=_key(happened), at=clock.now(), but=said_by)


@on(events.URGENCY_DECIDED)
def tell_urgency(happened: Happened) -> None:
    """That it is urgent, to those of the unit who did not decide it."""
    if happened.facts["urgent"]:
        _tell_unit_urgent(happened, happened.subject_id)


@on(events.JOINED)
def tell_joined_urgent(happened: Happened) -> None:
    """Whoever joined says that it is urgent, and nobody had said so before."""
    if happened.facts.get("urgent"):
        _tell_unit_urgent(happened, happened.subject_id, child=cast(int, happened.facts["child"]))


@on(events.MERGED)
def tell_merged_urgent(happened: Happened) -> None:
    if happened.facts.get("urgent"):
        _tell_unit_urgent(happened, cast(int, happened.facts["parent"]), child=happened.subject_id)


def _tell_unit_urgent(happened: Happened, ticket_id: int, *, child: int | None = None) -> None:
    routing = Routing.objects.filter(ticket=ticket_id, returned_at=None).order_by("-routed_at", "-pk").first()
    if routing is not None:
        tasks.tell_urgent(routing.pk, decided=True, by=Event.objects.get(pk=happened.id).actor_id, child=child)


def _draw_photos(happened: Happened) -> None:
    """Those of the ticket that nobody drew yet."""
    undrawn = Photo.objects.filter(ticket=happened.subject_id, shown=None, broken=False)
    for photo_id in undrawn.order_by("pk").values_list("pk", flat=True):
        with suppress(NotFound):
            actions.draw(photo_id, actor=system("worker"), at=clock.now())


def _draws(kind: EventKind, name: str) -> None:
    """Each event draws by a reaction of its own name: reactions are known by it."""

    def draw(happened: Happened) -> None:
        _draw_photos(happened)

    draw.__qualname__ = name
    on(kind)(draw)


_draws(events.REPORTED, "draw_reported")
_draws(events.REPLIED, "draw_replied")
_draws(events.MESSAGED, "draw_messaged")
_draws(events.SUBMITTED, "draw_submitted")


@on(events.ASKED)
def tell_asked(happened: Happened) -> None:
    ticket, at = _ticket(happened), clock.now()
    asked = ticket.messages.filter(asks=True).order_by("-at").first()
    if asked is None or ticket.state != State.ASKED:
        return
    until = actions.asked_until(ticket)
    letters.tell_sender("feedback_asked", ticket, send_key=_key(happened), at=at, what=asked.words, until=until)


@on(events.REFUSED)
def tell_refused(happened: Happened) -> None:
    ticket = _ticket(happened)
    with translation.override("vi"):
        reason = str(RefusalReason(ticket.refusal).label)
    if happened.facts["reason"] == "not_completed":
        words = "Chúng tôi chưa nhận được phần bổ sung đã hỏi."
    else:
        words = ticket.refusal_words
    letters.tell_sender("feedback_refused", ticket, send_key=_key(happened), at=clock.now(), reason=f"{reason}. {words}")


@on(events.HANDED_OVER)
def tell_handed_over(happened: Happened) -> None:
    """The only letter about it: citizen reception writes none of its own."""
    at, entry = clock.now(), ReceptionEntry.objects.get(pk=cast(int, happened.facts["entry"]))
    letters.tell_sender(
        "feedback_handed_over",
        _ticket(happened),
        send_key=_key(happened),
        at=at,
        to_unit=letters.unit_name(cast(int, happened.facts["to_unit"]), at),
        number=str(entry),
        what=letters.until_of(entry),
    )


@on(events.TAKEN_BACK)
def tell_taken_back(happened: Happened) -> None:
    """What it was taken for stands behind the link alone: whoever looks over a shoulder reads letters too."""
    words = "Nội dung này được giải quyết như phản ánh. Bạn không phải gửi lại."
    letters.tell_sender("feedback_message", _ticket(happened), send_key=_key(happened), at=clock.now(), what=words)


@on(events.EXTENDED)
def tell_extended(happened: Happened) -> None:
    asked = Extension.objects.get(pk=cast(int, happened.facts["extension"]))
    letters.tell_senders(
        "feedback_extended",
        _ticket(happened),
        send_key=_key(happened),
        at=clock.now(),
        due_at=asked.new_due_at,
        reason=asked.reason,
    )


@on(events.MESSAGED)
def tell_message(happened: Happened) -> None:
    ticket = _ticket(happened)
    message_id = happened.facts.get("message")
    said = ticket.messages.filter(pk=cast(int, message_id), by_sender=False).first() if message_id else None
    if said is not None:
        letters.tell_sender("feedback_message", ticket, send_key=_key(happened), at=clock.now(), what=said.words)


@on(events.ANSWERED)
def tell_answered(happened: Happened) -> None:
    _tell_answered(happened)


def _tell_answered(happened: Happened, *, only: FeedbackTicket | None = None) -> None:
    """`only`: whoever sent that one, and learns it late."""
    ticket, at = _ticket(happened), clock.now()
    answer = Answer.objects.get(pk=cast(int, happened.facts["answer"]))
    days = timedelta(days=number_of("reopen_days", ticket, at))
    until = actions.reopen_until(ticket, at, sender=only.reporter) if only else (answer.decided_at or at) + days
    letters.tell_senders(
        "feedback_answered",
        ticket,
        send_key=_key(happened),
        at=at,
        to_unit=letters.unit_name(answer.unit_id, at),
        only=only,
        what=answer.words,
        until=until,
    )


@on(events.WITHHELD)
def tell_withheld(happened: Happened) -> None:
    _tell_withheld(happened)


def _tell_withheld(happened: Happened, *, only: FeedbackTicket | None = None) -> None:
    """Unless it was made public after all before the worker came to it."""
    ticket, at, key = _ticket(happened), clock.now(), _key(happened)
    if not ticket.withheld:
        return
    with translation.override("vi"):
        reason, what = str(WithheldReason(ticket.withheld).label), gettext("Phản ánh và trả lời")
    letters.tell_senders("feedback_withheld", ticket, send_key=key, at=at, only=only, what=what, reason=f"{reason}.")


@on(events.PUBLISHED)
def tell_pictures_kept_back(happened: Happened) -> None:
    """Whose pictures they are learns why the rest is public without them, once for each reason."""
    ticket = _ticket(happened)
    kept = ticket.photos.filter(role=Photo.Role.REPORT, kept_back=True).exclude(kept_why="").order_by("pk")
    whys = list(dict.fromkeys(kept.values_list("kept_why", flat=True)))
    if ticket.published_at is None or not whys:
        return
    with translation.override("vi"):
        what = ngettext("%(num)s ảnh bạn gửi", "%(num)s ảnh bạn gửi", len(kept)) % {"num": len(kept)}
    digest = hashlib.sha256("\n".join(whys).encode()).hexdigest()[:16]
    send_key = f"{events.PUBLISHED.name}/{ticket.pk}/{digest}"  # published again for the same reasons it says nothing new
    letters.tell_sender("feedback_withheld", ticket, send_key=send_key, at=clock.now(), what=what, reason="\n".join(whys))


@on(events.MERGED)
def tell_merged(happened: Happened) -> None:
    ticket = _ticket(happened)
    if ticket.parent is not None:  # else it was taken off again meanwhile
        _tell_merged(ticket, ticket.parent)


def _tell_merged(ticket: FeedbackTicket, parent: FeedbackTicket) -> None:
    """Once, whether the sender said it, an operator did, or both; and once more when it was taken off and hung there again."""
    send_key = f"{events.MERGED.name}/{ticket.pk}/{parent.pk}/{_all(events.UNMERGED, ticket).count()}"
    letters.tell_sender("feedback_merged", ticket, send_key=send_key, at=clock.now(), number=parent.number)


@on(events.UNMERGED)
def tell_unmerged(happened: Happened) -> None:
    """By hand, or because the other one ended without an answer: why that did is between its own sender and us."""
    ticket = _ticket(happened)
    if ticket.state in {State.NEW, State.VALIDATING}:  # sent on within the minute: the next letter says where it is
        number = FeedbackTicket.objects.get(pk=cast(int, happened.facts["parent"])).number
        letters.tell_sender("feedback_unmerged", ticket, send_key=_key(happened), at=clock.now(), number=number)


@on(events.CATEGORY_CHANGED)
def point_anew(happened: Happened) -> None:
    """What everybody may know of a place is less from now on, also of what is public already."""
    if "public_decimals" in cast(list[str], happened.facts["fields"]):
        last = 0
        while ids := actions.too_fine(happened.subject_id, after=last):
            actions.point_anew(happened.subject_id, ids, actor=system("worker"), at=clock.now())
            last = ids[-1]


@on(events.CLIMBED)
def tell_climbed(happened: Happened) -> None:
    tasks.remind(cast(int, happened.facts["escalation"]))


@on(reception_events.CLASSIFIED)
def take_from_reception(happened: Happened) -> None:
    """Somebody came and reported: one ticket for the entry, for the operators to send on. What it lacks its page says. Put
    right to another kind it ends, called feedback again it goes on: as the entry is now, whatever was said in between.
    """
    taken = reception.taken(happened.subject_id)
    if happened.facts["as_kind"] == taken.kind == ReceptionEntry.Kind.FEEDBACK:
        _make_of(taken)
    if (ticket := ticket_of(happened.subject_id)) is None:
        _call_anew(happened.subject_id)
        return
    taken, entry = reception.taken(happened.subject_id), entry_of(ticket)  # anew: it may be put right while a ticket is made
    by, at = system("worker"), clock.now()
    with suppress(NotInThisState):
        if taken.kind != ReceptionEntry.Kind.FEEDBACK:
            actions.leave_to_reception(ticket.pk, taken.kind, entry_id=taken.entry_id, unit_id=taken.unit_id, actor=by, at=at)
        elif entry is not None and entry.pk == taken.entry_id:
            actions.take_back(ticket.pk, why="", actor=by, at=at)


def _call_anew(entry_id: int) -> None:
    """What was handed over from here, as the entry is now."""
    entry = ReceptionEntry.objects.get(pk=entry_id)
    if entry.about_subject == FeedbackTicket._meta.label_lower and entry.about_id is not None:
        ticket, kind = FeedbackTicket.objects.get(pk=entry.about_id), entry.kind if entry.kind in Suspected.values else ""
        if ticket.suspected != kind:
            with suppress(NotInThisState):  # given back meanwhile
                actions.call_anew(ticket.pk, kind, actor=system("worker"), at=clock.now())


def _make_of(taken: Taken) -> None:
    who, city_id = taken.visitor, units.city_of(taken.unit_id)
    most = setting("photos_most", city_id=city_id, on=clock.today())
    photos, others = photos_among(taken.file_ids, most=most)

    def note(count: int) -> str:
        return f"Người gửi nộp kèm {count} giấy tờ khác; xem ở sổ tiếp công dân, số {taken.code}." if count else ""

    facts = ReportFacts(
        words=taken.words,
        place=PlaceFacts(unit_id=taken.unit_id),
        sender=SenderFacts(name=who.name, phone=who.phone, email=who.email),
        photos=photos,
        note=note(others),
        made_from=of_entry(taken.entry_id),
    )
    bare = replace(facts, photos=(), note=note(len(taken.file_ids)))  # no picture is worth losing the report for
    for one in (facts, bare):
        with suppress(TellPerson):
            actions.report(city_id, one, channel=Channel.RECEPTION, actor=system("worker"), at=clock.now())
            return


@on(reception_events.GIVEN_BACK)
def take_back_from_reception(happened: Happened) -> None:
    """What was handed over as a complaint is none: the ticket goes on. Asked again, it went on already."""
    if happened.facts["about"] != FeedbackTicket._meta.label_lower:
        return
    why = ReceptionEntry.objects.get(pk=happened.subject_id).result
    with suppress(TellPerson):
        ticket_id = cast(int, happened.facts["about_id"])
        actions.take_back(ticket_id, why=why, actor=system("worker"), at=clock.now())
