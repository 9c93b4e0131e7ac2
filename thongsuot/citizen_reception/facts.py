"""What is said of a visitor, a recurring day, a party: as typed, before it is checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from thongsuot.files.storage import Readable


@dataclass(frozen=True, kw_only=True)
class VisitorFacts:
    """Who came. `people`: how many they speak for; `representatives`: the names of those who do, of a group."""

    name: str
    address: str = ""
    id_number: str = ""
    phone: str = ""
    email: str = ""
    people: int = 1
    representatives: str = ""


@dataclass(frozen=True, kw_only=True)
class PaperFacts:
    """A paper handed in; without `content` it was seen and taken, not scanned."""

    title: str
    content: bytes | Readable | None = None
    file_name: str = ""


@dataclass(frozen=True, kw_only=True)
class FoundFacts:
    """What another capability had with a complaint that it hands over. `files`: (what it is, id of the stored file)."""

    files: Sequence[tuple[str, int]] = ()
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, kw_only=True)
class DayFacts:
    """A recurring day, see `models.ReceptionDay`."""

    weekday: int
    week: int
    starts: time
    ends: time
    receiver: str
    by_head: bool
    valid_from: date
    point_id: int | None = None
    place: str = ""


@dataclass(frozen=True, kw_only=True)
class PartyFacts:
    name: str
    role: str
    people: int = 1
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What another capability may know of an entry: for whoever makes its own thing of it."""

    entry_id: int
    unit_id: int
    code: str
    kind: str
    words: str
    came_as: str
    visitor: VisitorFacts
    file_ids: Sequence[int]
