from django.apps import AppConfig


class Open311Config(AppConfig):
    name = "thongsuot.open311"

    def ready(self) -> None:
        """Refusals and faults below these addresses are told as the standard tells them."""
        from thongsuot.open311.answers import told
        from thongsuot.web import faults

        faults.told_by("/open311/v2/", told)
        faults.told_by("/open311/discovery.", told)
