from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "gongkai.faces.console"
    label = "console"
