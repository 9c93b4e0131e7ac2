"""What a node and the city say to each other, as JSON. Nothing here needs settings: a node joins before it has any."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec


class Line(msgspec.Struct, kw_only=True):
    """One event of a node's own history. n: its place there; before: that of the line before it."""

    n: int
    before: int
    name: str
    subject: str
    subject_id: int
    at: datetime
    actor_id: int | None
    actor_name: str
    actor_post: str
    facts: dict[str, Any]


class Rows(msgspec.Struct, kw_only=True):
    """The rows that the lines speak of, as they stand now: columns by name, instants as text."""

    tickets: list[dict[str, Any]] = []
    sittings: list[dict[str, Any]] = []
    breaks: list[dict[str, Any]] = []
    services: list[dict[str, Any]] = []
    ratings: list[dict[str, Any]] = []
    bookings: list[dict[str, Any]] = []


class Joining(msgspec.Struct, kw_only=True):
    code: str


class Joined(msgspec.Struct, kw_only=True):
    """What a node needs to begin. address: its own, as the hall knows it."""

    key: str
    node_id: int
    house_id: int
    database: str
    first_number: int
    address: str


class Question(msgspec.Struct, kw_only=True):
    """setup, state: digests of what the node has; None: it does not ask for it. ends: it has told everything."""

    setup: str | None = None
    state: str | None = None
    acting_since: datetime | None = None
    lines: list[Line] = []
    rows: Rows | None = None
    ends: bool = False
    asleep: bool = False


class Answer(msgspec.Struct, kw_only=True):
    """setup, state: rows where the node has others; the digests are of what it has then."""

    taken_up_to: int
    setup: list[dict[str, Any]] | None = None
    setup_digest: str = ""
    state: list[dict[str, Any]] | None = None
    state_digest: str = ""
