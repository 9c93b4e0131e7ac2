"""Dated limits and numbers of a city, remembered for seconds. Where a city set none, the system's own are used and said so."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from thongsuot.feedback.models import Setting, TimeLimit
from thongsuot.feedback.rules.clocks import Limit
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.remember import remembered

DATA = Path(__file__).parents[1] / "data"
Step = TimeLimit.Step


@cache
def shipped(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a file of `data/`."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@remembered(seconds=5)
def setting(key: str, *, city_id: int, on: date) -> int:
    """A number of the city on that day. KeyError for a key that is none."""
    rows = Setting.objects.filter(in_force(on), city_id=city_id, key=key)
    value = rows.order_by("-valid_from").values_list("value", flat=True).first()
    return _default(key) if value is None else value


@cache
def _default(key: str) -> int:
    return {row["key"]: int(row["value"]) for row in shipped("settings")}[key]


# Steps of item 5.2 of the index and the numbers that say their limits, in working days.
INDEX_STEPS = {step: f"index_{step}" for step in ("refuse", "ask", "answer", "publish")}


def index_limits(city_id: int, *, on: date) -> Mapping[str, Limit]:
    """Of item 5.2, whatever the city promises its people: step -> limit on that day."""
    days = {key: value for key, value, since, until in _index_rows(city_id) if since <= on and (until is None or on < until)}
    return {step: Limit(days[key] if key in days else _default(key), "working_days") for step, key in INDEX_STEPS.items()}


@remembered(seconds=5)
def _index_rows(city_id: int) -> tuple[tuple[str, int, date, date | None], ...]:
    rows = Setting.objects.filter(city_id=city_id, key__in=INDEX_STEPS.values()).order_by("valid_from")
    return tuple(rows.values_list("key", "value", "valid_from", "valid_to"))


@remembered(seconds=5)
def limit(step: str, *, city_id: int, stream: str, urgency: str, on: date) -> Limit | None:
    """How long the step may take: the city's row for that urgency, its general row, what the system ships. None: no limit."""
    rows = TimeLimit.objects.filter(in_force(on), city_id=city_id, stream=stream, step=step, urgency__in=["", urgency])
    found = {row.urgency: row for row in rows.order_by("valid_from")}
    row = found.get(urgency) or found.get("")
    if row is not None:
        return Limit(row.value, row.measure, row.basis, row.to_check)
    return _shipped_limit(step, stream, urgency)


@cache
def _shipped_limit(step: str, stream: str, urgency: str) -> Limit | None:
    rows = [row for row in shipped("time_limits") if not row["city"] and (row["stream"], row["step"]) == (stream, str(step))]
    for wanted in (urgency, ""):
        for row in rows:
            if row["urgency"] == wanted:
                return Limit(int(row["value"]), row["measure"], row["basis"], row["to_check"] == "1")
    return None
