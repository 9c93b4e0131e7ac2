"""For whom a door can open, and duties that open several."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Door:
    opens_for: str
    duties: frozenset[str] = frozenset()

    def __call__(self, *duties: str) -> Door:
        return replace(self, duties=frozenset(duties))


ANYONE, PERSON, OWNER, OFFICER, OF_ONE, OF_UNIT, OF_CITY, AT_POINT, KEY = map(
    Door, ("anyone", "person", "owner", "officer", "of one", "of unit", "of city", "at point", "key")
)

DESK = (
    "receive dossiers",
    "assign dossiers",
    "process dossiers",
    "review dossiers",
    "sign results",
    "issue results",
    "hand back results",
)
FOLLOW = ("assign dossiers", "process dossiers", "review dossiers", "sign results")
FEEDBACK = ("take feedback", "handle feedback", "approve feedback")
PAPER = ("receive dossiers", "hand back results", "issue results")
PLACE = ("propose staffing", "manage staffing")
PLACE_OR_PARTY = (*PLACE, "approve Party posts")
