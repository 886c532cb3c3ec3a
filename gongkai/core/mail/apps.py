from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "gongkai.core.mail"
    label = "mail"
