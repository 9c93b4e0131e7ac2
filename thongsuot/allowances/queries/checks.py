"""Is a frozen list whole? Sums of units make the city, nobody stands twice or in two units, nobody is missing for no reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from thongsuot.allowances.models import Beneficiary, PayRun
from thongsuot.allowances.rules import month_before

_SUMS = """
SELECT count(*), coalesce(sum(n), 0)::bigint, coalesce(sum(dong), 0)::bigint, coalesce(sum(n) FILTER (WHERE nobody), 0)::bigint
  FROM (SELECT coalesce(answering_unit_id, unit_id) AS unit, answering_unit_id IS NULL AS nobody,
               count(*) AS n, sum(amount_dong) AS dong
          FROM allowances_payment WHERE run_id = %(run)s GROUP BY 1, 2) AS by_unit
"""
_TWICE = """
SELECT count(*) FROM (
  SELECT 1 FROM allowances_payment WHERE run_id = %(run)s GROUP BY id_number, group_id HAVING count(*) > 1) AS twice
"""
# The unit that answers; of those nobody has decided on yet, the one whose list it was.
_TWO_UNITS = """
SELECT array_agg(beneficiary_id ORDER BY beneficiary_id) FROM allowances_payment WHERE run_id = %(run)s
 GROUP BY id_number HAVING count(DISTINCT coalesce(answering_unit_id, unit_id)) > 1 ORDER BY 1 LIMIT 200
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


@dataclass(frozen=True, kw_only=True)
class MissingRow:
    """Paid the month before and not in this one; without a reason nobody has said why."""

    id: int
    code: str
    unit_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class Check:
    """What the check found. `undecided`: lines of ended units whose successor nobody knows yet; they are paid all the same."""

    lines: int
    total_dong: int
    units: int
    sum_of_units: int
    dong_of_units: int
    undecided: int
    twice: int
    two_units: list[list[int]]
    before: date | None
    missing: list[MissingRow]
    new: int

    @property
    def adds_up(self) -> bool:
        return (self.sum_of_units, self.dong_of_units) == (self.lines, self.total_dong)

    @property
    def unexplained(self) -> list[MissingRow]:
        return [row for row in self.missing if not row.reason]

    @property
    def good(self) -> bool:
        return self.adds_up and not self.twice and not self.two_units and not self.unexplained


def check(run: PayRun) -> Check:
    """Of a frozen list, against the last month of the city. Five queries."""
    previous = PayRun.objects.filter(city_id=run.city_id, month=month_before(run.month)).first()
    asked = {"run": run.pk, "before": previous.pk if previous else None, "month": run.month}
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, asked)
        units, lines, dong, undecided = cursor.fetchone()
        cursor.execute(_TWICE, asked)
        (twice,) = cursor.fetchone()
        cursor.execute(_TWO_UNITS, asked)
        two_units = [row[0] for row in cursor.fetchall()]
        missing, new = [], 0
        if previous is not None:
            cursor.execute(_MISSING, asked)
            missing = [
                MissingRow(id=pk, code=str(Beneficiary(pk=pk)), unit_id=unit_id, reason=reason)
                for pk, unit_id, reason in cursor.fetchall()
            ]
            cursor.execute(_NEW, asked)
            (new,) = cursor.fetchone()
    return Check(
        lines=run.lines,
        total_dong=run.total_dong,
        units=units,
        sum_of_units=lines,
        dong_of_units=dong,
        undecided=undecided,
        twice=twice,
        two_units=two_units,
        before=previous.month if previous else None,
        missing=missing,
        new=new,
    )
