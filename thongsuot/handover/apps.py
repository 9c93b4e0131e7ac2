from django.apps import AppConfig


class HandoverConfig(AppConfig):
    name = "thongsuot.handover"
