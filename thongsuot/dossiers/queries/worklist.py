"""The desks' lists: what is to do, by deadline. Two queries a page: the rows, the counts of the rail."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from thongsuot.dossiers import rules
from thongsuot.dossiers.models import Status
from thongsuot.dossiers.queries.dates import LATE, NEAR, RUNNING, UNANSWERED, due_of
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.working_time import DAY, start_of
from thongsuot.procedures import queries as procedures
from thongsuot.procedures.rules import DUTIES
from thongsuot.units import queries as units

PAGE_ROWS = 50


class Queue(StrEnum):
    """The rail of the officer's desk. Each is a condition of `_WHERE`."""

    TO_DO = "can-lam"
    MINE = "cua-toi"
    LATE = "qua-han"
    TODAY = "hom-nay"
    NEAR = "sap-den-han"
    NEW = "moi-nop"
    UNASSIGNED = "chua-phan-cong"
    WAITING = "cho-nguoi-dan"
    HAND_BACK = "cho-tra"
    ALL = "tat-ca"


LABELS: dict[Queue, Promise] = {
    Queue.TO_DO: _("Cần làm"),
    Queue.MINE: _("Giao cho tôi"),
    Queue.LATE: _("Quá hạn"),
    Queue.TODAY: _("Đến hạn hôm nay"),
    Queue.NEAR: _("Sắp đến hạn"),
    Queue.NEW: _("Mới nộp"),
    Queue.UNASSIGNED: _("Chưa phân công"),
    Queue.WAITING: _("Chờ người dân"),
    Queue.HAND_BACK: _("Chờ trả kết quả"),
    Queue.ALL: _("Đang mở"),
}


class Deadline(StrEnum):
    """The tabs over a queue: its dossiers by how they stand against their deadline. Each is a condition of `_AGAINST`."""

    ANY = ""
    LATE = "qua-han"
    TODAY = "hom-nay"
    NEAR = "sap-den-han"


DEADLINES: dict[Deadline, Promise] = {
    Deadline.ANY: _("Tất cả"),
    **{Deadline(queue): LABELS[queue] for queue in (Queue.LATE, Queue.TODAY, Queue.NEAR)},
}

# What an officer sees: dossiers open at a desk or an office where a duty of theirs holds; a partner's only while its leg runs.
_VISIBLE = """
  d.ended_at IS NULL AND (d.resolving_unit_id = ANY(%(units)s) OR d.receiving_unit_id = ANY(%(units)s)
                          OR d.step_unit_id = ANY(%(units)s))
"""
# What someone with these duties can do something about now.
_MINE_TO_DO = f"""
  (({RUNNING} AND (d.assignee_id = %(me)s OR (d.assignee_id IS NULL AND r.duty = ANY(%(duties)s)
                                                       AND (d.step_unit_id IS NULL OR d.step_unit_id = ANY(%(units)s)))))
   OR (d.status = 1 AND %(receives)s) OR (d.status = 9 AND %(hands_back)s))
"""
_AGAINST = {
    Deadline.ANY: "TRUE",
    Deadline.LATE: f"({LATE} OR {UNANSWERED})",
    Deadline.TODAY: "d.status IN (1, 2, 4) AND coalesce(d.due_at, d.answer_due_at) >= %(now)s"
    " AND coalesce(d.due_at, d.answer_due_at) < %(tomorrow)s",
    Deadline.NEAR: NEAR,
}
_WHERE = {
    Queue.TO_DO: _MINE_TO_DO,
    Queue.MINE: f"d.assignee_id = %(me)s AND {RUNNING}",
    Queue.LATE: _AGAINST[Deadline.LATE],
    Queue.TODAY: _AGAINST[Deadline.TODAY],
    Queue.NEAR: _AGAINST[Deadline.NEAR],
    Queue.NEW: "d.status = 1",
    Queue.UNASSIGNED: f"{RUNNING} AND d.assignee_id IS NULL",
    Queue.WAITING: "d.status IN (5, 6)",
    Queue.HAND_BACK: "d.status = 9",
    Queue.ALL: "TRUE",
}
_ROWS = f"""
SELECT d.id, coalesce(d.code, d.submission_code), d.version_id, d.owner_name, d.status, d.submitted_at,
       d.due_at, d.answer_due_at, d.warn_at, d.promised_at, d.paused_at, d.extended_days, d.resolved_at, d.ended_at,
       coalesce(r.name, ''), coalesce(r.step_key, ''), coalesce(r.duty, ''), r.due_at, d.assignee_id,
       coalesce(r.assignee_name, ''), d.resolving_unit_id, d.receiving_unit_id, d.step_no, d.step_unit_id
  FROM dossiers_dossier d
  LEFT JOIN dossiers_steprun r ON r.dossier_id = d.id AND r.finished_at IS NULL
 WHERE {_VISIBLE} AND (__QUEUE__) AND (__DEADLINE__)
 ORDER BY d.status = 9, coalesce(d.due_at, d.answer_due_at), d.id
 LIMIT %(limit)s OFFSET %(offset)s
"""  # noqa: S608 - of constants of this file alone
# Of every queue, then of every deadline within the chosen queue, then the opinions that wait for an answer of these units.
_COUNTED = ", ".join(
    [
        *(f"count(*) FILTER (WHERE {condition})" for condition in _WHERE.values()),
        *(f"count(*) FILTER (WHERE (__QUEUE__) AND {condition})" for condition in _AGAINST.values()),
        """(SELECT count(*) FROM dossiers_opinion o JOIN units_body b ON b.id = o.body_id
         WHERE o.answered_at IS NULL AND b.unit_id = ANY(%(answering)s))""",
    ]
)
_COUNTS = f"""
SELECT {_COUNTED}
  FROM dossiers_dossier d
  LEFT JOIN dossiers_steprun r ON r.dossier_id = d.id AND r.finished_at IS NULL
 WHERE {_VISIBLE}
"""  # noqa: S608 - of constants of this file alone


@dataclass(frozen=True)
class WorkRow:
    """One line of an officer's list: the columns of `_ROWS` in their order, as it stands at `now`."""

    id: int
    code: str
    version_id: int
    owner_name: str
    status: int
    submitted_at: datetime | None
    due_at: datetime | None
    answer_due_at: datetime | None
    warn_at: datetime | None
    promised_at: datetime | None
    paused_at: datetime | None
    extended_days: int
    resolved_at: datetime | None
    ended_at: datetime | None
    step: str
    step_key: str
    duty: str
    step_due_at: datetime | None
    assignee_id: int | None
    assignee_name: str
    resolving_unit_id: int
    receiving_unit_id: int
    step_no: int | None
    step_unit_id: int | None
    now: datetime

    @property
    def version(self) -> procedures.VersionView:
        return procedures.version(self.version_id)

    @property
    def procedure(self) -> str:
        return self.version.name

    @property
    def tag(self) -> str:
        return rules.TAGS[self.status]

    @property
    def status_name(self) -> str:
        return str(Status(self.status).label)

    @cached_property
    def due(self) -> rules.Due | None:
        """None runs while a supplement is awaited before reception."""
        return due_of(self, self.version, now=self.now)

    @property
    def step_late(self) -> bool:
        return self.step_due_at is not None and self.step_due_at < self.now and self.paused_at is None


@dataclass(frozen=True, kw_only=True)
class WorkPage:
    rows: list[WorkRow]
    counts: dict[Queue, int]
    queue: Queue
    page: int
    pages: int
    deadlines: dict[Deadline, int]
    deadline: Deadline
    opinions: int

    @property
    def count(self) -> int:
        return self.deadlines[self.deadline]


def worklist(
    actor: Actor, *, queue: Queue, now: datetime, unit_id: int | None = None, page: int = 1, deadline: Deadline = Deadline.ANY
) -> WorkPage:
    """One page of a queue with the counts of all. Two queries.

    unit_id   only this unit, of those where the actor handles dossiers
    page      beyond the end: the last one
    """
    visible = units_of(actor) if unit_id is None else units_of(actor) & {unit_id}
    parameters: dict[str, Any] = {
        "units": list(visible),
        "me": actor.person_id or 0,
        "duties": [duty for duty in DUTIES if actor.units_for(duty) & visible],
        "receives": bool(actor.units_for("receive dossiers") & visible),
        "hands_back": bool(actor.units_for("hand back results") & visible),
        "answering": list(actor.units_for("process dossiers") & visible),
        "now": now,
        "tomorrow": start_of(timezone.localdate(now) + DAY),
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS.replace("__QUEUE__", _WHERE[queue]), parameters)
        *numbers, opinions = cursor.fetchone()
        counts = dict(zip(_WHERE, numbers, strict=False))
        deadlines = dict(zip(_AGAINST, numbers[len(_WHERE) :], strict=True))
        pages = max(1, -(-deadlines[deadline] // PAGE_ROWS))
        page = min(max(page, 1), pages)
        rows_of = _ROWS.replace("__QUEUE__", _WHERE[queue]).replace("__DEADLINE__", _AGAINST[deadline])
        cursor.execute(rows_of, {**parameters, "limit": PAGE_ROWS, "offset": (page - 1) * PAGE_ROWS})
        rows = [WorkRow(*(*values, now)) for values in cursor.fetchall()]
    return WorkPage(
        rows=rows, counts=counts, queue=queue, page=page, pages=pages, deadlines=deadlines, deadline=deadline, opinions=opinions
    )


def picked(dossier_ids: Collection[int], *, actor: Actor, now: datetime) -> list[WorkRow]:
    """Those of these open dossiers that the actor sees, in the order of the lists. One query."""
    statement = _ROWS.replace("__QUEUE__", "d.id = ANY(%(ids)s)").replace("__DEADLINE__", "TRUE")
    with connection.cursor() as cursor:
        cursor.execute(
            statement, {"units": list(units_of(actor)), "ids": list(dossier_ids), "limit": len(dossier_ids), "offset": 0}
        )
        return [WorkRow(*(*values, now)) for values in cursor.fetchall()]


def units_of(actor: Actor) -> frozenset[int]:
    """Where the actor handles dossiers."""
    found: frozenset[int] = frozenset()
    for duty in DUTIES:
        found |= actor.units_for(duty)
    return found


def units_seen(actor: Actor) -> frozenset[int]:
    """Where the actor handles dossiers, and the ended units whose closed ones these answer for. One query, remembered."""
    mine = units_of(actor)
    return mine | units.kept_by(mine, on=actor.day) if mine and actor.day is not None else mine


def seen_by_units(unit_ids: frozenset[int]) -> Q:
    """Dossiers these units may open: they resolve them, received them, or have them now as a partner."""
    return Q(resolving_unit_id__in=unit_ids) | Q(receiving_unit_id__in=unit_ids) | Q(step_unit_id__in=unit_ids)
