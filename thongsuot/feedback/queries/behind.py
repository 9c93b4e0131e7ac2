"""The tickets behind a figure, each condition beside the sum that says the same: the list has as many rows as the number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from thongsuot.feedback.queries.figures import Scope, Sums, total
from thongsuot.feedback.words import Channel, RefusalReason, Stream
from thongsuot.kernel.periods import Period
from thongsuot.units import queries as units

_OPEN_AT_END = "f.started_on <= %(last)s AND (f.moved_on IS NULL OR f.moved_on > %(last)s)"
_WAITED = (
    f"{_OPEN_AT_END} AND (f.answered_on IS NULL OR f.answered_on > %(last)s)"
    " AND (f.refused_on IS NULL OR f.refused_on > %(last)s)"
)
_IN = "BETWEEN %(first)s AND %(last)s"
_HANDLED = (
    "f.started_on <= %(last)s AND (f.moved_on IS NULL OR f.moved_on > %(last)s OR f.closed_on IS NOT NULL)"
    " AND (f.closed_on IS NULL OR f.closed_on >= %(first)s)"
)
_CLOSED_BY = "(f.closed_on IS NOT NULL AND f.closed_on <= %(last)s)"
_OPEN_IN_TIME = "f.index_left_on IS NULL OR f.index_left_on > %(last)s OR f.late_at >= %(now)s"
_IN_TIME = f"CASE WHEN {_CLOSED_BY} THEN f.in_time ELSE {_OPEN_IN_TIME} END"
# Each figure as a condition about a leg `f`: the list behind a number has as many rows as the number says.
BEHIND: dict[str, str] = {
    "nhan": f"f.started_on {_IN} AND f.began = 'reported'",
    "tra-loi": f"f.answered_on {_IN}",
    "dung-han": f"f.answered_on {_IN} AND f.answered_in_time",
    "tre": f"f.answered_on {_IN} AND NOT f.answered_in_time",
    "dang-cho": _WAITED,
    "qua-han": f"{_WAITED} AND f.left_on <= %(last)s AND f.overdue_at < %(now)s",
    "tra-lai": f"f.moved_on {_IN} AND f.returned",
    "tu-choi": f"f.refused_on {_IN}",
    "mo-lai": f"f.started_on {_IN} AND f.began = 'reopened'",
    "danh-gia": f"f.rated_on {_IN}",
    "xu-ly": _HANDLED,
    "xu-ly-dung-han": f"{_HANDLED} AND {_IN_TIME}",
    "xu-ly-tre": f"{_HANDLED} AND NOT ({_IN_TIME})",
    "xu-ly-chua-tot": f"({_HANDLED} AND NOT ({_IN_TIME}) OR f.in_time AND f.marked_on {_IN})",
}


@dataclass(frozen=True, kw_only=True)
class Behind:
    """A ticket behind a figure, by its number: never who sent it, nor where exactly."""

    ticket_id: int
    number: str
    unit_id: int
    unit: str
    category: str
    stream: str
    channel: str
    started_at: datetime
    due_at: datetime | None
    answered_at: datetime | None
    fault: str
    refusal: str
    repeated: bool


# The same from sums: fast at any size.
COUNTS: dict[str, Callable[[Sums], int]] = {
    "nhan": lambda sums: sums["received"],
    "tra-loi": lambda sums: sums["answered"],
    "dung-han": lambda sums: sums["answered_in_time"],
    "tre": lambda sums: sums["answered"] - sums["answered_in_time"],
    "dang-cho": lambda sums: sums.waiting,
    "qua-han": lambda sums: sums.overdue,
    "tra-lai": lambda sums: sums["returned"],
    "tu-choi": lambda sums: sums["refused"],
    "mo-lai": lambda sums: sums["reopened"],
    "danh-gia": lambda sums: sums["rated"],
    "xu-ly": lambda sums: sums.handled,
    "xu-ly-dung-han": lambda sums: sums.handled_in_time,
    "xu-ly-tre": lambda sums: sums.handled - sums.handled_in_time,
    "xu-ly-chua-tot": lambda sums: sums.not_well,
}


def count_behind(scope: Scope, period: Period, figure: str) -> int:
    """The figure itself. Two queries at most."""
    return COUNTS[figure](total(scope, period))


def behind(scope: Scope, period: Period, figure: str, *, limit: int, offset: int = 0) -> list[Behind]:
    """One page, the latest first. One query, and what is remembered of units."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT f.ticket_id, t.number, f.unit_id, coalesce(c.name, ''), f.stream, f.channel, f.started_at, f.due_at,"  # noqa: S608
            " f.answered_at,"
            " CASE WHEN f.late_at <= %(as_of)s THEN f.fault ELSE '' END, f.refusal, f.repeated"
            f" FROM (SELECT * FROM feedback_ticketleg f WHERE {scope.condition()} AND {BEHIND[figure]}"
            " ORDER BY f.started_on DESC, f.ticket_id DESC, f.number DESC LIMIT %(limit)s OFFSET %(offset)s) f"
            " JOIN feedback_feedbackticket t ON t.id = f.ticket_id LEFT JOIN feedback_category c ON c.id = f.category_id"
            " ORDER BY f.started_on DESC, f.ticket_id DESC, f.number DESC",
            {**scope.parameters, **period.parameters, "limit": limit, "offset": offset},
        )
        rows = cursor.fetchall()
    names = units.unit_rows({row[2] for row in rows}, as_of=period.last)
    return [
        Behind(
            ticket_id=row[0],
            number=row[1],
            unit_id=row[2],
            unit=names[row[2]].full_name,
            category=row[3],
            stream=str(Stream(row[4]).label),
            channel=str(Channel(row[5]).label),
            started_at=row[6],
            due_at=row[7],
            answered_at=row[8],
            fault=row[9],
            refusal=str(RefusalReason(row[10]).label) if row[10] in RefusalReason.values else "",
            repeated=row[11],
        )
        for row in rows
    ]
