from django.apps import AppConfig


class HotlineConfig(AppConfig):
    name = "thongsuot.hotline"
