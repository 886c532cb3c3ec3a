from django.apps import AppConfig


class MonitorConfig(AppConfig):
    name = "gongkai.domains.monitor"
    label = "monitor"
