"""`gongkai import`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from django.conf import settings
from jinja2 import Environment, PackageLoader, StrictUndefined

from gongkai.faces.terminal import chinese
from gongkai.faces.terminal.django_ready import doing_now, explained

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
        with click.progressbar(length=1, label="正在导入", show_pos=True, width=30) as bar:

            def advance(done: int, total: int) -> None:
                bar.length = total
                bar.update(done - bar.pos)

            outcome = import_papers(request, doing, advance, doing_now)
            bar.update((bar.length or 1) - bar.pos)
    except NoSuchPath as error:
        raise click.UsageError(str(error)) from error
    written = _write(outcome, report or _default(outcome))
    _tell(outcome, written)
    return 1 if outcome.counts()["failed"] else 0


def _default(outcome: Report) -> Path:
    return Path(settings.DATA_FOLDER) / "reports" / f"import-{outcome.started_at:%Y%m%d-%H%M%S}.json"


def _write(outcome: Report, path: Path) -> Path:
    """The report as JSON, and beside it as a page."""
    data = path.with_suffix(".json") if path.suffix.lower() in (".html", ".htm") else path
    data.parent.mkdir(parents=True, exist_ok=True)
    data.write_text(json.dumps(_as_json(outcome), ensure_ascii=False, indent=1), encoding="utf-8")
    page = data.with_suffix(".html") if data.suffix else data.with_name(data.name + ".html")
    env = Environment(loader=PackageLoader("gongkai.faces.terminal"), autoescape=True, undefined=StrictUndefined)
    page.write_text(
        env.get_template("report.html.jinja").render(report=outcome, counts=outcome.counts(), labels=OUTCOMES), encoding="utf-8"
    )
    return page


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
