"""What a replay proves at its end: nothing lost, nothing doubled, every date right, every count true."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from thongsuot.config.replay import mix
from thongsuot.config.replay.arrivals import Arrival
from thongsuot.config.replay.doors import Known
from thongsuot.config.replay.facts import City
from thongsuot.config.replay.figures import part_of
from thongsuot.config.replay.play import Score
from thongsuot.config.replay.slow_time import after_pause, due
from thongsuot.dossiers.models import Dossier
from thongsuot.dossiers.queries.leading import fold_tally
from thongsuot.kernel.history import faults
from thongsuot.numbering.models import Series

MOST_MILLISECONDS = 1000.0  # of an intake, for 95 % of those of the busiest hour
_PAUSES = {"request-supplement": True, "request-payment": True, "supplement": False, "confirm-payment": False}
_TALLY = """
WITH rows AS (
  SELECT (received_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day, resolving_unit_id AS unit_id, channel, status,
         CASE WHEN resolved_at IS NOT NULL THEN resolved_at <= due_at END AS on_time, count(*) AS n
    FROM dossiers_dossier WHERE received_at IS NOT NULL GROUP BY 1, 2, 3, 4, 5
), kept AS (
  SELECT day, unit_id, channel, status, on_time, dossiers AS n FROM dossiers_tally WHERE dossiers <> 0
)
SELECT count(*) FROM (
  (TABLE rows EXCEPT TABLE kept) UNION ALL (TABLE kept EXCEPT TABLE rows)
) AS differences
"""


@dataclass(frozen=True)
class Check:
    """One line of the end: what was to hold, whether it does, and the figures."""

    name: str
    holds: bool
    said: str


@dataclass(frozen=True)
class Latency:
    hour: str
    count: int
    p50: float
    p95: float
    p99: float


def checks(
    city: City,
    arrivals: list[Arrival],
    known: dict[int, Known],
    score: Score,
    *,
    asked: int,
    planned: int,
    acts: int,
    jobs: bool,
    share: bool = True,
) -> Iterator[Check]:
    """In the order of their cost.

    asked     how many the replay was told to bring
    planned   of these the plan lets be received; the others wait for papers nobody brings, or for an answer after the last day
    share     is the load large enough for its share of online filings to mean something?
    """
    columns = ("id", "code", "channel", "status", "received_at", "due_at")
    stored: dict[int, dict[str, Any]] = {row["id"]: {**row} for row in Dossier.objects.values(*columns)}
    by_number = {arrival.number: arrival for arrival in arrivals}
    yield Check("acts", score.done == acts and not score.refused, f"{score.done} of {acts} done, {score.refused} refused")
    yield _codes(stored, known)
    yield _series(stored)
    yield _statuses(stored, known)
    received = [row for row in stored.values() if row["received_at"]]
    yield received_check(len(received), planned=planned, asked=asked)
    if share:
        online = sum(row["channel"] == 2 for row in received) / max(1, len(received))
        text = f"{online:.2%} of {len(received)}"
        yield Check("online share", abs(online - mix.ONLINE_SHARE) <= mix.ONLINE_TOLERANCE, text)
    yield _due_dates(city, by_number, stored, known)
    fold_tally()
    with connection.cursor() as cursor:
        cursor.execute(_TALLY)
        (different,) = cursor.fetchone()
    yield Check("tally", different == 0, f"{different} counts differ from the rows")
    yield from _figures()
    if jobs:
        yield from _jobs(len(received))
    if score.intake:
        busiest = latency(score)
        text = f"{busiest.hour}h, {busiest.count} receptions: {busiest.p50:.0f}, {busiest.p95:.0f}, {busiest.p99:.0f} ms"
        yield Check("intake p50, p95, p99 of the busiest hour", busiest.p95 < MOST_MILLISECONDS, text)
    found = list(faults())
    yield Check("history", not found, f"{len(found)} faults {found[:2] if found else ''}".strip())


def received_check(received: int, *, planned: int, asked: int) -> Check:
    text = f"{received} received of {planned} in the plan; {asked} asked, {asked - planned} not to be received by its end"
    return Check("received", received == planned, text)


def latency(score: Score) -> Latency:
    """Of the receptions of the simulated hour with the most of them, as the clients measured."""
    hour, count = Counter(hour for hour, _took in score.intake).most_common(1)[0]
    times = sorted(took for one, took in score.intake if one == hour)
    return Latency(hour, count, *(times[max(0, math.ceil(len(times) * part) - 1)] for part in (0.5, 0.95, 0.99)))


def _codes(stored: dict[int, dict[str, Any]], known: dict[int, Known]) -> Check:
    told = [one for one in known.values() if one.code]
    codes = Counter(one.code for one in told)
    doubled = [code for code, times in codes.items() if times > 1]
    lost = [one.code for one in told if stored.get(one.id, {}).get("code") != one.code]
    kept = {row["code"] for row in stored.values() if row["code"]}
    unknown = kept - codes.keys()
    text = (
        f"{len(told)} acknowledged, {len(kept)} stored, {len(lost)} lost, {len(doubled)} doubled, {len(unknown)} not asked for"
    )
    return Check("codes", not (lost or doubled or unknown), text)


def _series(stored: dict[int, dict[str, Any]]) -> Check:
    """The numbers of each unit and day are 1, 2, 3 to the last one drawn."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for row in stored.values():
        if row["code"]:
            prefix, number = row["code"].rsplit("-", 1)
            numbers[prefix].append(int(number))
    broken = [prefix for prefix, found in numbers.items() if sorted(found) != list(range(1, len(found) + 1))]
    drawn = sum(Series.objects.filter(kind="dossier").values_list("last", flat=True))
    used = sum(len(found) for found in numbers.values())
    return Check(
        "series", not broken and drawn == used, f"{len(numbers)} series, {drawn} drawn, {used} used, {len(broken)} with gaps"
    )


def _statuses(stored: dict[int, dict[str, Any]], known: dict[int, Known]) -> Check:
    wrong = [one.code for one in known.values() if one.id and stored.get(one.id, {}).get("status") != one.status]
    return Check("statuses", not wrong, f"{len(wrong)} stand otherwise than last answered {wrong[:3] if wrong else ''}".strip())


def _due_dates(city: City, arrivals: dict[int, Arrival], stored: dict[int, dict[str, Any]], known: dict[int, Known]) -> Check:
    wrong, compared = [], 0
    for number, one in known.items():
        if not one.received_at:
            continue
        limit = arrivals[number].kind.limit
        expected = due(datetime.fromisoformat(one.received_at), limit, city.calendar)
        paused_at: datetime | None = None
        for door, at in one.moves:
            if _PAUSES[door]:
                paused_at = datetime.fromisoformat(at)
            elif paused_at is not None:
                expected = after_pause(expected, paused_at, datetime.fromisoformat(at), limit, city.calendar)
                paused_at = None
        compared += 1
        if stored.get(one.id, {}).get("due_at") != expected:
            wrong.append(f"{one.code} {limit} {stored.get(one.id, {}).get('due_at')} is not {expected}")
    return Check(
        "due dates", not wrong, f"{compared} counted once more, {len(wrong)} differ {wrong[:3] if wrong else ''}".strip()
    )


def _figures() -> Iterator[Check]:
    """What `indicators` keeps by events equals what it counts from the beginning and what the history says."""
    counting = part_of("thongsuot.indicators.counting")
    if counting is not None:
        counting.fold()
        found = counting.recount()
        text = f"{found.dossiers} dossiers, {found.wrong_facts} facts and {found.wrong_days} days were wrong"
        yield Check("figures", found.good, f"{text}, the history differs at {found.history_differs}")


def _jobs(received: int) -> Iterator[Check]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text, count(*) FROM procrastinate_jobs WHERE task_name = 'kernel.react' GROUP BY 1")
        left = dict(cursor.fetchall())
        cursor.execute("SELECT count(*), count(DISTINCT about_id) FROM notices_notice WHERE key = 'received'")
        letters, dossiers = cursor.fetchone()
    yield Check("reactions", not left, f"all run, {left} left" if left else "all run")
    yield Check("letters", letters == dossiers == received, f"{letters} letters of reception for {received} receptions")
