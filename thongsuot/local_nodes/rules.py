"""Figures and names of local nodes."""

from __future__ import annotations

from datetime import timedelta

from thongsuot.counters import events
from thongsuot.kernel.events import EventKind

JOINING = timedelta(minutes=30)
ASKS_EVERY = 2.0  # seconds between two questions of a node
SETUP_EVERY = 60.0  # seconds after which it asks for the set-up as well
ACTS_AFTER = 10.0  # seconds without an answer after which it takes over
CUT_AFTER = timedelta(seconds=60)  # unheard for so long, its hall counts as cut off
LINES_AT_ONCE = 300
FIRST_NUMBER = 501
CODE_DIGITS = 6
TRIES = 5  # wrong codes of one officer, within
TRIES_WITHIN = timedelta(minutes=15)

# Ids of what a node makes: above all of the city, apart from those of each other node.
ID_BLOCK, IDS_OF_A_NODE = 10**15, 10**10

# What can happen in a hall while it is on its own. Anything else that a node tells is refused.
TOLD: frozenset[EventKind] = frozenset(
    {
        events.TAKEN,
        events.CALLED,
        events.CALLED_AGAIN,
        events.CAME,
        events.ABSENT,
        events.SENT_ON,
        events.SENT_TO_COUNTER,
        events.RETURNED,
        events.RELEASED,
        events.DONE,
        events.CANCELLED,
        events.EXPIRED,
        events.RATED,
        events.REASONS_GIVEN,
        events.SAT_DOWN,
        events.GOT_UP,
        events.BREAK_BEGUN,
        events.BREAK_ENDED,
        events.CHECKED_IN,
        events.BOOKING_MISSED,
    }
)


def first_id(node_id: int) -> int:
    return ID_BLOCK + node_id * IDS_OF_A_NODE


def made_by(node_id: int, row_id: int) -> bool:
    """Whether an id is of the node's own."""
    return first_id(node_id) <= row_id < first_id(node_id) + IDS_OF_A_NODE
