from django.apps import AppConfig


class CitizenReceptionConfig(AppConfig):
    name = "thongsuot.citizen_reception"
