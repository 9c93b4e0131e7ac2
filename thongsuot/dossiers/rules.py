"""What the law and the practice say of dossiers: pure functions, no database, no clock, no request."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from thongsuot.dossiers.models.dossier import Status
from thongsuot.kernel.codes import LETTERS, in_fours
from thongsuot.kernel.working_time import (
    Limit,
    LimitUnit,
    WorkingCalendar,
    add_working_minutes,
    due_after_pause,
    due_at,
    limit_minutes,
    working_days_between,
    working_minutes_between,
)
from thongsuot.procedures.content import Step
from thongsuot.procedures.rules import Answers, branches, path_from

# Allowed moves between the ten national statuses (a sensible reading; the portal's own table was not seen).
# 5 -> 1: a supplement asked before reception leads back to the desk. None leaves 3, 7, 8, 10.
MOVES: dict[Status, frozenset[Status]] = {
    Status.REGISTERED: frozenset(
        {Status.RECEIVED, Status.REFUSED_INTAKE, Status.SUPPLEMENT_REQUESTED, Status.PAYMENT_REQUESTED, Status.WITHDRAWN}
    ),
    Status.RECEIVED: frozenset(
        {Status.PROCESSING, Status.SUPPLEMENT_REQUESTED, Status.PAYMENT_REQUESTED, Status.WITHDRAWN, Status.STOPPED}
    ),
    Status.REFUSED_INTAKE: frozenset(),
    Status.PROCESSING: frozenset(
        {Status.SUPPLEMENT_REQUESTED, Status.PAYMENT_REQUESTED, Status.WITHDRAWN, Status.STOPPED, Status.RESOLVED}
    ),
    Status.SUPPLEMENT_REQUESTED: frozenset(
        {Status.REGISTERED, Status.RECEIVED, Status.PROCESSING, Status.WITHDRAWN, Status.STOPPED}
    ),
    Status.PAYMENT_REQUESTED: frozenset(
        {Status.REGISTERED, Status.RECEIVED, Status.PROCESSING, Status.RESOLVED, Status.WITHDRAWN, Status.STOPPED}
    ),
    Status.WITHDRAWN: frozenset(),
    Status.STOPPED: frozenset(),
    Status.RESOLVED: frozenset({Status.RETURNED}),
    Status.RETURNED: frozenset(),
}
FINAL = frozenset(status for status, moves in MOVES.items() if not moves)
ENDED_WITHOUT_RESULT = FINAL - {Status.RETURNED}
PAUSED = frozenset({Status.SUPPLEMENT_REQUESTED, Status.PAYMENT_REQUESTED})
OPEN = frozenset(Status) - FINAL

# Kind of the status tag (look: ring, half, two bars, full, dash).
TAGS = {1: "new", 2: "new", 3: "end", 4: "go", 5: "wait", 6: "wait", 7: "end", 8: "end", 9: "done", 10: "done"}

CODE = re.compile(r"[A-Z]\d{2}(?:\.\d{1,3}){0,4}-\d{6}-\d{4,}")
SUBMISSION_CODE = re.compile(rf"TS-[{LETTERS}]{{4}}-[{LETTERS}]{{4}}")
DRAFT_CODE = re.compile(rf"KS-[{LETTERS}]{{4}}-[{LETTERS}]{{4}}-[{LETTERS}]{{3}}")
_OWN_CODE = re.compile(rf"(TS|KS|GN)([{LETTERS}]{{8,12}})")
_PARTED_CODE = re.compile(r"([A-Z]\d{2}(?:\.\d{1,3}){0,4})-?(\d{6})-?(\d{4,})")


def may_move(before: int, after: int) -> bool:
    return Status(after) in MOVES[Status(before)]


def typed_code(text: str) -> str:
    """A code as people type it: small letters, long dashes, blanks for dashes or no dashes at all are forgiven."""
    code = re.sub(r"[\s\-–—]+", "-", text[:200].strip().upper())
    if found := _OWN_CODE.fullmatch(code.replace("-", "")):
        return f"{found[1]}-{in_fours(found[2])}"
    if found := _PARTED_CODE.fullmatch(code):
        return "-".join(found.groups())
    return re.sub(r"\s+", "", text).upper().replace("–", "-").replace("—", "-")[:60]


def warn_at(received_at: datetime, due_at: datetime, limit: Limit, calendar: WorkingCalendar, *, share: int) -> datetime:
    """From when a dossier is near its deadline: `share` percent of the limit used, or a working day before, if sooner.

    For limits of one day or less only the share counts: everything would be near from the start.
    """
    whole = limit_minutes(limit, calendar)
    used = add_working_minutes(received_at, whole * share // 100, calendar)
    if limit.unit in (LimitUnit.SAME_DAY, LimitUnit.WORKING_HOURS) and whole <= calendar.minutes_per_day():
        return min(used, due_at)
    day_before = calendar.closing(calendar.last_working_day(before=calendar.local_day(due_at)))
    return max(received_at, min(used, day_before, due_at))


@dataclass(frozen=True, kw_only=True)
class Clock:
    """Where a dossier's due instant came from: enough to count it again under another calendar.

    starts_at  of the limit: the reception; before it, what the desk's answer counts from
    halts      finished pauses, in order; of one that still stands the due instant is the one before it
    extended   when the limit was made longer, and by how many working days
    """

    starts_at: datetime
    limit: Limit
    halts: tuple[tuple[datetime, datetime], ...] = ()
    extended: tuple[datetime, int] | None = None


def due_by(clock: Clock, calendar_on: Callable[[datetime], WorkingCalendar]) -> datetime:
    """The due instant from the start, every pause and the extension run through again, in their order.

    calendar_on  the calendar used at an instant
    """
    due = due_at(clock.starts_at, clock.limit, calendar_on(clock.starts_at))
    extended = clock.extended
    for halted_at, resumed_at in clock.halts:
        if extended is not None and extended[0] <= halted_at:
            due, extended = extended_due(due, extended[1], calendar_on(extended[0])), None
        due = due_after_pause(due, halted_at, resumed_at, clock.limit, calendar_on(resumed_at))
    return due if extended is None else extended_due(due, extended[1], calendar_on(extended[0]))


def extended_due(due: datetime, days: int, calendar: WorkingCalendar) -> datetime:
    """The due instant when the limit is made longer by whole working days: the same hour of a later working day."""
    return add_working_minutes(due, days * calendar.minutes_per_day(), calendar)


CERTIFICATION = "Chứng thực"  # the field of procedures


def may_be_agreed_longer(field: str) -> bool:
    """May the filer agree in writing to more days than the procedure gives? Only in certification (NĐ 23/2015, art. 21)."""
    return field == CERTIFICATION


def moved_due(before: datetime, after: datetime, *, now: datetime, calendar: WorkingCalendar) -> datetime:
    """The new due instant when a change of the calendar becomes known at `now`.

    Later is taken as it is. Earlier never makes a dossier late by the change alone: whoever works on it keeps at least
    the next whole working day. [practice: no text says how a day announced late strikes limits that run]
    """
    if after >= before:
        return after
    return max(after, min(before, calendar.closing(calendar.next_working_day(calendar.local_day(now)))))


class Pace(StrEnum):
    """How a dossier stands against its deadline at an instant."""

    OK = "ok"
    NEAR = "near"
    LATE = "late"
    HOLD = "hold"
    DONE = "done"


def pace(
    *, due_at: datetime, warn_at: datetime | None, paused_at: datetime | None, ended_at: datetime | None, now: datetime
) -> Pace:
    """A paused or ended dossier stands as it stood then."""
    if (ended_at or paused_at or now) > due_at:
        return Pace.LATE
    if ended_at:
        return Pace.DONE
    if paused_at:
        return Pace.HOLD
    return Pace.NEAR if warn_at and now >= warn_at else Pace.OK


@dataclass(frozen=True, kw_only=True)
class Due:
    """A deadline counted in blocks: one per working day, or per working hour for limits of hours."""

    pace: Pace
    blocks: int
    used: int
    over: int  # blocks beyond the limit
    left: int  # whole blocks left; 0 when none
    in_hours: bool
    at: datetime


def due_view(
    *,
    due_at: datetime,
    warn_at: datetime | None,
    paused_at: datetime | None,
    ended_at: datetime | None,
    limit: Limit,
    extended_days: int = 0,
    calendar: WorkingCalendar,
    now: datetime,
) -> Due:
    """The deadline counted in blocks at `now`; a paused or ended one as it stood then.

    An extended limit is counted in days, those added among its blocks.
    """
    until = ended_at or paused_at or now
    in_hours = not extended_days and (
        (limit.unit is LimitUnit.WORKING_HOURS and limit.value <= 16) or limit.unit is LimitUnit.SAME_DAY
    )
    if in_hours:
        whole = max(1, round(limit_minutes(limit, calendar) / 60))
        left = -(-working_minutes_between(until, due_at, calendar) // 60)
        over = -(-working_minutes_between(due_at, until, calendar) // 60)
    else:
        day, due_day = calendar.local_day(until), calendar.local_day(due_at)
        whole = max(1, limit_minutes(limit, calendar) // calendar.minutes_per_day()) + extended_days
        left = working_days_between(day, due_day, calendar) if until < due_at else 0
        over = max(working_days_between(due_day, day, calendar), int(until > due_at))
    return Due(
        pace=pace(due_at=due_at, warn_at=warn_at, paused_at=paused_at, ended_at=ended_at, now=now),
        blocks=whole,
        used=max(0, whole - left),
        over=over if until > due_at else 0,
        left=left,
        in_hours=in_hours,
        at=due_at,
    )


def missing_papers(required: Iterable[str], present: Collection[str]) -> list[str]:
    """Codes of required papers that are not there, in the order of the procedure."""
    return [code for code in required if code not in present]


def resolved_on_time(resolved_at: datetime, due_at: datetime) -> bool:
    """The instant of status 9 against the due instant; an apology changes nothing (QĐ 766/QĐ-TTg, item 2.1)."""
    return resolved_at <= due_at


def secret_fits(secret: str, *, id_number: str, phone: str) -> bool:
    """Do four digits open the details: the last four of the ID number or of the telephone?"""
    digits = re.sub(r"[^0-9]", "", secret)
    known = [re.sub(r"[^0-9]", "", value)[-4:] for value in (id_number, phone)]
    return len(digits) == 4 and any(len(tail) == 4 and secrets.compare_digest(digits, tail) for tail in known)


def steps_to_go(step_no: int | None, steps: Sequence[Step], answers: Answers) -> list[int]:
    """The steps after the open one that this dossier goes through; all of its path when it was not received yet."""
    return path_from(steps, step_no, answers)


def steps_left_out(step_no: int | None, steps: Sequence[Step], answers: Answers, passed: Collection[int]) -> list[int]:
    """The steps that other dossiers of the procedure go through and this one does not; none where all go the same way."""
    if not branches(steps):
        return []
    own = {*passed, *steps_to_go(step_no, steps, answers)} | ({step_no} if step_no is not None else set())
    return [place for place in range(len(steps)) if place not in own]


def leg_steps(parties: Mapping[int, object], path: Sequence[int]) -> list[int]:
    """The steps of one visit: from the first of the path as long as the same party does them.

    parties   who does each step of the path; None where time is not counted
    path      the places a dossier goes through, from where the visit begins
    """
    visit: list[int] = []
    for place in path:
        if parties[place] != parties[path[0]]:
            break
        visit.append(place)
    return visit


def minutes_used(
    starts_at: datetime, ended_at: datetime, pauses: Iterable[tuple[datetime, datetime]], calendar: WorkingCalendar
) -> int:
    """Working minutes between two instants, without those in which the clock stood still. Pauses do not overlap."""
    used = working_minutes_between(starts_at, ended_at, calendar) if ended_at > starts_at else 0
    for stood, ran in pauses:
        begins, ends = max(stood, starts_at), min(ran, ended_at)
        if ends > begins:
            used -= working_minutes_between(begins, ends, calendar)
    return max(used, 0)


def minutes_late(used: int, limit: int) -> int:
    """Delay is charged to the leg that was late and to no other: each is measured from when it got the dossier.

    A leg that was quick gives nothing to the next: a body answers for its own limit (NĐ 118/2025/NĐ-CP, liên thông).
    """
    return max(0, used - limit)


def may_be_filed_at(*, receiver_kind: str, resolver_kind: str, same_unit: bool, same_city: bool, non_boundary: bool) -> bool:
    """May a dossier be received at one desk and resolved elsewhere?

    A department's procedures are received at the city centre's branches and at the department itself; any desk of the city
    receives what is published as "without regard to boundary" (NĐ 118/2025/NĐ-CP, phi địa giới). Kinds: `units.Body.Kind` of an
    agency, empty for a commune or the city.
    """
    if same_unit:
        return True
    if not same_city:
        return False
    if resolver_kind == "department" and receiver_kind == "branch":
        return True
    return non_boundary
