"""The numbers of the law that hold on a day."""

from __future__ import annotations

from datetime import date

from thongsuot.citizen_reception.models import ReceptionSetting
from thongsuot.citizen_reception.rules import Frequency
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.remember import remembered

# What holds where no row was loaded.
KEYS = {
    "commune_days_per_week": 1,
    "city_days_per_month": 1,
    "agency_days_per_month": 1,
    "refusal_notice_days": 3,
    "online_notice_days": 5,
    "online_test_days": 1,
    "online_connect_minutes": 60,
}


@remembered(seconds=5)
def _rows(on: date) -> dict[str, tuple[int, str, bool]]:
    rows = ReceptionSetting.objects.filter(in_force(on)).order_by("valid_from")
    return {row.key: (row.value, row.basis, row.checked) for row in rows}


def setting(key: str, *, on: date) -> int:
    return _rows(on).get(key, (KEYS[key], "", False))[0]


def basis(key: str, *, on: date) -> str:
    """The text it stands on; empty where no row holds."""
    return _rows(on).get(key, (0, "", False))[1]


def frequency_key(level: str) -> str:
    return {"commune": "commune_days_per_week", "agency": "agency_days_per_month"}.get(level, "city_days_per_month")


def frequency(level: str, *, on: date) -> Frequency:
    """How often the law asks the head of a unit of that level to receive."""
    key = frequency_key(level)
    return Frequency(setting(key, on=on), weekly=key.endswith("per_week"))
