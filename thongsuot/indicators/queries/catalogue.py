"""What a scope offers on a day: procedures in its competence, online ones, complete ones. Read from the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone

from thongsuot.indicators import facts, rules
from thongsuot.indicators.queries.sums import Scope
from thongsuot.kernel.periods import Period
from thongsuot.kernel.remember import SOON, remembered
from thongsuot.payments.queries.accounts import ready_on
from thongsuot.procedures.models import Field, Procedure
from thongsuot.units import queries as units

# In force, and some unit of the scope is competent. A competence without a unit is that of all units of its level.
_COMPETENT = """c.procedure_id = v.procedure_id AND c.city_id = %(city)s
                  AND c.valid_from <= %(day)s AND (c.valid_to IS NULL OR c.valid_to > %(day)s)"""
_OFFERED = f"""
SELECT v.procedure_id, 2 = ANY(v.channels) AS online, v.fully_online,
       v.name <> '' AND jsonb_array_length(v.steps) > 0 AND cardinality(v.channels) > 0 AND v.limit_unit <> ''
         AND cardinality(v.subjects) > 0 AND (jsonb_array_length(v.papers) > 0 OR v.form_schema <> '{{}}') AS complete,
       jsonb_array_length(v.fee_rules) > 0 AS charged, v.has_own_process,
       EXISTS (SELECT FROM procedures_competence c WHERE {_COMPETENT}
                  AND (c.unit_id = ANY(%(ready)s) OR (c.unit_id IS NULL AND c.level = ANY(%(ready_levels)s)))) AS payable
  FROM procedures_procedureversion v
 WHERE v.valid_from <= %(day)s AND (v.valid_to IS NULL OR v.valid_to > %(day)s)
   AND EXISTS (SELECT FROM procedures_competence c WHERE {_COMPETENT}
                  AND (c.unit_id = ANY(%(units)s) OR (c.unit_id IS NULL AND c.level = ANY(%(levels)s))))
"""  # noqa: S608
# Decisions of the period, each with the first version that says what it decided: a later one repeats it.
_DECIDED = """
SELECT v.procedure_id, v.decision_on, min(v.published_at),
       max((SELECT max((text->>'effective_on')::date) FROM jsonb_array_elements(v.legal_basis) AS text))
  FROM procedures_procedureversion v
 WHERE v.decision_on BETWEEN %(first)s AND %(last)s
 GROUP BY v.procedure_id, v.decision_number, v.decision_on
"""
# Procedures of which an online dossier, and one that was paid online, came in the period.
_USED_BY_CITY = """SELECT procedure_id, sum(online) > 0, sum(paid_online) > 0 FROM indicators_procedureday
 WHERE day BETWEEN %(first)s AND %(last)s AND (online > 0 OR paid_online > 0) GROUP BY 1"""
_USED = """SELECT f.procedure_id, bool_or(f.channel = 2), coalesce(bool_or(f.charged AND f.paid_online), false)
  FROM indicators_fact f
 WHERE f.received_on BETWEEN %(first)s AND %(last)s AND (f.channel = 2 OR f.paid_online) AND {of_scope} GROUP BY 1"""


@dataclass(frozen=True, kw_only=True)
class Offered:
    """Counts of procedures; `communes`: of the scope, `e_copy`: those of them that offer electronic certified copies.

    announced   made public by a decision of the period whose legal text has a known day of effect
    shown       made public by any decision of the period
    payable     of those charged: in the competence of a unit that has a proved account
    paid_online of those charged: a dossier received in the period was paid online
    """

    procedures: int = 0
    online: int = 0
    online_used: int = 0
    complete: int = 0
    charged: int = 0
    payable: int = 0
    paid_online: int = 0
    own_process: int = 0
    announced: int = 0
    announced_in_time: int = 0
    shown: int = 0
    shown_in_time: int = 0
    communes: int = 0
    e_copy: int = 0


@remembered(seconds=30)
def _rows(unit_ids: frozenset[int], day: date) -> tuple[tuple[Any, ...], ...]:
    some = next(iter(unit_ids))
    level_of = {unit_id: row.level for unit_id, row in units.unit_rows(unit_ids, as_of=day).items()}
    ready = sorted(ready_on(unit_ids, day))
    parameters: dict[str, Any] = {
        "day": day,
        "city": units.city_of(some),
        "units": sorted(unit_ids),
        "levels": sorted(set(level_of.values())),
        "ready": ready,
        "ready_levels": sorted({level_of[unit_id] for unit_id in ready if unit_id in level_of}),
    }
    with connection.cursor() as cursor:
        cursor.execute(_OFFERED, parameters)
        return tuple(cursor.fetchall())


@remembered(seconds=SOON)
def field_choices() -> list[tuple[str, str]]:
    """(code, name) of all fields, in Vietnamese order."""
    return list(Field.objects.order_by("sort_name").values_list("code", "name"))


@remembered(seconds=SOON)
def procedures_of(field: str) -> frozenset[int]:
    """The procedures of a field; empty for an unknown code."""
    return frozenset(Procedure.objects.filter(field__code=field).values_list("pk", flat=True))


def offered(scope: Scope, period: Period) -> Offered:
    """What the scope offers on the last day, which online services were used in the period, which procedures it made public.

    Four queries, three of them remembered.
    """
    if not scope.unit_ids:
        return Offered()
    # Certified copies are a procedure of communes: the city's own bodies have none to offer.
    communes = frozenset(
        row.id
        for row in units.unit_rows(scope.unit_ids, as_of=period.last).values()
        if row.level == "commune" and row.exists_on(period.last)
    )
    rows = [row for row in _rows(scope.unit_ids, period.last) if scope.procedure_ids is None or row[0] in scope.procedure_ids]
    used, paid = _used(scope, period)
    ids = {row[0] for row in rows}
    decided = [
        one for one in _decided(units.city_of(next(iter(scope.unit_ids))), period.first, period.last) if one.procedure_id in ids
    ]
    announced = _each_once((one.procedure_id, one.in_time) for one in decided if one.in_time is not None)
    shown = _each_once((one.procedure_id, one.shown_in_time) for one in decided)
    return Offered(
        procedures=len(rows),
        online=sum(row[1] for row in rows),
        online_used=sum(row[1] and row[0] in used for row in rows),
        complete=sum(row[3] for row in rows),
        charged=sum(row[4] for row in rows),
        payable=sum(row[4] and row[6] for row in rows),
        paid_online=sum(row[4] and row[0] in paid for row in rows),
        own_process=sum(row[5] for row in rows),
        announced=len(announced),
        announced_in_time=sum(announced.values()),
        shown=len(shown),
        shown_in_time=sum(shown.values()),
        communes=len(communes),
        e_copy=_e_copy(communes, on=period.last),
    )


@dataclass(frozen=True)
class Decided:
    """A procedure made public by a decision. `in_time`: None when no day of effect of its legal texts is known."""

    procedure_id: int
    in_time: bool | None
    shown_in_time: bool


@remembered(seconds=30)
def _decided(city_id: int, first: date, last: date) -> tuple[Decided, ...]:
    with connection.cursor() as cursor:
        cursor.execute(_DECIDED, {"first": first, "last": last})
        rows = cursor.fetchall()
    calendar = units.working_calendar(city_id, on=last) if rows else None
    found = []
    for procedure_id, decided_on, shown_at, effective_on in rows:
        assert calendar is not None  # there are rows
        found.append(
            Decided(
                procedure_id,
                None if effective_on is None else rules.announced_in_time(decided_on, effective_on, calendar),
                rules.shown_in_time(decided_on, timezone.localdate(shown_at), calendar),
            )
        )
    return tuple(found)


def _each_once(verdicts: Iterable[tuple[int, bool]]) -> dict[int, bool]:
    """Late once is late for the period."""
    found: dict[int, bool] = {}
    for procedure_id, in_time in verdicts:
        found[procedure_id] = found.get(procedure_id, True) and in_time
    return found


def _used(scope: Scope, period: Period) -> tuple[frozenset[int], frozenset[int]]:
    """The procedures used online, and those paid online. One query."""
    parameters: Mapping[str, Any] = {
        **scope.parameters,
        "first": period.first,
        "last": period.last,
        "starts_at": period.starts_at,
        "ends_at": period.ends_at,
    }
    statement = _USED_BY_CITY if scope.whole_city and scope.person_id is None else _USED.format(of_scope=scope.condition())
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows = cursor.fetchall()
    return frozenset(row[0] for row in rows if row[1]), frozenset(row[0] for row in rows if row[2])


def _e_copy(unit_ids: frozenset[int], *, on: date) -> int:
    statement = f"SELECT count(*) FROM units_unit u WHERE u.id = ANY(%(units)s) AND {facts.e_copy_offered()}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, {"units": sorted(unit_ids), "on": on})
        found: int = cursor.fetchone()[0]
    return found
