"""What the practice asks of a hotline, and what each city settles for itself. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ANSWER, LEAD, MANAGE, FIGURES = "answer calls", "lead hotline", "manage feedback", "see figures"
"""LEAD: who answers for what operators do. Reviewing answers to feedback is another duty and opens nothing here."""

# The numbers of the whole country: they are the same everywhere and are never set.
EMERGENCY: dict[str, Promise | str] = {
    "113": _("Công an"),
    "114": _("Chữa cháy, cứu nạn, cứu hộ"),
    "115": _("Cấp cứu y tế"),
    "112": _("Tìm kiếm, cứu nạn"),
}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """See models.HotlineSetting."""

    RANGES: ClassVar[dict[str, tuple[int, int]]] = {
        "classify_minutes": (1, 60),
        "connect_minutes": (1, 30),
        "call_back_minutes": (1, 2880),
        "most_tries": (1, 20),
        "retry_minutes": (1, 2880),
        "stuck_minutes": (5, 1440),
        "lost_minutes": (5, 1440),
        "recording_days": (1, 3650),
        "number_days": (1, 3650),
        "recording_most_mb": (1, 200),
    }

    classify_minutes: int
    call_back_minutes: int
    most_tries: int
    lost_minutes: int
    recording_days: int
    number_days: int
    recording_most_mb: int
    connect_minutes: int = 1
    retry_minutes: int = 30
    stuck_minutes: int = 30
    basis: str = ""

    @property
    def numbers(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in self.RANGES}

    @property
    def lost(self) -> timedelta:
        return timedelta(minutes=self.lost_minutes)

    @property
    def connects_within(self) -> timedelta:
        return timedelta(minutes=self.connect_minutes)

    @property
    def stuck(self) -> timedelta:
        return timedelta(minutes=self.stuck_minutes)

    @property
    def recording_most_bytes(self) -> int:
        return self.recording_most_mb * 2**20

    def classify_by(self, answered_at: datetime) -> datetime:
        """Five minutes: the regulation of 1022 of Thành phố Hồ Chí Minh, September 2025."""
        return answered_at + timedelta(minutes=self.classify_minutes)

    def call_back_by(self, since: datetime) -> datetime:
        """By the clock, not by working time: a hotline answers day and night."""
        return since + timedelta(minutes=self.call_back_minutes)

    def next_try(self, since: datetime) -> datetime:
        return since + timedelta(minutes=self.retry_minutes)


# Where nobody set any.
USUAL = Settings(
    classify_minutes=5,
    call_back_minutes=30,
    most_tries=3,
    lost_minutes=60,
    recording_days=180,
    number_days=365,
    recording_most_mb=20,
    basis="Quy chế 1022 Thành phố Hồ Chí Minh (9/2025): phân loại trong 5 phút. Các mức khác: chưa đối chiếu văn bản",
)


def share(part: int, whole: int) -> float | None:
    """Per cent, one decimal; None of nothing."""
    return round(100 * part / whole, 1) if whole else None
