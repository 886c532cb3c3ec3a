from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "gongkai.core.staff"
    label = "staff"

    def ready(self) -> None:
        from gongkai.core.ledger.projections import register  # noqa: PLC0415 - models must be loaded first
        from gongkai.core.staff.actions import rebuild_person  # noqa: PLC0415
        from gongkai.core.staff.events import STREAM  # noqa: PLC0415

        register(STREAM, rebuild_person)
