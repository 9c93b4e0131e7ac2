"""What the practice leaves to each place. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, kw_only=True)
class Settings:
    """See models.HallSettings."""

    ahead_a_day: int
    early_minutes: int
    late_minutes: int
    days_ahead: int
    expires_minutes: int
    least_area_m2: int = 0
    most_absences: int = 3
    basis: str = ""

    @property
    def early(self) -> timedelta:
        return timedelta(minutes=self.early_minutes)

    @property
    def late(self) -> timedelta:
        return timedelta(minutes=self.late_minutes)


# Where nobody set any.
USUAL = Settings(ahead_a_day=3, early_minutes=15, late_minutes=10, days_ahead=14, expires_minutes=0)
# (least, most) of what may be set.
RANGES = {
    "ahead_a_day": (0, 20),
    "early_minutes": (0, 120),
    "late_minutes": (0, 120),
    "days_ahead": (1, 28),
    "expires_minutes": (0, 240),
    "least_area_m2": (0, 5000),
    "most_absences": (1, 10),
}
