from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "thongsuot.feedback"

    def ready(self) -> None:
        from thongsuot.citizen_reception import panels
        from thongsuot.feedback.actions.common import keep_change
        from thongsuot.feedback.queries.reception import close_tickets, part_of_entry
        from thongsuot.kernel.events import witness
        from thongsuot.notices import close

        close.keep("feedback.feedbackticket", close_tickets)
        panels.panel("feedback.ticket", part_of_entry, order=10)
        witness("feedback", keep_change)
