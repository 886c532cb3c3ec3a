from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "gongkai.ui"
    label = "ui"
