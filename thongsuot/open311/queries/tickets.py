"""Tickets as everybody may see them. The one place of Open311 that reads them: `COLUMNS` is all it ever asks for, and words,
addresses, positions and pictures are those that were published. Who reported stands in no table that is named here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.conf import settings
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import ExpressionWrapper, F, FloatField, Q, QuerySet
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.feedback.models import Answer, FeedbackTicket, Photo
from thongsuot.feedback.models.tickets import STEPS_AT
from thongsuot.feedback.queries.public import place_in_words
from thongsuot.feedback.rules.sameness import box_around
from thongsuot.feedback.words import RefusalReason, Stream
from thongsuot.kernel.text import day, instant, search_key
from thongsuot.open311 import rules
from thongsuot.open311.answers import Many, Node
from thongsuot.open311.models import SentRequest
from thongsuot.open311.queries.access import goes_together
from thongsuot.open311.rules import CLOSED, OPEN, Query, State
from thongsuot.units import queries as units

# In the order of Row. What is not public of a ticket is not among them, but for its state, its unit and its times.
COLUMNS = (
    "pk",
    "number",
    "state",
    "stream",
    "category__code",
    "category__name",
    "refusal",
    "unit_id",
    "place_unit_id",
    "reported_at",
    "routed_at",
    "accepted_at",
    "paused_at",
    "answered_at",
    "ended_at",
    "changed_at",
    "due_at",
    "published_at",
    "public_words",
    "public_address",
    "public_latitude",
    "public_longitude",
)
_STATES = {OPEN: rules.OPEN_STATES, CLOSED: rules.CLOSED_STATES}


class Row(NamedTuple):
    """`place_unit_id` is told of published ones alone, as is all that is named public."""

    pk: int
    number: str
    state: str
    stream: str
    service_code: str | None
    service_name: str | None
    refusal: str
    unit_id: int | None
    place_unit_id: int | None
    reported_at: datetime
    routed_at: datetime | None
    accepted_at: datetime | None
    paused_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    changed_at: datetime | None
    due_at: datetime | None
    published_at: datetime | None
    public_words: str
    public_address: str
    public_latitude: float | None
    public_longitude: float | None


@dataclass(frozen=True)
class _Public:
    """What was published beside the tickets themselves, by their ids; names and codes of units."""

    answers: Mapping[int, tuple[str, bool]]
    photos: Mapping[int, int]
    names: Mapping[int | None, str]
    codes: Mapping[int | None, str]


def told_to(key_id: int | None, *, named: bool) -> Q:
    """Which tickets are told at all: lists hold what was published, and for a key what was sent by it or by one that
    it goes on with.

    `named`: asked for by their numbers, as a client of the standard asks without a key for what it sent. Numbers can be
    guessed: nobody learns that way of what was sent elsewhere, or of what is masked, withheld, or a complaint or may be one.
    """
    told = Q(published_at__isnull=False)
    if key_id is not None:
        told |= Q(pk__in=SentRequest.objects.filter(api_key__in=goes_together(key_id).values("pk")).values("ticket_id"))
    if named:
        plain = Q(masked=False, suspected="", withheld="") & ~Q(state=State.HANDED_OVER)
        told |= plain & Q(pk__in=SentRequest.objects.values("ticket_id"))
    return told


def tickets(city_id: int, query: Query, *, on: date, key_id: int | None = None, extensions: bool = False) -> Many:
    """Newest first; those asked for by when they changed, by that. Four queries at most, however many there are."""
    return _told(_rows(asked_for(city_id, query, key_id=key_id)), on=on, extensions=extensions)


def ticket(city_id: int, number: str, *, on: date, key_id: int | None = None, extensions: bool = False) -> Many:
    """One, or none."""
    found = FeedbackTicket.objects.filter(told_to(key_id, named=True), city_id=city_id, number=number, drill=False)
    return _told(_rows(found), on=on, extensions=extensions)


def asked_for(city_id: int, query: Query, *, key_id: int | None = None) -> QuerySet[FeedbackTicket]:
    told = told_to(key_id, named=bool(query.numbers))
    found = FeedbackTicket.objects.filter(told, city_id=city_id, drill=False).order_by("-reported_at", "-pk")
    if query.numbers:
        return found.filter(number__in=query.numbers)
    # What no operator gave a service yet is a request of none.
    found = found.filter(category__isnull=False)
    if query.start is not None:
        found = found.filter(reported_at__gte=query.start)
    if query.end is not None:
        found = found.filter(reported_at__lte=query.end)
    if query.services:
        found = found.filter(category__code__in=query.services)
    if len(query.statuses) == 1:
        found = found.filter(state__in=_STATES[next(iter(query.statuses))])
    if query.updated_after or query.updated_before:
        found = found.annotate(changed=Greatest(*STEPS_AT)).order_by("-changed", "-pk")
        if query.updated_after:
            found = found.filter(changed__gte=query.updated_after)
        if query.updated_before:
            found = found.filter(changed__lte=query.updated_before)
    if query.words:
        words = SearchQuery(search_key(query.words), config="simple")
        found = found.filter(published_at__isnull=False)
        found = found.annotate(said=SearchVector("public_key", config="simple")).filter(said=words)
    if query.point:
        found = _around(found.filter(pin__city_id=city_id), query.point, query.radius, since=query.start)
    return found[query.first : query.first + query.size]


def _around(
    found: QuerySet[FeedbackTicket], point: tuple[float, float], metres: float, *, since: datetime | None
) -> QuerySet[FeedbackTicket]:
    """By the pins of the map, whose index has all that is asked for. The corners of the box are left out there too: a page is
    full while there are more."""
    box = box_around(*point, metres)
    north = (F("pin__latitude") - point[0]) * (2 / (box.north - box.south))
    east = (F("pin__longitude") - point[1]) * (2 / (box.east - box.west))
    found = found.annotate(off=ExpressionWrapper(north * north + east * east, output_field=FloatField())).filter(
        pin__latitude__range=(box.south, box.north), pin__longitude__range=(box.west, box.east), off__lte=1
    )
    return found.filter(pin__published_at__gte=since) if since else found  # nothing is published before it was reported


def _rows(found: QuerySet[FeedbackTicket]) -> list[Row]:
    return [Row(*values) for values in found.values_list(*COLUMNS)]


def _told(rows: Sequence[Row], *, on: date, extensions: bool) -> Many:
    public = _beside(rows, on)
    return Many("request", [_request(row, public, extensions=extensions) for row in rows])


def _beside(rows: Sequence[Row], on: date) -> _Public:
    published = [row.pk for row in rows if row.published_at]
    replies = Answer.objects.filter(ticket_id__in=published, state=Answer.State.APPROVED).exclude(public_words="")
    photos = Photo.objects.filter(ticket_id__in=published, public__isnull=False, role=Photo.Role.REPORT)
    wanted = {row.unit_id for row in rows} | {row.place_unit_id for row in rows if row.published_at}
    known = units.unit_rows([unit_id for unit_id in wanted if unit_id is not None], as_of=on)
    columns = ("ticket_id", "decided_at", "public_words", "done")
    return _Public(
        answers=_all_rounds(replies.order_by("round").values_list(*columns) if published else ()),
        photos=dict(photos.order_by("-pk").values_list("ticket_id", "pk")) if published else {},
        names={unit_id: row.full_name for unit_id, row in known.items()},
        codes={unit_id: row.code for unit_id, row in known.items()},
    )


def _all_rounds(rows: Iterable[tuple[int, datetime | None, str, bool]]) -> dict[int, tuple[str, bool]]:
    """Of each ticket its answer; answered anew, all of them with their days. Whether it is done the last one says."""
    found: dict[int, list[tuple[datetime | None, str, bool]]] = {}
    for ticket_id, at, words, done in rows:
        found.setdefault(ticket_id, []).append((at, words, done))
    return {
        ticket_id: (
            told[0][1]
            if len(told) == 1
            else "\n".join(f"{day(timezone.localdate(at))}: {words}" if at else words for at, words, _d in told),
            told[-1][2],
        )
        for ticket_id, told in found.items()
    }


def _request(row: Row, public: _Public, *, extensions: bool) -> Mapping[str, Node]:
    is_public = row.published_at is not None
    words, done = public.answers.get(row.pk, ("", None)) if is_public else ("", None)
    handed_over = row.state == State.HANDED_OVER  # whose it is now is between the sender and them
    place = row.place_unit_id if is_public else None
    photo = public.photos.get(row.pk) if is_public else None
    told: dict[str, Node] = {
        "service_request_id": row.number,
        "status": rules.status_of(row.state),
        "status_notes": _notes(row, words),
        "service_name": row.service_name or str(Stream(row.stream).label),
        "service_code": row.service_code,
        "description": (row.public_words or None) if is_public else None,
        "agency_responsible": None if handed_over else public.names.get(row.unit_id),
        "service_notice": _notice(row),
        "requested_datetime": w3(row.reported_at),
        "updated_datetime": w3(_updated(row)),
        "expected_datetime": w3(row.due_at),
        "address": (place_in_words(row.public_address, public.names.get(place, "")) or None) if is_public else None,
        "address_id": public.codes.get(place) if is_public else None,
        "zipcode": None,
        "lat": row.public_latitude if is_public else None,
        "long": row.public_longitude if is_public else None,
        "media_url": media_url(photo) if photo else None,
    }
    if extensions:
        told["extended_attributes"] = {
            "status": rules.fine_status(row.state, refusal=row.refusal, done=done),
            "state": "closed" if handed_over else row.state,
            "stream": row.stream,
            "published_datetime": w3(row.published_at),
        }
    return told


def _notes(row: Row, answer: str) -> str:
    if row.state == State.HANDED_OVER:
        return str(rules.HANDED_OVER)
    if row.state == State.REFUSED and row.refusal:
        return _("Không tiếp nhận: %(reason)s.") % {"reason": str(RefusalReason(row.refusal).label).lower()}
    label = f"{State(row.state).label}."
    return f"{label} {answer}" if answer else label


def _notice(row: Row) -> str | None:
    if row.due_at is None or row.state not in rules.OPEN_STATES:
        return None
    return _("Hạn trả lời: %(when)s.") % {"when": instant(row.due_at)}


def _updated(row: Row) -> datetime:
    """Of a closed one the instant it was closed, as the standard says; else the last step of its way."""
    if rules.status_of(row.state) == CLOSED:
        return row.answered_at or row.ended_at or row.reported_at
    return max(filter(None, (row.reported_at, row.routed_at, row.accepted_at, row.paused_at, row.changed_at)))


def w3(at: datetime | None) -> str | None:
    return timezone.localtime(at).isoformat(timespec="seconds") if at else None


def media_url(photo_id: int) -> str:
    return settings.PUBLIC_URL.rstrip("/") + reverse("open311:media", args=[photo_id])


def public_photo(photo_id: int, *, city_id: int) -> int | None:
    """The stored file of a picture that was published, with its ticket."""
    shown = Photo.objects.filter(pk=photo_id, public__isnull=False, ticket__published_at__isnull=False, ticket__city_id=city_id)
    return shown.values_list("public_id", flat=True).first()
