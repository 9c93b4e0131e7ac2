from django.apps import AppConfig


class NationalPortalConfig(AppConfig):
    name = "thongsuot.national_portal"

    def ready(self) -> None:
        """A stand-in says so on every page."""
        from django.conf import settings
        from django.utils.translation import gettext_lazy as _

        from thongsuot.web import stand_ins

        if settings.PORTAL == "stand-in" or settings.PORTAL.startswith(("http://127.", "http://localhost", "http://[::1]")):
            stand_ins.announce("national_portal", _("Cổng Dịch vụ công quốc gia: giả lập, hồ sơ không gửi đi đâu."))
