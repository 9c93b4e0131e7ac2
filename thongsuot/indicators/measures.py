"""What is counted, by which day of a dossier, and the SQL made of it: the same for totals of days and for single dossiers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

_RECEIVED = "received_on"
_CLOSED = "closed_on"
_IN = "received_on IS NOT NULL"
_RESULT = f"{_IN} AND status IN (9, 10)"

# name: (day of the fact, what it adds on that day). A condition counts 1 where it holds.
MEASURES: dict[str, tuple[str, str]] = {
    "received": (_RECEIVED, "true"),
    "counter": (_RECEIVED, "channel = 1"),
    "online": (_RECEIVED, "channel = 2"),
    "post": (_RECEIVED, "channel = 3"),
    "accepted": (_RECEIVED, "submitted_on IS NOT NULL"),
    "paper_result": (_RECEIVED, "paper_result"),
    "e_result": (_RECEIVED, "paper_result AND e_result"),
    "online_full": (_RECEIVED, "channel = 2 AND (e_result OR NOT paper_result)"),
    "eligible": (_RECEIVED, "eligible"),
    "eligible_online": (_RECEIVED, "eligible AND channel = 2 AND (e_result OR NOT paper_result)"),
    "charged": (_RECEIVED, "charged"),
    "way_known": (_RECEIVED, "charged AND paid_online IS NOT NULL"),
    "paid_online": (_RECEIVED, "charged AND paid_online"),
    "digitised": (_RECEIVED, "digitised AND e_result"),
    "reused": (_RECEIVED, "reused"),
    "linked": (_RECEIVED, "linked"),
    "population": (_RECEIVED, "population"),
    "synced": (_RECEIVED, "synced"),
    "closed": (_CLOSED, _IN),
    "closed_in_time": (_CLOSED, f"{_IN} AND in_time"),
    "early": (_CLOSED, f"{_RESULT} AND in_time AND closed_on < (due_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date"),
    "on_the_day": (_CLOSED, f"{_RESULT} AND in_time AND closed_on >= (due_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date"),
    "result_late": (_CLOSED, f"{_RESULT} AND NOT in_time"),
    "withdrawn": (_CLOSED, f"{_IN} AND status = 7"),
    "stopped": (_CLOSED, f"{_IN} AND status IN (3, 8)"),
    "spent_minutes": (_CLOSED, f"CASE WHEN {_RESULT} THEN spent_minutes ELSE 0 END"),
    "left_in_time": ("left_on", "true"),
    "supplements": ("supplement_on", "true"),
    "rated": ("rated_on", "true"),
    "satisfied": ("rated_on", "level >= 4"),
    # Rated badly, or a complaint speaks of it; once if both. By the day it closed: item 5.4 takes it off the dossiers received
    # or processed in a period, never off others.
    "disliked": (_CLOSED, f"{_IN} AND (coalesce(level, 5) <= 2 OR complained)"),
    "submitted": ("submitted_on", "true"),
    "refused": (_CLOSED, "received_on IS NULL AND status = 3"),
    "dropped": (_CLOSED, "received_on IS NULL AND status <> 3"),
}
NAMES = tuple(MEASURES)
_DAYS = tuple(dict.fromkeys(day for day, _ in MEASURES.values()))


@cache
def parts() -> str:
    """(dossier_id, unit_id, procedure_id, day, and a column per measure): what each fact of `f` adds to which day."""
    return "\nUNION ALL\n".join(
        f"SELECT dossier_id, unit_id, procedure_id, {day} AS day, {', '.join(_added(name, day) for name in NAMES)} "  # noqa: S608
        f"FROM f WHERE {day} IS NOT NULL"
        for day in _DAYS
    )


def _added(name: str, day: str) -> str:
    of_day, what = MEASURES[name]
    if of_day != day:
        return f"0 AS {name}"
    if what.startswith("CASE"):
        return f"{what} AS {name}"
    return f"coalesce({what}, false)::int AS {name}"


@cache
def add_to(table: str, key: str) -> str:
    """Add what the facts of %(ids)s count, times %(sign)s, to the totals of their days."""
    return _total_into(table, key, "SELECT * FROM indicators_fact WHERE dossier_id = ANY(%(ids)s)", "%(sign)s * ")


@cache
def fill(table: str, key: str) -> str:
    """All totals from all facts, in one statement: for a table that was emptied before."""
    return _total_into(table, key, "SELECT * FROM indicators_fact", "")


def _total_into(table: str, key: str, facts: str, sign: str) -> str:
    sums = ", ".join(f"{sign}sum({name}) AS {name}" for name in NAMES)
    added = ", ".join(f"{name} = t.{name} + excluded.{name}" for name in NAMES)
    return f"""
WITH f AS ({facts}), parts AS ({parts()})
INSERT INTO {table} AS t ({key}, day, {", ".join(NAMES)})
SELECT {key}, day, {sums} FROM parts GROUP BY {key}, day
ON CONFLICT ({key}, day) DO UPDATE SET {added}"""  # noqa: S608


# Of these the sum of all days until the period's end matters too: what was open, and in time, when it began and when it ended.
EVER = ("received", "closed", "left_in_time", "submitted", "accepted", "refused", "dropped")


@cache
def sums(source: str, condition: str, key: str) -> str:
    """A statement: the key, the measures of the days from %(first)s to %(last)s, then the sums `EVER` of all days before.

    source      totals of days, or the parts of facts
    condition   which of their rows
    key         a column to group by, or a constant
    """
    within = ", ".join(f"coalesce(sum({name}), 0) AS {name}" for name in NAMES)
    before = ", ".join(f"coalesce(sum({name}), 0) AS {name}_before" for name in EVER)
    return f"""
SELECT key, {", ".join(f"coalesce({name}, 0)" for name in READ)}
  FROM (SELECT {key} AS key, {within} FROM {source} t WHERE day BETWEEN %(first)s AND %(last)s AND {condition} GROUP BY 1) a
  FULL JOIN (SELECT {key} AS key, {before} FROM {source} t WHERE day < %(first)s AND {condition} GROUP BY 1) b USING (key)"""  # noqa: S608


@cache
def of_days(source: str, condition: str) -> str:
    """A statement: a day and its measures, for the days from %(first)s to %(last)s; then the day before the first, with the
    sums `EVER` of all days until then. The others are not summed over years that nobody asked about.
    """
    within = ", ".join(f"sum({name})" for name in NAMES)
    before = ", ".join(f"sum({name})" if name in EVER else "0" for name in NAMES)
    return f"""
SELECT day, {within} FROM {source} t WHERE day BETWEEN %(first)s AND %(last)s AND {condition} GROUP BY 1
UNION ALL
SELECT %(first)s::date - 1, {before} FROM {source} t WHERE day < %(first)s AND {condition}"""  # noqa: S608


READ = (*NAMES, *(f"{name}_before" for name in EVER))
SUM_NAMES = (*READ, *(f"{name}_ever" for name in EVER))


def with_ever(read: Mapping[str, int]) -> dict[str, int]:
    """The sums as read, with those of all days until the end of the period."""
    return {**read, **{f"{name}_ever": read[f"{name}_before"] + read[name] for name in EVER}}
