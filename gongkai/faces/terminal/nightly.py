"""`gongkai nightly`, and the same as a job."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click
from django.conf import settings
from filelock import FileLock

from gongkai.faces.terminal import chinese
from gongkai.faces.terminal.django_ready import doing_now, explained

# isort: split
from django.utils import timezone

from gongkai.core.doing import Doing
from gongkai.core.finding.counting.actions import forget
from gongkai.core.freshness.purging import PurgeFailed
from gongkai.core.freshness.touching import purged_together
from gongkai.core.jobs.actions import prune
from gongkai.core.jobs.kinds import job
from gongkai.core.jobs.run import Run
from gongkai.core.ledger.verify import ANCHORS, keep_anchor, take_anchor
from gongkai.core.staff.presence import forget_ended
from gongkai.core.upkeep import refresh_statistics
from gongkai.domains.library.actions.errors import Refused
from gongkai.domains.library.actions.passing_days import NightsWork, due_for_evaluation, pass_days
from gongkai.domains.library.queries.desk import rows_of
from gongkai.domains.library.tasks.uploads import sweep_uploads
from gongkai.domains.monitor.queries.entries import Spending
from gongkai.domains.monitor.queries.keeping import Shelf
from gongkai.domains.monitor.queries.manifest import listed

KIND = "nightly"
DONE = "nightly.done"  # touched when all is done


@dataclass(slots=True)
class Night:
    """What a nightly round did: documents that ran out or turned, those due for evaluation, those altered behind our back."""

    today: date
    work: NightsWork = field(default_factory=lambda: NightsWork([], []))
    due: list[int] = field(default_factory=list)
    altered: list[int] = field(default_factory=list)
    unpurged: PurgeFailed | None = None


@chinese.command(
    told="每日例行：有效期届满的转为失效，列出六个月内到期、应当评估的文件，封存台账摘要，补做欠着的缓存清除。漏跑的日子会自动补上。"
)
@click.option("--on", metavar="日期", type=click.DateTime(["%Y-%m-%d"]), help="按这一天办理（默认今天）")
@explained(Refused)
def nightly(on: datetime | None) -> int:
    """Do what is due by today."""
    doing = doing_now("nightly")
    night = pass_the_night(replace(doing, today=on.date()) if on is not None else doing)
    if night.unpurged is not None:
        click.echo(str(night.unpurged), err=True)
    click.echo(f"{night.today}：到期失效 {len(night.work.expired)} 份，其他效力变化 {len(night.work.turned)} 份。")
    for doc in rows_of(night.work.expired):
        click.echo(f"  失效　{doc.document_number or '无文号'}　{doc.title}（有效期至 {doc.term_ends_on}）")
    click.echo(f"六个月内到期、应当评估的规范性文件 {len(night.due)} 份。")
    for doc in sorted(rows_of(night.due), key=lambda row: row.term_ends_on or night.today):
        click.echo(f"  评估　{doc.term_ends_on}　{doc.document_number or '无文号'}　{doc.title}")
    for number in night.altered:
        click.echo(
            f"  警告　文件 {number} 保存的内容与核准发布的不一致，没有列入签名清单。请运行 gongkai ledger verify 查明。", err=True
        )
    return 0 if night.unpurged is None else 1


@job(KIND, tries=6, pauses=(60, 600, 1800, 3600))
def nightly_job(arguments: dict[str, Any], run: Run) -> dict[str, Any]:
    """The nightly round of the day on which it runs. Raises PurgeFailed, with all the rest done."""
    del arguments
    night = pass_the_night(run.doing)
    if night.unpurged is not None:
        raise night.unpurged
    told = {"expired": night.work.expired, "turned": night.work.turned, "due": night.due, "altered": night.altered}
    return {"today": night.today.isoformat(), **{name: len(numbers) for name, numbers in told.items()}}


def pass_the_night(doing: Doing) -> Night:
    """All that is due by `doing.today`, also from days that were missed; may be done several times a day, one at a time."""
    data = Path(settings.DATA_FOLDER)
    with FileLock(data / "nightly.lock"):
        night = Night(doing.today)
        try:
            with purged_together():  # of this, and of whatever was still owed
                night.work = pass_days(doing)
        except PurgeFailed as error:
            night.unpurged = error
        night.due = due_for_evaluation(doing.today)
        prune(doing.at)
        forget_ended(doing.at)
        forget(doing.today)
        sweep_uploads(doing.at)
        refresh_statistics()
        keep_anchor(data / ANCHORS, take_anchor(doing.at))
        spending = Spending()
        listed(Shelf(data / "manifest"), spending)  # brought up to date, so that no visit has to read many papers at once
        night.altered = list(spending.altered)
        if night.unpurged is None:
            (data / DONE).touch()
    return night


def last_night() -> date | None:
    """The day on which a nightly round was last done to its end; None before the first."""
    done = Path(settings.DATA_FOLDER) / DONE
    return timezone.localdate(datetime.fromtimestamp(done.stat().st_mtime, UTC)) if done.exists() else None
