"""What is late in a city: the answer, a step, at a unit that had it before, for the second time. Drills are late on no list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import connection

from thongsuot.feedback.models import Routing
from thongsuot.feedback.queries.inbox import (
    AGAIN_LATE,
    COLUMNS,
    IN_CITY,
    JOINED,
    MORE,
    OPEN,
    PAGE_ROWS,
    STEP_LATE,
    WITH_UNIT,
    TicketRow,
)
from thongsuot.feedback.queries.ticket import seen_among
from thongsuot.kernel.actor import Actor


class Late(StrEnum):
    """Each is a condition of `_LATE` and the instant it is ordered by."""

    ANSWER = ""
    STEP = "buoc"
    BEFORE = "don-vi-truoc"
    AGAIN = "lan-hai"


_LEFT = "r.ticket_id = t.id AND r.round = t.round AND r.late_at IS NOT NULL"
_LEFT_LATE = f"{OPEN} AND EXISTS (SELECT 1 FROM feedback_routing r WHERE {_LEFT})"  # noqa: S608 - of constants
_LEFT_THEM_LATE = f"{OPEN} AND EXISTS (SELECT 1 FROM feedback_routing r WHERE {_LEFT} AND r.unit_id = ANY(%(units)s))"  # noqa: S608
_LATE: dict[Late, tuple[str, str]] = {
    Late.ANSWER: (f"{WITH_UNIT} AND t.state <> 'asked' AND t.due_at < %(now)s", "t.due_at"),
    Late.STEP: (STEP_LATE, "t.step_due_at"),
    # Late at a unit that has it no more: whoever has it now may be in time, the sender waits all the same.
    Late.BEFORE: (_LEFT_LATE, "t.first_due_at"),
    Late.AGAIN: (AGAIN_LATE, "LEAST(t.step_due_at, t.due_at)"),
}
_WITHIN = f"{IN_CITY} AND NOT t.drill"
# What every list is part of: as in the inbox, one pass over what is open counts them all.
_ANY = f"({OPEN} OR t.step_due_at IS NOT NULL)"


@dataclass(frozen=True, kw_only=True)
class LateBefore:
    """A unit was late with a ticket when it went elsewhere."""

    unit_id: int
    late_at: datetime
    left_at: datetime


@dataclass(frozen=True, kw_only=True)
class LatePage:
    rows: list[TicketRow]
    opens: frozenset[int]
    counts: dict[Late, int]
    before: dict[int, list[LateBefore]]
    page: int


def _late(which: Late, unit_ids: frozenset[int] | None) -> str:
    """Of these units: what they have, and what they had when it was late."""
    condition, _by = _LATE[which]
    if unit_ids is None:
        return condition
    return _LEFT_THEM_LATE if which is Late.BEFORE else f"({condition}) AND t.unit_id = ANY(%(units)s)"


def late(
    city_id: int,
    *,
    actor: Actor,
    now: datetime,
    which: Late = Late.ANSWER,
    page: int = 1,
    size: int = PAGE_ROWS,
    unit_ids: frozenset[int] | None = None,
) -> LatePage:
    """One list of a city, or of some of its units, the longest late first; how many are on each; which units were late before.
    Four queries; beyond the end: the last page.
    """
    parameters: dict[str, Any] = {"city": city_id, "now": now, "units": list(unit_ids or ())}
    condition, by = _late(which, unit_ids), _LATE[which][1]
    with connection.cursor() as cursor:
        columns = ", ".join(f"count(*) FILTER (WHERE {_late(one, unit_ids)})" for one in _LATE)
        cursor.execute(f"SELECT {columns} FROM feedback_feedbackticket t WHERE {_WITHIN} AND {_ANY}", parameters)  # noqa: S608
        counts = dict(zip(_LATE, cursor.fetchone(), strict=True))
        page = min(max(page, 1), max(1, -(-counts[which] // size)))
        cursor.execute(
            f"""WITH picked AS (SELECT t.id, {by} AS place FROM feedback_feedbackticket t WHERE {_WITHIN} AND {condition}
  ORDER BY {by}, t.id LIMIT %(limit)s OFFSET %(offset)s)
SELECT {COLUMNS}, {MORE} {JOINED} ORDER BY picked.place, t.id""",  # noqa: S608 - of constants of these files alone
            parameters | {"limit": size, "offset": (page - 1) * size},
        )
        rows = [TicketRow(*values) for values in cursor.fetchall()]
    before: dict[int, list[LateBefore]] = {}
    told = Routing.objects.filter(ticket__in=[row.id for row in rows], late_at__isnull=False).order_by("routed_at", "pk")
    for ticket_id, unit_id, late_at, left_at in told.values_list("ticket_id", "unit_id", "late_at", "returned_at"):
        if late_at and left_at:
            before.setdefault(ticket_id, []).append(LateBefore(unit_id=unit_id, late_at=late_at, left_at=left_at))
    opens = seen_among([row.id for row in rows], actor=actor)
    rows = [row if row.id in opens else row.closed for row in rows]
    return LatePage(rows=rows, opens=opens, counts=counts, before=before, page=page)
