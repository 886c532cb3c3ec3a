"""`gongkai cache`."""

from __future__ import annotations

import http.client
import re
import shutil
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from urllib.parse import urlsplit

import click
from django.conf import settings
from django.urls import reverse

from gongkai.faces.terminal import chinese
from gongkai.faces.terminal.django_ready import explained, fail

# isort: split
from gongkai.core.freshness.noting import MODES, Place
from gongkai.core.freshness.purging import PurgeFailed, address_map, forget, purge
from gongkai.core.freshness.touching import board
from gongkai.domains.library.queries.outlines import blocks, in_block

_OWN = ("home", "library", "disclosure", "disclosure-organs", "themes", "organs", "privacy", "accessibility", "robots")
_EVERY_SLOT = range(1 << 16)
_NOBODY = "没有设置 GONGKAI_PURGE：本站前面没有要清除的缓存。"


@chinese.group(told="缓存：前面的缓存（nginx）和本站自己保存的网页。")
def cache() -> None:
    """Commands on caches."""


@cache.command("purge", help="清除前面的缓存中还欠着没有清除的网页（上次清除失败后运行）")
@explained()
def purge_() -> None:
    """Pay what is owed to the caches in front."""
    board().recover()
    if not settings.CACHES_IN_FRONT:
        click.echo(_NOBODY)
        return
    pages = purge(board())
    left = len(address_map().debts())
    click.echo(f"已清除 {pages} 个网页。" + (f"另有 {left} 项正在修改中，由该项操作自己清除。" if left else "没有欠着的清除。"))


@cache.command("clear", help="全部清除：前面的缓存中记得的和可能有的网页，以及本站自己保存的网页")
@explained()
def clear_() -> None:
    """Forget everything everywhere; published pages are made anew when they are next asked for."""
    board().recover()
    board().void(_EVERY_SLOT)
    shutil.rmtree(_pages(), ignore_errors=True)
    click.echo("本站自己保存的网页已全部作废。")
    if settings.CACHES_IN_FRONT:
        likely = (Place(address, mode) for address in chain(_own_pages(), _documents()) for mode in MODES)
        pages = purge(board(), [*address_map().places(), *likely])
        click.echo(f"前面的缓存已清除 {pages} 个地址。")


@cache.command("status", help="看缓存的状态：欠着的清除、占用的磁盘、前面的缓存是否应答")
@explained()
def status_() -> int:
    """Print how the caches are; 1 when something is owed or a cache in front does not answer."""
    files = [f.stat().st_size for f in _pages().rglob("*") if f.is_file()]
    click.echo(f"本站保存的网页　{len(files)} 个，{sum(files) / 1048576:.1f} MB")
    click.echo(f"正在进行的修改　{'没有' if board().quiet else '有（或有进程中途结束，几秒后自动恢复）'}")
    if not settings.CACHES_IN_FRONT:
        click.echo(_NOBODY)
        return 0
    debts = sorted({debt.tag for debt in address_map().debts()})
    click.echo(f"前面的缓存可能有　{len(address_map().places())} 个网页")
    click.echo(f"欠着的清除　{len(debts)} 项" + (f"：{'、'.join(debts[:10])}{'……' if len(debts) > 10 else ''}" if debts else ""))
    silent = [where for where in settings.CACHES_IN_FRONT if not _answers(where)]
    for where in silent:
        click.echo(f"{where} 没有应答或拒绝清除。请检查 nginx。", err=True)
    if debts:
        click.echo("请运行 gongkai cache purge。", err=True)
    return 1 if debts or silent else 0


@cache.command("warm", help="预热：把首页、各栏目和全部公开文件访问一遍，数据库停机时它们照常打开")
@click.option(
    "--at", metavar="网址", default="http://127.0.0.1:8000", show_default=True, help="从哪里访问；写 nginx 的网址则一并预热 nginx"
)
@click.option("--limit", metavar="个数", type=click.IntRange(min=1), default=20_000, show_default=True, help="最多访问多少个网页")
@click.option("--all-modes", is_flag=True, help="四种显示方式都访问（默认只访问普通方式）")
@explained()
def warm_(at: str, limit: int, *, all_modes: bool) -> int:
    """Ask for the pages one after another; 1 when the site does not answer or some pages fail."""
    places = (Place(a, mode) for a in chain(_own_pages(), _documents()) for mode in (MODES if all_modes else MODES[:1]))
    asked = failed = 0
    try:
        for status in _asked(at, islice(places, limit)):
            asked += 1
            failed += status >= 500
    except (OSError, http.client.HTTPException) as error:
        return fail(f"{at} 没有应答（{type(error).__name__}），已访问 {asked} 个网页。网站启动了吗？地址可用 --at 指定。")
    click.echo(f"已访问 {asked} 个网页" + (f"，其中 {failed} 个出错。" if failed else "。"))
    return 1 if failed else 0


def _pages() -> Path:
    return Path(settings.DATA_FOLDER) / "cache" / "pages"


def _own_pages() -> Iterator[str]:
    yield from (reverse(name) for name in _OWN)


def _documents() -> Iterator[str]:
    """The newest first: where there are more than the limit, those are asked for most."""
    for block, _ in reversed(blocks()):
        yield from (reverse("document", args=[number]) for number, _ in reversed(list(in_block(block))))


def _answers(cache: str) -> bool:
    try:
        forget(cache, [Place("/never-held", "")])
    except PurgeFailed:
        return False
    return True


def _asked(at: str, places: Iterator[Place]) -> Iterator[int]:
    """The statuses of the answers. The site's own pages beyond `_OWN` are found in its own first sitemap."""
    where = urlsplit(at)
    kind = http.client.HTTPSConnection if where.scheme == "https" else http.client.HTTPConnection
    connection = kind(where.hostname or "", where.port, timeout=60)
    try:
        _, told = _ask(connection, Place("/sitemap-0.xml", ""))
        listed = {urlsplit(said).path for said in re.findall(r"<loc>([^<]+)</loc>", told)} - {reverse(name) for name in _OWN}
        for place in chain(places, (Place(path, "") for path in sorted(listed))):
            yield _ask(connection, place)[0]
    finally:
        connection.close()


def _ask(connection: http.client.HTTPConnection, place: Place) -> tuple[int, str]:
    headers = {"Host": settings.ALLOWED_HOSTS[0], **({"Cookie": f"display={place.mode}"} if place.mode else {})}
    connection.request("GET", place.address, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    return answer.status, body.decode("utf-8", "replace") if answer.status == 200 and place.address.endswith(".xml") else ""
