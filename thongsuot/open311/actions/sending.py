"""What comes in: reports become tickets, updates become messages of their sender, by the commands of feedback."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from django.conf import settings
from django.db import IntegrityError, transaction

from thongsuot.feedback import actions as feedback
from thongsuot.feedback.actions.photographing import read_photos
from thongsuot.feedback.facts import PhotoUpload, PlaceFacts, ReportFacts, SenderFacts
from thongsuot.feedback.models import FeedbackTicket, Message, Reporter
from thongsuot.feedback.words import Channel, Stream
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.idempotency import KeyUsedWithOtherBody
from thongsuot.open311 import events
from thongsuot.open311.errors import KeyMayNot, NotTheSender, UpdateIdUsed
from thongsuot.open311.models import ApiKey, SentRequest, SentUpdate
from thongsuot.open311.queries.access import goes_together

Row = TypeVar("Row", SentRequest, SentUpdate)
# How the number begins of what a key for tests sends.
TRIED = "thu-"


@dataclass(frozen=True, kw_only=True)
class Call:
    """Who calls: a key, or a network (its digest; its address for feedback). `repeat`: their key of this call."""

    key: ApiKey | None
    network: str
    address: str
    repeat: str = ""

    @property
    def caller(self) -> str:
        return f"key {self.key.first_id or self.key.pk}" if self.key else f"network {self.network}"

    @property
    def actor(self) -> Actor:
        return Actor(person_id=None, name=self.key.organisation if self.key else "Open311", via="api")


@dataclass(frozen=True, kw_only=True)
class Report:
    """A request as it came, its fields read and its service found."""

    service_code: str
    description: str
    place: PlaceFacts
    name: str
    phone: str
    email: str
    attributes: Mapping[str, object] = field(default_factory=dict)
    photos: Sequence[PhotoUpload] = ()
    media_url: str = ""


@dataclass(frozen=True, kw_only=True)
class Update:
    """A message of the sender. `secret`: of the link by which they follow their ticket."""

    number: str
    description: str
    secret: str = ""
    photos: Sequence[PhotoUpload] = ()
    media_url: str = ""


@dataclass(frozen=True, kw_only=True)
class Taken:
    """`ticket` None: sent by a key for tests, checked and taken back."""

    ticket: FeedbackTicket | None
    token: str


class _TakenBack(Exception):
    """Ends what a key for tests began."""


def send_report(city_id: int, report: Report, *, call: Call, at: datetime) -> Taken:
    """The same `call.repeat` of one caller again gives the ticket that is there.

    Raises KeyMayNot, KeyUsedWithOtherBody, and what `feedback.actions.report` does.
    """
    if call.key is not None and not call.key.may_report:
        raise KeyMayNot
    if call.key is not None and call.key.for_tests:
        return _tried(city_id, report, call, at)
    repeat, said = _repeat(call, "report"), _said(report)
    sent = _once(
        lambda: SentRequest.objects.select_related("ticket").filter(repeat=repeat).first() if repeat else None,
        lambda: _send(city_id, report, call=call, repeat=repeat, said=said, actor=call.actor, at=at),
    )
    if sent.said != said and repeat:
        raise KeyUsedWithOtherBody
    return Taken(ticket=sent.ticket, token=sent.token)


def _once(known: Callable[[], Row | None], send: Callable[[], Row]) -> Row:
    """What was sent before by the same key; else it is sent. Sent twice in one moment: the other one was quicker."""
    if found := known():
        return found
    try:
        return send()
    except IntegrityError:
        if found := known():
            return found
        raise


def _tried(city_id: int, report: Report, call: Call, at: datetime) -> Taken:
    """All is checked that a real one is, pictures too; then nothing of it is left."""
    read_photos(report.photos, city_id=city_id, at=at)
    bare = ReportFacts(**(_facts(report, call).__dict__ | {"photos": ()}))
    try:
        with transaction.atomic():
            feedback.report(city_id, bare, channel=Channel.OPEN311, actor=call.actor, at=at)
            raise _TakenBack
    except _TakenBack:
        return Taken(ticket=None, token=secrets.token_urlsafe(12))


@command
def _send(
    city_id: int, report: Report, *, call: Call, repeat: str | None, said: str, actor: Actor, at: datetime
) -> SentRequest:
    ticket = feedback.report(city_id, _facts(report, call), channel=Channel.OPEN311, actor=actor, at=at)
    sent = SentRequest.objects.create(
        ticket=ticket,
        api_key=call.key,
        token=secrets.token_urlsafe(18),
        repeat=repeat,
        said=said if repeat else "",
        sent_at=at,
    )
    record(events.SENT, ticket, actor=actor, at=at, unit_id=city_id, key=call.key.pk if call.key else None)
    return sent


def _facts(report: Report, call: Call) -> ReportFacts:
    # Whoever has a key is counted by it: their server sends for many people from one address.
    network = "" if call.key else call.address
    return ReportFacts(
        words=report.description,
        link=report.media_url,
        category=report.service_code,
        place=report.place,
        sender=SenderFacts(name=report.name, phone=report.phone, email=report.email, network=network),
        photos=report.photos,
        answers=report.attributes,
    )


def send_update(city_id: int, update: Update, *, call: Call, at: datetime) -> str:
    """The id of the message; the same `call.repeat` again gives that of the first.

    Raises KeyMayNot, NotTheSender, UpdateIdUsed, and what `feedback.actions.reply` does.
    """
    if call.key is not None and not call.key.may_update:
        raise KeyMayNot
    if call.key is not None and call.key.for_tests and update.number.startswith(TRIED):
        return _tried_update(city_id, update, None, call, at)
    ticket = FeedbackTicket.objects.filter(city_id=city_id, number=update.number).first()
    if ticket is None or not _is_sender(ticket, update.secret, call.key):
        raise NotTheSender
    if call.key is not None and call.key.for_tests:
        return _tried_update(city_id, update, ticket, call, at)
    repeat, said = _repeat(call, f"update {ticket.pk}"), _said(update)
    sent = _once(
        lambda: SentUpdate.objects.filter(repeat=repeat).first() if repeat else None,
        lambda: _reply(ticket, update, repeat=repeat, said=said if repeat else "", actor=call.actor, at=at),
    )
    if sent.said and sent.said != said:
        raise UpdateIdUsed
    return str(sent.message_id)


def _tried_update(city_id: int, update: Update, ticket: FeedbackTicket | None, call: Call, at: datetime) -> str:
    """As `_tried`. `ticket` None: of a report that was tried itself, so there is none; a new one stands in for it."""
    read_photos(update.photos, city_id=city_id, at=at)
    try:
        with transaction.atomic():
            if ticket is None:
                ticket = FeedbackTicket.objects.create(
                    city_id=city_id,
                    number=TRIED + secrets.token_hex(8),
                    secret=secrets.token_urlsafe(24),
                    stream=Stream.SCENE,
                    channel=Channel.OPEN311,
                    reported_at=at,
                )
                Reporter.objects.create(ticket=ticket, at=at)
            _reply(ticket, replace(update, photos=()), repeat=None, said="", actor=call.actor, at=at)
            raise _TakenBack
    except _TakenBack:
        return TRIED.rstrip("-")


def _is_sender(ticket: FeedbackTicket, secret: str, key: ApiKey | None) -> bool:
    if secret and hmac.compare_digest(secret.encode(), ticket.secret.encode()):
        return True
    return (
        key is not None and SentRequest.objects.filter(ticket=ticket, api_key__in=goes_together(key.pk).values("pk")).exists()
    )


@command
def _reply(ticket: FeedbackTicket, update: Update, *, repeat: str | None, said: str, actor: Actor, at: datetime) -> SentUpdate:
    message: Message = feedback.reply(
        ticket.pk,
        update.description,
        photos=update.photos,
        link=update.media_url,
        secret=ticket.secret,
        actor=actor,
        at=at,
    )
    sent = SentUpdate.objects.create(message=message, repeat=repeat, said=said, sent_at=at)
    record(events.UPDATE_SENT, ticket, actor=actor, at=at, unit_id=ticket.unit_id or ticket.city_id)
    return sent


def _repeat(call: Call, what: str) -> str | None:
    return _digest(f"{call.caller}\x00{what}\x00{call.repeat}") if call.repeat else None


def _said(what: Report | Update) -> str:
    """Digest of what was sent. Pictures are told apart by their bytes; how a sender proves who they are is no part of it."""
    told = {name: value for name, value in what.__dict__.items() if name not in {"photos", "secret"}}
    return _digest(repr(told | {"photos": [_bytes_of(photo) for photo in what.photos]}))


def _bytes_of(photo: PhotoUpload) -> str:
    if isinstance(photo.content, bytes):
        return hashlib.sha256(photo.content).hexdigest()
    photo.content.seek(0)
    digest = hashlib.sha256(photo.content.read()).hexdigest()
    photo.content.seek(0)
    return digest


def _digest(text: str) -> str:
    """Keyed: what somebody sent cannot be guessed from it."""
    return hmac.new(settings.SECRET_KEY.encode(), f"open311\x00{text}".encode(), hashlib.sha256).hexdigest()
