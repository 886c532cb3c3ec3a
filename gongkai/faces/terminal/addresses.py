"""`gongkai address`: where addresses of an older portal lead."""

from __future__ import annotations

from pathlib import Path

import click

from gongkai.faces.terminal import chinese
from gongkai.faces.terminal.django_ready import explained

# isort: split
from gongkai.domains.library.actions.addresses import import_addresses
from gongkai.domains.library.actions.errors import Refused
from gongkai.domains.library.queries.addresses import old_addresses

MOST_TOLD = 50


@chinese.group(told="旧网站的网页地址：访问旧地址的人会被带到文件的新地址。")
def address() -> None:
    """Commands on old addresses."""


@address.command("import", help="导入旧地址清单（CSV：第一列旧地址，第二列文件的编号、索引号、文号或新地址）")
@click.argument("file", metavar="文件.csv", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@explained(Refused, OSError)
def import_(file: Path) -> int:
    """Take in a list of old addresses."""
    done = import_addresses(file.read_bytes())
    for line, trouble in done.refused[:MOST_TOLD]:
        click.echo(f"第 {line} 行：{trouble}", err=True)
    left_out = f"，有误 {len(done.refused)} 行（没有导入，改正后可以再导入整份清单）" if done.refused else ""
    click.echo(f"导入 {done.kept} 个旧地址，原来就有 {done.known} 个{left_out}。")
    return 1 if done.refused else 0


@address.command("list", help="列出旧地址和它们对应的文件")
@click.option("--find", metavar="文字", default="", help="地址中含有")
@click.option("--limit", metavar="条数", default=50, show_default=True)
@explained(Refused)
def list_(find: str, limit: int) -> int:
    """Print old addresses, newest first."""
    found, total = old_addresses(containing=find, limit=max(limit, 0))
    for row in found:
        click.echo(f"{row.url}\t{row.number}\t{row.title}\t{row.origin}")
    click.echo(f"共 {total} 个" + (f"，列出前 {limit} 个" if total > limit else ""))
    return 0
