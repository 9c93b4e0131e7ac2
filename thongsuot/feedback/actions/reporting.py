"""A report comes in, by whatever channel: checked, counted, placed, numbered, and sent on at once where that is settled."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.feedback import events
from thongsuot.feedback.actions import errors
from thongsuot.feedback.actions.about import dossier_of
from thongsuot.feedback.actions.common import HANDLE, TAKE, begin_step, keep_link, sender_as, words_of
from thongsuot.feedback.actions.flooding import must_not_flood
from thongsuot.feedback.actions.masking import mask_by_kind
from thongsuot.feedback.actions.merging import join, open_parent
from thongsuot.feedback.actions.photographing import keep_photos, read_photos, store_photos
from thongsuot.feedback.actions.placing import commune_at, must_be_a_point, place_of, way_of
from thongsuot.feedback.actions.routing import sent_to
from thongsuot.feedback.facts import PlaceFacts, ReportFacts, SenderFacts
from thongsuot.feedback.models import Category, CategoryQuestion, FeedbackTicket, Photo, Reporter
from thongsuot.feedback.queries.settings import setting
from thongsuot.feedback.rules.keys import key_made_from
from thongsuot.feedback.rules.questions import Question, checked_answers
from thongsuot.feedback.rules.recognise import suspected
from thongsuot.feedback.rules.routing import Placed
from thongsuot.feedback.words import Channel, MaskedBy, PlaceBy, Stream, Urgency
from thongsuot.kernel.actor import Actor, system
from thongsuot.kernel.command import command, record
from thongsuot.kernel.contact import is_email, phone_as_kept
from thongsuot.kernel.errors import BadInput
from thongsuot.kernel.networks import network_of
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.text import one_line, search_key
from thongsuot.numbering.actions import draw
from thongsuot.units import queries as units

SERIES = "feedback"
WRITES_DOWN = (TAKE, HANDLE, "answer calls", "lead hotline")  # who may report for somebody
BY_OFFICERS = frozenset({Channel.HOTLINE, Channel.COUNTER, Channel.RECEPTION, Channel.PAPER})
_AHEAD = timedelta(minutes=10)  # clocks of phones differ
_OLDEST = timedelta(days=365)
_FACE_TO_FACE = frozenset({Channel.RECEPTION, Channel.PAPER})


def report(city_id: int, facts: ReportFacts, *, channel: Channel, actor: Actor, at: datetime) -> FeedbackTicket:
    """Take one report of whoever sends it; the same `facts.key` again gives the ticket that is there.

    Raises NotYourDuty, BadInput, UnknownCategory, TooMany, TooManyPhotos, and what the files and pictures refuse.
    """
    key = _key(facts)
    if key and (known := FeedbackTicket.objects.filter(key=key).first()):
        return known
    try:
        return _report(city_id, facts, channel=channel, actor=actor, at=at)
    except IntegrityError:
        # The same report, sent twice in one moment: the other one was quicker.
        if key and (known := FeedbackTicket.objects.filter(key=key).first()):
            return known
        raise


def _key(facts: ReportFacts) -> str | None:
    """Whoever guesses another's key must not be shown their ticket: the key counts together with who sends."""
    if facts.made_from:
        return key_made_from(facts.made_from)
    if not facts.key:
        return None
    sender = facts.sender
    told = "\x00".join([facts.key, str(sender.person_id or ""), phone_as_kept(sender.phone) or "", sender.email.lower()])
    return hashlib.sha256(told.encode()).hexdigest()


@command
def _report(city_id: int, facts: ReportFacts, *, channel: Channel, actor: Actor, at: datetime) -> FeedbackTicket:
    day = timezone.localdate(at)
    # How much our own forms ask for no other program knows.
    least = 1 if channel == Channel.OPEN311 else setting("words_least", city_id=city_id, on=day)
    words = words_of(facts.words, least=least)
    sender = checked_sender(facts.sender, needs_address=channel not in _FACE_TO_FACE)
    category = _category(facts.category, city_id, at)
    stream = category.stream if category else facts.stream or Stream.SCENE
    if stream not in Stream.values:
        raise errors.UnknownCategory
    must_be_a_point(facts.place.latitude, facts.place.longitude)
    place = _cleaned(facts.place)
    happened_at = _happened(facts.happened_at, at)
    answers = _answers(category, facts.answers, at)
    if channel in BY_OFFICERS:
        actor.must_somewhere(*WRITES_DOWN)
    else:
        must_not_flood(city_id, sender, category, place, channel=channel, at=at)
    dossier = dossier_of(facts.dossier, city_id=city_id)
    told_by, actor = actor, actor if channel in BY_OFFICERS else sender_as(actor, account=sender.person_id)
    by_officer = channel in BY_OFFICERS or (told_by.is_staff and told_by is actor)
    read = read_photos(facts.photos, city_id=city_id, at=at)
    positions = [one.position for one in read if one.position]
    placed = place_of(place, positions, city_id=city_id, on=day)
    if placed.by == PlaceBy.PHOTO:
        taken_at = next(one for one in positions if commune_at(one, city_id=city_id, on=day) == placed.unit_id)
        place = replace(place, latitude=taken_at.latitude, longitude=taken_at.longitude)
    confirmed = facts.urgent and by_officer  # what a sender says by themselves an officer looks at first
    ticket = FeedbackTicket(
        city_id=city_id,
        secret=secrets.token_urlsafe(24),
        key=_key(facts),
        made_from=facts.made_from,
        stream=stream,
        category=category,
        urgency=Urgency.URGENT if confirmed else category.urgency if category else Urgency.NORMAL,
        urgent_claimed=facts.urgent and not confirmed and not (category and category.urgency == Urgency.URGENT),
        channel=channel,
        suspected=suspected(words),
        words=words,
        answers=answers,
        happened_at=happened_at,
        latitude=place.latitude,
        longitude=place.longitude,
        address=place.address,
        place_unit_id=placed.unit_id,
        place_by=placed.by or "",
        about_dossier=dossier,
        search_key=search_key(f"{words} {place.address}"),
        masked_by=MaskedBy.SENDER if facts.masked else MaskedBy.KIND,
        reported_at=at,
    )
    mask_by_kind(ticket)
    begin_step(ticket, at)
    stored = store_photos(facts.photos, actor=actor, at=at)
    parent = open_parent(facts.same_as, ticket, at=at)
    if channel not in BY_OFFICERS:
        # Counted again, one after another: of many sent in one moment all were few a moment ago.
        must_not_flood(city_id, sender, category, place, channel=channel, at=at, one_by_one=True)
    _number(ticket, at)
    Reporter.objects.create(
        ticket=ticket,
        person_id=sender.person_id,
        name=sender.name,
        phone=sender.phone,
        email=sender.email,
        network=sender.network,
        unverified=sender.unverified,
        at=at,
    )
    if facts.note:
        ticket.notes.create(unit_id=city_id, words=facts.note[:4000], at=at)
    keep_link(ticket, facts.link, at)
    keep_photos(ticket, stored, read, role=Photo.Role.REPORT, at=at)
    record(
        events.REPORTED,
        ticket,
        actor=actor,
        at=at,
        unit_id=city_id,
        channel=channel,
        category=category.code if category else "",
        stream=stream,
        urgency=ticket.urgency,
        photos=len(stored),
        placed_by=str(placed.by or ""),
    )
    if parent is not None:
        join(ticket, parent, actor=actor, at=at)
    else:
        # No operator decides here: it is the house that sends it on.
        by = actor if by_officer else system(actor.via)
        _send_on(ticket, placed, named=facts.place.unit_id, actor=by, at=at)
    return ticket


def _send_on(ticket: FeedbackTicket, placed: Placed, *, named: int | None, actor: Actor, at: datetime) -> None:
    """At once to the unit, where the category goes straight and nothing is in doubt; else an operator looks first."""
    category, dossier = ticket.category, ticket.about_dossier
    if category is None or not category.straight or ticket.suspected or placed.doubt:
        return
    if category.needs_place and placed.unit_id is None:
        return
    way = way_of(
        placed,
        category,
        named=named,
        of_dossier=dossier.resolving_unit_id if dossier else None,
        city_id=ticket.city_id,
        on=timezone.localdate(at),
    )
    if way.unit_id is not None:
        sent_to(ticket, way, actor=actor, at=at)


def _number(ticket: FeedbackTicket, at: datetime) -> None:
    """The last thing before the row: the series is held until the command ends."""
    local = timezone.localtime(at)
    code = units.unit_row(ticket.city_id, as_of=local.date()).code
    number, _given = draw(SERIES, unit_id=ticket.city_id, bucket=str(local.year), at=at)
    ticket.number = f"PA{code}-{local:%y}-{number:06d}"
    ticket.save()


def checked_sender(sender: SenderFacts, *, needs_address: bool = True) -> SenderFacts:
    """As kept. Who may not be reached cannot be answered: a telephone or a mail address is needed without an account, but of
    who came in person or by a paper: where they came to answers them.

    Raises BadInput.
    """
    problems: dict[str, str] = {}
    name, email = one_line(sender.name)[:201], one_line(sender.email)
    typed = one_line(sender.phone)
    phone = phone_as_kept(typed) if typed else ""
    if len(name) > 200:
        problems["name"] = _("Họ tên dài quá 200 ký tự. Hãy viết ngắn hơn.")
    elif not name or not any(letter.isalpha() for letter in name):
        problems["name"] = _("Hãy ghi họ tên. Tên chỉ người xử lý thấy, không công khai.")
    if phone is None:
        problems["phone"] = _("Số điện thoại có 10 chữ số, bắt đầu bằng 0. Hãy xem lại số đã nhập.")
    if email and not is_email(email):
        problems["email"] = _("Địa chỉ thư chưa đúng. Hãy nhập dạng ten@vidu.vn.")
    if needs_address and not email and not typed and sender.person_id is None:
        problems["phone"] = _("Hãy ghi số điện thoại hoặc thư điện tử để nhận trả lời.")
    if problems:
        raise BadInput(problems)
    network = hmac.new(
        settings.SECRET_KEY.encode(), f"feedback\x00{network_of(sender.network)}".encode(), "sha256"
    ).hexdigest()[:32]
    return SenderFacts(
        name=name,
        phone=phone or "",
        email=email.lower(),
        person_id=sender.person_id,
        network=network if sender.network else "",
        unverified=sender.unverified,
    )


def _category(code: str, city_id: int, at: datetime) -> Category | None:
    if not code:
        return None
    day = timezone.localdate(at)
    found = Category.objects.filter(in_force(day), city_id=city_id, code=one_line(code)[:40]).first()
    if found is None:
        raise errors.UnknownCategory
    return found


def _cleaned(place: PlaceFacts) -> PlaceFacts:
    address = one_line(place.address)
    if len(address) > 300:
        raise BadInput({"address": _("Địa chỉ dài quá 300 ký tự. Hãy chỉ ghi số nhà, tên đường, phường hoặc xã.")})
    return replace(place, address=address)


def _happened(happened_at: datetime | None, at: datetime) -> datetime | None:
    if happened_at is None:
        return None
    if happened_at > at + _AHEAD:
        raise BadInput({"happened_at": _("Thời điểm xảy ra chưa tới. Hãy xem lại ngày giờ.")})
    if happened_at < at - _OLDEST:
        raise BadInput({"happened_at": _("Việc xảy ra đã hơn một năm. Hãy ghi thời điểm gần nhất bạn còn thấy việc này.")})
    return happened_at


def _answers(category: Category | None, given: Mapping[str, object], at: datetime) -> dict[str, object]:
    if category is None:
        return {}
    rows = CategoryQuestion.asked(timezone.localdate(at)).filter(category=category)
    questions = [
        Question(code=row.code, asks=row.asks, kind=row.kind, required=row.required, answers=tuple(map(tuple, row.answers)))
        for row in rows
    ]
    return checked_answers(questions, given)
