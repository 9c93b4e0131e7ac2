from django.apps import AppConfig


class NationalPortalConfig(AppConfig):
    name = "thongsuot.national_portal"
