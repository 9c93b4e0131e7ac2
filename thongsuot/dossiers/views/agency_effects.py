"""Panels of the pages that change partners or end an agency: which open dossiers that touches."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from thongsuot.dossiers.queries import agency_effects as queries
from thongsuot.units.facts import AgencyEnd, ServingChange


def serving(change: ServingChange, city_id: int, now: datetime) -> tuple[str, Mapping[str, Any]]:
    effect = queries.of_serving(change, city_id=city_id, now=now)
    return "dossiers/agencies/_serving.html", {"effect": effect, "change": change}


def agency_end(end: AgencyEnd, city_id: int, now: datetime) -> tuple[str, Mapping[str, Any]]:
    return "dossiers/agencies/_end.html", {"effect": queries.of_end(end, now=now)}
