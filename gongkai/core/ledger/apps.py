from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "gongkai.core.ledger"
    label = "ledger"
