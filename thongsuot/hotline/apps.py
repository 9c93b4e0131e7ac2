from django.apps import AppConfig


class HotlineConfig(AppConfig):
    name = "thongsuot.hotline"

    def ready(self) -> None:
        """A stand-in says so on every page; the desk follows what happens; figures of feedback show the calls."""
        from django.utils.translation import gettext_lazy as _

        from thongsuot.feedback import figures_sources
        from thongsuot.hotline.exchange import is_stand_in
        from thongsuot.hotline.queries.figures import calls_per_day
        from thongsuot.hotline.topics import topics_of
        from thongsuot.web import pulses, stand_ins

        pulses.told_of("hotline", topics_of)
        figures_sources.source("calls", _("Cuộc gọi đến 1022"), calls_per_day)
        if is_stand_in():
            stand_ins.announce("hotline", _("Tổng đài điện thoại: giả lập, không có cuộc gọi thật nào."))
