from django.apps import AppConfig


class SheetsConfig(AppConfig):
    name = "gongkai.core.sheets"
    label = "sheets"
