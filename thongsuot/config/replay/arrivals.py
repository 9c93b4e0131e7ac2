"""Who comes, when, where and for what: drawn once from a seed, before anything is played."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from random import Random
from typing import Any, TypeVar

from thongsuot.config.replay import mix
from thongsuot.config.replay.facts import City, Kind, Place
from thongsuot.config.replay.people import MadeUp, made_up
from thongsuot.procedures.content import Step
from thongsuot.procedures.rules import Answers, path_from

COUNTER, ONLINE, POST = 1, 2, 3
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Arrival:
    """One filing. `refused`: an online one that the desk will not receive; it comes on top of the number asked for."""

    number: int
    at: datetime
    kind: Kind
    place: Place  # where it is resolved
    filed_at: Place
    channel: int
    owner: MadeUp
    refused: bool = False

    @property
    def form(self) -> dict[str, Any]:
        """What is filled in: nothing at the counter, where the paper form is handed in."""
        return self.kind.form or {} if self.channel == ONLINE else {}

    @property
    def quantities(self) -> dict[str, int]:
        """As many pages and copies as the number of the person says: always the same for the same replay."""
        if self.channel == ONLINE or not self.kind.has_fees:
            return {}
        return {"pages": 1 + int(self.owner.phone[-1]) % 6, "copies": 1 + int(self.owner.phone[-2]) % 4}

    def steps(self) -> tuple[Step, ...]:
        """Those this dossier passes, by the ways whose conditions hold for it."""
        answers = Answers(channel=self.channel, form=self.form, quantities=self.quantities)
        return tuple(self.kind.steps[place] for place in path_from(self.kind.steps, None, answers))


def arrivals(city: City, dossiers: int, seed: int) -> list[Arrival]:
    """`dossiers` that are received, of which ONLINE_SHARE online, and some more that are refused; in order of time."""
    random = Random(f"arrivals {seed}")  # noqa: S311 - the same load every time
    kinds = _kinds(city.kinds, dossiers, random)
    online = _online(kinds, round(dossiers * mix.ONLINE_SHARE), random)
    refused = [kinds[place] for place in random.sample(sorted(online), round(len(online) * mix.REFUSED_ONLINE))]
    counter_days, online_days = _days(city, mix.WEEKDAYS, working=True), _days(city, mix.ONLINE_WEEKDAYS, working=False)
    place_sums = list(accumulate(place.weight for place in city.places))
    drawn = []
    wanted = [(kind, place in online, False) for place, kind in enumerate(kinds)] + [(kind, True, True) for kind in refused]
    for kind, is_online, is_refused in wanted:
        place = _pick(random, city.places, place_sums)
        filed_at, channel = place, ONLINE
        if not is_online:
            by_post = 3 in kind.channels and (1 not in kind.channels or random.random() < mix.POST_SHARE)
            channel = POST if by_post else COUNTER
            if kind.anywhere and len(city.places) > 1 and random.random() < mix.ELSEWHERE_SHARE:
                filed_at = _pick(random, city.places, place_sums)
        at = _at(random, city, online_days if is_online else counter_days, online=is_online)
        drawn.append((at, kind, place, filed_at, channel, is_refused))
    drawn.sort(key=lambda one: one[0])
    return [
        Arrival(
            number=number,
            at=at,
            kind=kind,
            place=place,
            filed_at=filed_at,
            channel=channel,
            owner=made_up(random),
            refused=is_refused,
        )
        for number, (at, kind, place, filed_at, channel, is_refused) in enumerate(drawn, start=1)
    ]


def _kinds(kinds: Sequence[Kind], dossiers: int, random: Random) -> list[Kind]:
    """Every procedure at least once, where there are enough dossiers for all; the others by weight."""
    once = list(kinds) if dossiers >= 10 * len(kinds) else []
    sums = list(accumulate(kind.weight for kind in kinds))
    drawn = once + [_pick(random, kinds, sums) for _ in range(dossiers - len(once))]
    random.shuffle(drawn)
    return drawn


def _online(kinds: Sequence[Kind], number: int, random: Random) -> set[int]:
    """Places in the list of those that are filed online: first what can only be, then by readiness."""
    only = [place for place, kind in enumerate(kinds) if kind.channels == {ONLINE}]
    able = [place for place, kind in enumerate(kinds) if ONLINE in kind.channels and kind.channels != {ONLINE}]
    # Ordered by random()^(1/weight): a sample without replacement, by weight.
    readiness = [mix.ONLINE_READINESS.get(kinds[place].code, 1.0) for place in able]
    keyed = sorted(zip(able, readiness, strict=True), key=lambda one: random.random() ** (1 / one[1]), reverse=True)
    return set(only) | {place for place, _readiness in keyed[: max(0, number - len(only))]}


def _days(city: City, weekdays: Sequence[float], *, working: bool) -> list[tuple[float, date]]:
    """(sum of weights so far, day) of the days on which people come."""
    found, total = [], 0.0
    for number in range(city.days):
        day = city.first + timedelta(days=number)
        weight = weekdays[day.weekday()] if not working or city.calendar.works(day) else 0.0
        weight *= mix.FIRST_DAYS[number] if number < len(mix.FIRST_DAYS) else 1.0
        if weight:
            total += weight
            found.append((total, day))
    return found


def _at(random: Random, city: City, days: Sequence[tuple[float, date]], *, online: bool) -> datetime:
    day = days[bisect([total for total, _day in days], random.random() * days[-1][0])][1]
    if online:
        start, length = time(), 3600
        place = random.choices(range(24), mix.ONLINE_HOURS)[0]
    else:
        start, length = time(8), 1800
        place = random.choices(range(len(mix.COUNTER_HALF_HOURS)), mix.COUNTER_HALF_HOURS)[0]
    return datetime.combine(day, start, city.calendar.zone) + timedelta(
        milliseconds=round((place + random.random()) * length * 1000)
    )


def _pick(random: Random, things: Sequence[T], sums: Sequence[float]) -> T:
    return things[bisect(sums, random.random() * sums[-1])]


def per_place(found: Iterable[Arrival]) -> dict[int, int]:
    counted: dict[int, int] = {}
    for arrival in found:
        counted[arrival.place.unit_id] = counted.get(arrival.place.unit_id, 0) + 1
    return counted
