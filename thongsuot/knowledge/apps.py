from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "thongsuot.knowledge"
