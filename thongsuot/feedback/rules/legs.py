"""A ticket's history cut into legs: who had it from when to when, and how that is judged. Pure: events in, legs out.

A leg begins with the report, a transfer, a return to the operators, or when the sender opens the ticket again; each has a
clock of its own. What a leg was on any day follows from what had happened by then, so later events never change a period that
is over: nor does a ticket that becomes one of another category or stream, from that day on another leg with the same clocks.
Two things are judged: the answer by what the city promised (figures of feedback), and handling by item 5.2 of the index, whose
limits are its own: no promise and no extension moves them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from thongsuot.feedback.rules import clocks
from thongsuot.feedback.rules.clocks import Clock, Limit
from thongsuot.kernel.working_time import WorkingCalendar, local_day

TICKETS = "feedback.tickets"  # of a changeover: who has it, not only where it is
_DISLIKED = 2  # and below, of the levels 1 to 5


class Began(StrEnum):
    """CHANGED: of another category or stream from that day on, in the same hands and with the same clocks.
    RATED: no time at all, for the rating of whoever hung on another ticket, in the unit that answered that one.
    """

    REPORTED = "reported"
    ROUTED = "routed"
    RETURNED = "returned"
    REOPENED = "reopened"
    UNMERGED = "unmerged"
    CHANGED = "changed"
    RATED = "rated"


class Fault(StrEnum):
    """What of item 5.2 was done after its limit, or not done within it."""

    NONE = ""
    REFUSE = "refuse"
    ASK = "ask"
    ANSWER = "answer"
    PUBLISH = "publish"


class Happened(NamedTuple):
    """One event of the ticket. `name` without the capability: reported, routed, asked; actor_id: the person who did it."""

    name: str
    at: datetime
    unit_id: int | None
    facts: Mapping[str, object]
    actor_id: int | None = None


class About(NamedTuple):
    """What a ticket is about. `category`: its code; blank: none yet."""

    category: str
    stream: str
    urgency: str

    def after(self, event: Happened) -> About:
        if event.name not in _SAY_ABOUT:
            return self
        return self._replace(**{name: said for name in self._fields if isinstance(said := event.facts.get(name), str)})


_SAY_ABOUT = frozenset({"reported", "classified", "urgency_decided"})


@dataclass(frozen=True, kw_only=True)
class Rules:
    """Of one ticket. `about`: what it is about, of the first where its report does not say; `answer`: what its city promises
    of that; `index`: the limits of item 5.2 by step (`Fault`); `calendar`: of its city, as it was at an instant."""

    about: About
    answer: Callable[[About], Limit | None]
    index: Mapping[str, Limit]
    calendar: Callable[[datetime], WorkingCalendar]

    @property
    def promise(self) -> Limit | None:
        return self.answer(self.about)

    def due(self, limit: Limit | None, at: datetime) -> datetime | None:
        return clocks.due(at, limit, self.calendar(at)) if limit else None

    def due_by_index(self, step: Fault, at: datetime) -> datetime | None:
        return self.due(self.index.get(step), at)


@dataclass(kw_only=True)
class Leg:
    """moved_at: it went to somebody else, into another ticket or to citizen reception, or became another kind of matter: it
    counts no more.

    about        at its end; of an open leg today
    since        when its clocks were started: before the leg began, where it goes on with those of another
    overdue_at   from when the answer was late while it was waited for; of an open leg when it will be. None: never
    late_at      the same for item 5.2; `fault` says of which of its limits
    closed_at    handled by item 5.2: refused, or answered and published (or withheld), or opened again; or it went away late
    marked_at    disliked, or opened again: the first of them
    handler_id   who worked on it there, the last one
    """

    number: int
    began: Began
    unit_id: int
    about: About
    started_at: datetime
    since: datetime
    due_at: datetime | None
    index_due_at: datetime | None
    handler_id: int | None = None
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
    marked_at: datetime | None = None
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

    def put_due(self, due_at: datetime | None, at: datetime) -> None:
        """Another limit from `at` on: by it the answer may be late at once, never on a day before."""
        self.due_at = due_at
        if self.overdue_at is None and _is_past(due_at, at):
            self.overdue_at = at

    def leave(self, at: datetime) -> None:
        """To somebody else. What was late by then was late here, whatever becomes of it there."""
        self.moved_at = at
        if self.late_at is not None:
            self.closed_at = at

    def never_waited(self) -> None:
        """Its sender said at once which ticket it belongs to: no event of its own tells that."""
        self.moved_at, self.overdue_at, self.late_at, self.fault = self.started_at, None, None, Fault.NONE

    def run_until(self, at: datetime | None) -> None:
        """What became late before `at`; None: what will, if nothing happens any more."""
        if self.waits and self.paused_at is None:
            if _is_past(self.due_at, at):
                self.overdue_at = self.overdue_at or self.due_at
            if self.index_due_at is not None and _is_past(self.index_due_at, at):
                self.late(self.index_due_at, Fault.ANSWER)
        if self.publish_due_at is not None and self.closed_at is None and _is_past(self.publish_due_at, at):
            self.late(self.publish_due_at, Fault.PUBLISH)


def _is_past(due_at: datetime | None, at: datetime | None) -> bool:
    return due_at is not None and (at is None or due_at < at)


def legs_of(happened: Sequence[Happened], *, city_id: int, rules: Rules) -> list[Leg]:
    """Of one ticket, from its whole history in order. Empty without the event that it was reported."""
    legs: list[Leg] = []
    withheld = False
    for event in happened:
        name, at = event.name, event.at
        was, rules = rules, replace(rules, about=rules.about.after(event))
        leg = legs[-1] if legs else None
        if name == "reported" and leg is None:
            legs.append(_begin(legs, Began.REPORTED, city_id, at, rules))
        if leg is None:
            continue
        leg.run_until(at)
        if leg.waits and leg.about != rules.about:
            leg = _about_another(legs, at, rules)
        match name:
            case "routed":
                _routed(legs, event, rules)
            case "returned":
                leg.returned = True
                leg.leave(at)
                legs.append(_begin(legs, Began.RETURNED, city_id, at, rules))
            case "classified" if leg.waits and event.facts.get("suspected") and leg.unit_id != city_id:
                # A complaint perhaps: the unit has it no more, the operators decide.
                leg.leave(at)
                legs.append(_begin(legs, Began.RETURNED, city_id, at, rules))
            case "moved" | "moved_back" if leg.waits and event.unit_id and event.facts.get("what") == TICKETS:
                # Its unit ended: the successor goes on with the same clock, and is as late as it came.
                after = replace(leg, number=leg.number + 1, began=Began.ROUTED, unit_id=event.unit_id, started_at=at)
                after.handler_id = None
                legs.append(after)
                leg.moved_at = at
            case "unmerged":
                if leg.waits:
                    leg.never_waited()
                legs.append(_begin(legs, Began.UNMERGED, city_id, at, rules))
            case "merged" | "handed_over" if leg.waits:
                leg.leave(at)
            case "taken_back":
                legs.append(_begin(legs, Began.RETURNED, city_id, at, rules))
            case "accepted" if leg.waits:
                leg.handler_id = _whole(event, "handler") if "handler" in event.facts else event.actor_id
            case "assigned" if leg.waits:
                leg.handler_id = _whole(event, "handler")
            case "classified" | "urgency_decided" if leg.waits and not leg.paused_at:
                if (due_at := _instant(event, "due_at") or _due_anew(leg, at, was, rules)) != leg.due_at:
                    leg.put_due(due_at, at)
            case "due_sooner" if leg.waits:
                leg.put_due(_instant(event, "due_at"), at)
                _sooner_by_index(leg, event, rules)
            case "extended" if leg.waits and (due_at := _instant(event, "due_at")):
                leg.due_at = due_at
            case "asked" if leg.waits:
                _asked(leg, at, rules)
            case "replied" if leg.paused_at is not None:
                _go_on(leg, at, rules)
            case "classified" if leg.paused_at is not None and event.facts.get("not_answered"):
                _go_on(leg, at, rules)  # what was asked never came, and an operator is to decide
            case "refused" if leg.waits:
                _refused(leg, event, rules)
            case "answered" if leg.waits:
                leg.answered_at, leg.answered_in_time = at, bool(event.facts.get("in_time"))
                leg.publish_due_at = None if withheld else rules.due_by_index(Fault.PUBLISH, at)
                if leg.publish_due_at is None:
                    leg.closed_at = at
            case "published" | "withheld":
                withheld = name == "withheld"
                if leg.answered_at and leg.closed_at is None:
                    leg.closed_at = at
            case "closed" | "handed_over" if leg.answered_at and leg.closed_at is None:
                leg.closed_at = at
            case "reopened":
                leg.repeated = True
                leg.closed_at, leg.marked_at = leg.closed_at or at, leg.marked_at or at
                legs.append(_begin(legs, Began.REOPENED, city_id, at, rules))
            case "rated":
                _rated(legs, event)
    if legs:
        legs[-1].run_until(None)
    return legs


def _begin(legs: Sequence[Leg], began: Began, unit_id: int, at: datetime, rules: Rules) -> Leg:
    return Leg(
        number=len(legs) + 1,
        began=began,
        unit_id=unit_id,
        about=rules.about,
        started_at=at,
        since=at,
        due_at=rules.due(rules.promise, at),
        index_due_at=rules.due_by_index(Fault.ANSWER, at),
    )


def _about_another(legs: list[Leg], at: datetime, rules: Rules) -> Leg:
    """On the day on which the leg began it is of the new kind from the first: no period ended in between."""
    leg, about = legs[-1], rules.about
    other = (leg.about.category, leg.about.stream) != (about.category, about.stream)
    if other and local_day(leg.started_at) != local_day(at):
        legs.append(replace(leg, number=leg.number + 1, began=Began.CHANGED, started_at=at))
        leg.moved_at = at
    legs[-1].about = about
    return legs[-1]


def _due_anew(leg: Leg, at: datetime, was: Rules, rules: Rules) -> datetime | None:
    """With the operators: by what is promised of what it is now, from where its clock started; pauses stay."""
    before, now = was.promise, rules.promise
    if leg.due_at is None or before is None or now is None or before == now:
        return leg.due_at
    clock = Clock(leg.since, leg.due_at, 0)
    return clocks.by_limit(clock, now, was=before, started_at=leg.since, calendar=rules.calendar(at)).due_at


def _routed(legs: list[Leg], event: Happened, rules: Rules) -> None:
    """To a unit; at the instant at which the leg began, that leg is the unit's from the first."""
    leg, unit_id = legs[-1], event.unit_id
    due_at = _instant(event, "due_at")
    if unit_id is None:
        raise ValueError("routed to no unit")
    if leg.started_at == event.at and leg.began not in {Began.ROUTED, Began.CHANGED}:
        leg.unit_id, leg.due_at = unit_id, due_at
        return
    leg.leave(event.at)
    legs.append(_begin(legs, Began.ROUTED, unit_id, event.at, rules))
    legs[-1].due_at = due_at


def _sooner_by_index(leg: Leg, event: Happened, rules: Rules) -> None:
    """Of what was hung on it: from when its unit had that one. What was late by then is counted where it was."""
    since = _instant(event, "since")
    due_at = rules.due_by_index(Fault.ANSWER, since) if since else None
    if due_at is not None and leg.index_due_at is not None and not _is_past(due_at, event.at):
        leg.index_due_at = min(leg.index_due_at, due_at)


def _asked(leg: Leg, at: datetime, rules: Rules) -> None:
    first_due_at = rules.due_by_index(Fault.ASK, leg.since)
    if not leg.asked and first_due_at is not None and at > first_due_at:
        leg.late(at, Fault.ASK)
    leg.asked, leg.paused_at = True, at


def _go_on(leg: Leg, at: datetime, rules: Rules) -> None:
    """After the sender was waited for: both clocks with the time they had left."""
    paused_at, leg.paused_at = leg.paused_at, None
    assert paused_at is not None

    def moved(due_at: datetime | None, limit: Limit | None) -> datetime | None:
        if due_at is None or limit is None:
            return due_at
        clock = Clock(leg.since, due_at, 0)
        return clocks.go_on(clock, paused_at=paused_at, resumed_at=at, limit=limit, calendar=rules.calendar(at)).due_at

    leg.due_at = moved(leg.due_at, rules.promise)
    leg.index_due_at = moved(leg.index_due_at, rules.index.get(Fault.ANSWER))


def _refused(leg: Leg, event: Happened, rules: Rules) -> None:
    """While the sender was waited for it is no refusal that came late: they never said what was asked."""
    due_at = rules.due_by_index(Fault.REFUSE, leg.since)
    if leg.paused_at is None and due_at is not None and event.at > due_at:
        leg.late(event.at, Fault.REFUSE)
    leg.refused_at = leg.closed_at = event.at
    leg.refusal = str(event.facts.get("reason", ""))


def _rated(legs: list[Leg], event: Happened) -> None:
    """Of whoever answered: what hangs on another ticket was not answered itself, and what was counted of it stays."""
    leg, at = legs[-1], event.at
    if leg.answered_at is None and event.unit_id is not None:
        if leg.waits:
            leg.never_waited()
        leg = Leg(
            number=leg.number + 1,
            began=Began.RATED,
            unit_id=event.unit_id,
            about=leg.about,
            started_at=at,
            since=at,
            due_at=None,
            index_due_at=None,
            moved_at=at,
        )
        legs.append(leg)
    leg.rated_at, leg.level = at, _whole(event, "level")
    if leg.level is not None and leg.level <= _DISLIKED:
        leg.marked_at = leg.marked_at or at


def _instant(event: Happened, name: str) -> datetime | None:
    said = event.facts.get(name)
    return datetime.fromisoformat(said) if isinstance(said, str) else None


def _whole(event: Happened, name: str) -> int | None:
    said = event.facts.get(name)
    return said if isinstance(said, int) else None
