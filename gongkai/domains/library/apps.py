from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "gongkai.domains.library"
    label = "library"

    def ready(self) -> None:
        from gongkai.core import upkeep, workbench  # noqa: PLC0415 - models must be loaded first
        from gongkai.core.backup import named  # noqa: PLC0415
        from gongkai.core.finding import offers  # noqa: PLC0415
        from gongkai.core.ledger import projections  # noqa: PLC0415 - models must be loaded first
        from gongkai.domains.library import events  # noqa: PLC0415
        from gongkai.domains.library.actions.facets import rebuild_facets  # noqa: PLC0415
        from gongkai.domains.library.actions.project import rebuild_document  # noqa: PLC0415
        from gongkai.domains.library.models import Original  # noqa: PLC0415
        from gongkai.domains.library.queries.offered import offer  # noqa: PLC0415
        from gongkai.domains.library.queries.workbench import sections, waiting  # noqa: PLC0415

        projections.register(events.STREAM, rebuild_document)
        projections.register_finisher(rebuild_facets)
        workbench.register(sections, waiting)
        offers.register(offer())
        upkeep.count_thoroughly("library_document")
        named.register("library_original", lambda row: Original(sha256=row["sha256"]).path)
