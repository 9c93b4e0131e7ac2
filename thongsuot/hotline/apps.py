from django.apps import AppConfig


class HotlineConfig(AppConfig):
    name = "thongsuot.hotline"

    def ready(self) -> None:
        """A stand-in says so on every page; the desk follows what happens."""
        from django.utils.translation import gettext_lazy as _

        from thongsuot.hotline.exchange import is_stand_in
        from thongsuot.hotline.topics import topics_of
        from thongsuot.web import pulses, stand_ins

        pulses.told_of("hotline", topics_of)
        if is_stand_in():
            stand_ins.announce("hotline", _("Tổng đài điện thoại: giả lập, không có cuộc gọi thật nào."))
