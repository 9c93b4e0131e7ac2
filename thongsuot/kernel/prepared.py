"""The reads that are too busy for a cursor: prepared in the server, answered as one JSON value, sent without waiting in Python.

For a row of fifteen values a cursor of psycopg takes about three times the CPU (docs/adr/0008-quick-way-of-tracking.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg.errors import InvalidSqlStatementName, error_from_result
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult

_prepared: WeakKeyDictionary[psycopg.Connection, set[bytes]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Statement:
    """A SELECT of one column of type json.

    name   unique in the program; what the server knows it by
    sql    with $1, $2 for text values
    """

    name: bytes
    sql: str


def json_value(statement: Statement, *values: str) -> bytes | None:
    """The first row's JSON, as it came; None without a row. Fails as Django's cursors do."""
    django = connections[DEFAULT_DB_ALIAS]  # looked up once: `connection` looks it up at every dot
    if django.connection is None:
        django.ensure_connection()
    with django.wrap_database_errors:
        connected: psycopg.Connection = django.connection
        server = connected.pgconn
        parameters = [value.encode() for value in values]
        if server.transaction_status != TransactionStatus.IDLE:  # a fault here would end the transaction: not by name
            result = _checked(connected, server.exec_params(statement.sql.encode(), parameters))
        else:
            try:
                result = _by_name(connected, statement, parameters)
            except InvalidSqlStatementName:
                # Something (a pooler, DISCARD ALL) had the server forget every statement that was prepared.
                _prepared.pop(connected, None)
                result = _by_name(connected, statement, parameters)
        return result.get_value(0, 0) if result.ntuples else None


def _by_name(connected: psycopg.Connection, statement: Statement, parameters: list[bytes]) -> PGresult:
    server = connected.pgconn
    if statement.name not in _prepared.get(connected, ()):
        _checked(connected, server.prepare(statement.name, statement.sql.encode()))
        _prepared.setdefault(connected, set()).add(statement.name)
    return _checked(connected, server.exec_prepared(statement.name, parameters))


def _checked(connected: psycopg.Connection, result: PGresult) -> PGresult:
    if result.status not in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
        raise error_from_result(result, encoding=connected.info.encoding)
    return result
