from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "thongsuot.feedback"

    def ready(self) -> None:
        from thongsuot.citizen_reception import panels
        from thongsuot.feedback.queries.reception import part_of_entry

        panels.panel("feedback.ticket", part_of_entry, order=10)
