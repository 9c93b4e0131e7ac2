from django.apps import AppConfig


class CountersConfig(AppConfig):
    name = "thongsuot.counters"

    def ready(self) -> None:
        from thongsuot.counters.topics import topics_of
        from thongsuot.web import pulses

        pulses.told_of("counters", topics_of)
