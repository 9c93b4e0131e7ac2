"""How what a unit holds goes to its successors: each capability says it in its own `holdings.py`, nobody else needs to know.

    register(PendingDossiers())
    stays("dossiers.CopyOffer.unit", "the new unit decides for itself")

A column that points to a unit and is neither moved nor declared to stay fails tests/house: a capability that forgot what it
holds cannot be merged.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Model, QuerySet
from django.utils.functional import Promise

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import record
from thongsuot.kernel.events import EventKind
from thongsuot.units.heirs import Choice, Clue, Heirs

NO_CLUE = Clue()
Was = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Held:
    """One thing an ended unit has. `label`: what a person knows it by; `about`: in a few words, nothing personal."""

    id: int
    unit_id: int
    label: str
    about: str = ""
    clue: Clue = NO_CLUE


@dataclass(frozen=True, kw_only=True)
class Move:
    """Of one thing: from the ended unit to the successor.

    due_days   working days by which a promise made before is kept later, where the decision says so; else dates stay
    """

    id: int
    from_unit_id: int
    to_unit_id: int
    due_days: int = 0


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A thing that was moved, and what it takes to put it back."""

    id: int
    from_unit_id: int
    to_unit_id: int
    was: Was


class Holding(ABC):
    """One class of things that live on: dossiers in process, books, points.

    key      stable, capability.things: stored with every item
    columns  the columns it moves, as "app.Model.field": tests/house asks that every one is somebody's
    follows  keys of holdings that must have moved before
    """

    key: str
    label: Promise
    columns: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()

    @abstractmethod
    def count(self, unit_ids: Collection[int]) -> dict[int, int]:
        """{unit: how many it holds}. Units that hold none are absent."""

    @abstractmethod
    def held(self, unit_id: int, *, after: int, limit: int, clued: bool) -> list[Held]:
        """What the unit holds, in order of ids, from beyond `after`. Without `clued` nobody needs clues: they may be empty."""

    def choose(self, things: Sequence[Held], heirs: Heirs) -> list[Choice]:
        """Where each goes, in the same order; the common rules unless a capability knows better."""
        return [heirs.choose(thing.unit_id, thing.clue) for thing in things]

    @abstractmethod
    def move(self, moves: Sequence[Move], *, changeover_id: int, actor: Actor, at: datetime) -> Mapping[int, Was]:
        """Move them, in the caller's transaction: {id: what it takes to put it back}.

        What the unit no longer has, for it ended meanwhile, is not in the answer.
        """

    @abstractmethod
    def put_back(self, moved: Sequence[Moved], *, changeover_id: int, actor: Actor, at: datetime) -> set[int]:
        """Undo moves, in the caller's transaction. Returns the ids that are back; others went on elsewhere."""

    def tell(self, moved: Sequence[Move], *, changeover_id: int) -> None:  # noqa: B027 - most have nobody to tell
        """Say to whoever owns the things that another unit has them now; asked twice, it is said once."""

    @abstractmethod
    def whereabouts(self, ids: Collection[int]) -> dict[int, int]:
        """{id: the unit that has it now}. What is held no more, for it ended, is absent."""


class Rows(Holding):
    """Things that are few: rows that name the unit in one column, moved one by one, each told in the history of its subject.

    unit_path         the column as a query writes it: "unit_id", "body__unit_id"
    moved, moved_back  the events of the capability
    """

    unit_path: str
    moved: EventKind
    moved_back: EventKind

    @abstractmethod
    def rows(self) -> QuerySet[Any]:
        """What counts as held, of any unit."""

    def found(self, ids: Collection[int]) -> QuerySet[Any]:
        """The rows of these ids, also those that a move settled."""
        return self.rows().filter(pk__in=list(ids))

    @abstractmethod
    def give(self, row: Any, to_unit_id: int, *, actor: Actor, at: datetime) -> dict[str, object]:
        """Put the successor in; what it takes to put back."""

    @abstractmethod
    def restore(self, row: Any, one: Moved) -> None:
        """Put the unit of before in again."""

    def still_there(self, row: Any, one: Moved) -> bool:
        """The unit it was given to has it."""
        return self.unit_of(row) == one.to_unit_id

    def can_go_back(self, row: Any, one: Moved) -> bool:
        """It is as the move left it; what went on since stays where it is."""
        return True

    def subject(self, row: Any) -> Model:
        """In whose history it is told: the row itself, or what it belongs to."""
        own: Model = row
        return own

    def thing(self, row: Any, unit_id: int) -> Held:
        return Held(id=row.pk, unit_id=unit_id, label=str(self.subject(row)))

    def unit_of(self, row: Any) -> int | None:
        """The unit that has it now."""
        value: Any = row
        for name in self.unit_path.split("__"):
            value = getattr(value, name)
        unit_id: int | None = value
        return unit_id

    def count(self, unit_ids: Collection[int]) -> dict[int, int]:
        rows = self.rows().filter(**{f"{self.unit_path}__in": list(unit_ids)})
        return dict(rows.order_by().values_list(self.unit_path).annotate(n=Count("pk")))

    def held(self, unit_id: int, *, after: int, limit: int, clued: bool) -> list[Held]:
        rows = self.rows().filter(**{self.unit_path: unit_id, "pk__gt": after}).order_by("pk")[:limit]
        return [self.thing(row, unit_id) for row in rows]

    def choose(self, things: Sequence[Held], heirs: Heirs) -> list[Choice]:
        """What is not divided goes to the one that keeps it."""
        return [heirs.keeper(thing.unit_id) for thing in things]

    def move(self, moves: Sequence[Move], *, changeover_id: int, actor: Actor, at: datetime) -> Mapping[int, Was]:
        wanted = {one.id: one for one in moves}
        done: dict[int, Was] = {}
        for row in self._locked(wanted):
            one = wanted[row.pk]
            if self.unit_of(row) == one.from_unit_id:
                done[one.id] = self.give(row, one.to_unit_id, actor=actor, at=at)
                self._tell(self.moved, row, one.from_unit_id, one.to_unit_id, changeover_id, actor, at)
        return done

    def put_back(self, moved: Sequence[Moved], *, changeover_id: int, actor: Actor, at: datetime) -> set[int]:
        wanted = {one.id: one for one in moved}
        back = set()
        for row in self._locked(wanted):
            one = wanted[row.pk]
            if self.still_there(row, one) and self.can_go_back(row, one):
                self.restore(row, one)
                back.add(row.pk)
                self._tell(self.moved_back, row, one.to_unit_id, one.from_unit_id, changeover_id, actor, at)
        return back

    def whereabouts(self, ids: Collection[int]) -> dict[int, int]:
        return {row.pk: unit_id for row in self.found(ids) if (unit_id := self.unit_of(row)) is not None}

    def _locked(self, ids: Collection[int]) -> list[Any]:
        return list(self.found(ids).order_by("pk").select_for_update(of=("self",)))

    def _tell(
        self, kind: EventKind, row: Any, from_unit: int, to_unit: int, changeover_id: int, actor: Actor, at: datetime
    ) -> None:
        record(
            kind,
            self.subject(row),
            actor=actor,
            at=at,
            unit_id=to_unit,
            changeover=changeover_id,
            what=self.key,
            from_unit=from_unit,
            to_unit=to_unit,
        )


class OwnRows(Rows):
    """Rows that need nothing but the successor in their own column `unit`."""

    unit_path = "unit_id"

    def give(self, row: Any, to_unit_id: int, *, actor: Actor, at: datetime) -> dict[str, object]:
        row.unit_id = to_unit_id
        row.save(update_fields=["unit"])
        return {}

    def restore(self, row: Any, one: Moved) -> None:
        row.unit_id = one.from_unit_id
        row.save(update_fields=["unit"])


HOLDINGS: dict[str, Holding] = {}
STAYS: dict[str, str] = {}


def register(holding: Holding) -> Holding:
    if holding.key in HOLDINGS:
        raise ValueError(f"holding {holding.key} is declared twice")
    HOLDINGS[holding.key] = holding
    return holding


def stays(columns: str | Sequence[str], why: str) -> None:
    """Columns that keep the unit they have for ever, and why that is right."""
    for column in [columns] if isinstance(columns, str) else columns:
        STAYS[column] = why


def in_order() -> list[Holding]:
    """Every holding after those it follows."""
    done: dict[str, Holding] = {}

    def put(holding: Holding) -> None:
        for key in holding.follows:
            put(HOLDINGS[key])
        done.setdefault(holding.key, holding)

    for holding in HOLDINGS.values():
        put(holding)
    return list(done.values())
