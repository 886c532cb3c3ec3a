"""`gongkai nightly`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click
from django.conf import settings

from gongkai.faces.terminal import chinese
from gongkai.faces.terminal.django_ready import doing_now, explained

# isort: split
from gongkai.core.freshness.purging import PurgeFailed
from gongkai.core.freshness.touching import purged_together
from gongkai.core.ledger.verify import keep_anchor, take_anchor
from gongkai.core.upkeep import refresh_statistics
from gongkai.domains.library.actions.doing import Doing
from gongkai.domains.library.actions.errors import Refused
from gongkai.domains.library.actions.passing_days import NightsWork, due_for_evaluation, pass_days
from gongkai.domains.library.queries.desk import rows_of
from gongkai.domains.monitor.queries.entries import Spending
from gongkai.domains.monitor.queries.keeping import Shelf
from gongkai.domains.monitor.queries.manifest import listed
from gongkai.faces.terminal.ledger import ANCHORS


@chinese.command(
    told="每日例行：有效期届满的转为失效，列出六个月内到期、应当评估的文件，封存台账摘要，补做欠着的缓存清除。漏跑的日子会自动补上。"
)
@click.option("--on", metavar="日期", type=click.DateTime(["%Y-%m-%d"]), help="按这一天办理（默认今天）")
@explained(Refused)
def nightly(on: datetime | None) -> int:
    """Do what is due by today."""
    doing = doing_now("nightly")
    if on is not None:
        doing = replace(doing, today=on.date())
    work, purged = _passed(doing)
    click.echo(f"{doing.today}：到期失效 {len(work.expired)} 份，其他效力变化 {len(work.turned)} 份。")
    for doc in rows_of(work.expired):
        click.echo(f"  失效　{doc.document_number or '无文号'}　{doc.title}（有效期至 {doc.term_ends_on}）")
    due = sorted(rows_of(due_for_evaluation(doing.today)), key=lambda row: row.term_ends_on or doing.today)
    click.echo(f"六个月内到期、应当评估的规范性文件 {len(due)} 份。")
    for doc in due:
        click.echo(f"  评估　{doc.term_ends_on}　{doc.document_number or '无文号'}　{doc.title}")
    refresh_statistics()
    data = Path(settings.DATA_FOLDER)
    keep_anchor(data / ANCHORS, take_anchor(doing.at))
    _list_what_is_public(data)
    if purged:
        (data / "nightly.done").touch()
    return 0 if purged else 1


def _list_what_is_public(data: Path) -> None:
    """Bring the parts of the manifest up to date, so that no visit has to read many papers at once."""
    spending = Spending()
    listed(Shelf(data / "manifest"), spending)
    for number in spending.altered:
        click.echo(
            f"  警告　文件 {number} 保存的内容与核准发布的不一致，没有列入签名清单。请运行 gongkai ledger verify 查明。", err=True
        )


def _passed(doing: Doing) -> tuple[NightsWork, bool]:
    """All that is due, and whether the caches in front were told, of this and of whatever was still owed to them."""
    work = NightsWork([], [])
    try:
        with purged_together():
            work = pass_days(doing)
    except PurgeFailed as error:
        click.echo(str(error), err=True)
        return work, False
    return work, True
