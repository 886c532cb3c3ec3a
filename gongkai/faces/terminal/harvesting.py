"""`gongkai harvest`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from django.conf import settings

from gongkai.faces.terminal import chinese
from gongkai.faces.terminal.django_ready import doing_now, explained
from gongkai.faces.terminal.telling import progress, write_json

# isort: split
from gongkai.core.agencies.queries import NoGovernment
from gongkai.domains.library.queries.desk import HARVEST_OUTCOMES
from gongkai.domains.library.tasks.alone import AlreadyImporting
from gongkai.domains.library.tasks.harvesting import HarvestReport, HarvestRequest, harvest
from gongkai.domains.library.tasks.harvesting_source import UnfitAddress


@chinese.command(
    "harvest",
    told="从别处的文件库采集（OAI-PMH）。第一次取全部，以后只取有变化的；来源撤下的，从那里取得的副本随之撤下。"
    "中断后用同样的命令接着进行。",
)
@click.argument("url", metavar="采集地址")
@click.option("--from", "since", metavar="日期", type=click.DateTime(["%Y-%m-%d"]), help="从这一天起有变化的；不写则接着上次")
@click.option("--set", "set_spec", metavar="集合", default="", help="只取一个集合，例如 kind:normative、organ:3")
@click.option("--publish", is_flag=True, help="来源已公开：归档的同时发布")
@click.option("--report", metavar="文件", type=click.Path(path_type=Path), help="报告写到这里（JSON）")
@explained(NoGovernment, AlreadyImporting)
def harvest_(url: str, since: datetime | None, set_spec: str, *, publish: bool, report: Path | None) -> int:
    """Harvest, show progress, write the report; 0 when all went well, 1 when something failed."""
    try:
        request = HarvestRequest(url, since.date() if since else None, set_spec, publish)
    except UnfitAddress as error:
        raise click.UsageError(str(error)) from error
    with progress("正在采集") as advance:
        outcome = harvest(request, doing_now, advance)
    written = report or _default(outcome)
    write_json(_as_json(outcome), written)
    _tell(outcome, written)
    return 1 if outcome.trouble or outcome.counts()["failed"] else 0


def _default(outcome: HarvestReport) -> Path:
    return Path(settings.DATA_FOLDER) / "reports" / f"harvest-{outcome.started_at:%Y%m%d-%H%M%S}.json"


def _as_json(outcome: HarvestReport) -> dict[str, Any]:
    return {
        "source": outcome.source,
        "url": outcome.url,
        "started_at": outcome.started_at.isoformat(),
        "resumed": outcome.resumed,
        "trouble": outcome.trouble,
        "unchanged": outcome.unchanged,
        **outcome.counts(),
        "records": [asdict(line) for line in outcome.lines],
    }


def _tell(outcome: HarvestReport, path: Path) -> None:
    counts = outcome.counts()
    said = "，".join(f"{label} {counts[value]}" for value, label in HARVEST_OUTCOMES.items())
    resumed = "（接着上次没有完成的采集）" if outcome.resumed else ""
    click.echo(f"来源：{outcome.source}{resumed}")
    click.echo(f"有变化的 {len(outcome.lines)} 条：{said}；没有变化 {outcome.unchanged} 条")
    for line in outcome.lines:
        if line.outcome in ("failed", "needs_person"):
            click.echo(f"  {HARVEST_OUTCOMES[line.outcome]}　{line.title or line.identifier}：{line.reason}")
    if outcome.trouble:
        click.echo(f"没有采集完：{outcome.trouble}", err=True)
    click.echo(f"报告：{path}")
