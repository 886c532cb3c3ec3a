from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    name = "gongkai.core.agencies"
    label = "agencies"
