"""A ticket's history cut into legs: who had it from when to when, and how that is judged. Pure: events in, legs out.

A leg begins with the report, a transfer, a return to the operators, or when the sender opens the ticket again; each has a
clock of its own. What a leg was on any day follows from what had happened by then, so later events never change a period that
is over. Two things are judged: the answer by its own due instant (figures of feedback), and handling by item 5.2 of the index,
where refusing, the first question to the sender and publishing have limits too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from thongsuot.feedback.rules import clocks
from thongsuot.feedback.rules.clocks import Clock, Limit
from thongsuot.kernel.working_time import WorkingCalendar


class Began(StrEnum):
    REPORTED = "reported"
    ROUTED = "routed"
    RETURNED = "returned"
    REOPENED = "reopened"
    UNMERGED = "unmerged"


class Fault(StrEnum):
    """What of item 5.2 was done after its limit, or not done within it."""

    NONE = ""
    REFUSE = "refuse"
    ASK = "ask"
    ANSWER = "answer"
    PUBLISH = "publish"


class Happened(NamedTuple):
    """One event of the ticket. `name` without the capability: reported, routed, asked."""

    name: str
    at: datetime
    unit_id: int | None
    facts: Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class Rules:
    """`limit` of a step (models.TimeLimit.Step) for this ticket, None without one; the calendar of its city."""

    limit: Callable[[str], Limit | None]
    calendar: WorkingCalendar

    def due(self, step: str, at: datetime) -> datetime | None:
        found = self.limit(step)
        return clocks.due(at, found, self.calendar) if found else None


@dataclass(kw_only=True)
class Leg:
    """moved_at: it went to somebody else, into another ticket or to citizen reception: it counts no more.

    overdue_at   from when the answer was late while it was waited for; of an open leg when it will be. None: never
    late_at      the same for item 5.2; `fault` says of which of its limits
    closed_at    handled by item 5.2: refused, or answered and published (or withheld), or opened again
    """

    number: int
    began: Began
    unit_id: int
    started_at: datetime
    due_at: datetime | None
    moved_at: datetime | None = None
    returned: bool = False
    answered_at: datetime | None = None
    answered_in_time: bool | None = None
    refused_at: datetime | None = None
    refusal: str = ""
    overdue_at: datetime | None = None
    late_at: datetime | None = None
    fault: Fault = Fault.NONE
    closed_at: datetime | None = None
    rated_at: datetime | None = None
    level: int | None = None
    repeated: bool = False
    asked: bool = field(default=False, repr=False)
    paused_at: datetime | None = field(default=None, repr=False)
    publish_due_at: datetime | None = field(default=None, repr=False)

    @property
    def waits(self) -> bool:
        return self.moved_at is None and self.answered_at is None and self.refused_at is None

    @property
    def in_time(self) -> bool | None:
        """By item 5.2; None while it is open."""
        return None if self.closed_at is None else self.late_at is None

    def late(self, at: datetime, fault: Fault) -> None:
        if self.late_at is None:
            self.late_at, self.fault = at, fault

    def run_until(self, at: datetime | None) -> None:
        """What became late before `at`; None: what will, if nothing happens any more."""
        if self.waits and self.paused_at is None and self.due_at is not None and (at is None or self.due_at < at):
            self.overdue_at = self.overdue_at or self.due_at
            self.late(self.due_at, Fault.ANSWER)
        published_late = self.publish_due_at is not None and (at is None or self.publish_due_at < at)
        if self.answered_at and self.closed_at is None and published_late:
            assert self.publish_due_at is not None
            self.late(self.publish_due_at, Fault.PUBLISH)


def legs_of(happened: Sequence[Happened], *, city_id: int, rules: Rules) -> list[Leg]:
    """Of one ticket, from its whole history in order. Empty without the event that it was reported."""
    legs: list[Leg] = []
    withheld = False
    for event in happened:
        name, at = event.name, event.at
        leg = legs[-1] if legs else None
        if name == "reported" and leg is None:
            legs.append(_begin(legs, Began.REPORTED, city_id, at, rules))
        if leg is None:
            continue
        leg.run_until(at)
        match name:
            case "routed":
                _routed(legs, event, rules)
            case "returned":
                leg.moved_at, leg.returned = at, True
                legs.append(_begin(legs, Began.RETURNED, city_id, at, rules))
            case "moved" | "moved_back" if leg.waits and event.unit_id:
                # Its unit ended: the successor goes on with the same clock, and is as late as it came.
                legs.append(replace(leg, number=leg.number + 1, began=Began.ROUTED, unit_id=event.unit_id, started_at=at))
                leg.moved_at = at
            case "unmerged":
                legs.append(_begin(legs, Began.UNMERGED, city_id, at, rules))
            case "merged" | "handed_over" if leg.waits:
                leg.moved_at = at
            case "classified" | "urgency_decided" | "extended" if (
                leg.waits and leg.paused_at is None and (due_at := _instant(event, "due_at"))
            ):
                leg.due_at = due_at
            case "extended" if leg.waits and (due_at := _instant(event, "due_at")):
                leg.due_at = due_at
            case "asked" if leg.waits:
                _asked(leg, at, rules)
            case "replied" if leg.paused_at is not None:
                _replied(leg, at, rules)
            case "refused" if leg.waits:
                _refused(leg, event, rules)
            case "answered" if leg.waits:
                leg.answered_at, leg.answered_in_time = at, bool(event.facts.get("in_time"))
                leg.publish_due_at = None if withheld else rules.due("publish", at)
                if leg.publish_due_at is None:
                    leg.closed_at = at
            case "published" | "withheld":
                withheld = name == "withheld"
                if leg.answered_at and leg.closed_at is None:
                    leg.closed_at = at
            case "closed" if leg.answered_at and leg.closed_at is None:
                leg.closed_at = at
            case "reopened":
                leg.repeated = True
                leg.closed_at = leg.closed_at or at
                legs.append(_begin(legs, Began.REOPENED, city_id, at, rules))
            case "rated":
                leg.rated_at, leg.level = at, _whole(event, "level")
                if leg.moved_at and event.unit_id:
                    leg.unit_id = event.unit_id  # merged: it rates the answer of the unit that had the other ticket
    if legs:
        legs[-1].run_until(None)
    return legs


def _begin(legs: Sequence[Leg], began: Began, unit_id: int, at: datetime, rules: Rules) -> Leg:
    return Leg(number=len(legs) + 1, began=began, unit_id=unit_id, started_at=at, due_at=rules.due("answer", at))


def _routed(legs: list[Leg], event: Happened, rules: Rules) -> None:
    """To a unit; at the instant at which the leg began, that leg is the unit's from the first."""
    leg, unit_id = legs[-1], event.unit_id
    due_at = _instant(event, "due_at")
    assert unit_id is not None
    if leg.started_at == event.at and leg.began != Began.ROUTED:
        leg.unit_id, leg.due_at = unit_id, due_at
        return
    leg.moved_at = event.at
    legs.append(_begin(legs, Began.ROUTED, unit_id, event.at, rules))
    legs[-1].due_at = due_at


def _asked(leg: Leg, at: datetime, rules: Rules) -> None:
    first_due_at = rules.due("ask", leg.started_at)
    if not leg.asked and first_due_at is not None and at > first_due_at:
        leg.late(at, Fault.ASK)
    leg.asked, leg.paused_at = True, at


def _replied(leg: Leg, at: datetime, rules: Rules) -> None:
    limit = rules.limit("answer")
    assert leg.paused_at is not None
    if leg.due_at is not None and limit is not None:
        clock = Clock(leg.started_at, leg.due_at, 0)
        leg.due_at = clocks.go_on(clock, paused_at=leg.paused_at, resumed_at=at, limit=limit, calendar=rules.calendar).due_at
    leg.paused_at = None


def _refused(leg: Leg, event: Happened, rules: Rules) -> None:
    """While the sender was waited for it is no refusal that came late: they never said what was asked."""
    due_at = rules.due("refuse", leg.started_at)
    if leg.paused_at is None and due_at is not None and event.at > due_at:
        leg.late(event.at, Fault.REFUSE)
    leg.refused_at = leg.closed_at = event.at
    leg.refusal = str(event.facts.get("reason", ""))


def _instant(event: Happened, name: str) -> datetime | None:
    said = event.facts.get(name)
    return datetime.fromisoformat(said) if isinstance(said, str) else None


def _whole(event: Happened, name: str) -> int | None:
    said = event.facts.get(name)
    return said if isinstance(said, int) else None
