"""Databases that the processes of a test run share: made once, copied for whoever needs one."""

from __future__ import annotations

import fcntl
import os
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import psycopg
from django.core.management import call_command
from django.db import connection

from thongsuot.kernel.remember import forget_all

MIGRATED = "test_thongsuot_migrated"
NOT_OURS = {"django_content_type", "auth_permission", "django_migrations"}  # what migrations put there
NO_ROW = len(b"PGCOPY\n\xff\r\n\0") + 4 + 4 + 2  # bytes of a copy of nothing

T = TypeVar("T")


def migrated() -> str:
    """The name of a database with all tables and what migrations put there. Who asks first makes it, the others wait."""
    with _mark().with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _mark().exists():
            drop(MIGRATED)
            run(f"CREATE DATABASE \"{MIGRATED}\" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'")
            with in_database(MIGRATED):
                call_command("migrate", verbosity=0)
            _mark().touch()
    return MIGRATED


def forget_migrated() -> None:
    """At the end of a run, where the cluster stays: nobody may ask for a database any more, so not by Django."""
    if _mark().exists():
        with psycopg.connect(**{**connection.get_connection_params(), "dbname": "postgres"}, autocommit=True) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{MIGRATED}"')


def _mark() -> Path:
    return Path(os.environ["THONGSUOT_DATA"]) / "migrated"  # one folder for all processes of a run


def made_once(name: str, make: Callable[[], T]) -> T:
    """What `make` puts into empty tables, in a transaction that is taken back. Who comes first in a run calls it; whoever comes
    later, in this process or the other, gets its rows from files, and its answer.
    """
    folder = _mark().with_name(name)
    with folder.with_suffix(".lock").open("w") as lock, connection.cursor() as cursor:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            made = make()
            half = folder.with_suffix(".half")
            half.mkdir()
            for table in sorted(set(connection.introspection.table_names(cursor)) - NOT_OURS):
                with cursor.copy(f'COPY "{table}" TO STDOUT (FORMAT binary)') as rows:
                    (half / table).write_bytes(b"".join(rows))
            cursor.execute("SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL")
            (half / "made.pickle").write_bytes(pickle.dumps((made, cursor.fetchall())))
            half.rename(folder)
            return made
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        filled = [file for file in folder.iterdir() if file.suffix != ".pickle" and file.stat().st_size > NO_ROW]
        for file in filled:
            with cursor.copy(f'COPY "{file.name}" FROM STDIN (FORMAT binary)') as rows:
                rows.write(file.read_bytes())
        cursor.execute("SET LOCAL session_replication_role = origin")
        made, numbers = pickle.loads((folder / "made.pickle").read_bytes())  # noqa: S301 - our own, of this run
        for sequence, last in numbers:
            cursor.execute(f'SELECT setval(%s, greatest(%s, (SELECT last_value FROM "{sequence}")))', [sequence, last])  # noqa: S608
        # Not the empty ones: taking it back takes back no statistics, and functions would keep plans for a table of nothing.
        cursor.execute(f"ANALYZE {', '.join(file.name for file in filled)}")
    return made


def exists(name: str) -> bool:
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None


def drop(name: str) -> None:
    run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def run(statement: str) -> None:
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)


@contextmanager
def in_database(name: str) -> Iterator[None]:
    """Every connection this process opens leads there: the settings are one dictionary for all threads."""
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    forget_all()
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual
        forget_all()
