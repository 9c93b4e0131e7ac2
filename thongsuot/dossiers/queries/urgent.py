"""Lists of work that shrink as they are worked off: the most urgent rows, and how many there are in all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet

MOST = 200

Row = TypeVar("Row")


@dataclass(frozen=True)
class Urgent(Generic[Row]):
    """`rows` are the first MOST of `count`."""

    rows: list[Row]
    count: int

    @property
    def is_cut(self) -> bool:
        return self.count > len(self.rows)


def most_urgent(found: QuerySet[Any], rows_of: Callable[[QuerySet[Any]], list[Row]]) -> Urgent[Row]:
    """The first MOST of an ordered list. One query more than `rows_of` needs, and only when it is longer."""
    rows = rows_of(found[:MOST])
    return Urgent(rows, len(rows) if len(rows) < MOST else found.count())
