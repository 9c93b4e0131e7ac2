"""The numbers of the law that hold on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from thongsuot.citizen_reception.models import ReceptionSetting
from thongsuot.citizen_reception.numbers import KEYS, Number
from thongsuot.citizen_reception.rules import Frequency
from thongsuot.kernel.periods import in_force, not_over
from thongsuot.kernel.remember import remembered


@remembered(seconds=5)
def _rows(on: date) -> dict[str, tuple[int, str, bool]]:
    rows = ReceptionSetting.objects.filter(in_force(on)).order_by("valid_from")
    return {row.key: (row.value, row.basis, row.checked) for row in rows}


def setting(key: str, *, on: date) -> int:
    return _rows(on).get(key, (KEYS[key].usual, "", False))[0]


def basis(key: str, *, on: date) -> str:
    """The text it stands on; empty where no row holds."""
    return _rows(on).get(key, (0, "", False))[1]


def frequency_key(level: str) -> str:
    return {"commune": "commune_days_per_week", "agency": "agency_days_per_month"}.get(level, "city_days_per_month")


def frequency(level: str, *, on: date) -> Frequency:
    """How often the law asks the head of a unit of that level to receive."""
    key = frequency_key(level)
    return Frequency(setting(key, on=on), weekly=key.endswith("per_week"))


@dataclass(frozen=True, kw_only=True)
class NumberRow:
    """A number as its page lists it. `now`: the row that holds, none where what is usual does; `next`: what is announced."""

    key: str
    number: Number
    value: int
    now: ReceptionSetting | None
    next: ReceptionSetting | None

    @property
    def is_checked(self) -> bool:
        """Somebody held what holds now against the text."""
        return self.now is not None and self.now.checked


def numbers(*, on: date) -> list[NumberRow]:
    """One query."""
    stored: dict[str, list[ReceptionSetting]] = {}
    for row in ReceptionSetting.objects.filter(not_over(on)).order_by("valid_from"):
        stored.setdefault(row.key, []).append(row)
    found = []
    for key, number in KEYS.items():
        rows = stored.get(key, [])
        now = next((row for row in reversed(rows) if row.valid_from <= on), None)
        coming = next((row for row in rows if row.valid_from > on), None)
        found.append(NumberRow(key=key, number=number, value=now.value if now else number.usual, now=now, next=coming))
    return found


def number_history(key: str) -> list[ReceptionSetting]:
    return list(ReceptionSetting.objects.filter(key=key).order_by("-valid_from"))
