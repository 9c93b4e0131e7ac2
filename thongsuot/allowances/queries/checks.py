"""Is a frozen list whole? Sums of units make the city, nobody stands twice or in two units, nobody is missing for no reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from thongsuot.allowances.models import Beneficiary, PayRun
from thongsuot.allowances.queries.imports import WAITING
from thongsuot.allowances.queries.keeping import paid_units, units_with_lists
from thongsuot.allowances.rules import month_before
from thongsuot.allowances.rules.rates import pairs_on
from thongsuot.kernel.text import masked_id

# Who is paid in a month: of the units of a city, begun and not stopped.
DUE = """
b.unit_id = ANY(%(units)s) AND b.start_month <= %(month)s AND (b.stop_month IS NULL OR b.stop_month > %(month)s)
"""
_SUMS = """
SELECT count(*), coalesce(sum(n), 0)::bigint, coalesce(sum(dong), 0)::bigint, coalesce(sum(n) FILTER (WHERE nobody), 0)::bigint,
       (SELECT count(DISTINCT id_number) FROM allowances_payment WHERE run_id = %(run)s)
  FROM (SELECT coalesce(answering_unit_id, unit_id) AS unit, answering_unit_id IS NULL AS nobody,
               count(*) AS n, sum(amount_dong) AS dong
          FROM allowances_payment WHERE run_id = %(run)s GROUP BY 1, 2) AS by_unit
"""
_TWICE = """
SELECT count(*) FROM (
  SELECT 1 FROM allowances_payment WHERE run_id = %(run)s GROUP BY id_number, group_id HAVING count(*) > 1) AS twice
"""
# By the unit that answers. Lines nobody has decided on yet may come to the same unit: they are counted as undecided.
_TWO_UNITS = """
SELECT array_agg(beneficiary_id ORDER BY beneficiary_id) FROM allowances_payment
 WHERE run_id = %(run)s AND answering_unit_id IS NOT NULL
 GROUP BY id_number HAVING count(DISTINCT answering_unit_id) > 1 ORDER BY 1 LIMIT 200
"""
_SOCIAL_TWICE = """
WITH social AS (
  SELECT p.id_number, p.beneficiary_id, g.code
    FROM allowances_payment p JOIN allowances_benefitgroup g ON g.id = p.group_id
   WHERE p.run_id = %(run)s AND g.kind = 'social'
), pair AS (SELECT * FROM unnest(%(first)s::text[], %(second)s::text[]) AS pair(first, second))
SELECT a.id_number, array_agg(DISTINCT a.beneficiary_id ORDER BY a.beneficiary_id), array_agg(DISTINCT a.code ORDER BY a.code)
  FROM social a JOIN social b ON b.id_number = a.id_number AND b.code <> a.code
 WHERE NOT EXISTS (SELECT FROM pair WHERE (first, second) IN ((a.code, b.code), (b.code, a.code)))
 GROUP BY 1 ORDER BY 2
"""
_MISSING = """
SELECT b.id, b.unit_id, CASE WHEN b.stop_month <= %(month)s THEN b.stop_reason ELSE '' END
  FROM allowances_payment before JOIN allowances_beneficiary b ON b.id = before.beneficiary_id
 WHERE before.run_id = %(before)s
   AND NOT EXISTS (SELECT 1 FROM allowances_payment now
                    WHERE now.run_id = %(run)s AND now.beneficiary_id = before.beneficiary_id)
 ORDER BY 1
"""
_NEW = """
SELECT count(*) FROM allowances_payment now
 WHERE now.run_id = %(run)s
   AND NOT EXISTS (SELECT 1 FROM allowances_payment before
                    WHERE before.run_id = %(before)s AND before.beneficiary_id = now.beneficiary_id)
"""
_LEFT_OUT = f"""
SELECT b.id, b.unit_id FROM allowances_beneficiary b
 WHERE {DUE} AND NOT EXISTS (SELECT FROM allowances_payment p WHERE p.run_id = %(run)s AND p.beneficiary_id = b.id)
 ORDER BY b.unit_id, b.id
"""  # noqa: S608 - constants
# Old lists up to the month, since the last one was frozen. A row whose number stands on the roll by now was mended, or known.
_IMPORTS = """
WITH lists AS (
  SELECT i.id, i.status FROM allowances_allowanceimport i
   WHERE i.month <= %(month)s AND i.unit_id = ANY(%(under)s)
     AND (i.status = ANY(%(waiting)s) OR (i.status = 'done' AND (%(since)s::timestamptz IS NULL OR i.sent_at > %(since)s)))
)
SELECT (SELECT count(*) FROM lists WHERE status <> 'done'),
       (SELECT count(*) FROM lists JOIN allowances_allowancerow row ON row.source_id = lists.id
         WHERE lists.status = 'done' AND row.state IN ('to_correct', 'rejected')
           AND NOT EXISTS (SELECT FROM allowances_beneficiary b
                            WHERE b.id_number = regexp_replace(row.cells->>'id_number', '[[:space:].]', '', 'g')))
"""


@dataclass(frozen=True, kw_only=True)
class MissingRow:
    """Paid the month before and not in this one; without a reason nobody has said why."""

    id: int
    code: str
    unit_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class SocialTwice:
    """One ID number with lines of several social groups that data/pairs.csv does not allow together."""

    id_number: str  # masked
    ids: list[int]
    groups: list[str]


@dataclass(frozen=True, kw_only=True)
class Check:
    """What the check found.

    people       different ID numbers; a person in two groups is one of them and two lines
    undecided    lines of ended units whose successor nobody knows yet; they are paid all the same
    left_out     due in the month by the roll and not in the list
    files_waiting, rows_out  old lists that were sent and not brought in, and rows of those that were
    """

    lines: int
    total_dong: int
    people: int
    units: int
    sum_of_units: int
    dong_of_units: int
    undecided: int
    twice: int
    two_units: list[list[int]]
    social_twice: list[SocialTwice]
    before: date | None
    missing: list[MissingRow]
    new: int
    left_out: list[MissingRow]
    files_waiting: int
    rows_out: int

    @property
    def adds_up(self) -> bool:
        return (self.sum_of_units, self.dong_of_units) == (self.lines, self.total_dong)

    @property
    def unexplained(self) -> list[MissingRow]:
        return [row for row in self.missing if not row.reason]

    @property
    def good(self) -> bool:
        return self.adds_up and not self.twice and not self.two_units and not self.unexplained

    @property
    def to_accept(self) -> dict[str, int]:
        """What keeps nobody from approving, and must have been seen by whoever does."""
        return {
            "left_out": len(self.left_out),
            "files_waiting": self.files_waiting,
            "rows_out": self.rows_out,
            "social_twice": len(self.social_twice),
        }

    @property
    def figures(self) -> str:
        """As a form carries them, and `approve_run` compares them."""
        return "-".join(str(count) for count in self.to_accept.values())

    @property
    def stands_out(self) -> bool:
        return any(self.to_accept.values())


def check(run: PayRun) -> Check:
    """Of a frozen list, against the last month of the city, the roll and the old lists. A dozen queries."""
    previous = PayRun.objects.filter(city_id=run.city_id, month=month_before(run.month)).first()
    ours, pairs = paid_units(run.city_id, on=run.month), pairs_on(run.month)
    asked: dict[str, Any] = {
        "run": run.pk,
        "before": previous.pk if previous else None,
        "month": run.month,
        "units": ours,
        "under": units_with_lists(run.city_id, on=run.month),
        "since": previous.frozen_at if previous else None,
        "waiting": list(WAITING),
        "first": [one.first for one in pairs],
        "second": [one.second for one in pairs],
    }
    missing, new = [], 0
    with connection.cursor() as cursor:

        def rows(sql: str) -> list[Any]:
            cursor.execute(sql, asked)
            return list(cursor.fetchall())

        ((units, lines, dong, undecided, people),) = rows(_SUMS)
        ((twice,),) = rows(_TWICE)
        two_units = [row[0] for row in rows(_TWO_UNITS)]
        social = [SocialTwice(id_number=masked_id(one), ids=ids, groups=codes) for one, ids, codes in rows(_SOCIAL_TWICE)]
        left_out = _listed((pk, unit_id, "") for pk, unit_id in rows(_LEFT_OUT))
        ((files_waiting, rows_out),) = rows(_IMPORTS)
        if previous is not None:
            missing = _listed(rows(_MISSING))
            ((new,),) = rows(_NEW)
    return Check(
        lines=run.lines,
        total_dong=run.total_dong,
        people=people,
        units=units,
        sum_of_units=lines,
        dong_of_units=dong,
        undecided=undecided,
        twice=twice,
        two_units=two_units,
        social_twice=social,
        before=previous.month if previous else None,
        missing=missing,
        new=new,
        left_out=left_out,
        files_waiting=files_waiting,
        rows_out=rows_out,
    )


def _listed(rows: Iterable[tuple[int, int, str]]) -> list[MissingRow]:
    return [MissingRow(id=pk, code=str(Beneficiary(pk=pk)), unit_id=unit_id, reason=reason) for pk, unit_id, reason in rows]
