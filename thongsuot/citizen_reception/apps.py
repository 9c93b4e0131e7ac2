from django.apps import AppConfig


class CitizenReceptionConfig(AppConfig):
    name = "thongsuot.citizen_reception"

    def ready(self) -> None:
        from thongsuot.citizen_reception.queries import access
        from thongsuot.notices import close

        close.keep("citizen_reception.receptionentry", access.close_entries)
        close.keep("citizen_reception.onlinesession", access.close_sessions)
