from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    name = "gongkai.core.agencies"
    label = "agencies"

    def ready(self) -> None:
        from gongkai.core.agencies.offered import offer  # noqa: PLC0415 - models must be loaded first
        from gongkai.core.finding import offers  # noqa: PLC0415

        offers.register(offer())
