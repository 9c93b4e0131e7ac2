from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "thongsuot.config"

    def ready(self) -> None:
        from thongsuot.config import checks  # noqa: F401 - registers itself
