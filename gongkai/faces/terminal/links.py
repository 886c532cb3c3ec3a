"""`gongkai links`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from gongkai.faces.terminal import chinese
from gongkai.faces.terminal.django_ready import doing_now, explained
from gongkai.faces.terminal.telling import write_json

# isort: split
from django.utils import timezone

from gongkai.domains.monitor.actions.links import forget_links, keep_links
from gongkai.domains.monitor.queries.links import STATES, LinkRow, in_turn, links, outside_links
from gongkai.domains.monitor.tasks.links import Manners, try_links
from gongkai.domains.monitor.tasks.pinning import is_public

_WANTED = ("suspicious", "dead")


@chinese.group(told="公开文件中的外部链接：检查，列出打不开的和变得可疑的。文件本身不改动。")
def links_() -> None:
    """Commands on outside links."""


@links_.command("check", help="逐个打开公开文件中的外部链接和来源网址，记下结果。有打不开或可疑的以 1 结束")
@click.option("--limit", metavar="个数", type=click.IntRange(1), help="这一次最多检查多少个（没查过的和最久没查的优先）")
@click.option("--report", metavar="文件", type=click.Path(path_type=Path), help="结果另存为 JSON")
@click.option(
    "--timeout", metavar="秒", type=click.FloatRange(0.05), default=15.0, show_default=True, help="多久没有答复算打不开"
)
@click.option(
    "--delay", metavar="秒", type=click.FloatRange(0), default=1.0, show_default=True, help="同一网站两次访问之间等多久"
)
@click.option("--at-once", metavar="个数", type=click.IntRange(1, 64), default=8, show_default=True, help="同时检查几个网站")
@click.option("--allow-private", is_flag=True, help="也访问内部网络和本机的地址（一般不要用）")
@explained(OSError)
def check(limit: int | None, report: Path | None, timeout: float, delay: float, at_once: int, *, allow_private: bool) -> int:
    """Try links and keep how they answered; 1 when any link is dead or suspicious."""
    found, at = outside_links(), doing_now().at
    forget_links(found)
    chosen = in_turn(found, limit)
    permitted = (lambda _address: True) if allow_private else is_public
    manners = Manners(timeout=timeout, whole=timeout * 3, delay=delay, at_once=at_once, permitted=permitted)
    with click.progressbar(length=len(chosen) or 1, label="正在检查链接", show_pos=True, width=30) as bar:
        try_links(chosen, manners, lambda tried: keep_links(tried, found, at), lambda done: bar.update(done - bar.pos))
    rows = links()
    click.echo(f"公开文件中共有外部链接 {len(found)} 个，这次检查 {len(chosen)} 个。")
    _tell(rows)
    if report:
        told = [{**asdict(row), "papers": [number for number, _ in row.papers]} for row in rows]
        write_json(told, report, default=str)
        click.echo(f"报告：{report}")
    return 1 if rows else 0


@links_.command("list", help="列出上次检查的结果")
@click.option(
    "--state", metavar="状态", type=click.Choice(list(STATES)), help="alive、dead、suspicious、refused；默认打不开的和可疑的"
)
@explained(OSError)
def list_(state: str | None) -> None:
    """Print links by state."""
    _tell(links((state,) if state else _WANTED))


def _tell(rows: list[LinkRow]) -> None:
    for row in rows:
        since = f"自 {timezone.localtime(row.since):%Y-%m-%d} 起" if row.since else ""
        times = f"，连续 {row.failures} 次" if row.failures else ""
        fresh = "（新）" if row.is_new else ""
        click.echo(f"{row.label}{fresh}\t{row.address}\t{row.detail}\t{since}{times}")
        for number, title in row.papers[:5]:
            click.echo(f"  见第 {number} 号《{title}》")
        if len(row.papers) > 5:
            click.echo(f"  等 {len(row.papers)} 份文件")
    click.echo(
        "，".join(
            f"{label} {sum(r.state == state for r in rows)}"
            for state, label in STATES.items()
            if any(r.state == state for r in rows)
        )
        or "没有打不开或可疑的链接。"
    )
