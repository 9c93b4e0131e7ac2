"""Names and addresses end: of who sent a ticket, some time after it ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from thongsuot.feedback import events
from thongsuot.feedback.actions import errors
from thongsuot.feedback.actions.common import TOLD, locked_with_parent, put_search_key
from thongsuot.feedback.actions.photographing import SHOWN
from thongsuot.feedback.models import Answer, CategoryQuestion, FeedbackTicket, IncomingMail, InternalNote, Photo, Reporter
from thongsuot.feedback.queries.settings import setting
from thongsuot.feedback.rules import masking
from thongsuot.feedback.words import Channel
from thongsuot.files import actions as files
from thongsuot.files.models import StoredFile
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import NotYourDuty, must_exist
from thongsuot.notices import actions as notices
from thongsuot.notices.rules import Recipient

_MOST_AT_ONCE = 2000


def to_forget(*, at: datetime) -> list[int]:
    """Reporters of tickets that ended long enough ago, by the number of days of their city."""
    found: list[int] = []
    waiting = Reporter.objects.filter(forgotten_at=None)
    for city_id in waiting.values_list("ticket__city_id", flat=True).annotate(first=Min("at")).order_by().distinct():
        found += _over(city_id, at).order_by("at").values_list("pk", flat=True)[:_MOST_AT_ONCE]
    return found


def _over(city_id: int, at: datetime) -> QuerySet[Reporter]:
    """Of a city, whose ticket, or the one on which it hangs, ended so long ago. What was answered and never closed, because
    nobody decided about publishing it, ended when it could be opened no more.
    """
    day = timezone.localdate(at)
    ended = at - timedelta(days=setting("forget_days", city_id=city_id, on=day))
    answered = ended - timedelta(days=setting("reopen_days", city_id=city_id, on=day))

    def over(ticket: str) -> Q:
        told = {f"{ticket}__state__in": TOLD, f"{ticket}__answered_at__lt": answered}
        return Q(**{f"{ticket}__ended_at__lt": ended}) | Q(**told)

    alone = Q(ticket__parent=None) & over("ticket")
    return Reporter.objects.filter(alone | over("ticket__parent"), forgotten_at=None, ticket__city_id=city_id, at__lt=ended)


@command
def forget_sender(reporter_id: int, *, actor: Actor, at: datetime) -> Reporter:
    """By the house alone: who it was, and all else that tells it. The matter, the answer and the history stay.

    Their own words lose names, numbers and houses, what others wrote loses the sender's; of their pictures the copy without
    facts stays, the originals go, but where others hold them too; messages that were sent to them are told to nobody any more.
    Raises NotYourDuty, NotFound, NotInThisState: it goes on again.
    """
    if not actor.trusted:
        raise NotYourDuty("take feedback")
    rows = Reporter.objects.filter(pk=reporter_id, forgotten_at=None)
    ticket, _parent = locked_with_parent(must_exist(rows.values_list("ticket_id", flat=True).first()))
    reporter = must_exist(rows.select_for_update().first())
    if not _over(ticket.city_id, at).filter(pk=reporter_id).exists():
        raise errors.NotInThisState
    _forget_words(ticket, reporter)
    _forget_pictures(ticket, actor=actor, at=at)
    ticket.messages.filter(by_sender=True).update(by=None)
    if reporter.person_id is not None:
        # Written before the house sent reports on by itself.
        ticket.routings.filter(routed_by=reporter.person_id).update(routed_by=None)
    IncomingMail.objects.filter(ticket=ticket).update(sender="")
    told = Recipient(name=reporter.name, email=reporter.email, phone=reporter.phone, person_id=reporter.person_id)
    for notice_id in notices.told_about(ticket, to=told):
        notices.forget_recipient(notice_id, actor=actor, at=at)
    reporter.person, reporter.name, reporter.phone, reporter.email, reporter.network = None, "", "", "", ""
    reporter.forgotten_at = at
    reporter.save()
    record(events.FORGOTTEN, ticket, actor=actor, at=at, unit_id=ticket.unit_id)
    return reporter


def _forget_words(ticket: FeedbackTicket, reporter: Reporter) -> None:
    names = (reporter.name,)
    private = tuple(filter(None, (reporter.name, reporter.phone, reporter.email)))
    ticket.words = masking.public_words(ticket.words, names=names)[:4000]
    ticket.address = masking.public_address(ticket.address)
    if ticket.category_id is not None:
        asked = CategoryQuestion.objects.filter(category=ticket.category_id, personal=True).values_list("code", flat=True)
        ticket.answers = {code: answer for code, answer in ticket.answers.items() if code not in set(asked)}
    if ticket.channel != Channel.RECEPTION:  # that one says of which entry it was made, and names nobody
        ticket.key = None
    ticket.about_dossier = None
    ticket.save(update_fields=["words", "address", "answers", "key", "about_dossier"])
    put_search_key(ticket)
    for own in (*ticket.messages.filter(by_sender=True), *ticket.ratings.exclude(words="")):
        _replace(own, "words", lambda text: masking.public_words(text, names=names))
    of_others: list[tuple[models.QuerySet[Any], tuple[str, ...]]] = [
        (ticket.messages.filter(by_sender=False), ("words",)),
        (Answer.objects.filter(ticket__in=[ticket.pk, ticket.parent_id or ticket.pk]), ("words", "note")),
        (ticket.notes.all(), ("words",)),
        # Where the handlers found what was written to open the ticket again on which this one hangs.
        (InternalNote.objects.filter(ticket=ticket.parent_id, words__startswith=f"{ticket.number}: "), ("words",)),
        (ticket.routings.all(), ("words", "return_words")),
        (ticket.asked_extensions.all(), ("reason", "note")),
        (FeedbackTicket.objects.filter(pk=ticket.pk), ("refusal_words",)),
    ]
    for rows, fields in of_others:
        for row in rows:
            for field in fields:
                _replace(row, field, lambda text: masking.without(text, private))


def _replace(row: models.Model, field: str, cleaned: Callable[[str], str]) -> None:
    before = getattr(row, field)
    words = cleaned(before)[: row._meta.get_field(field).max_length]  # type: ignore[union-attr]  # a column of words
    if words != before:
        setattr(row, field, words)
        row.save(update_fields=[field])


def _forget_pictures(ticket: FeedbackTicket, *, actor: Actor, at: datetime) -> None:
    """Of the sender's own: where and when, and the original that says so. One that was never drawn, or never could be, goes
    without a copy.
    """
    given = [Photo.Role.REPORT, Photo.Role.REPLY]
    for photo in ticket.photos.filter(role__in=given).exclude(message__by_sender=False).select_related("original"):
        original, drawn = photo.original, photo.shown
        if drawn is None:
            photo.delete()
        else:
            photo.original, photo.latitude, photo.longitude, photo.taken_at = drawn, None, None, None
            photo.save(update_fields=["original", "latitude", "longitude", "taken_at"])
        # Handed over as a complaint, the original is a paper of citizen reception too, which keeps it for its own time.
        if drawn == original or not files.let_go(original.pk, actor=actor, at=at):
            original.uploaded_by = None
            original.save(update_fields=["uploaded_by"])


def copies_of_before() -> list[int]:
    """Drawn, and drawn again with other parts covered: nothing shows them any more."""
    points = [~Exists(Photo.objects.filter(**{by: OuterRef("pk")})) for by in ("shown", "public", "original")]
    rows = StoredFile.objects.filter(*points, purpose=SHOWN)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:_MOST_AT_ONCE])
