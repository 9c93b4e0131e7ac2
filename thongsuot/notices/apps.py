from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "thongsuot.notices"

    def ready(self) -> None:
        """A stand-in says so on every page."""
        from django.utils.translation import gettext_lazy as _

        from thongsuot.notices.ways.protocol import played
        from thongsuot.web import stand_ins

        if played():
            stand_ins.announce("notices", _("SMS, Zalo: giả lập, tin không tới điện thoại nào."))
