"""What a designer does to a process, one press at a time: from steps to steps. The result may be wrong: it is a draft."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from thongsuot.procedures.content import Condition, Step, Way


def added(steps: Sequence[Step], after: int, *, name: str) -> tuple[list[Step], str]:
    """One more step behind a place, done like the one before it. Returns the steps and its key."""
    taken = {step.key for step in steps} | {way.to for step in steps for way in step.ways}
    key = next(one for number in range(1, len(taken) + 2) if (one := f"s{number}") not in taken)
    like = steps[after] if 0 <= after < len(steps) else None
    duty = like.duty if like is not None and like.counted else "process dossiers"
    new = Step(key=key, name=name, duty=duty, minutes=0, body_kind=like.body_kind if like is not None else "")
    return [*steps[: after + 1], new, *steps[after + 1 :]], key


def removed(steps: Sequence[Step], place: int) -> list[Step]:
    """Without a step. Ways that led to it lead to the one behind it, as the flow would without it."""
    gone = steps[place].key
    following = steps[place + 1].key if place + 1 < len(steps) else ""
    rest = []
    for number, step in enumerate(steps):
        if number == place:
            continue
        ways = tuple(msgspec.structs.replace(way, to=following) if way.to == gone else way for way in step.ways)
        rest.append(msgspec.structs.replace(step, ways=tuple(way for way in ways if way.to)))
    return rest


def moved(steps: Sequence[Step], place: int, by: int) -> list[Step]:
    """A step one place up (-1) or down (+1); at the edge nothing moves."""
    to = place + by
    if not (0 <= place < len(steps) and 0 <= to < len(steps)):
        return list(steps)
    rest = [step for number, step in enumerate(steps) if number != place]
    return [*rest[:to], steps[place], *rest[to:]]


def with_way(steps: Sequence[Step], place: int) -> list[Step]:
    """One more way from a step, its condition still open; what it did before is the way for all other cases."""
    step = steps[place]
    following = steps[place + 1].key if place + 1 < len(steps) else ""
    told = [way for way in step.ways if way.when is not None]
    others = [way for way in step.ways if way.when is None] or ([Way(to=following)] if following else [])
    target = steps[place + 2].key if place + 2 < len(steps) else following
    ways = (*told, Way(to=target, when=Condition(field="")), *others)
    return [*steps[:place], msgspec.structs.replace(step, ways=ways), *steps[place + 1 :]]


def without_way(steps: Sequence[Step], place: int, number: int) -> list[Step]:
    """Without the way of that number, counted among those with a condition."""
    told = [way for way in steps[place].ways if way.when is not None]
    if not 0 <= number < len(told):
        return list(steps)
    ways = tuple(way for way in steps[place].ways if way is not told[number])
    return [*steps[:place], msgspec.structs.replace(steps[place], ways=ways), *steps[place + 1 :]]
