"""The panel of a service point: who works there and goes with it when another body gets to run it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from thongsuot.people.queries import people_at
from thongsuot.units.queries import PointRow


def people_who_follow(point: PointRow, _city_id: int, now: datetime) -> tuple[str, Mapping[str, Any]]:
    return "people/_at_point.html", {"rows": people_at(point.id, on=timezone.localtime(now).date())}
