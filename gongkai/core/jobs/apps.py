from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "gongkai.core.jobs"
    label = "jobs"
