from django.apps import AppConfig


class NumberingConfig(AppConfig):
    name = "thongsuot.numbering"
