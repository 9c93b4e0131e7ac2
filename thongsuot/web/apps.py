from importlib import import_module

from django.apps import AppConfig, apps
from django.utils.module_loading import module_has_submodule


class WebConfig(AppConfig):
    name = "thongsuot.web"

    def ready(self) -> None:
        """Load every capability's `navigation.py`: its entries in the bars, its parts of the home page."""
        for config in apps.get_app_configs():
            if (
                config.name.startswith("thongsuot.")
                and config.name != self.name
                and config.module
                and module_has_submodule(config.module, "navigation")
            ):
                import_module(f"{config.name}.navigation")
