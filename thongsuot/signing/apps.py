from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class SigningConfig(AppConfig):
    name = "thongsuot.signing"

    def ready(self) -> None:
        from thongsuot.signing import encoding
        from thongsuot.web import stand_ins

        encoding.once()
        if settings.TEST_CA:
            stand_ins.announce("signing", _("Chữ ký số: THỬ NGHIỆM (TEST), không có giá trị pháp lý."))
