"""What the worker tells people, run here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from thongsuot.feedback.tests.make import MONDAY
from thongsuot.kernel import clock as kernel_clock
from thongsuot.kernel.events import REACTIONS
from thongsuot.kernel.jobs import react
from thongsuot.kernel.models import Event
from thongsuot.notices.models import Notice


def delivering(settings: Any, monkeypatch: Any) -> Callable[..., list[tuple[str, str]]]:
    """Run every reaction to every event of tickets, twice, at an instant; what was told so far, in order."""
    settings.PUBLIC_URL = "https://vidu.vn"

    def run(at: datetime = MONDAY) -> list[tuple[str, str]]:
        monkeypatch.setattr(kernel_clock, "now", lambda: at)
        for _ in range(2):
            for event in Event.objects.filter(subject="feedback.feedbackticket").order_by("id"):
                for name in REACTIONS.get(event.name, ()):
                    react(event.pk, name)
        return list(Notice.objects.order_by("id").values_list("key", "to_name"))

    return run
