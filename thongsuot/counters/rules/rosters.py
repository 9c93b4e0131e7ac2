"""Who must be where in a shift, and who was trained for it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from thongsuot.kernel.working_time import Shift

ALL_FIELDS: None = None  # trained for whatever there is


def trained_fields(trainings: Iterable[tuple[date, Collection[str]]], *, on: date) -> frozenset[str] | None:
    """What somebody was trained for until that day; empty: nothing. A training without fields is for all."""
    known: set[str] = set()
    for trained_on, fields in trainings:
        if trained_on <= on:
            if not fields:
                return ALL_FIELDS
            known |= set(fields)
    return frozenset(known)


def is_trained(known: frozenset[str] | None, wanted: Collection[str]) -> bool:
    """For a queue of these fields: all of them; for one without any, which takes all the rest: for something at all."""
    if known is ALL_FIELDS:
        return True
    return set(wanted) <= known if wanted else bool(known)


def overlap(one: Shift, other: Shift) -> bool:
    """Nobody sits in both."""
    return one.starts < other.ends and other.starts < one.ends


def gaps(
    queues: Mapping[int, Collection[str]],
    seats: Iterable[tuple[Collection[int], frozenset[str] | None]],
) -> list[int]:
    """Queues for which nobody trained sits in a shift.

    queues  fields of each
    seats   of each assigned officer: the queues that their counter calls, what they were trained for
    """
    seated = list(seats)
    return [
        queue
        for queue, fields in queues.items()
        if not any(queue in called and is_trained(known, fields) for called, known in seated)
    ]
