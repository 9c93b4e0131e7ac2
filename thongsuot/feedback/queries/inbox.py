"""The desks' lists of tickets, by what is due first. Two queries a page: the counts of all lists, the rows of one.

Every list is a condition on one of the partial indexes of open tickets, so that a million closed ones cost nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from thongsuot.feedback.actions.common import APPROVE, HANDLE, TAKE
from thongsuot.feedback.queries.inbox_filters import Filters, number_in
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import NotYourDuty
from thongsuot.kernel.working_time import DAY, start_of
from thongsuot.units import queries as units
from thongsuot.web.maps import View

PAGE_ROWS = 50
SEE_FIGURES = "see figures"
MOST_COUNTED = 1000  # of all tickets ever: beyond that nobody pages
MOST_EXPORTED = 20_000


class Queue(StrEnum):
    """The rail of the desk. Each is a condition of `_WHERE`; `OF_CITY` are the operators', the others a unit's."""

    TAKE = "tiep-nhan"
    RETURNED = "bi-tra-lai"
    SUSPECTED = "nghi-khieu-to"
    ASKED = "da-hoi"
    PUBLISH = "cho-cong-khai"
    AGAIN = "qua-han-lan-hai"
    CITY = "ca-thanh-pho"
    ACCEPT = "cho-nhan"
    WORK = "dang-xu-ly"
    MINE = "cua-toi"
    WAITING = "cho-nguoi-gui"
    APPROVE = "cho-duyet"
    EXTEND = "cho-gia-han"
    UNIT = "ca-don-vi"
    FIND = "tim"


OF_CITY = (Queue.TAKE, Queue.RETURNED, Queue.SUSPECTED, Queue.ASKED, Queue.PUBLISH, Queue.AGAIN, Queue.CITY)
OF_UNIT = (Queue.ACCEPT, Queue.WORK, Queue.MINE, Queue.WAITING, Queue.APPROVE, Queue.EXTEND, Queue.UNIT)
LABELS: dict[Queue, Promise] = {
    Queue.TAKE: _("Cần tiếp nhận"),
    Queue.RETURNED: _("Bị trả lại"),
    Queue.SUSPECTED: _("Nghi khiếu nại, tố cáo"),
    Queue.ASKED: _("Đã hỏi, chờ người gửi"),
    Queue.PUBLISH: _("Chờ công khai"),
    Queue.AGAIN: _("Quá hạn lần hai"),
    Queue.CITY: _("Cả thành phố, đang mở"),
    Queue.ACCEPT: _("Cần nhận"),
    Queue.WORK: _("Đang xử lý"),
    Queue.MINE: _("Giao cho tôi"),
    Queue.WAITING: _("Chờ người gửi"),
    Queue.APPROVE: _("Chờ duyệt trả lời"),
    Queue.EXTEND: _("Chờ duyệt gia hạn"),
    Queue.UNIT: _("Cả đơn vị, đang mở"),
    Queue.FIND: _("Tìm phản ánh"),
}


class Deadline(StrEnum):
    ANY = ""
    LATE = "qua-han"
    STEP = "qua-han-buoc"
    TODAY = "hom-nay"
    TOMORROW = "ngay-mai"


DEADLINES: dict[Deadline, Promise] = {
    Deadline.ANY: _("Tất cả"),
    Deadline.LATE: _("Quá hạn"),
    Deadline.STEP: _("Quá hạn bước"),
    Deadline.TODAY: _("Đến hạn hôm nay"),
    Deadline.TOMORROW: _("Trước hết ngày mai"),
}

# As the indexes have them, so that they are used.
WITH_OPERATOR = "t.state IN ('new','validating')"
WITH_UNIT = "t.state IN ('asked','routed','accepted','in_progress','answered')"
_TO_PUBLISH = """(t.state IN ('approved','rated') AND t.published_at IS NULL AND t.withheld = ''
  OR t.state IN ('approved','rated') AND t.published_at IS NOT NULL AND t.step_due_at IS NOT NULL AND t.withheld = '')"""
OPEN = f"({WITH_OPERATOR} OR {WITH_UNIT})"
_APPROVES = """t.state = 'answered' AND (t.unit_id = ANY(%(approves)s) AND NOT t.higher_review
  OR t.city_id = ANY(%(approves)s))"""
# Late for the second time: the answer of what is open, or the step that runs (`FeedbackTicket.step_told`).
AGAIN_LATE = f"({OPEN} AND t.breaches >= 2 OR t.step_told >= 200 AND t.step_for = t.step_due_at)"
STEP_LATE = "t.state <> 'asked' AND t.step_due_at < %(now)s"
# Kept close at citizen reception (`actions.common.put_search_key`).
_CLOSE = "(t.state = 'handed_over' AND t.search_key = '')"
_EXTENDS = """t.unit_id = ANY(%(approves)s) AND EXISTS (
  SELECT 1 FROM feedback_extension e WHERE e.ticket_id = t.id AND e.granted IS NULL)"""
_WHERE = {
    Queue.TAKE: f"{WITH_OPERATOR} AND t.suspected = ''",
    Queue.RETURNED: f"{WITH_OPERATOR} AND t.suspected = '' AND t.returns > 0",
    Queue.SUSPECTED: f"{WITH_OPERATOR} AND t.suspected <> ''",
    Queue.ASKED: "t.state = 'asked' AND t.unit_id IS NULL",
    Queue.PUBLISH: _TO_PUBLISH,
    Queue.AGAIN: AGAIN_LATE,
    Queue.CITY: f"{OPEN} AND NOT t.drill",
    Queue.ACCEPT: "t.state = 'routed'",
    Queue.WORK: "t.state IN ('accepted','in_progress')",
    Queue.MINE: f"t.handler_id = %(me)s AND {WITH_UNIT}",
    Queue.WAITING: "t.state = 'asked'",
    Queue.APPROVE: _APPROVES,
    Queue.EXTEND: f"t.state IN ('asked','accepted','in_progress') AND {_EXTENDS}",
    Queue.UNIT: WITH_UNIT,
    Queue.FIND: f"(NOT t.drill OR t.number = %(number)s) AND NOT {_CLOSE}",  # a test is found by its number alone
}
# Lists that are counted in one go: whose, and what they have in common.
_SCANS = (
    ((Queue.TAKE, Queue.RETURNED, Queue.SUSPECTED), Queue.TAKE, WITH_OPERATOR),
    ((Queue.PUBLISH,), Queue.PUBLISH, _TO_PUBLISH),
    ((Queue.AGAIN,), Queue.AGAIN, AGAIN_LATE),
    ((Queue.ASKED, Queue.CITY), Queue.CITY, OPEN),
    ((Queue.ACCEPT, Queue.WORK, Queue.MINE, Queue.WAITING, Queue.EXTEND, Queue.UNIT), Queue.UNIT, WITH_UNIT),
    ((Queue.APPROVE,), Queue.APPROVE, "t.state = 'answered'"),
)
# What runs now: the step while there is one, else the answer; nothing runs while the sender is asked.
DUE = """CASE WHEN t.state IN ('new','validating','approved','rated') THEN t.step_due_at
  WHEN t.state IN ('routed','accepted','in_progress','answered','asked') THEN LEAST(t.step_due_at, t.due_at) END"""
_AGAINST = {
    Deadline.ANY: "TRUE",
    Deadline.LATE: f"t.state <> 'asked' AND {DUE} < %(now)s",
    Deadline.STEP: STEP_LATE,
    Deadline.TODAY: f"t.state <> 'asked' AND {DUE} >= %(now)s AND {DUE} < %(tomorrow)s",
    Deadline.TOMORROW: f"t.state <> 'asked' AND {DUE} >= %(now)s AND {DUE} < %(after_tomorrow)s",
}
_THEIRS = "t.unit_id = ANY(%(units)s)"
_OF_ONE = "t.unit_id = %(unit)s"
_FOUND = "t.unit_id = ANY(%(found)s)"
IN_CITY = "t.city_id = %(city)s"

COLUMNS = """t.id, t.number, t.state, t.words, t.address, t.category_id, t.urgency, t.channel, t.stream, t.suspected,
  t.place_unit_id, t.unit_id, t.handler_id, t.senders, t.returns, t.breaches, t.round, t.reported_at, t.routed_at, t.due_at,
  t.step_due_at, t.step_told, t.clock_minutes, t.paused_at, t.answered_at, t.withheld, t.parent_id,
  t.urgent_claimed, t.drill"""
MORE = """(SELECT count(*) FROM feedback_photo p WHERE p.ticket_id = t.id), c.name, h.full_name"""
JOINED = """FROM picked JOIN feedback_feedbackticket t ON t.id = picked.id
  LEFT JOIN feedback_category c ON c.id = t.category_id LEFT JOIN people_person h ON h.id = t.handler_id"""


@dataclass(frozen=True, slots=True)
class TicketRow:
    """One line of a list: `COLUMNS`, then `MORE`, in their order."""

    id: int
    number: str
    state: str
    words: str
    address: str
    category_id: int | None
    urgency: str
    channel: str
    stream: str
    suspected: str
    place_unit_id: int | None
    unit_id: int | None
    handler_id: int | None
    senders: int
    returns: int
    breaches: int
    round: int
    reported_at: datetime
    routed_at: datetime | None
    due_at: datetime | None
    step_due_at: datetime | None
    step_told: int
    clock_minutes: int | None
    paused_at: datetime | None
    answered_at: datetime | None
    withheld: str
    parent_id: int | None
    urgent_claimed: bool
    drill: bool
    photos: int
    category: str | None
    handler: str | None

    @property
    def begins(self) -> str:
        """What was written, as far as a line of a list has room."""
        text = " ".join(self.words.split())
        return text if len(text) <= 140 else f"{text[:139].rstrip()}…"

    @property
    def seen(self) -> str:
        """What whoever picks it saw: sent along, so that nobody acts on what somebody else changed meanwhile."""
        return f"{self.state}.{self.unit_id or 0}.{self.handler_id or 0}.{self.round}"

    @property
    def closed(self) -> TicketRow:
        """For who counts and may not open it: number, category, ward, unit and time; not what was said, where, by whom."""
        return replace(self, words="", address="", suspected="", urgent_claimed=False, senders=1, handler=None)


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Whose lists they are: the city an operator takes for, the units whose tickets are handled, where answers are approved.

    found   of which units tickets are found: of ended ones too for which these answer now (`queries.ticket.seen_by`)
    opens   the tickets themselves, not their figures alone: who does not learns by no list and no search what stands in them
    """

    actor: Actor
    city: int
    takes: bool
    units: frozenset[int]
    handles: frozenset[int]
    approves: frozenset[int]
    found: frozenset[int]
    opens: bool = True
    now: datetime = field(compare=False)

    @property
    def merges(self) -> bool:
        """As `queries.ticket.may_merge`: who only approves does not."""
        return self.takes or bool(self.handles)

    @property
    def queues(self) -> tuple[Queue, ...]:
        found = (*(OF_CITY if self.takes else ()), *(OF_UNIT if self.units else ()), Queue.FIND)
        return found if self.opens else tuple(one for one in found if one is not Queue.SUSPECTED)

    @property
    def first(self) -> Queue:
        """Where the day begins."""
        return Queue.TAKE if self.takes else Queue.WORK if not self.approves else Queue.UNIT

    @property
    def parameters(self) -> dict[str, Any]:
        today = timezone.localdate(self.now)
        return {
            "city": self.city,
            "units": list(self.units),
            "unit": next(iter(self.units), 0),
            "found": list(self.found),
            "approves": list(self.approves),
            "me": self.actor.person_id or 0,
            "number": "",
            "now": self.now,
            "tomorrow": start_of(today + DAY),
            "after_tomorrow": start_of(today + 2 * DAY),
        }

    def within(self, queue: Queue) -> str:
        """Of whom the tickets of a list are."""
        if queue in OF_CITY or (queue is Queue.FIND and self.takes):
            return IN_CITY
        if queue is Queue.APPROVE and self.city in self.approves:
            return IN_CITY
        if queue is Queue.FIND and len(self.found) > 1:
            return _FOUND
        # Of one unit its index gives the newest first; of several all would be sorted.
        return _OF_ONE if len(self.units) == 1 else _THEIRS


def desk_of(actor: Actor, *, now: datetime) -> Desk:
    """Raises NotYourDuty for who has nothing to do with tickets."""
    handles, approves, takes = actor.units_for(HANDLE), actor.units_for(APPROVE), actor.units_for(TAKE)
    if not (handles or approves or takes):
        raise NotYourDuty(HANDLE)
    city = units.default_city(as_of=timezone.localdate(now)).id
    # Whoever takes for the city alone has the city's lists; whoever approves everywhere has every unit's.
    mine = handles | approves
    found = mine | units.kept_by(mine, on=timezone.localdate(now)) if mine and city not in takes else mine
    return Desk(
        actor=actor, city=city, takes=city in takes, units=mine, found=found, handles=handles, approves=approves, now=now
    )


def desk_of_figures(actor: Actor, *, now: datetime) -> Desk:
    """The same lists for who sees the figures of these units, to be taken out without names. Raises NotYourDuty."""
    actor.must_somewhere(SEE_FIGURES)
    of, works_for = actor.units_for(SEE_FIGURES), actor.units_for(HANDLE) | actor.units_for(APPROVE)
    city = units.default_city(as_of=timezone.localdate(now)).id
    opens = city in actor.units_for(TAKE) or (city not in of and of <= works_for)
    return Desk(
        actor=actor, city=city, takes=city in of, units=of, handles=frozenset(), approves=of, found=of, opens=opens, now=now
    )


@dataclass(frozen=True, kw_only=True)
class InboxPage:
    """`drills`: how many of all that the filters leave are tests of the way to a unit, told apart wherever they are listed."""

    rows: list[TicketRow]
    counts: dict[Queue, int]
    deadlines: dict[Deadline, int]
    queue: Queue
    deadline: Deadline
    page: int
    drills: int
    capped: bool = False

    @property
    def count(self) -> int:
        return self.deadlines[self.deadline]


def inbox(desk: Desk, *, queue: Queue, deadline: Deadline = Deadline.ANY, filters: Filters, page: int = 1) -> InboxPage:
    """One page of one list, and how many are on each. Two queries; beyond the end: the last page."""
    parameters = desk.parameters
    chosen = filters.sql(parameters)
    queue = queue if queue in desk.queues else desk.first
    with connection.cursor() as cursor:
        cursor.execute(*_counts(desk, queue, chosen, parameters))
        *counted, drills = cursor.fetchone()
        numbers, deadlines = counted[: -len(Deadline)], dict(zip(Deadline, counted[-len(Deadline) :], strict=True))
        counts = dict(zip((one for one in desk.queues if one is not Queue.FIND), numbers, strict=True))
        page = min(max(page, 1), max(1, -(-deadlines[deadline] // PAGE_ROWS)))
        cursor.execute(
            _rows_sql(desk, queue, deadline, chosen), parameters | {"limit": PAGE_ROWS, "offset": (page - 1) * PAGE_ROWS}
        )
        rows = [TicketRow(*values) for values in cursor.fetchall()]
    return InboxPage(
        rows=rows,
        counts=counts,
        deadlines=deadlines,
        queue=queue,
        deadline=deadline,
        page=page,
        drills=drills,
        capped=queue is Queue.FIND and deadlines[deadline] >= MOST_COUNTED,
    )


def _counts(desk: Desk, queue: Queue, chosen: str, parameters: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """One statement: of all lists, a few scans of open tickets; then of the chosen one by deadline, as filtered."""
    named, scans, table = [], [], "FROM feedback_feedbackticket t WHERE"
    for number, (queues, whose, base) in enumerate(_SCANS):
        counted = {f"q{number}_{place}": one for place, one in enumerate(queues) if one in desk.queues}
        if counted:
            columns = ", ".join(f"count(*) FILTER (WHERE {_WHERE[one]}) AS {name}" for name, one in counted.items())
            scans.append(f"(SELECT {columns} {table} {desk.within(whose)} AND ({base})) s{number}")
            named += [(desk.queues.index(one), name) for name, one in counted.items()]
    of_list = f"{table} {desk.within(queue)} AND ({_WHERE[queue]}) AND ({chosen})"
    if queue is Queue.FIND:
        most = f"(SELECT 1 {of_list} LIMIT {MOST_COUNTED})"
        none = ", ".join(f"0 AS d{place}" for place in range(1, len(_AGAINST)))
        scans.append(f"(SELECT (SELECT count(*) FROM {most} f) AS d0, {none}, 0 AS drills) l")  # noqa: S608 - constants
    else:
        columns = ", ".join(f"count(*) FILTER (WHERE {against}) AS d{place}" for place, against in enumerate(_AGAINST.values()))
        scans.append(f"(SELECT {columns}, count(*) FILTER (WHERE t.drill) AS drills {of_list}) l")
    wanted = [name for _place, name in sorted(named)] + [f"l.d{place}" for place in range(len(_AGAINST))] + ["l.drills"]
    return f"SELECT {', '.join(wanted)} FROM {', '.join(scans)}", parameters  # noqa: S608 - constants


def _rows_sql(desk: Desk, queue: Queue, deadline: Deadline, chosen: str) -> str:
    """The ids first: words are read for the rows of the page alone."""
    order = "t.reported_at DESC, t.id DESC" if queue is Queue.FIND else f"({DUE}) NULLS LAST, t.id"
    asked = "t.state = 'asked', " if queue in (Queue.CITY, Queue.UNIT, Queue.MINE) else ""
    by = order if queue is Queue.FIND else asked + order
    return f"""WITH picked AS (
  SELECT t.id, row_number() OVER (ORDER BY {by}) AS place FROM feedback_feedbackticket t
   WHERE {desk.within(queue)} AND ({_WHERE[queue]}) AND ({chosen}) AND ({_AGAINST[deadline]})
   ORDER BY {by} LIMIT %(limit)s OFFSET %(offset)s)
SELECT {COLUMNS}, {MORE} {JOINED} ORDER BY picked.place"""  # noqa: S608 - of constants of this file alone


def exported(desk: Desk, *, queue: Queue, deadline: Deadline, filters: Filters) -> Iterator[TicketRow]:
    """All of a list, as it is shown, but no drill: it is for figures. Of a longer one one more than `MOST_EXPORTED`, so that it
    can be said. One query. Raises NotYourDuty for words that only who opens the tickets may look for.
    """
    if not (desk.opens or number_in(filters.words) or not filters.words):
        raise NotYourDuty(HANDLE)
    return _exported(desk, queue, deadline, filters)


def _exported(desk: Desk, queue: Queue, deadline: Deadline, filters: Filters) -> Iterator[TicketRow]:
    parameters = desk.parameters
    statement = _rows_sql(desk, queue, deadline, f"NOT t.drill AND {filters.sql(parameters)}")
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters | {"limit": MOST_EXPORTED + 1, "offset": 0})
        while many := cursor.fetchmany(500):
            yield from (TicketRow(*values) for values in many)


def picked(ticket_ids: Collection[int], *, desk: Desk) -> list[TicketRow]:
    """Those of these that are seen from this desk, by what is due first. One query."""
    seen = f"({IN_CITY if desk.takes else 'FALSE'} OR {_FOUND}) AND NOT {_CLOSE}"
    statement = f"""WITH picked AS (SELECT t.id, {DUE} AS place FROM feedback_feedbackticket t
  WHERE t.id = ANY(%(ids)s) AND {seen}) SELECT {COLUMNS}, {MORE} {JOINED} ORDER BY picked.place NULLS LAST, t.id"""  # noqa: S608 - of constants
    with connection.cursor() as cursor:
        cursor.execute(statement, desk.parameters | {"ids": list(ticket_ids)})
        return [TicketRow(*values) for values in cursor.fetchall()]


# -- on a map --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Spot:
    """What lies in one square of the map: how many open tickets, and of one alone which."""

    count: int
    latitude: float
    longitude: float
    id: int


_IN_VIEW = """NOT t.drill AND t.latitude BETWEEN %(south)s AND %(north)s
  AND t.longitude BETWEEN %(west)s AND %(east)s"""


def spots(desk: Desk, *, view: View, filters: Filters) -> list[Spot]:
    """Open tickets of this desk within a view but drills, in squares of about a thumb at its zoom; the fullest first."""
    parameters = desk.parameters
    chosen = filters.sql(parameters)
    parameters |= {"south": view.south, "north": view.north, "west": view.west, "east": view.east}
    parameters["size"] = 360 / 2**view.zoom / 6
    within = f"{IN_CITY} AND {OPEN}" if desk.takes else f"{_THEIRS} AND {WITH_UNIT}"
    statement = f"""SELECT count(*), avg(t.latitude), avg(t.longitude), min(t.id) FROM feedback_feedbackticket t
 WHERE {within} AND ({chosen}) AND {_IN_VIEW}
 GROUP BY floor(t.latitude / %(size)s), floor(t.longitude / %(size)s) ORDER BY 1 DESC, 4 LIMIT 500"""  # noqa: S608 - constants
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [Spot(*values) for values in cursor.fetchall()]


def in_view(desk: Desk, *, view: View, filters: Filters) -> list[TicketRow]:
    """Those of a view by what is due first, as many as a page has. One query."""
    parameters = desk.parameters
    chosen = filters.sql(parameters)
    chosen += f" AND {_IN_VIEW}"
    parameters |= {"south": view.south, "north": view.north, "west": view.west, "east": view.east}
    queue = Queue.CITY if desk.takes else Queue.UNIT
    with connection.cursor() as cursor:
        cursor.execute(_rows_sql(desk, queue, Deadline.ANY, chosen), parameters | {"limit": PAGE_ROWS, "offset": 0})
        return [TicketRow(*values) for values in cursor.fetchall()]
