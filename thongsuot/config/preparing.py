"""From a checkout to a database that fits it: migrations, messages, static files, and a city when there is none."""

from __future__ import annotations

import django
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from thongsuot.config import loading
from thongsuot.config.messages import compile_messages
from thongsuot.config.terminal import step


def bring_up_to_date() -> None:
    with step("Biên dịch bản tiếng Anh", "compiling the English catalogue"):
        compile_messages(settings.LOCALE_PATHS[0])
    django.setup()
    with step("Cập nhật cấu trúc dữ liệu", "migrating the database"):
        call_command("migrate", interactive=False, verbosity=0)
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    if settings.PRODUCTION:
        with step("Gom tệp tĩnh", "collecting static files"):
            call_command("collectstatic", interactive=False, verbosity=0)


def load_if_empty(city: str) -> list[str]:
    """Load what is missing; returns the lines that introduce the demo accounts."""
    for piece in loading.steps():
        if (piece.demo and settings.PRODUCTION) or not piece.wanted(city):
            continue
        with step(piece.vietnamese, piece.english):
            piece.run(city, timezone.now())
    return [] if settings.PRODUCTION else loading.demo_accounts()
