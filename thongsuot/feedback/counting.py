"""Legs of tickets and totals of days, kept up with what happens and counted anew from the history to prove them.

Derived figures, no state of their own: nothing here is a command, and all of it can be made again from what commands recorded.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import groupby
from typing import Any

from django.db import connection, transaction

from thongsuot.feedback.models import Category, FeedbackNoted, FeedbackTicket, TicketLeg
from thongsuot.feedback.queries.settings import index_limits, limit
from thongsuot.feedback.rules.legs import About, Happened, Leg, Rules, legs_of
from thongsuot.kernel import clock
from thongsuot.kernel.models import Event
from thongsuot.kernel.totals import put_right
from thongsuot.kernel.working_time import local_day
from thongsuot.units import queries as units

log = logging.getLogger(__name__)
AT_ONCE = 2000
_LOCK = 76607  # one counts at a time: others would wait for its rows
_SUBJECT = "feedback.feedbackticket"

# name: (day of the leg, what it adds on that day). A condition counts 1 where it holds; a number is added.
MEASURES: dict[str, tuple[str, str]] = {
    "received": ("started_on", "(began = 'reported')::int"),
    "reopened": ("started_on", "(began = 'reopened')::int"),
    "started": ("started_on", "1"),
    "moved": ("moved_on", "1"),
    "returned": ("moved_on", "returned::int"),
    "answered": ("answered_on", "1"),
    "answered_in_time": ("answered_on", "coalesce(answered_in_time, false)::int"),
    "refused": ("refused_on", "1"),
    "left": ("left_on", "1"),
    "rated": ("rated_on", "1"),
    "satisfied": ("rated_on", "(level >= 4)::int"),
    "levels": ("rated_on", "level"),
    # Item 5.2: closed where it was; or late when it went away, which takes it off what is open as a move.
    "closed": ("closed_on", "(moved_on IS NULL)::int"),
    "moved_late": ("closed_on", "(moved_on IS NOT NULL)::int"),
    "closed_in_time": ("closed_on", "in_time::int"),
    # Item 5.3: what was disliked or opened again only later is taken off on the day that was said: no past period changes.
    "closed_well": ("closed_on", "(in_time AND (marked_on IS NULL OR marked_on > closed_on))::int"),
    "marked": ("marked_on", "(in_time AND marked_on > closed_on)::int"),
    "index_left": ("index_left_on", "1"),
}
NAMES = tuple(MEASURES)
COLUMNS = tuple(f'"{name}"' for name in NAMES)  # "left" is a word of SQL
EVER = ("started", "moved", "answered", "refused", "left", "closed", "index_left")
_DAYS = tuple(dict.fromkeys(day for day, _ in MEASURES.values()))
_KEY = "city_id, kind, key, stream, day"
_LISTED = ", ".join(COLUMNS)


@cache
def parts() -> str:
    """What each leg of `f` adds to which day, with the leg's own keys."""
    return "\nUNION ALL\n".join(
        f"SELECT city_id, unit_id, category_id, channel, stream, {day} AS day, "  # noqa: S608
        + ", ".join(f'{what if of == day else "0"} AS "{name}"' for name, (of, what) in MEASURES.items())
        + f" FROM f WHERE {day} IS NOT NULL"
        for day in _DAYS
    )


def _total_into(table: str, legs: str, sign: str) -> str:
    sums = ", ".join(f"{sign}sum({name})" for name in COLUMNS)
    added = ", ".join(f"{name} = t.{name} + excluded.{name}" for name in COLUMNS)
    return f"""
WITH f AS ({legs}), parts AS ({parts()})
INSERT INTO {table} AS t ({_KEY}, {_LISTED})
SELECT p.city_id, k.kind, k.key, k.stream, p.day, {sums} FROM parts p CROSS JOIN LATERAL (VALUES
  ('unit', p.unit_id::text, ''), ('unit', p.unit_id::text, p.stream), ('category', coalesce(p.category_id, 0)::text, ''),
  ('channel', p.channel, ''), ('stream', p.stream, '')) k(kind, key, stream)
GROUP BY 1, 2, 3, 4, 5
ON CONFLICT (city_id, kind, stream, key, day) DO UPDATE SET {added}"""  # noqa: S608


def waiting() -> int:
    """How many changes are not in the figures yet, counted up to a thousand. One query."""
    return FeedbackNoted.objects.filter(broken_at=None)[:1000].count()


def set_aside() -> list[str]:
    """Numbers of tickets whose history cannot be counted: their figures stay as they were last. One query."""
    broken = FeedbackNoted.objects.filter(broken_at__isnull=False).values("ticket_id")
    return list(FeedbackTicket.objects.filter(pk__in=broken).order_by("pk").values_list("number", flat=True))


def fold() -> int:
    """Make the legs of tickets that changed anew, and move the totals of their days by the difference. Returns how many."""
    done = 0
    while (some := _fold_some()) > 0:
        done += some
    return done


def _fold_some() -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(
            "DELETE FROM feedback_feedbacknoted WHERE id IN ("
            "SELECT id FROM feedback_feedbacknoted WHERE broken_at IS NULL ORDER BY id LIMIT %s) RETURNING ticket_id",
            [AT_ONCE],
        )
        ids = sorted({row[0] for row in cursor.fetchall()})
        if ids:
            legs, broken = made(ids)
            _set_aside(ids, broken)
            _replace(cursor, [one for one in ids if one not in broken], legs)
        return len(ids)


def _set_aside(ids: Sequence[int], broken: Mapping[int, Exception]) -> None:
    """One history nobody can count must not stop the others; whatever happens to its ticket next, it is tried again."""
    FeedbackNoted.objects.filter(ticket_id__in=ids, broken_at__isnull=False).delete()
    FeedbackNoted.objects.bulk_create(FeedbackNoted(ticket_id=one, broken_at=clock.now()) for one in broken)
    for ticket_id, fault in broken.items():
        log.error("history of feedback ticket %s cannot be counted", ticket_id, exc_info=fault)


def _replace(cursor: Any, ids: Sequence[int], legs: Iterable[TicketLeg]) -> None:
    """Legs of these tickets by the fresh ones, and the totals of their days by the difference."""
    some = "SELECT * FROM feedback_ticketleg WHERE ticket_id = ANY(%(ids)s)"
    cursor.execute(_total_into("feedback_feedbackday", some, "-1 * "), {"ids": ids})
    cursor.execute("DELETE FROM feedback_ticketleg WHERE ticket_id = ANY(%(ids)s)", {"ids": ids})
    TicketLeg.objects.bulk_create(legs)
    cursor.execute(_total_into("feedback_feedbackday", some, ""), {"ids": ids})


def made(ids: Sequence[int]) -> tuple[list[TicketLeg], dict[int, Exception]]:
    """The legs of these tickets, from their histories; and those that have none that makes sense, with the reason.

    Three queries, and what is remembered of limits and calendars.
    """
    rows = FeedbackTicket.objects.filter(pk__in=ids, drill=False).only(*_OF_TICKET)
    tickets = {row.pk: row for row in rows}
    events = Event.objects.filter(subject=_SUBJECT, subject_id__in=ids).order_by("subject_id", "number")
    told = events.values_list("subject_id", "name", "at", "unit_id", "facts", "actor_id")
    legs: list[TicketLeg] = []
    broken: dict[int, Exception] = {}
    cities = {row.city_id for row in tickets.values()}
    rows_of = Category.objects.filter(city__in=cities).only("city_id", "code", "stream")
    categories: _Categories = {(row.city_id, row.code): row for row in rows_of}
    for ticket_id, history in groupby(told, key=lambda row: row[0]):
        ticket = tickets.get(ticket_id)
        if ticket is None:
            continue
        happened = [Happened(name.removeprefix("feedback."), *rest) for _id, name, *rest in history]
        try:
            legs.extend(_row(ticket, leg, categories) for leg in _legs(ticket, happened, categories))
        except Exception as fault:  # whatever it is, it is of this ticket alone
            broken[ticket_id] = fault
    return [leg for leg in legs if leg.ticket_id not in broken], broken


_Categories = Mapping[tuple[int, str], Category]
_OF_TICKET = (
    "city_id",
    "stream",
    "urgency",
    "channel",
    "place_unit_id",
    "latitude",
    "longitude",
    "masked",
    "reported_at",
    "state",
)


def _legs(ticket: FeedbackTicket, happened: Sequence[Happened], categories: _Categories) -> list[Leg]:
    """By the limits of the day on which it was reported, and the hours of the day on which each thing happened.

    Reports of before their event said stream and urgency: the stream of the category they came with, the rest as it is today.
    """
    city_id, on = ticket.city_id, local_day(ticket.reported_at)
    came_as = categories.get((city_id, str(happened[0].facts.get("category", ""))))
    rules = Rules(
        about=About(category="", stream=came_as.stream if came_as else ticket.stream, urgency=ticket.urgency),
        answer=lambda about: limit("answer", city_id=city_id, stream=about.stream, urgency=about.urgency, on=on),
        index=index_limits(city_id, on=on),
        calendar=lambda at: units.working_calendar(city_id, on=local_day(at)),
    )
    legs = legs_of(happened, city_id=city_id, rules=rules)
    if legs and ticket.state == FeedbackTicket.State.MERGED and legs[-1].waits:
        legs[-1].never_waited()
    return legs


def _row(ticket: FeedbackTicket, leg: Leg, categories: _Categories) -> TicketLeg:
    """Where it is and how it came are told as they are known today; what it is about, as it was."""
    moved_on, answered_on, refused_on, closed_on = map(_day, (leg.moved_at, leg.answered_at, leg.refused_at, leg.closed_at))
    marked_on, category = _day(leg.marked_at), categories.get((ticket.city_id, leg.about.category))
    return TicketLeg(
        ticket_id=ticket.pk,
        number=leg.number,
        city_id=ticket.city_id,
        unit_id=leg.unit_id,
        handler_id=leg.handler_id,
        stream=leg.about.stream,
        category_id=category.pk if category else None,
        channel=ticket.channel,
        place_unit_id=ticket.place_unit_id,
        latitude=_roughly(ticket.latitude, ticket),
        longitude=_roughly(ticket.longitude, ticket),
        began=leg.began,
        started_at=leg.started_at,
        started_on=local_day(leg.started_at),
        due_at=leg.due_at,
        moved_on=moved_on,
        returned=leg.returned,
        answered_at=leg.answered_at,
        answered_on=answered_on,
        answered_in_time=leg.answered_in_time,
        refused_on=refused_on,
        refusal=leg.refusal,
        overdue_at=leg.overdue_at,
        left_on=_first(leg, moved_on, answered_on, refused_on, _day(leg.overdue_at)),
        late_at=leg.late_at,
        fault=leg.fault,
        closed_at=leg.closed_at,
        closed_on=closed_on,
        in_time=leg.in_time,
        index_left_on=_first(leg, moved_on, closed_on, _day(leg.late_at)),
        rated_on=_day(leg.rated_at),
        level=leg.level,
        repeated=leg.repeated,
        # Said while it was open it counts when it is closed: until then nothing is judged but whether it is late.
        marked_on=max(marked_on, closed_on) if marked_on and closed_on else None,
    )


def _roughly(degrees: float | None, ticket: FeedbackTicket) -> float | None:
    """Of a masked ticket the commune is all that is counted."""
    return None if degrees is None or ticket.masked else round(degrees, 3)


def _day(at: datetime | None) -> date | None:
    return None if at is None else local_day(at)


def _first(leg: Leg, *days: date | None) -> date | None:
    """Never before it began: what came late was late from the first."""
    first = min((day for day in days if day is not None), default=None)
    return None if first is None else max(first, local_day(leg.started_at))


@dataclass(frozen=True, kw_only=True)
class Recount:
    """What counting anew found. `wrong_*`: tickets and days that differed; all of them are right now. `broken`: numbers of
    tickets whose history cannot be counted."""

    tickets: int
    wrong_tickets: int
    wrong_days: int
    broken: list[str]

    @property
    def good(self) -> bool:
        return not (self.wrong_tickets or self.wrong_days or self.broken)


_FIELDS = [field.attname for field in TicketLeg._meta.concrete_fields if not field.primary_key]


def _values(leg: TicketLeg) -> tuple[Any, ...]:
    return tuple(getattr(leg, name) for name in _FIELDS)


def recount(*, note: Callable[[str], None] = lambda text: None) -> Recount:
    """Count everything anew from the history, compare with what is kept, put right what differs.

    Folds what waits first, so that only real differences are told. Each part of the tickets is a transaction of its own:
    the desks go on meanwhile, and what they change then the next fold counts.
    """
    fold()
    note("feedback")
    tickets = wrong = last_id = 0
    while ids := list(FeedbackTicket.objects.filter(pk__gt=last_id).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        last_id = ids[-1]
        tickets += len(ids)
        wrong += _put_right(ids)
    return Recount(tickets=tickets, wrong_tickets=wrong, wrong_days=_recount_days(), broken=set_aside())


def _put_right(ids: Sequence[int]) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        fresh, broken = made(ids)
        _set_aside(ids, broken)
        # Recorded since the fold: the next one counts it. An event and its note are there together, so none is read without.
        left = {*broken, *FeedbackNoted.objects.filter(ticket_id__in=ids, broken_at=None).values_list("ticket_id", flat=True)}
        kept = TicketLeg.objects.filter(ticket_id__in=ids).exclude(ticket_id__in=left)
        fresh = [leg for leg in fresh if leg.ticket_id not in left]
        differing = sorted({ticket_id for ticket_id, *_rest in set(map(_values, fresh)) ^ set(map(_values, kept))})
        if differing:
            _replace(cursor, differing, [leg for leg in fresh if leg.ticket_id in set(differing)])
        return len(differing)


def _recount_days() -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        return count_days(cursor)


def count_days(cursor: Any) -> int:
    """Totals of days by a count of all legs: how many differed. While nobody else counts."""

    def fill(table: str) -> str:
        return _total_into(table, "SELECT * FROM feedback_ticketleg", "")

    return put_right(cursor, "feedback_feedbackday", keys=_KEY, sums=COLUMNS, fill=fill)
