from importlib import import_module
from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.module_loading import module_has_submodule

from thongsuot.kernel import lookups


class KernelConfig(AppConfig):
    name = "thongsuot.kernel"

    def ready(self) -> None:
        """Load every capability's events, reactions, jobs and holdings: `record`, the worker and changeovers know them then."""
        for config in our_apps():
            for room in ("events", "reactions", "tasks", "holdings"):
                if config.module and module_has_submodule(config.module, room):
                    import_module(f"{config.name}.{room}")
        lookups.register()
        post_migrate.connect(put_functions, sender=self)


def our_apps() -> list[AppConfig]:
    return [config for config in apps.get_app_configs() if config.name.startswith("thongsuot.")]


def put_functions(using: str, **_: Any) -> None:
    """Put every capability's `sql/functions/*.sql` in place after each migration: functions hold no data."""
    with connections[using].cursor() as cursor:
        for config in our_apps():
            for path in sorted((Path(config.path) / "sql" / "functions").glob("*.sql")):
                cursor.execute(path.read_text())
