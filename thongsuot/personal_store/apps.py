from django.apps import AppConfig


class PersonalStoreConfig(AppConfig):
    name = "thongsuot.personal_store"
