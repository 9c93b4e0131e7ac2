"""The dossiers behind a figure: one row each, with the rule that put it there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from thongsuot.indicators import items, rules
from thongsuot.indicators.queries.sums import Scope
from thongsuot.kernel.periods import Period
from thongsuot.procedures import queries as procedures
from thongsuot.units import queries as units

_COLUMNS = """f.dossier_id, d.code, d.owner_name, f.version_id, f.unit_id, f.channel, f.status, f.received_at, f.due_at,
  f.closed_at, f.in_time, f.late_at, f.waiting_from, f.supplements, f.paper_result, f.e_result, f.digitised, f.reused, f.linked,
  f.population, f.eligible, f.synced, f.paid_online,
  EXISTS (SELECT FROM dossiers_component c WHERE c.dossier_id = f.dossier_id AND c.how NOT IN ('shown', 'waived'))"""


@dataclass(frozen=True, kw_only=True)
class Behind:
    """A dossier behind a figure. `owner_name` is whole: pages and files show it masked."""

    id: int
    code: str
    owner_name: str
    procedure: str
    unit_id: int
    unit: str
    channel: int
    status: int
    received_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    verdict: rules.Verdict
    paper_result: bool
    e_result: bool
    digitised: bool
    reused: bool
    linked: bool
    population: bool
    eligible: bool
    synced: bool
    paid_online: bool | None
    has_papers: bool  # that must be there as data or a file
    supplements: int


def _where(scope: Scope, code: str, part: str) -> str:
    return f"{scope.condition()} AND {items.behind(code, part)}"


def count_behind(scope: Scope, period: Period, *, code: str, part: str) -> int:
    """How many: the figure itself, counted dossier by dossier. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM indicators_fact f WHERE {_where(scope, code, part)}",  # noqa: S608
            {**scope.parameters, **period.parameters},
        )
        found: int = cursor.fetchone()[0]
    return found


def behind(scope: Scope, period: Period, *, code: str, part: str, limit: int, offset: int = 0) -> list[Behind]:
    """One page, the latest received first. One query, and what is remembered of versions and units."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_COLUMNS} FROM (SELECT * FROM indicators_fact f WHERE {_where(scope, code, part)}"  # noqa: S608
            " ORDER BY f.received_on DESC, f.dossier_id DESC LIMIT %(limit)s OFFSET %(offset)s) f"
            " JOIN dossiers_dossier d ON d.id = f.dossier_id ORDER BY f.received_on DESC, f.dossier_id DESC",
            {**scope.parameters, **period.parameters, "limit": limit, "offset": offset},
        )
        return [_behind(row, period) for row in cursor.fetchall()]


def all_behind(scope: Scope, period: Period, *, code: str, part: str) -> Iterator[Behind]:
    """Every row, without holding them all: for files. The rows are those of one instant."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"DECLARE behind NO SCROLL CURSOR FOR SELECT {_COLUMNS} FROM indicators_fact f"  # noqa: S608
            f" JOIN dossiers_dossier d ON d.id = f.dossier_id WHERE {_where(scope, code, part)}"
            " ORDER BY f.received_on DESC, f.dossier_id DESC",
            {**scope.parameters, **period.parameters},
        )
        while True:
            cursor.execute("FETCH 1000 FROM behind")
            rows = cursor.fetchall()
            if not rows:
                return
            for row in rows:
                yield _behind(row, period)


def _behind(row: tuple[Any, ...], period: Period) -> Behind:
    (
        dossier_id,
        code,
        owner_name,
        version_id,
        unit_id,
        channel,
        status,
        received_at,
        due_at,
        closed_at,
        in_time,
        late_at,
        waiting_from,
        supplements,
        *flags,
    ) = row
    judged = rules.Judged(
        status=status,
        due_at=due_at,
        closed_at=closed_at,
        in_time=in_time,
        late_at=late_at,
        waiting_from=waiting_from,
        supplements=supplements,
    )
    names = (
        "paper_result",
        "e_result",
        "digitised",
        "reused",
        "linked",
        "population",
        "eligible",
        "synced",
        "paid_online",
        "has_papers",
    )
    return Behind(
        id=dossier_id,
        code=code or "",
        owner_name=owner_name,
        procedure=procedures.version(version_id).name,
        unit_id=unit_id,
        unit=units.unit_row(unit_id, as_of=period.last).full_name,
        channel=channel,
        status=status,
        received_at=received_at,
        due_at=due_at,
        closed_at=closed_at,
        verdict=rules.verdict(judged, as_of=period.as_of),
        supplements=supplements,
        **dict(zip(names, flags, strict=True)),
    )
