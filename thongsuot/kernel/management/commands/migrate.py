"""Django's `migrate`, which draws a model only when somebody asks for it (`kernel/migrating.py`)."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate

from thongsuot.kernel.migrating import drawn_as_asked


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with drawn_as_asked():
            super().handle(*args, **options)
