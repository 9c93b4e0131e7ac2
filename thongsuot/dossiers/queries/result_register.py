"""The register of results of a unit: every number of a year, in order, with what became of it. Vietnamese: sổ kết quả."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

_TAGS = {"valid": "done", "reserved": "wait"}


@dataclass(frozen=True, kw_only=True)
class RegisterRow:
    """One number.

    kind        result, correction, replacement, revocation, cancelled, or reserved: drawn, and the agency has yet to sign
    state       valid, corrected, replaced, revoked, cancelled, reserved
    changes     number of the paper that this one changes; empty
    changed_by  number of the paper that changed this one; empty
    reason      why it was changed or cancelled
    """

    unit_id: int
    serial: int
    number: str
    issued_on: date | None
    kind: str
    title: str
    signer: str
    dossier_id: int | None
    dossier_code: str
    procedure: str
    state: str
    changes: str
    changed_by: str
    reason: str

    @property
    def tag(self) -> str:
        return _TAGS.get(self.state, "end")


_RESULTS = """
  SELECT __UNIT__ AS unit_id, r.number::bigint AS serial, r.number, r.issued_on, 'result' AS kind, r.title,
         concat_ws(', ', nullif(r.signer_name, ''), nullif(r.signer_post, '')) AS signer, d.id AS dossier_id,
         d.code AS dossier_code,
         p.name AS procedure, r.id AS result_id, NULL::bigint AS change_id, NULL::bigint AS follows_id,
         r.void_reason AS reason, r.void_reason <> '' AS is_void
    FROM dossiers_result r JOIN dossiers_dossier d ON d.id = r.dossier_id
         JOIN procedures_procedureversion p ON p.id = d.version_id
   WHERE r.issued_on >= %(first)s AND r.issued_on < %(after)s AND r.number <> '' AND __OF__
"""
_CHANGES = """
  SELECT __UNIT__, c.number::bigint, c.number, c.issued_on, c.kind, c.title,
         concat_ws(', ', nullif(c.signer_name, ''), nullif(c.signer_post, '')), d.id, d.code, p.name, c.result_id, c.id,
         c.follows_id, c.reason, r.void_reason <> ''
    FROM dossiers_resultchange c JOIN dossiers_result r ON r.id = c.result_id JOIN dossiers_dossier d ON d.id = r.dossier_id
         JOIN procedures_procedureversion p ON p.id = d.version_id
   WHERE c.issued_on >= %(first)s AND c.issued_on < %(after)s AND c.number <> '' AND __OF__
"""


def _in_registers(part: str, table: str) -> str:
    """A number stands in the register of the unit that drew it: the one that resolves, or the one named beside the number."""
    resolved = part.replace("__UNIT__", "d.resolving_unit_id").replace(
        "__OF__", f"d.resolving_unit_id = ANY(%(units)s) AND {table}.unit_id IS NULL"
    )
    named = part.replace("__UNIT__", f"{table}.unit_id").replace("__OF__", f"{table}.unit_id = ANY(%(units)s)")
    return f"{resolved}  UNION ALL{named}"


# Results and their changes draw from one series, cancelled numbers stay in it: together they are 1, 2, 3 ... without a gap.
_ALL = """
WITH issued AS (
__RESULTS__  UNION ALL
__CHANGES__), rows AS (
  SELECT i.unit_id, i.serial, i.number, i.issued_on, i.kind, i.title, i.signer, i.dossier_id, i.dossier_code, i.procedure,
         CASE n.kind WHEN 'correction' THEN 'corrected' WHEN 'replacement' THEN 'replaced' WHEN 'revocation' THEN 'revoked'
                     ELSE CASE WHEN i.is_void THEN 'revoked' ELSE 'valid' END END AS state,
         CASE WHEN i.change_id IS NULL THEN '' ELSE coalesce(f.number, o.number, '') END AS changes,
         coalesce(n.number, '') AS changed_by, coalesce(n.reason, i.reason) AS reason
    FROM issued i
         LEFT JOIN dossiers_resultchange n
                ON n.result_id = i.result_id AND n.number <> '' AND n.follows_id IS NOT DISTINCT FROM i.change_id
         LEFT JOIN dossiers_resultchange f ON f.id = i.follows_id
         LEFT JOIN dossiers_result o ON o.id = i.result_id
  UNION ALL
  SELECT s.unit_id, c.number, lpad(c.number::text, greatest(2, length(c.number::text)), '0'),
         (c.cancelled_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, 'cancelled', '', '', NULL, '', '', 'cancelled', '',
         '', c.reason
    FROM numbering_cancellednumber c JOIN numbering_series s ON s.id = c.series_id
   WHERE s.kind = 'result' AND s.bucket = %(year)s AND s.unit_id = ANY(%(units)s)
  UNION ALL
  SELECT DISTINCT ON (coalesce(r.unit_id, d.resolving_unit_id), g.number) coalesce(r.unit_id, d.resolving_unit_id),
         g.number::bigint, g.number, g.issued_on, 'reserved', r.title, '',
         d.id, d.code, p.name, 'reserved', '', '', ''
    FROM dossiers_resultsigning g JOIN dossiers_result r ON r.id = g.result_id JOIN dossiers_dossier d ON d.id = r.dossier_id
         JOIN procedures_procedureversion p ON p.id = d.version_id
   WHERE g.number <> '' AND r.number = '' AND d.ended_at IS NULL AND g.issued_on >= %(first)s AND g.issued_on < %(after)s
         AND coalesce(r.unit_id, d.resolving_unit_id) = ANY(%(units)s)
)
"""
_ALL = _ALL.replace("__RESULTS__", _in_registers(_RESULTS, "r")).replace("__CHANGES__", _in_registers(_CHANGES, "c"))
_FIND = """ WHERE (%(words)s = '' OR number = %(typed)s OR dossier_code = %(code)s OR title ILIKE %(like)s
                   OR procedure ILIKE %(like)s OR signer ILIKE %(like)s)"""
_ORDER = " ORDER BY unit_id, serial LIMIT %(limit)s OFFSET %(offset)s"
_ROWS = _ALL + "SELECT * FROM rows" + _FIND + _ORDER  # noqa: S608 - constants
_COUNT = _ALL + "SELECT count(*) FROM rows" + _FIND  # noqa: S608 - constants


def register_rows(
    unit_ids: Collection[int], *, year: int, words: str = "", limit: int | None = None, offset: int = 0
) -> list[RegisterRow]:
    """These units' register for a year, by unit and number. One query. `words`: of title, signer, procedure; number; code."""
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, {**_asked(unit_ids, year=year, words=words), "limit": limit, "offset": offset})
        names = [column[0] for column in cursor.description]
        return [RegisterRow(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]


def register_count(unit_ids: Collection[int], *, year: int, words: str = "") -> int:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, _asked(unit_ids, year=year, words=words))
        count: int = cursor.fetchone()[0]
        return count


def gaps(unit_id: int, *, year: int) -> list[int]:
    """Numbers of the series that neither a paper nor a cancellation accounts for. Always empty, and shown when it is not."""
    there = {row.serial for row in register_rows([unit_id], year=year)}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT last FROM numbering_series WHERE kind = 'result' AND unit_id = %s AND bucket = %s", [unit_id, str(year)]
        )
        found = cursor.fetchone()
    return [number for number in range(1, (found[0] if found else 0) + 1) if number not in there]


def _asked(unit_ids: Collection[int], *, year: int, words: str) -> dict[str, Any]:
    like = words.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    return {
        "units": list(unit_ids),
        "year": str(year),
        "first": date(year, 1, 1),
        "after": date(year + 1, 1, 1),
        "words": words,
        "typed": words.zfill(2) if words.isdigit() else words,
        "code": words.upper(),
        "like": f"%{like}%",
    }
