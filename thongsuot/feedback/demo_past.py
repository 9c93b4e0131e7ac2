"""Two weeks of a demo city's tickets that are over: answered, published, rated or refused. As the commands would have left
them, rows, numbers, clocks and history, written many at once; nobody is told of them, for nobody was there.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from random import Random

from django.db import connection
from django.utils import timezone

from thongsuot.feedback import events
from thongsuot.feedback.actions.common import public_place
from thongsuot.feedback.models import Answer, Category, FeedbackTicket, Rating, Reporter, Routing
from thongsuot.feedback.queries.settings import limit
from thongsuot.feedback.rules import clocks
from thongsuot.feedback.words import Channel, MaskedBy, PlaceBy
from thongsuot.kernel.actor import ANYONE, system
from thongsuot.kernel.command import command, record
from thongsuot.kernel.events import EventKind
from thongsuot.kernel.text import search_key
from thongsuot.numbering.actions import draw_many
from thongsuot.units import queries as units
from thongsuot.units.models import Unit

TICKETS, DAYS = 2_000, 14
_FAMILY = ("Lò", "Quàng", "Lường", "Tòng", "Cà", "Vi", "Lộc", "Hà", "Mùa", "Giàng", "Sùng", "Thào")
_GIVEN = ("Mẫu", "Ví", "Dụ", "Thử", "Bản", "Nháp", "Minh Họa", "Giả Định")
_SERIES = "feedback"
_BY = (Channel.APP,) * 6 + (Channel.HOTLINE,) * 3 + (Channel.EMAIL, Channel.COUNTER, Channel.ZALO)
_HOUR = timedelta(hours=1)
_BY_PEOPLE = frozenset({events.REPORTED.name, events.RATED.name})
_HOUSE, State = system("cli"), FeedbackTicket.State
# In the order of the rows: each event of a ticket needs the one before.
_RECORD = """
SELECT count(kernel_record(subject, id, name, at, actor, actor_name, post, via, unit, facts::jsonb))
  FROM unnest(%s::text[], %s::bigint[], %s::text[], %s::timestamptz[], %s::bigint[], %s::text[], %s::text[], %s::text[],
              %s::bigint[], %s::text[]) AS told(subject, id, name, at, actor, actor_name, post, via, unit, facts)
"""
# name of an event, its instant, of which unit, facts
Told = tuple[EventKind, datetime, int, dict[str, object]]


def name_of(chance: Random) -> str:
    """A name nobody has."""
    return f"{chance.choice(_FAMILY)} {chance.choice(('Văn', 'Thị'))} {chance.choice(_GIVEN)}"


@dataclass
class _Past:
    ticket: FeedbackTicket
    name: str
    phone: str
    routing: Routing | None
    answer: Answer | None
    rating: Rating | None
    told: list[Told]


def spots(city_id: int, *, at: datetime) -> dict[int, tuple[float, float]]:
    """About where each commune lies; one that nobody put on the map, somewhere on a grid of the demo alone."""
    communes = [row.id for row in units.units_under(city_id, as_of=timezone.localdate(at)) if row.level == "commune"]
    known = {
        pk: (north, east) for pk, north, east in Unit.objects.filter(pk__in=communes).values_list("pk", "latitude", "longitude")
    }
    found = {}
    for place, unit_id in enumerate(communes):
        north, east = known[unit_id]
        invented = (20.95 + place // 12 * 0.018, 105.70 + place % 12 * 0.022)
        found[unit_id] = (north, east) if north is not None and east is not None else invented
    return found


@command
def load(city_id: int, said: Mapping[str, tuple[str, str]], *, at: datetime) -> int:
    """How many were made."""
    chance = Random(city_id)  # noqa: S311 - the same city each time
    day = timezone.localdate(at)
    communes = [row for row in units.units_under(city_id, as_of=day) if row.level == "commune"]
    points = [(pk, *point) for pk, point in sorted(spots(city_id, at=at).items())]
    categories = list(Category.objects.filter(city_id=city_id, code__in=said, straight=True).order_by("place"))
    newest, span = at - timedelta(hours=40), (DAYS * 24 - 40) * 60
    begins = sorted(newest - timedelta(minutes=chance.randrange(span)) for _n in range(TICKETS))
    names = {row.id: row.full_name for row in communes}
    made = [_one(city_id, began, chance, points, names, categories, said, at) for began in begins]
    _keep(city_id, made)
    record(events.PAST_LOADED, Unit.objects.get(pk=city_id), actor=_HOUSE, at=at, unit_id=city_id, rows=len(made))
    return len(made)


def _one(
    city_id: int,
    began: datetime,
    chance: Random,
    points: list[tuple[int, float, float]],
    names: Mapping[int, str],
    categories: list[Category],
    said: Mapping[str, tuple[str, str]],
    now: datetime,
) -> _Past:
    unit_id, north, east = chance.choice(points)
    latitude, longitude = round(north + chance.uniform(-0.012, 0.012), 6), round(east + chance.uniform(-0.012, 0.012), 6)
    category = chance.choice(categories)
    words, done = said[category.code]
    street = f"phố Mẫu {chance.randrange(1, 30)}, {names[unit_id]}"
    ticket = FeedbackTicket(
        city_id=city_id,
        secret=secrets.token_urlsafe(24),
        stream=category.stream,
        category=category,
        urgency=category.urgency,
        channel=chance.choice(_BY),
        words=words,
        latitude=latitude,
        longitude=longitude,
        address=street,
        place_unit_id=unit_id,
        place_by=PlaceBy.UNIT,
        search_key=search_key(f"{words} {street}"),
        masked=category.masked,
        masked_by=MaskedBy.KIND,
        reported_at=began,
    )
    facts: dict[str, object] = {"channel": ticket.channel, "category": category.code, "photos": 0, "placed_by": "unit"}
    facts |= {"stream": ticket.stream, "urgency": ticket.urgency}
    told: list[Told] = [(events.REPORTED, began, city_id, facts)]
    past = _Past(ticket, name_of(chance), f"0912000{chance.randrange(200, 1000)}", None, None, None, told)
    if chance.random() < 0.076:
        _refuse(past, began + chance.uniform(0.2, 4) * _HOUR)
    else:
        _answer(past, done, chance, now)
    return past


def _refuse(past: _Past, at: datetime) -> None:
    ticket = past.ticket
    ticket.state, ticket.ended_at = State.REFUSED, at
    ticket.refusal, ticket.refusal_words = "unclear", "Chưa rõ nơi xảy ra. Hãy gửi lại kèm điểm trên bản đồ."
    past.told.append((events.REFUSED, at, ticket.city_id, {"reason": "unclear"}))


def _answer(past: _Past, words: str, chance: Random, now: datetime) -> None:
    """The straight way: routed as it came, accepted, answered, approved, published, rated by some. Some are late."""
    ticket, unit_id, began = past.ticket, past.ticket.place_unit_id, past.ticket.reported_at
    assert unit_id is not None
    day = timezone.localdate(began)
    calendar = units.working_calendar(ticket.city_id, on=day)
    answer_in = limit("answer", city_id=ticket.city_id, stream=ticket.stream, urgency=ticket.urgency, on=day)
    assert answer_in is not None
    clock = clocks.start(began, answer_in, calendar)
    accepted = began + chance.uniform(0.2, 7) * _HOUR
    room = max((now - timedelta(hours=4) - accepted) / _HOUR, 0.5)
    written = accepted + min(chance.uniform(2, 90), room * 0.9) * _HOUR
    approved, published = written + 0.5 * _HOUR, written + chance.uniform(1, 3) * _HOUR
    past.routing = Routing(
        ticket=ticket,
        round=1,
        unit_id=unit_id,
        because=Routing.Because.PLACE,
        place_by=ticket.place_by,
        routed_at=began,
        due_at=clock.due_at,
        accepted_at=accepted,
    )
    past.answer = Answer(
        ticket=ticket,
        round=1,
        unit_id=unit_id,
        words=words,
        state=Answer.State.APPROVED,
        written_at=written,
        decided_at=approved,
        public_words=words,
        published_at=published,
    )
    ticket.unit_id, ticket.routed_at, ticket.accepted_at, ticket.answered_at = unit_id, began, accepted, approved
    ticket.due_at = ticket.first_due_at = clock.due_at
    ticket.clock_from, ticket.clock_minutes = clock.since, clock.minutes
    ticket.breaches = int(approved > clock.due_at)
    ticket.state, ticket.published_at = State.PUBLISHED, published
    ticket.public_words, ticket.public_address = ticket.words, "" if ticket.masked else ticket.address
    ticket.public_latitude, ticket.public_longitude = public_place(ticket)
    routed: dict[str, object] = {"because": "place", "place_by": ticket.place_by, "due_at": clock.due_at.isoformat()}
    past.told += [
        (events.ROUTED, began, unit_id, routed),
        (events.ACCEPTED, accepted, unit_id, {}),
        (events.SUBMITTED, written, unit_id, {}),
        (events.ANSWERED, approved, unit_id, {"round": 1, "in_time": approved <= clock.due_at}),
        (events.PUBLISHED, published, unit_id, {}),
    ]
    if chance.random() < 0.35:
        level = chance.choices((5, 4, 3, 2, 1), (40, 35, 12, 8, 5))[0]
        past.rating = Rating(ticket=ticket, round=1, level=level, at=published + 0.5 * _HOUR)
        ticket.state = State.RATED
        past.told.append((events.RATED, published + 0.5 * _HOUR, unit_id, {"level": level, "round": 1}))


def _keep(city_id: int, made: list[_Past]) -> None:
    code = units.unit_row(city_id, as_of=timezone.localdate(made[-1].ticket.reported_at)).code
    numbers: list[str] = []  # in the order of their reports, as the series is
    for year, several in groupby(timezone.localtime(one.ticket.reported_at).year for one in made):
        instants = [one.ticket.reported_at for one in made[len(numbers) :][: len(list(several))]]
        drawn = draw_many(_SERIES, unit_id=city_id, bucket=str(year), at=instants)
        numbers += [f"PA{code}-{year % 100:02}-{number:06d}" for number in drawn]
    for one, number in zip(made, numbers, strict=True):
        one.ticket.number = number
        if one.answer is not None:
            said = f"{one.ticket.number} {one.ticket.public_words} {one.ticket.public_address} {one.answer.public_words}"
            one.ticket.public_key = search_key(said)
    FeedbackTicket.objects.bulk_create([one.ticket for one in made], batch_size=500)
    Reporter.objects.bulk_create(
        [Reporter(ticket=one.ticket, name=one.name, phone=one.phone, at=one.ticket.reported_at) for one in made],
        batch_size=1_000,
    )
    Routing.objects.bulk_create([one.routing for one in made if one.routing], batch_size=1_000)
    Answer.objects.bulk_create([one.answer for one in made if one.answer], batch_size=1_000)
    Rating.objects.bulk_create([one.rating for one in made if one.rating], batch_size=1_000)
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, [list(column) for column in zip(*_history(made), strict=True)])


def _history(made: list[_Past]) -> Iterator[tuple[int | str | datetime | None, ...]]:
    subject = FeedbackTicket._meta.label_lower
    for one in made:
        answer: dict[str, object] = {"answer": one.answer and one.answer.pk}
        ids: dict[str, dict[str, object]] = {
            events.ROUTED.name: {"routing": one.routing and one.routing.pk},
            events.SUBMITTED.name: answer,
            events.ANSWERED.name: answer,
            events.PUBLISHED.name: answer,
        }
        for kind, at, unit_id, facts in one.told:
            actor = ANYONE if kind.name in _BY_PEOPLE else _HOUSE
            told = json.dumps({**facts, **ids.get(kind.name, {})})
            yield (subject, one.ticket.pk, kind.name, at, None, actor.name, actor.post, actor.via, unit_id, told)
