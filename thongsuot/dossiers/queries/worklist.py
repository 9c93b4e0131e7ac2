"""The desks' lists: what is to do, by deadline. Two queries a page: the rows, the counts of the rail."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from thongsuot.dossiers import rules
from thongsuot.dossiers.models import Status
from thongsuot.dossiers.queries.deadlines import Dates, due_of
from thongsuot.kernel.actor import Actor
from thongsuot.procedures import queries as procedures
from thongsuot.units import queries as units

PAGE_ROWS = 50
DUTIES = (
    "receive dossiers",
    "assign dossiers",
    "process dossiers",
    "review dossiers",
    "sign results",
    "issue results",
    "hand back results",
)


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
    Deadline.LATE: _("Quá hạn"),
    Deadline.TODAY: _("Đến hạn hôm nay"),
    Deadline.NEAR: _("Sắp đến hạn"),
}

# What an officer sees: dossiers open at a desk or an office where a duty of theirs holds; a partner's only while its leg runs.
_VISIBLE = """
  d.ended_at IS NULL AND (d.resolving_unit_id = ANY(%(units)s) OR d.receiving_unit_id = ANY(%(units)s)
                          OR d.step_unit_id = ANY(%(units)s))
"""
# What someone with these duties can do something about now.
_MINE_TO_DO = """
  ((d.status IN (2, 4) AND (d.assignee_id = %(me)s OR (d.assignee_id IS NULL AND r.duty = ANY(%(duties)s)
                                                       AND (d.step_unit_id IS NULL OR d.step_unit_id = ANY(%(units)s)))))
   OR (d.status = 1 AND %(receives)s) OR (d.status = 9 AND %(hands_back)s))
"""
_AGAINST = {
    Deadline.ANY: "TRUE",
    Deadline.LATE: "d.status IN (1, 2, 4) AND coalesce(d.due_at, d.answer_due_at) < %(now)s",
    Deadline.TODAY: "d.status IN (1, 2, 4) AND coalesce(d.due_at, d.answer_due_at) >= %(now)s"
    " AND coalesce(d.due_at, d.answer_due_at) < %(tomorrow)s",
    Deadline.NEAR: "d.status IN (2, 4) AND d.warn_at <= %(now)s AND d.due_at >= %(now)s",
}
_WHERE = {
    Queue.TO_DO: _MINE_TO_DO,
    Queue.MINE: "d.assignee_id = %(me)s AND d.status IN (2, 4)",
    Queue.LATE: _AGAINST[Deadline.LATE],
    Queue.TODAY: _AGAINST[Deadline.TODAY],
    Queue.NEAR: _AGAINST[Deadline.NEAR],
    Queue.NEW: "d.status = 1",
    Queue.UNASSIGNED: "d.status IN (2, 4) AND d.assignee_id IS NULL",
    Queue.WAITING: "d.status IN (5, 6)",
    Queue.HAND_BACK: "d.status = 9",
    Queue.ALL: "TRUE",
}
_ROWS = f"""
SELECT d.id, d.code, d.submission_code, d.version_id, d.owner_name, d.status, d.channel, d.received_at, d.submitted_at,
       d.due_at, d.answer_due_at, d.warn_at, d.promised_at, d.paused_at, d.extended_days, d.resolved_at, d.step_due_at,
       r.name, r.step_key, r.duty, d.assignee_id, r.assignee_name,
       d.resolving_unit_id, d.receiving_unit_id, d.step_no, d.step_unit_id
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


@dataclass(frozen=True, kw_only=True)
class WorkRow:
    """One line of an officer's list, ready to show."""

    id: int
    code: str
    procedure_code: str
    procedure: str
    owner_name: str
    status: Status
    tag: str
    channel: int
    due: rules.Due | None  # none runs: a supplement is awaited before reception
    answers_only: bool  # the date is for the answer to an online filing, not for a result
    promised_at: datetime | None
    paused_at: datetime | None
    version_id: int
    resolving_unit_id: int
    receiving_unit_id: int
    step_no: int | None
    step_unit_id: int | None
    step: str
    step_key: str
    duty: str
    step_late: bool
    assignee_id: int | None
    assignee_name: str


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
    tomorrow = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    parameters: dict[str, Any] = {
        "units": list(visible),
        "me": actor.person_id or 0,
        "duties": [duty for duty in DUTIES if actor.units_for(duty) & visible],
        "receives": bool(actor.units_for("receive dossiers") & visible),
        "hands_back": bool(actor.units_for("hand back results") & visible),
        "answering": list(actor.units_for("process dossiers") & visible),
        "now": now,
        "tomorrow": tomorrow,
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
        rows = [_row(values, now) for values in cursor.fetchall()]
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
        return [_row(values, now) for values in cursor.fetchall()]


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


def _row(values: tuple[Any, ...], now: datetime) -> WorkRow:
    (
        dossier_id,
        code,
        submission_code,
        version_id,
        owner_name,
        status,
        channel,
        received_at,
        submitted_at,
        due_at,
        answer_due_at,
        warn_at,
        promised_at,
        paused_at,
        extended_days,
        resolved_at,
        step_due_at,
        step,
        step_key,
        duty,
        assignee_id,
        assignee_name,
        resolving_unit_id,
        receiving_unit_id,
        step_no,
        step_unit_id,
    ) = values
    version = procedures.version(version_id)
    dates = Dates(
        resolving_unit_id=resolving_unit_id,
        submitted_at=submitted_at,
        answer_due_at=answer_due_at,
        received_at=received_at,
        due_at=due_at,
        warn_at=warn_at,
        paused_at=paused_at,
        extended_days=extended_days,
        resolved_at=resolved_at,
    )
    return WorkRow(
        id=dossier_id,
        code=code or submission_code,
        procedure_code=version.code,
        procedure=version.name,
        owner_name=owner_name,
        status=Status(status),
        tag=rules.TAGS[status],
        channel=channel,
        due=due_of(dates, version, now=now),
        answers_only=received_at is None,
        promised_at=promised_at,
        paused_at=paused_at,
        version_id=version_id,
        resolving_unit_id=resolving_unit_id,
        receiving_unit_id=receiving_unit_id,
        step_no=step_no,
        step_unit_id=step_unit_id,
        step=step or "",
        step_key=step_key or "",
        duty=duty or "",
        step_late=step_due_at is not None and step_due_at < now and paused_at is None,
        assignee_id=assignee_id,
        assignee_name=assignee_name or "",
    )
