"""The local nodes of service points: see README.md."""

from django.apps import AppConfig


class LocalNodesConfig(AppConfig):
    name = "thongsuot.local_nodes"

    def ready(self) -> None:
        from django.conf import settings

        from thongsuot.counters import away
        from thongsuot.local_nodes import queries
        from thongsuot.web import navigation

        if settings.LOCAL_NODE:
            navigation.only(("counters:",))
        else:
            away.found_by(queries.NodesOfHouses())
