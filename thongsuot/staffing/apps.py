from django.apps import AppConfig


class StaffingConfig(AppConfig):
    name = "thongsuot.staffing"
