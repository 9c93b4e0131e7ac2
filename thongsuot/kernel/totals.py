"""Tables of totals: kept up by differences, proven by counting anew. Names in them are the caller's constants."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any


def differing(cursor: Any, fresh: str, kept: str) -> int:
    """How many rows are in one of two tables, or selections in brackets, and not in the other."""
    cursor.execute(
        f"SELECT count(*) FROM ((SELECT * FROM {fresh} a EXCEPT SELECT * FROM {kept} b)"  # noqa: S608
        f" UNION ALL (SELECT * FROM {kept} c EXCEPT SELECT * FROM {fresh} d)) AS differing"
    )
    found: int = cursor.fetchone()[0]
    return found


def put_right(cursor: Any, table: str, *, keys: str, sums: Sequence[str], fill: Callable[[str], str]) -> int:
    """Count a table of totals anew and put it in its place where it differs. Returns how many rows differed.

    keys   its key columns, with commas between them; `sums`: those that are counted
    fill   the statement that fills a table of that name, empty before, from all there is
    """
    fresh, columns = f"fresh_{table}", f"{keys}, {', '.join(sums)}"
    cursor.execute(f"DROP TABLE IF EXISTS {fresh}")
    cursor.execute(f"CREATE TEMP TABLE {fresh} (LIKE {table} INCLUDING IDENTITY INCLUDING DEFAULTS INCLUDING INDEXES)")
    cursor.execute(fill(fresh))
    # A row whose counts came back to nothing is the same as a row that is not there.
    anything = " OR ".join(f"{name} <> 0" for name in sums)
    counted, here = (f"(SELECT {columns} FROM {one} WHERE {anything})" for one in (fresh, table))  # noqa: S608
    if found := differing(cursor, counted, here):
        cursor.execute(f"TRUNCATE {table}")
        cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {fresh}")  # noqa: S608
    cursor.execute(f"DROP TABLE {fresh}")
    return found
