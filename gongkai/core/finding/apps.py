from django.apps import AppConfig


class FindingConfig(AppConfig):
    name = "gongkai.core.finding"
    label = "finding"

    def ready(self) -> None:
        from gongkai.core import workbench  # noqa: PLC0415
        from gongkai.core.backup import afterwards  # noqa: PLC0415
        from gongkai.core.finding.anew import make_anew  # noqa: PLC0415
        from gongkai.core.finding.curating.entries import STREAM  # noqa: PLC0415
        from gongkai.core.finding.errands import sections, waiting  # noqa: PLC0415
        from gongkai.core.finding.outbox import note  # noqa: PLC0415 - models must be loaded first
        from gongkai.core.finding.rebuilt import rebuild  # noqa: PLC0415
        from gongkai.core.freshness import touching  # noqa: PLC0415
        from gongkai.core.ledger import projections  # noqa: PLC0415

        touching.tell(note)
        projections.register(STREAM, rebuild)
        workbench.register(sections, waiting)
        afterwards.register("重建检索库……", make_anew)
