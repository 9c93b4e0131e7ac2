"""What the changeover goes by. Pure data and functions."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

DUTY = "steer changeover"
HAND_OVER = "hand over"
SIGN = "sign results"
BATCH = 500


def in_force(effective_on: date, at: datetime) -> bool:
    """The instant is the first of the day in Việt Nam."""
    return timezone.localtime(at).date() >= effective_on
