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
from gongkai.core.ledger.verify import keep_anchor, take_anchor
from gongkai.domains.library.actions.errors import Refused
from gongkai.domains.library.actions.passing_days import due_for_evaluation, pass_days
from gongkai.domains.library.queries.desk import rows_of
from gongkai.faces.terminal.ledger import ANCHORS


@chinese.command(told="每日例行：有效期届满的转为失效，列出六个月内到期、应当评估的文件，封存台账摘要。漏跑的日子会自动补上。")
@click.option("--on", metavar="日期", type=click.DateTime(["%Y-%m-%d"]), help="按这一天办理（默认今天）")
@explained(Refused)
def nightly(on: datetime | None) -> int:
    """Do what is due by today."""
    doing = doing_now("nightly")
    if on is not None:
        doing = replace(doing, today=on.date())
    work = pass_days(doing)
    click.echo(f"{doing.today}：到期失效 {len(work.expired)} 份，其他效力变化 {len(work.turned)} 份。")
    for doc in rows_of(work.expired):
        click.echo(f"  失效　{doc.document_number or '无文号'}　{doc.title}（有效期至 {doc.term_ends_on}）")
    due = sorted(rows_of(due_for_evaluation(doing.today)), key=lambda row: row.term_ends_on or doing.today)
    click.echo(f"六个月内到期、应当评估的规范性文件 {len(due)} 份。")
    for doc in due:
        click.echo(f"  评估　{doc.term_ends_on}　{doc.document_number or '无文号'}　{doc.title}")
    keep_anchor(Path(settings.DATA_FOLDER) / ANCHORS, take_anchor(doing.at))
    return 0
