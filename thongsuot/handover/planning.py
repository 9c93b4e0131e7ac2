"""A walk over all that ended units hold, with the successor of each thing: for previews, and to see that none changed since."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from thongsuot.units import queries as units
from thongsuot.units.heirs import Choice, Heirs, Rule, heirs_on
from thongsuot.units.moves import HOLDINGS, Held, Holding

SLICE = 2_000
Chosen = Callable[[str, int], dict[int, int]]
"""(kind, ended unit) -> {id of a thing: the successor a person chose}."""
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One thing and where it goes."""

    kind: str
    thing: Held
    choice: Choice


def walk(unit_ids: Iterable[int], *, day: date, city_id: int, chosen: Chosen, progress: Progress) -> Iterator[Planned]:
    """Everything the ended units hold, by kind, unit and id: always in this order. Memory stays that of one slice."""
    ended, heirs = sorted(unit_ids), heirs_on(day, city_id=city_id)
    units.unit_rows(ended, as_of=day)
    for key in sorted(HOLDINGS):
        holding = HOLDINGS[key]
        counts = holding.count(ended)
        done, total = 0, sum(counts.values())
        for unit_id in ended:
            if not counts.get(unit_id):
                continue
            by_person = chosen(key, unit_id)
            for things, choices in _slices(holding, unit_id, heirs):
                for thing, choice in zip(things, choices, strict=True):
                    yield Planned(kind=key, thing=thing, choice=_settled(choice, by_person.get(thing.id)))
                done += len(things)
                progress(str(holding.label), done, max(done, total))


def _slices(holding: Holding, unit_id: int, heirs: Heirs) -> Iterator[tuple[list[Held], list[Choice]]]:
    after, clued = 0, len(heirs.of(unit_id)) != 1
    while things := holding.held(unit_id, after=after, limit=SLICE, clued=clued):
        yield things, holding.choose(things, heirs)
        after = things[-1].id
        if len(things) < SLICE:
            return


def _settled(choice: Choice, by_person: int | None) -> Choice:
    """A person's word goes before the rule."""
    if by_person is None:
        return choice
    return Choice(to_unit_id=by_person, rule=Rule.PERSON, candidates=choice.candidates)


class PlanHash:
    """One number for a whole plan: other things, other successors, other rules or other dates give another."""

    def __init__(self, *, due_days: int) -> None:
        self._digest = hashlib.sha256(f"{due_days}\n".encode() if due_days else b"")
        self.things = 0

    def add(self, kind: str, subject_id: int, from_unit: int, to_unit: int | None, rule: str) -> None:
        self._digest.update(f"{kind}|{from_unit}|{subject_id}|{to_unit or ''}|{rule}\n".encode())
        self.things += 1

    def take(self, planned: Planned) -> None:
        self.add(planned.kind, planned.thing.id, planned.thing.unit_id, planned.choice.to_unit_id, planned.choice.rule)

    @property
    def value(self) -> str:
        return self._digest.hexdigest()
