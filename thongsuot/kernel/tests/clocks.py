"""A clock that stands still until a test turns it: `monkeypatch.setattr(timezone, "now", Clock(...))`."""

from __future__ import annotations

from datetime import datetime


class Clock:
    """What `timezone.now` says; tests turn it forward."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now
