"""The figures of a replay as JSON, counted from the database: our own, and the 15-day report where `indicators` makes it."""

from __future__ import annotations

from datetime import date, timedelta
from importlib import import_module
from typing import Any

from django.db import connection

from thongsuot.config.replay.facts import City
from thongsuot.procedures.models import Competence

_SUMS = """
SELECT count(*) AS filed, count(*) FILTER (WHERE channel = 2) AS filed_online, count(received_at) AS received,
       count(received_at) FILTER (WHERE channel = 2) AS received_online,
       count(received_at) FILTER (WHERE channel = 3) AS received_by_post,
       count(received_at) FILTER (WHERE receiving_unit_id <> resolving_unit_id) AS filed_elsewhere,
       count(resolved_at) AS resolved, count(*) FILTER (WHERE resolved_at <= due_at) AS on_time,
       count(*) FILTER (WHERE resolved_at > due_at) AS late, count(*) FILTER (WHERE promised_at IS NOT NULL) AS apologies,
       count(*) FILTER (WHERE status = 10) AS returned, count(*) FILTER (WHERE status IN (1, 2, 4, 5, 6)) AS open,
       count(*) FILTER (WHERE status IN (5, 6)) AS waiting_for_citizen, count(*) FILTER (WHERE status = 3) AS refused,
       count(*) FILTER (WHERE status = 7) AS withdrawn, count(*) FILTER (WHERE status = 8) AS stopped,
       count(DISTINCT resolving_unit_id) AS units, count(DISTINCT procedure_id) AS procedures
  FROM dossiers_dossier
"""
_DAYS = """
SELECT (received_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day, count(*) AS received,
       count(*) FILTER (WHERE channel = 2) AS online
  FROM dossiers_dossier WHERE received_at IS NOT NULL GROUP BY 1 ORDER BY 1
"""
_RATINGS = """
SELECT count(*) AS ratings, round(avg(level), 2)::float AS mean, count(*) FILTER (WHERE level >= 4) AS satisfied
  FROM dossiers_rating
"""
_SUPPLEMENTS = "SELECT count(*) AS asked, count(completed_at) AS brought FROM dossiers_supplementrequest"
_EVENTS = "SELECT count(*) AS events FROM kernel_event"


def counted(city: City) -> dict[str, Any]:
    """Everything S3 tells of the first fifteen days that a replay can count."""
    return {
        "from": city.first,
        "days": city.days,
        "until": city.until,
        "procedures_before": _of_communes(city, city.first - timedelta(days=1)),
        "procedures_now": _of_communes(city, city.first),
        "dossiers": _rows(_SUMS)[0],
        "by_day": _rows(_DAYS),
        "ratings": _rows(_RATINGS)[0],
        "supplements": _rows(_SUPPLEMENTS)[0],
        "history": _rows(_EVENTS)[0],
    }


def fifteen_days(city: City) -> dict[str, Any] | None:
    """The report of `indicators`, when this installation has it."""
    reports = part_of("thongsuot.indicators.reports")
    if reports is None:
        return None
    figures: dict[str, Any] = reports.fifteen_days(city.id, city.first).as_json()
    return figures


def part_of(name: str) -> Any:
    """A module of a capability that not every installation has; None when this one has not."""
    try:
        return import_module(name)
    except ModuleNotFoundError:
        return None


def _of_communes(city: City, day: date) -> int:
    rights = Competence.objects.filter(city_id=city.id, level="commune", unit=None, valid_from__lte=day)
    return rights.exclude(valid_to__lte=day).count()


def _rows(sql: str) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
