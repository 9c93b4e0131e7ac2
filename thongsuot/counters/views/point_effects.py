"""The panel of a service point: counters, queues and waiting tickets that go with it when another body gets to run it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from thongsuot.counters.queries.hall import hall
from thongsuot.units import queries as units
from thongsuot.units.queries import PointRow


def counters_that_follow(point: PointRow, _city_id: int, now: datetime) -> tuple[str, Mapping[str, Any]]:
    seen = hall(units.house_of(point.id), on=timezone.localdate(now))
    return "counters/_at_point.html", {"hall": seen, "point_id": point.id}
