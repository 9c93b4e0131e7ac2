"""Legs of tickets and totals of days, kept up with what happens and counted anew from the history to prove them.

Derived figures, no state of their own: nothing here is a command, and all of it can be made again from what commands recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, partial
from itertools import groupby
from typing import Any

from django.db import connection, transaction

from thongsuot.feedback.models import FeedbackNoted, FeedbackTicket, TicketLeg
from thongsuot.feedback.queries.settings import limit
from thongsuot.feedback.rules.clocks import Limit
from thongsuot.feedback.rules.legs import Happened, Leg, Rules, legs_of
from thongsuot.kernel import clock
from thongsuot.kernel.models import Event
from thongsuot.kernel.working_time import WorkingCalendar, local_day
from thongsuot.units import queries as units

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
    "closed": ("closed_on", "1"),
    "closed_in_time": ("closed_on", "in_time::int"),
    # Known later and put to the day the handling ended, as dislikes of dossiers are: each leg is taken off once.
    "closed_well": ("closed_on", "(in_time AND coalesce(level, 5) > 2 AND NOT repeated)::int"),
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
    return FeedbackNoted.objects.all()[:1000].count()


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
            "DELETE FROM feedback_feedbacknoted WHERE id IN (SELECT id FROM feedback_feedbacknoted ORDER BY id LIMIT %s)"
            " RETURNING ticket_id",
            [AT_ONCE],
        )
        ids = sorted({row[0] for row in cursor.fetchall()})
        if ids:
            _replace(cursor, ids, made(ids))
        return len(ids)


def _replace(cursor: Any, ids: Sequence[int], legs: Iterable[TicketLeg]) -> None:
    """Legs of these tickets by the fresh ones, and the totals of their days by the difference."""
    some = "SELECT * FROM feedback_ticketleg WHERE ticket_id = ANY(%(ids)s)"
    cursor.execute(_total_into("feedback_feedbackday", some, "-1 * "), {"ids": ids})
    cursor.execute("DELETE FROM feedback_ticketleg WHERE ticket_id = ANY(%(ids)s)", {"ids": ids})
    TicketLeg.objects.bulk_create(legs)
    cursor.execute(_total_into("feedback_feedbackday", some, ""), {"ids": ids})


def made(ids: Sequence[int]) -> list[TicketLeg]:
    """The legs of these tickets, from their histories. Two queries, and what is remembered of limits and calendars."""
    tickets = {
        row.pk: row
        for row in FeedbackTicket.objects.filter(pk__in=ids, drill=False).only(
            "city_id",
            "stream",
            "urgency",
            "category_id",
            "channel",
            "place_unit_id",
            "latitude",
            "longitude",
            "reported_at",
            "state",
            "ended_at",
        )
    }
    rows = Event.objects.filter(subject=_SUBJECT, subject_id__in=ids).order_by("subject_id", "number")
    told = rows.values_list("subject_id", "name", "at", "unit_id", "facts")
    legs: list[TicketLeg] = []
    for ticket_id, events in groupby(told, key=lambda row: row[0]):
        ticket = tickets.get(ticket_id)
        if ticket is None:
            continue
        happened = [Happened(name.removeprefix("feedback."), at, unit_id, facts) for _id, name, at, unit_id, facts in events]
        on = local_day(ticket.reported_at)
        of_ticket = partial(_limit, ticket.city_id, ticket.stream, ticket.urgency, on)
        found = legs_of(happened, city_id=ticket.city_id, rules=Rules(limit=of_ticket, calendar=_calendar(ticket.city_id)))
        if found and ticket.state == FeedbackTicket.State.MERGED and found[-1].waits:
            found[
                -1
            ].moved_at = ticket.ended_at  # its sender said at once which ticket it belongs to: that is no event of its own
        legs.extend(_row(ticket, leg) for leg in found)
    return legs


def _limit(city_id: int, stream: str, urgency: str, on: date, step: str) -> Limit | None:
    return limit(step, city_id=city_id, stream=stream, urgency=urgency, on=on)


def _calendar(city_id: int) -> WorkingCalendar:
    return units.working_calendar(city_id, on=clock.today())


def _row(ticket: FeedbackTicket, leg: Leg) -> TicketLeg:
    moved_on, answered_on, refused_on, closed_on = map(_day, (leg.moved_at, leg.answered_at, leg.refused_at, leg.closed_at))
    return TicketLeg(
        ticket_id=ticket.pk,
        number=leg.number,
        city_id=ticket.city_id,
        unit_id=leg.unit_id,
        stream=ticket.stream,
        category_id=ticket.category_id,
        channel=ticket.channel,
        place_unit_id=ticket.place_unit_id,
        latitude=None if ticket.latitude is None else round(ticket.latitude, 3),
        longitude=None if ticket.longitude is None else round(ticket.longitude, 3),
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
    )


def _day(at: datetime | None) -> date | None:
    return None if at is None else local_day(at)


def _first(leg: Leg, *days: date | None) -> date | None:
    """Never before it began: what came late was late from the first."""
    first = min((day for day in days if day is not None), default=None)
    return None if first is None else max(first, local_day(leg.started_at))


@dataclass(frozen=True, kw_only=True)
class Recount:
    """What counting anew found. `wrong_*`: tickets and days that differed; all of them are right now."""

    tickets: int
    wrong_tickets: int
    wrong_days: int

    @property
    def good(self) -> bool:
        return not (self.wrong_tickets or self.wrong_days)


_FIELDS = [field.attname for field in TicketLeg._meta.concrete_fields if not field.primary_key]


def _values(leg: TicketLeg) -> tuple[Any, ...]:
    return tuple(getattr(leg, name) for name in _FIELDS)


def recount(*, note: Callable[[str], None] = lambda text: None) -> Recount:
    """Count everything anew from the history, compare with what is kept, put right what differs.

    Folds what waits first, so that only real differences are told. Each part of the tickets is a transaction of its own:
    the desks go on meanwhile.
    """
    fold()
    note("feedback")
    tickets = wrong = last_id = 0
    while ids := list(FeedbackTicket.objects.filter(pk__gt=last_id).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        last_id = ids[-1]
        tickets += len(ids)
        wrong += _put_right(ids)
    return Recount(tickets=tickets, wrong_tickets=wrong, wrong_days=_recount_days())


def _put_right(ids: Sequence[int]) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        fresh, kept = made(ids), TicketLeg.objects.filter(ticket_id__in=ids)
        differing = sorted({ticket_id for ticket_id, *_rest in set(map(_values, fresh)) ^ set(map(_values, kept))})
        if differing:
            _replace(cursor, differing, [leg for leg in fresh if leg.ticket_id in set(differing)])
        return len(differing)


def _recount_days() -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute("DROP TABLE IF EXISTS fresh_day")
        cursor.execute(
            "CREATE TEMP TABLE fresh_day (LIKE feedback_feedbackday INCLUDING IDENTITY INCLUDING INDEXES) ON COMMIT DROP"
        )
        cursor.execute(_total_into("fresh_day", "SELECT * FROM feedback_ticketleg", ""))
        # A day whose counts came back to nothing is the same as a day that is not there.
        anything = " OR ".join(f"{name} <> 0" for name in COLUMNS)
        fresh, here = (
            f"SELECT {_KEY}, {_LISTED} FROM {table} WHERE {anything}"  # noqa: S608
            for table in ("fresh_day", "feedback_feedbackday")
        )
        cursor.execute(f"SELECT count(*) FROM (({fresh} EXCEPT {here}) UNION ALL ({here} EXCEPT {fresh})) AS d")  # noqa: S608
        differing: int = cursor.fetchone()[0]
        if differing:
            cursor.execute("TRUNCATE feedback_feedbackday")
            cursor.execute(
                f"INSERT INTO feedback_feedbackday ({_KEY}, {_LISTED}) SELECT {_KEY}, {_LISTED} FROM fresh_day"  # noqa: S608
            )
        return differing
