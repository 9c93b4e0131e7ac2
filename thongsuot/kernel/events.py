"""Names of events. Each capability lists its own in its `events.py`; `record` knows no others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Model
from django.utils.functional import Promise

KINDS: dict[str, EventKind] = {}
REACTIONS: dict[str, dict[str, Callable[[Happened], None]]] = {}
WITNESSES: dict[str, list[Callable[[Model, EventKind, datetime], None]]] = {}


@dataclass(frozen=True)
class EventKind:
    """`name` is capability.past_verb; `label` is how a history page says it, in Vietnamese."""

    name: str
    label: Promise | str
    public: bool = True  # may the citizen whom it concerns read it?

    def __post_init__(self) -> None:
        if self.name in KINDS:
            raise ValueError(f"event {self.name} is declared twice")
        KINDS[self.name] = self

    @property
    def capability(self) -> str:
        return self.name.partition(".")[0]


@dataclass(frozen=True, kw_only=True)
class Happened:
    """What a reaction receives: one recorded event."""

    id: int
    name: str
    subject: str  # "dossiers.dossier"
    subject_id: int
    facts: dict[str, object]


def on(kind: EventKind) -> Callable[[Callable[[Happened], None]], Callable[[Happened], None]]:
    """Register a reaction. It runs in the worker after the event is committed, and may run twice."""

    def register(reaction: Callable[[Happened], None]) -> Callable[[Happened], None]:
        REACTIONS.setdefault(kind.name, {})[f"{reaction.__module__}.{reaction.__qualname__}"] = reaction
        return reaction

    return register


def witness(capability: str, sees: Callable[[Model, EventKind, datetime], None]) -> None:
    """`sees` is called with subject, kind and instant of each event of the capability, in the command's transaction; reactions
    come later.
    """
    WITNESSES.setdefault(capability, []).append(sees)


def instant_in(facts: Mapping[str, object], name: str) -> datetime | None:
    """An instant that an event tells; None when it tells none of that name."""
    value = facts.get(name)
    return datetime.fromisoformat(value) if isinstance(value, str) else None
