"""What becomes of each filing: queues at desks and offices, played on paper before anything is asked of the program.

Yields acts in the order of their instants. One act is one thing a person does, with everything needed to ask for it over HTTP
but the numbers that only the program's answers bring (doors.py puts them in).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from thongsuot.config.replay import mix
from thongsuot.config.replay.arrivals import ONLINE, Arrival
from thongsuot.config.replay.facts import City
from thongsuot.config.replay.slow_time import due
from thongsuot.procedures.content import Step

PORTAL = "portal"
NOBODY = ""
RECEIVING = ("receive", "accept")  # doors by which a dossier is received, once
_REASONS = (
    "Tờ khai thiếu chữ ký",
    "Bản chụp mờ, không đọc được",
    "Thiếu giấy tờ chứng minh nơi cư trú",
    "Thông tin không khớp",
)


@dataclass(frozen=True, slots=True)
class Act:
    """`door` names the address (doors.py); `by` whose key opens it; acts of a common lane follow each other."""

    number: int
    at: datetime
    dossier: int
    door: str
    by: str
    lanes: tuple[int, ...]
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Officer:
    """Someone at work: `free` is when the next thing can be taken up, on the axis of working time."""

    email: str
    role: str
    free: float = 0.0


Staff = dict[int, dict[str, list[Officer]]]  # {unit id: {role: officers}}


def staffing(place_loads: dict[int, float]) -> dict[int, dict[str, int]]:
    """How many of each role a unit has, by its dossiers a day: {unit id: {role: number}}."""
    return {
        unit_id: {
            "desk": max(1, round(load / mix.LOAD_PER_DAY["desk"] + 0.5)),
            "specialist": max(1, round(load / mix.LOAD_PER_DAY["specialist"] + 0.5)),
            "head": 1,
            "leader": max(1, round(load / mix.LOAD_PER_DAY["leader"] + 0.3)),
            "clerk": 1,
        }
        for unit_id, load in place_loads.items()
    }


ROLE_OF = {
    "receive dossiers": "desk",
    "assign dossiers": "head",
    "process dossiers": "specialist",
    "review dossiers": "head",
    "sign results": "leader",
    "issue results": "clerk",
    "hand back results": "desk",
}
_SECONDS = {
    "assign dossiers": mix.ASSIGN_SECONDS,
    "review dossiers": mix.REVIEW_SECONDS,
    "sign results": mix.SIGN_SECONDS,
    "issue results": mix.ISSUE_SECONDS,
}
Then = Callable[[float], None]


class Life:
    """One dossier on its way. What happens to it is drawn from its own generator: other dossiers change nothing about it."""

    __slots__ = ("arrival", "late", "random", "returned", "specialist", "steps", "troubled")

    def __init__(self, arrival: Arrival, seed: int) -> None:
        self.arrival, self.steps = arrival, arrival.steps()
        self.random = Random(f"life {seed} {arrival.number}")  # noqa: S311
        self.specialist: Officer | None = None
        self.returned = self.troubled = False
        self.late = not arrival.kind.same_day and self.random.random() < mix.LATE

    def seconds(self, bounds: tuple[int, int]) -> float:
        return self.random.uniform(*bounds)

    def happens(self, share: float) -> bool:
        return self.random.random() < share


class Lives:
    def __init__(self, city: City, staff: Staff, seed: int) -> None:
        self.city, self.staff, self.seed, self.axis = city, staff, seed, city.axis
        self.end = city.axis.seconds(datetime.combine(city.until, city.calendar.shifts[-1][1], city.calendar.zone))
        self._queue: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self._ticket = count()
        self._numbers = count(1)
        self._found: list[Act] = []

    def acts(self, arrivals: Sequence[Arrival]) -> Iterator[Act]:
        """In order of time, up to the last working day. Made as they are asked for."""
        coming = iter(arrivals)
        following = next(coming, None)
        self._looks()
        last = self.axis.instant(self.end)
        while following or self._queue:
            if following and (not self._queue or following.at <= self._queue[0][0]):
                life = Life(following, self.seed)
                self._arrive(life)
                following = next(coming, None)
                continue
            at, _ticket, do = heapq.heappop(self._queue)
            if at > last:
                return
            do(at)
            yield from self._found
            self._found.clear()

    # -- the clockwork -------------------------------------------------------------------------------------------------

    def _when(self, at: datetime, do: Callable[[datetime], None]) -> None:
        heapq.heappush(self._queue, (at, next(self._ticket), do))

    def _on(self, seconds: float, do: Then) -> None:
        """At that working time."""
        self._when(self.axis.instant(seconds), lambda at: do(seconds))

    def _served(self, officer: Officer, ready: float, seconds: float, then: Then) -> None:
        """The officer does it when free; `then` gets the working time at which it is done."""
        officer.free = max(officer.free, ready) + seconds
        self._on(officer.free, then)

    def _freest(self, unit_id: int, role: str) -> Officer:
        return min(self.staff[unit_id][role], key=lambda officer: officer.free)

    def _act(self, life: Life, at: datetime, door: str, by: str, **facts: Any) -> None:
        arrival = life.arrival
        lanes = tuple(sorted({arrival.place.unit_id, arrival.filed_at.unit_id}))
        self._found.append(Act(next(self._numbers), at, arrival.number, door, by, lanes, facts))

    def _done(self, life: Life, seconds: float, door: str, by: Officer, **facts: Any) -> None:
        self._act(life, self.axis.instant(seconds), door, by.email, **facts)

    def _looks(self) -> None:
        """Everybody opens their list when the day and the afternoon begin."""
        for unit_id, roles in self.staff.items():
            for officers in roles.values():
                for officer in officers:
                    for start in self.axis.starts:
                        if start.date() <= self.city.until:
                            self._when(start + timedelta(seconds=30), self._look_of(unit_id, officer))

    def _look_of(self, unit_id: int, officer: Officer) -> Callable[[datetime], None]:
        return lambda at: self._found.append(Act(next(self._numbers), at, 0, "look", officer.email, (unit_id,)))

    # -- filing and receiving ------------------------------------------------------------------------------------------

    def _arrive(self, life: Life) -> None:
        arrival = life.arrival
        if arrival.channel == ONLINE:
            self._when(arrival.at, lambda at: self._submitted(life, at))
            return
        desk = self._freest(arrival.filed_at.unit_id, "desk")
        ready = self.axis.seconds(arrival.at)
        self._served(desk, ready, life.seconds(mix.RECEIVE_SECONDS), lambda done: self._received(life, desk, done, "receive"))

    def _submitted(self, life: Life, at: datetime) -> None:
        self._act(life, at, "submit", PORTAL)
        # Answered within eight working hours, but for a few.
        wait = life.random.uniform(0, 4.5 * 3600) if not life.happens(0.02) else life.random.uniform(7 * 3600, 12 * 3600)
        self._on(self.axis.seconds(at) + wait, lambda ready: self._answered(life, ready))

    def _answered(self, life: Life, ready: float) -> None:
        desk = self._freest(life.arrival.filed_at.unit_id, "desk")

        def look(done: float) -> None:
            if life.arrival.refused:
                self._done(life, done, "refuse", desk, reasons=[life.random.choice(_REASONS)])
            elif not life.troubled and life.happens(mix.SUPPLEMENT_ONLINE):
                self._pause(life, done, desk, then=lambda later: self._answered(life, later))
            else:
                self._received(life, desk, done, "accept")

        self._served(desk, ready, life.seconds(mix.ANSWER_ONLINE_SECONDS), look)

    def _received(self, life: Life, desk: Officer, done: float, door: str) -> None:
        self._done(life, done, door, desk)
        if life.arrival.kind.has_fees and life.arrival.channel != ONLINE and life.happens(mix.FEE_AT_INTAKE):
            done += life.random.uniform(5, 15)
            self._done_later(life, done, "collect", desk)
        if life.happens(mix.TRACKED):
            at = self.axis.instant(done) + timedelta(seconds=life.random.expovariate(1 / 40_000))
            self._when(at, lambda at: self._act(life, at, "track", NOBODY))
        self._on(done + life.random.uniform(15, 60), lambda later: self._passed_on(life, later, 0, desk))

    def _done_later(self, life: Life, seconds: float, door: str, by: Officer, **facts: Any) -> None:
        self._on(seconds, lambda at: self._done(life, at, door, by, **facts))

    # -- from step to step ---------------------------------------------------------------------------------------------

    def _passed_on(self, life: Life, done: float, place: int, by: Officer) -> None:
        """The step at this place is finished by someone, and the next begins."""
        steps = life.steps
        following = steps[place + 1] if place + 1 < len(steps) else None
        to = None
        if following is not None and following.duty == "process dossiers":
            to = life.specialist = life.specialist or self._freest(life.arrival.place.unit_id, "specialist")
        elif following is not None and following.duty != "hand back results":
            to = self._freest(life.arrival.place.unit_id, ROLE_OF[following.duty])
        self._done(life, done, "forward", by, step=steps[place].key, to=to.email if to else None)
        if following is None:
            return
        if following.duty == "hand back results":
            self._ready(life, done)
        elif following.duty == "process dossiers":
            self._begun(life, done, place + 1)
        else:
            assert to is not None
            officer = to
            bounds = _SECONDS[following.duty]
            self._on(done, lambda ready: self._worked(life, ready, place + 1, officer, bounds))

    def _worked(self, life: Life, ready: float, place: int, officer: Officer, bounds: tuple[int, int]) -> None:
        step = life.steps[place]

        def finish(done: float) -> None:
            if step.duty == "review dossiers" and not life.returned and life.happens(mix.RETURNED_A_STEP):
                self._sent_back(life, done, place, officer)
            else:
                self._passed_on(life, done, place, officer)

        self._served(officer, ready, life.seconds(bounds), finish)

    def _sent_back(self, life: Life, done: float, place: int, head: Officer) -> None:
        life.returned = True
        steps = life.steps
        back = next(number for number, step in enumerate(steps) if step.duty == "process dossiers")
        self._done(
            life, done, "return-step", head, step=steps[place].key, to_step=steps[back].key, reason="Sửa lại căn cứ pháp lý"
        )
        self._on(done + 1800, lambda ready: self._drafted(life, ready, back))

    def _begun(self, life: Life, ready: float, place: int) -> None:
        """The specialist has it. A same-day matter is done at once; the others take their part of the limit."""
        kind = life.arrival.kind
        if kind.same_day:
            wait = 0.0
        else:
            whole = sum(step.minutes for step in life.steps if step.counted) * 60
            share = life.random.uniform(1.02, 1.6) if life.late else life.random.betavariate(1.6, 1.9) * 0.85
            wait = max(0.0, share * whole - self._others(life.steps))
        if life.late and wait and life.happens(mix.APOLOGY):
            self._apologise(life, ready, wait)
        self._on(ready + wait * 0.4, lambda at: self._middle(life, at, wait * 0.6, place))

    @staticmethod
    def _others(steps: Sequence[Step]) -> float:
        return 600.0 * len(steps)

    def _middle(self, life: Life, at: float, left: float, place: int) -> None:
        """Things that come between: each dossier has at most one of them."""
        kind, officer, head = life.arrival.kind, life.specialist, self.staff[life.arrival.place.unit_id]["head"][0]
        assert officer is not None
        chance = life.random.random()

        def go_on(later: float) -> None:
            self._on(later + left, lambda ready: self._drafted(life, ready, place))

        if life.troubled:
            go_on(at)
            return
        what = ""
        for share, one in (
            (mix.WITHDRAWN, "withdraw"),
            (mix.STOPPED, "stop"),
            (mix.SUPPLEMENT[kind.same_day], "supplement"),
            (mix.PAYMENT_REQUESTED.get(kind.body, 0.0), "pay"),
            (mix.REASSIGNED, "reassign"),
        ):
            if chance < share:
                what = one
                break
            chance -= share
        if not what:
            go_on(at)
            return
        life.troubled = True
        if what == "withdraw":
            desk = self._freest(life.arrival.filed_at.unit_id, "desk")
            self._done(life, at, "withdraw", desk, reason="Chủ hồ sơ đổi ý")
        elif what == "stop":
            self._done(life, at, "stop", head, reason="Không đủ điều kiện giải quyết")
        elif what == "supplement":
            self._pause(life, at, officer, then=go_on)
        elif what == "pay":
            self._done(life, at, "request-payment", officer, reason="Nộp theo thông báo của cơ quan thuế", amount=250_000)
            if not life.happens(mix.PAYMENT_NEVER_MADE):
                desk = self.staff[life.arrival.filed_at.unit_id]["desk"][0]
                self._resumed(life, at + life.random.uniform(0.3, 2) * self.axis.day_seconds, "confirm-payment", desk, go_on)
        else:
            others = [one for one in self.staff[life.arrival.place.unit_id]["specialist"] if one is not officer]
            if others:
                life.specialist = min(others, key=lambda one: one.free)
                self._done(life, at, "reassign", head, to=life.specialist.email, reason="San bớt việc")
            go_on(at)

    def _pause(self, life: Life, at: float, by: Officer, then: Then) -> None:
        """A supplement is asked for; most people bring it after some days."""
        life.troubled = True
        self._done(life, at, "request-supplement", by, items=[life.random.choice(_REASONS)])
        if life.happens(mix.SUPPLEMENT_NEVER_BROUGHT):
            return
        days = min(8.0, life.random.lognormvariate(0.4, 0.7))
        desk = self.staff[life.arrival.filed_at.unit_id]["desk"][0]
        self._resumed(life, at + days * self.axis.day_seconds, "supplement", desk, then, answer="Đã bổ sung theo phiếu")

    def _resumed(self, life: Life, at: float, door: str, desk: Officer, then: Then, **facts: Any) -> None:
        def resume(later: float) -> None:
            self._done(life, later, door, desk, **facts)
            then(later)

        self._on(at, resume)

    def _apologise(self, life: Life, ready: float, wait: float) -> None:
        """A working day before the due instant, with a day after the work will be done."""
        kind, calendar = life.arrival.kind, self.city.calendar
        promised = due(self.axis.instant(ready), kind.limit, calendar)
        at = self.axis.seconds(promised) - 1.2 * self.axis.day_seconds
        if at <= ready or at >= ready + wait * 0.4:  # only while it lies untouched: later it may stand still or be over
            at = ready + wait * 0.3
        done = self.axis.instant(max(ready + wait, self.axis.seconds(promised)) + 2 * self.axis.day_seconds)
        new_at = datetime.combine(calendar.this_or_next(done.date()), calendar.shifts[-1][1], calendar.zone) - timedelta(
            minutes=30
        )

        def say(later: float) -> None:
            assert life.specialist is not None
            self._done(life, later, "reappoint", life.specialist, new_at=new_at.isoformat(), reason="Cần xác minh thêm")

        self._on(at, say)

    def _drafted(self, life: Life, ready: float, place: int) -> None:
        officer = life.specialist
        assert officer is not None

        def finish(done: float) -> None:
            self._done(life, done, "result", officer, title=life.arrival.kind.result)
            self._on(done + 5, lambda later: self._passed_on(life, later, place, officer))

        self._served(officer, ready, life.seconds(mix.PROCESS_SECONDS[life.arrival.kind.same_day]), finish)

    # -- the result ----------------------------------------------------------------------------------------------------

    def _ready(self, life: Life, done: float) -> None:
        """Waited for at the counter, fetched another day, or sent as a file."""
        arrival = life.arrival
        waits = arrival.kind.same_day and arrival.channel != ONLINE and not life.happens(mix.FETCHED_LATER)
        wait = life.random.uniform(60, 600) if waits else life.random.expovariate(1 / (0.7 * self.axis.day_seconds))
        if arrival.channel == ONLINE:
            wait = life.random.uniform(60, 3600)
        desk = self._freest(arrival.filed_at.unit_id, "desk")

        def give(ready: float) -> None:
            self._served(desk, ready, life.seconds(mix.HAND_BACK_SECONDS), lambda at: self._given(life, at, desk))

        self._on(done + wait, give)

    def _given(self, life: Life, at: float, desk: Officer) -> None:
        self._done(life, at, "hand-back", desk, handed_to=life.arrival.owner.name)
        if life.happens(mix.RATED):
            instant = self.axis.instant(at)
            later = timedelta(minutes=life.random.uniform(0.5, 10))
            if life.arrival.channel == ONLINE:
                later = timedelta(hours=life.random.uniform(0.2, 12))
            level = life.random.choices(list(mix.RATING_LEVELS), list(mix.RATING_LEVELS.values()))[0]
            reasons = [life.random.choice(("waiting", "attitude", "guidance", "deadline", "fees"))] if level <= 3 else []
            self._when(instant + later, lambda at: self._act(life, at, "rate", NOBODY, level=level, reasons=reasons))
