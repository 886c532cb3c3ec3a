"""Keeping the outcome of a watch."""

from __future__ import annotations

from datetime import datetime

from gongkai.core.writing import writing
from gongkai.domains.monitor.models import WatchRun
from gongkai.domains.monitor.tasks.findings import Report

KEPT = 200  # watches; older ones stand in their report files


@writing()
def keep_watch(report: Report) -> WatchRun:
    """Write down what a watch found; the oldest beyond `KEPT` go."""
    run = WatchRun.objects.create(
        address=report.site[:500],
        started_at=datetime.fromisoformat(report.started_at),
        pages=sum(report.checked.values()),
        found=len(report.findings),
        report=report.to_json(),
    )
    oldest = WatchRun.objects.order_by("-started_at", "-pk").values_list("pk", flat=True)[KEPT:]
    WatchRun.objects.filter(pk__in=list(oldest)).delete()
    return run
