"""`gongkai watch`. Needs no database, only the manifest and the public key: Django is loaded for --keep alone."""

from __future__ import annotations

import importlib
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from urllib.parse import urlsplit

import click

from config.environment import data_folder
from gongkai.core.signing import KEY_FILE, UnfitKey, public_key, public_text, signing_key
from gongkai.domains.monitor.tasks.fetching import Limits
from gongkai.domains.monitor.tasks.findings import Report
from gongkai.domains.monitor.tasks.watching import Request
from gongkai.domains.monitor.tasks.watching import watch as look
from gongkai.faces.terminal import chinese
from gongkai.faces.terminal.telling import progress, write_report

SAMPLE = 200
_BEIJING = timezone(timedelta(hours=8))


@chinese.command(
    "watch",
    told="像访问者一样打开网站，与签名清单逐项比对：正文和文件有没有被改、有没有暗链和挂马、撤下的还在不在、有没有仿冒。"
    "不用数据库，可以在任何一台机器上运行。没有问题以 0 结束，发现问题以 1 结束，用法有误以 2 结束。",
)
@click.argument("url", metavar="网址")
@click.option("--manifest", "source", metavar="文件或网址", default="", help="清单（默认取网站自己给出的；用另存的更可靠）")
@click.option("--key", metavar="公钥", default="", help="公钥或存公钥的文件（默认用本机数据文件夹里的）")
@click.option("--copy", "copies", metavar="网址", multiple=True, help="疑似仿冒的网页，可以写多个")
@click.option("--sample", metavar="份数", type=click.IntRange(1), help=f"随机抽查这么多份文件（默认 {SAMPLE}）")
@click.option("--all", "whole", is_flag=True, help="检查全部文件")
@click.option("--since", metavar="日期", type=click.DateTime(["%Y-%m-%d"]), help="只检查这一天以来有变化的文件")
@click.option("--report", metavar="文件", type=click.Path(path_type=Path), help="报告写到这里（JSON，另附同名 HTML）")
@click.option("--cookie", metavar="内容", default="", help="访问时带上的 Cookie（如检查长者模式）")
@click.option(
    "--timeout", metavar="秒", type=click.FloatRange(0.05), default=20.0, show_default=True, help="多久没有答复算打不开"
)
@click.option("--at-once", metavar="个数", type=click.IntRange(1, 32), default=4, show_default=True, help="同时打开几个页面")
@click.option("--delay", metavar="秒", type=click.FloatRange(0), default=0.0, show_default=True, help="每次访问前等多久")
@click.option("--keep", is_flag=True, help="把结果记入本机数据库")
def watch(
    *, url: str, source: str, key: str, copies: tuple[str, ...], sample: int | None, since: datetime | None, report: Path | None,
    cookie: str, timeout: float, at_once: int, delay: float, whole: bool, keep: bool,
) -> int:  # fmt: skip
    """Watch a site and write the report; 0 clean, 1 something found, 2 a mistake in the words."""
    limits = Limits(timeout=timeout, whole=max(timeout * 3, timeout), at_once=at_once, delay=delay)
    request = Request(
        _site(url),
        _public(key),
        _manifest(source),
        None if whole else sample or SAMPLE,
        since.date().isoformat() if since else "",
        tuple(_address(c, "--copy") for c in copies),
        cookie,
        limits,
    )
    with progress("正在检查") as advance:
        outcome = look(request, datetime.now(UTC), advance)
    page = write(outcome, report or data_folder() / "reports" / f"watch-{datetime.now(UTC):%Y%m%d-%H%M%S}.json")
    tell(outcome, page)
    if keep:
        importlib.import_module("gongkai.faces.terminal.watch_keeping").keep(outcome)
    return 0 if outcome.clean else 1


def _site(url: str) -> str:
    parts = urlsplit(_address(url, "网址"))
    return f"{parts.scheme}://{parts.netloc}/"


def _address(url: str, name: str) -> str:
    try:
        parts = urlsplit(url)
        fit = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        fit = False
    if not fit:
        raise click.UsageError(f"{name} 应写成 http://… 或 https://…，现为“{url[:80]}”。")
    return url


def _manifest(source: str) -> Path | str:
    if not source or source.startswith(("http://", "https://")):
        return source
    if not Path(source).is_file():
        raise click.UsageError(f"找不到清单文件“{source}”。")
    return Path(source)


def _public(told: str) -> str:
    """The public key as told, from the file told, or of the key in this machine's data folder."""
    own = data_folder() / KEY_FILE
    if not told and not own.is_file():
        raise click.UsageError("没有公钥。请用 --key 给出公钥（在网站的机器上运行 gongkai manifest key 查看）。")
    try:
        if not told:
            return public_text(signing_key(own))
        return public_key(Path(told).read_text(encoding="utf-8") if len(told) < 4096 and Path(told).is_file() else told)
    except (UnfitKey, OSError, UnicodeDecodeError) as error:
        raise click.UsageError(str(error)) from error


def write(outcome: Report, path: Path) -> Path:
    """The report as JSON, and beside it as a page."""
    return write_report(outcome.to_json(), path, "watch.html.jinja", report=outcome, labels=CHECKED, moment=_moment)


def _moment(written: str) -> str:
    """2026年11月20日 09:05 in Beijing's time, of an ISO moment."""
    at = datetime.fromisoformat(written).astimezone(_BEIJING)
    return f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}"


CHECKED = {
    "papers": "文件页面",
    "files": "下载文件",
    "pages": "其他页面",
    "gaps": "不该打开的编号",
    "assets": "样式和脚本",
    "disguised": "以搜索引擎身份复查",
    "sitemap": "站点地图地址",
}


def tell(outcome: Report, page: Path) -> None:
    """Say in the terminal what was looked at and found."""
    click.echo("，".join(f"{label} {outcome.checked.get(name, 0)}" for name, label in CHECKED.items()))
    for label, _, found in outcome.by_kind():
        click.echo(f"{label}（{len(found)}）")
        for finding in found[:20]:
            click.echo(f"  {finding.address}　{finding.detail}")
        if len(found) > 20:
            click.echo(f"  …… 其余 {len(found) - 20} 处见报告")
    for copy in outcome.copies:
        click.echo(f"仿冒比对　{copy.address}　相似度 {copy.score} 分")
    for note in outcome.notes:
        click.echo(f"说明　{note}")
    click.echo("没有发现问题。" if outcome.clean else f"发现 {len(outcome.findings)} 处问题，请尽快核对。")
    click.echo(f"报告：{page}")
