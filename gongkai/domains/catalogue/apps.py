from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "gongkai.domains.catalogue"
    label = "catalogue"

    def ready(self) -> None:
        from gongkai.core.finding import offers  # noqa: PLC0415
        from gongkai.core.ledger import projections  # noqa: PLC0415 - models must be loaded first
        from gongkai.domains.catalogue import events  # noqa: PLC0415
        from gongkai.domains.catalogue.actions.columns import rebuild_column  # noqa: PLC0415
        from gongkai.domains.catalogue.queries.offered import offer  # noqa: PLC0415

        projections.register(events.STREAM, rebuild_column)
        offers.register(offer())
