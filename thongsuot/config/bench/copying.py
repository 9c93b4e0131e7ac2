"""Loading by COPY as fast as the disk allows: tables emptied and frozen in one transaction, indexes built at the end.

Only for a database of its own that a benchmark made (the account must own the server): it goes round foreign keys and writes no
log.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from thongsuot.config.bench.stock import SUMMED, TABLES, Lines, Stock

# Filled where a column is not known to the loader, must not be null and has no default in the database.
_NEUTRAL = {
    "smallint": "0",
    "integer": "0",
    "bigint": "0",
    "boolean": "f",
    "jsonb": "{}",
    "ARRAY": "{}",
    "timestamp with time zone": "2020-01-01 00:00+07",
    "date": "2020-01-01",
}


@dataclass
class Took:
    """Seconds by table and by piece of work; rows by table."""

    rows: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    indexes: float = 0.0
    analyse: float = 0.0


def load(stock: Stock, *, progress: Callable[[int, float], None], note: Callable[[str], None] = lambda text: None) -> Took:
    """Everything of the stock into emptied tables. `progress`: (dossiers so far, seconds so far); `note`: a line of its own."""
    took, began, done = Took(), time.monotonic(), 0
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # the foreign keys hold by construction
        ends = {table: _unknown_columns(cursor, table, columns) for table, columns in {**TABLES, **SUMMED}.items()}
        cursor.execute("BEGIN")
        emptied = sorted({*TABLES, *SUMMED, "dossiers_tallychange"})
        cursor.execute(f"TRUNCATE {', '.join(emptied)} CASCADE")
        _mark_indexes(cursor, emptied, ready=False)
        for block in stock.blocks():
            _copy_block(cursor, block, ends, took)
            done += block.dossiers
            progress(done, time.monotonic() - began)
        for table, lines in stock.summed().items():
            _copy(cursor, table, SUMMED[table], lines, ends[table], took)
        cursor.execute("COMMIT")
        at = time.monotonic()
        for table in emptied:
            note(f"  chỉ mục của {table} (indexes), {time.monotonic() - at:.0f} s")
            cursor.execute(f"REINDEX TABLE {table}")
            _set_sequence(cursor, table)
        took.indexes = time.monotonic() - at
        at = time.monotonic()
        cursor.execute(f"VACUUM (ANALYZE) {', '.join(emptied)}")
        cursor.execute("CHECKPOINT")
        took.analyse = time.monotonic() - at
        cursor.execute("SET session_replication_role = origin")
    return took


def _copy_block(cursor: Any, block: Lines, ends: dict[str, tuple[str, str]], took: Took) -> None:
    for table, lines in block.by_table.items():
        if lines:
            _copy(cursor, table, TABLES[table], lines, ends[table], took)


def _copy(cursor: Any, table: str, columns: str, lines: Iterable[str], end: tuple[str, str], took: Took) -> None:
    more, values = end
    text = (values + "\n").join(lines) + values + "\n"
    began = time.monotonic()
    with cursor.copy(f"COPY {table} ({columns}{more}) FROM STDIN (FREEZE)") as copy:
        copy.write(text)
    took.seconds[table] = took.seconds.get(table, 0.0) + time.monotonic() - began
    took.rows[table] = took.rows.get(table, 0) + text.count("\n")


def _unknown_columns(cursor: Any, table: str, columns: str) -> tuple[str, str]:
    """What other parts of the program added to the table since: (names, values) to put behind each line."""
    known = {name.strip() for name in columns.split(",")}
    cursor.execute(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s AND table_schema = 'public' "
        "AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO' AND is_generated = 'NEVER' "
        "ORDER BY ordinal_position",
        [table],
    )
    more = [(name, _NEUTRAL.get(kind, "")) for name, kind in cursor.fetchall() if name not in known]
    return "".join(f", {name}" for name, _value in more), "".join(f"\t{value}" for _name, value in more)


def _mark_indexes(cursor: Any, tables: list[str], *, ready: bool) -> None:
    """Indexes that are not ready are left out by COPY; REINDEX builds them and makes them ready again."""
    cursor.execute(
        "UPDATE pg_index SET indisready = %s, indisvalid = %s WHERE indrelid = ANY(%s::regclass[])", [ready, ready, tables]
    )


def _set_sequence(cursor: Any, table: str) -> None:
    cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), coalesce(max(id), 0) + 1, false) FROM " + table, [table])
