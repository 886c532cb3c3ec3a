"""The outcomes of past watches."""

from __future__ import annotations

from gongkai.domains.monitor.models import WatchRun


def last_watches(most: int = 20) -> list[WatchRun]:
    """The latest watches, newest first."""
    return list(WatchRun.objects.order_by("-started_at", "-pk")[:most])
