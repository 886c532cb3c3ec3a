"""`gongkai import`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from django.conf import settings

from gongkai.faces.terminal import chinese
from gongkai.faces.terminal.django_ready import doing_now, explained
from gongkai.faces.terminal.telling import progress, write_report

# isort: split
from gongkai.core.agencies.queries import NoGovernment, UnknownAgency
from gongkai.domains.library.queries.desk import OUTCOMES
from gongkai.domains.library.tasks.alone import AlreadyImporting
from gongkai.domains.library.tasks.importing import Report, Request, import_papers
from gongkai.domains.library.tasks.walking import NoSuchPath


@chinese.command(
    "import",
    told="导入文件和文件夹。每份文件最后归为：已归档、需要人工、重复、失败之一。中断后用同样的命令接着进行；同一批文件再导入不会重复。",
)
@click.argument("paths", metavar="路径…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--agency", metavar="代码", help="保存这些文件的机构（代码或全称）；不写则按发文机关判断")
@click.option("--publish", is_flag=True, help="这些文件已在别处公开：归档的同时发布")
@click.option("--dry-run", is_flag=True, help="只演练，不保存任何内容")
@click.option("--report", metavar="文件", type=click.Path(path_type=Path), help="报告写到这里（JSON，另附同名 HTML）")
@explained(NoGovernment, UnknownAgency, AlreadyImporting)
def import_(paths: tuple[Path, ...], agency: str | None, *, publish: bool, dry_run: bool, report: Path | None) -> int:
    """Import, show progress, write the report; 0 when nothing failed, 1 when something did."""
    doing = doing_now()
    request = Request(paths, agency, publish, dry_run)
    try:
        with progress("正在导入") as advance:
            outcome = import_papers(request, doing, advance, doing_now)
    except NoSuchPath as error:
        raise click.UsageError(str(error)) from error
    written = write_report(
        _as_json(outcome),
        report or _default(outcome),
        "report.html.jinja",
        report=outcome,
        counts=outcome.counts(),
        labels=OUTCOMES,
    )
    _tell(outcome, written)
    return 1 if outcome.counts()["failed"] else 0


def _default(outcome: Report) -> Path:
    return Path(settings.DATA_FOLDER) / "reports" / f"import-{outcome.started_at:%Y%m%d-%H%M%S}.json"


def _as_json(outcome: Report) -> dict[str, Any]:
    return {
        "seen": outcome.seen,
        "resumed": outcome.resumed,
        "dry_run": outcome.rehearsed,
        "started_at": outcome.started_at.isoformat(),
        **outcome.counts(),
        "files": [asdict(line) for line in outcome.lines],
    }


def _tell(outcome: Report, page: Path) -> None:
    counts = outcome.counts()
    said = "，".join(f"{label} {counts[value]}" for value, label in OUTCOMES.items())
    resumed = f"（接着上次，其中 {outcome.resumed} 份此前已处理）" if outcome.resumed else ""
    click.echo(f"{'演练，未保存：' if outcome.rehearsed else ''}共 {outcome.seen} 份文件{resumed}：{said}")
    for line in outcome.lines:
        if line.outcome in ("failed", "needs_person"):
            click.echo(f"  {OUTCOMES[line.outcome]}　{Path(line.path).name}：{line.reason}")
    click.echo(f"报告：{page}")
