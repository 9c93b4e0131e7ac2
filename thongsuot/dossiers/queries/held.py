"""Dossiers as things a unit hands over: what they are known by, and what they say about where they belong."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec
from django.db import connection

from thongsuot.procedures import queries as procedures


@dataclass(frozen=True, kw_only=True)
class Shown:
    """`form` is None where nobody asked for clues."""

    id: int
    code: str
    version_id: int
    address: str
    form: dict[str, Any] | None


_ROWS = """
SELECT d.id, coalesce(d.code, d.submission_code, ''), d.version_id, __CLUES__
  FROM dossiers_dossier d
 WHERE d.ended_at IS NULL AND __WHICH__ AND d.id > %(after)s
 ORDER BY d.id LIMIT %(limit)s
"""


def open_ones(which: str, unit_id: int, *, after: int, limit: int, clued: bool) -> list[Shown]:
    """Open dossiers `d` that a condition of ours names, with %(unit)s in it. One query."""
    clues = "d.owner_address, d.form" if clued else "'', NULL"
    statement = _ROWS.replace("__CLUES__", clues).replace("__WHICH__", which)
    with connection.cursor() as cursor:
        cursor.execute(statement, {"unit": unit_id, "after": after, "limit": limit})
        return [
            Shown(id=row[0], code=row[1], version_id=row[2], address=row[3], form=_read(row[4])) for row in cursor.fetchall()
        ]


def _read(form: object) -> dict[str, Any] | None:
    if form is None or isinstance(form, dict):
        return form
    return msgspec.json.decode(form) if isinstance(form, str | bytes) else None


@cache
def _place_fields(version_id: int) -> tuple[str, ...]:
    """Fields of the version's form that say which place the dossier is about. A version never changes."""
    properties = procedures.version(version_id).form_schema.get("properties", {})
    return tuple(name for name, field in properties.items() if field.get("x-concerns"))


def places_of(row: Shown) -> tuple[str, ...]:
    """Addresses of what it concerns, then of its owner."""
    form = row.form or {}
    concerned = [form[name] for name in _place_fields(row.version_id) if isinstance(form.get(name), str)]
    return tuple(dict.fromkeys(one for one in (*concerned, row.address) if one))
