from django.apps import AppConfig


class Open311Config(AppConfig):
    name = "thongsuot.open311"
