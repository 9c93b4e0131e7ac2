"""Facts and totals kept up with what happens, and counted anew from the beginning to prove them.

Derived figures, no state of their own: nothing here is a command, and all of it can be made again from what commands stored.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from thongsuot.dossiers.models import Dossier
from thongsuot.indicators import facts, measures
from thongsuot.indicators.models import Fact, Noted
from thongsuot.kernel import clock
from thongsuot.kernel.totals import differing, put_right
from thongsuot.kernel.working_time import WorkingCalendar
from thongsuot.units import queries as units

AT_ONCE = 5000
_LOCK = 76606  # one counts at a time: others would wait for its rows
_SQL = Path(__file__).parent / "sql"
TOTALS = (("indicators_unitday", "unit_id"), ("indicators_procedureday", "procedure_id"))


def waiting() -> int:
    """How many changes are not in the figures yet, counted up to a thousand. One query."""
    return Noted.objects.all()[:1000].count()


def fold() -> int:
    """Make the facts of dossiers that changed anew, and move the totals of their days by the difference. Returns how many."""
    done = 0
    while (some := _fold_some()) > 0:
        done += some
    return done


def _fold_some() -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(
            "DELETE FROM indicators_noted WHERE id IN (SELECT id FROM indicators_noted ORDER BY id LIMIT %s)"
            " RETURNING dossier_id",
            [AT_ONCE],
        )
        ids = sorted({row[0] for row in cursor.fetchall()})
        if not ids:
            return 0
        _add(cursor, ids, -1)
        make_facts(cursor, "d.id = ANY(%(ids)s)", {"ids": ids})
        _add(cursor, ids, +1)
        return len(ids)


def _add(cursor: Any, ids: Sequence[int], sign: int) -> None:
    for table, key in TOTALS:
        cursor.execute(measures.add_to(table, key), {"ids": ids, "sign": sign})


def make_facts(cursor: Any, which: str, parameters: dict[str, Any], *, target: str = "indicators_fact") -> None:
    """Write facts of the dossiers `d` that the condition names. One statement."""
    statement = _facts_statement(target, which)
    cursor.execute(statement, {**parameters, **calendar_parameters(_calendar())})


def _facts_statement(target: str, which: str) -> str:
    return _facts_text().format(target=target, which=which, **facts.conditions())


@cache
def _facts_text() -> str:
    lines = (_SQL / "facts.sql").read_text().splitlines()
    return "\n".join(line for line in lines if not line.lstrip().startswith("--"))  # they name the parameters


def _calendar() -> WorkingCalendar:
    today = clock.today()
    return units.working_calendar(units.default_city(as_of=today).id, on=today)


def calendar_parameters(calendar: WorkingCalendar) -> dict[str, Any]:
    """What the SQL function indicators_minutes_before is told."""
    shifts = [
        minute
        for shift in calendar.shifts
        for minute in (shift.starts.hour * 60 + shift.starts.minute, shift.ends.hour * 60 + shift.ends.minute)
    ]
    return {
        "off": sorted(day for day in calendar.off - calendar.on if day.weekday() < 5),
        "worked": sorted(day for day in calendar.on if day.weekday() >= 5),
        "shifts": shifts,
    }


@dataclass(frozen=True, kw_only=True)
class Recount:
    """What counting anew found. `wrong_*`: rows that differed; all of them are right now."""

    dossiers: int
    wrong_facts: int
    wrong_days: int
    history_differs: int
    examples: tuple[int, ...]

    @property
    def good(self) -> bool:
        return not (self.wrong_facts or self.wrong_days or self.history_differs)


def bring_up_to_date() -> int:
    """Fold what waits; where dossiers were stored before there were facts, count them all. Returns how many were made anew."""
    if not Fact.objects.exists() and Dossier.objects.exists():
        return recount().dossiers
    return fold()


def recount(*, note: Callable[[str], None] = lambda text: None) -> Recount:
    """Count everything anew, compare with what is kept, put right what differs; then ask the history whether it agrees.

    Folds what waits first, so that only real differences are told. Over millions it takes minutes; the desks go on meanwhile,
    but the fold waits.
    """
    fold()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute("DROP TABLE IF EXISTS fresh_fact")
        cursor.execute("CREATE TEMP TABLE fresh_fact (LIKE indicators_fact, PRIMARY KEY (dossier_id)) ON COMMIT DROP")
        note("facts")
        make_facts(cursor, "true", {}, target="fresh_fact")
        wrong_facts = differing(cursor, "fresh_fact", "indicators_fact")
        if wrong_facts:
            _replace_facts(cursor)
        wrong_days = 0
        for table, key in TOTALS:
            note(table)
            fill = partial(measures.fill, key=key)
            wrong_days += put_right(cursor, table, keys=f"{key}, day", sums=measures.NAMES, fill=fill)
        note("history")
        cursor.execute((_SQL / "from_events.sql").read_text())
        told = cursor.fetchall()
        return Recount(
            dossiers=Fact.objects.count(),
            wrong_facts=wrong_facts,
            wrong_days=wrong_days,
            history_differs=told[0][1] if told else 0,
            examples=tuple(row[0] for row in told[:10]),
        )


def _replace_facts(cursor: Any) -> None:
    """All facts by the fresh ones. Indexes are built behind them: over millions, row by row takes many times as long."""
    cursor.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
        "WHERE indrelid = 'indicators_fact'::regclass AND NOT indisprimary ORDER BY indexrelid"
    )
    indexes = cursor.fetchall()
    cursor.execute("TRUNCATE indicators_fact")
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX {name}")
    cursor.execute("INSERT INTO indicators_fact SELECT * FROM fresh_fact ORDER BY dossier_id")
    for _name, definition in indexes:
        cursor.execute(definition)
