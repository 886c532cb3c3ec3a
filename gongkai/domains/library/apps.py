from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "gongkai.domains.library"
    label = "library"

    def ready(self) -> None:
        from gongkai.core.ledger import projections  # noqa: PLC0415 - models must be loaded first
        from gongkai.domains.library import events  # noqa: PLC0415
        from gongkai.domains.library.actions.facets import rebuild_facets  # noqa: PLC0415
        from gongkai.domains.library.actions.project import rebuild_document  # noqa: PLC0415

        projections.register(events.STREAM, rebuild_document)
        projections.register_finisher(rebuild_facets)
