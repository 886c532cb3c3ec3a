"""`gongkai agency`."""

from __future__ import annotations

from pathlib import Path

import click
import yaml
from django.utils import timezone

from gongkai.faces.terminal import chinese
from gongkai.faces.terminal.django_ready import doing_now, explained

# isort: split
from gongkai.core.agencies import organ_tables
from gongkai.core.agencies.actions import UnfitOrganFile, establish
from gongkai.core.agencies.queries import AgencyNode, tree
from gongkai.text.tables import UnfitTable, read_table


@chinese.group(told="导入和查看机构。")
def agency() -> None:
    """Commands on organs."""


@agency.command(
    "import", help="导入机构：YAML（政府和机构，样例 sample/organs.yaml）或表格（XLSX、CSV，只有机构）；再次导入按代码更新"
)
@click.argument("file", metavar="文件", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="只看表格会改什么，不导入")
@explained(UnfitOrganFile, UnfitTable, organ_tables.Otherwise)
def import_(file: Path, *, dry_run: bool) -> int:
    """Set up organs from a file."""
    if file.suffix.lower() in (".xlsx", ".csv"):
        return _from_table(file, dry_run=dry_run)
    if dry_run:
        raise UnfitOrganFile(["--dry-run 只用于表格（XLSX、CSV）"])
    try:
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UnfitOrganFile([f"{file.name} 不是有效的 YAML：{error}"]) from error
    done = establish(data if isinstance(data, dict) else {}, doing_now())
    click.echo(f"新增 {done.created} 个机构，更新 {done.updated} 个。")
    return 0


def _from_table(file: Path, *, dry_run: bool) -> int:
    table, doing = read_table(file.read_bytes(), organ_tables.COLUMNS, organ_tables.MOST), doing_now()
    found = organ_tables.plan(table, doing)
    for line in found.lines:
        told = line.problem or "；".join(f"{kind}　{words}" for kind, words in line.steps) or "不变"
        click.echo(f"第 {line.number} 行　{line.code}　{line.name}　{'有误　' if line.problem else ''}{told}")
    if found.problems:
        raise UnfitOrganFile([f"有 {found.problems} 行有误，见上"])
    if dry_run:
        click.echo("只是看看，没有导入。")
        return 0
    done = organ_tables.carry_out(table, found.mark, doing)
    click.echo(f"已导入：{'，'.join(f'{kind} {count}' for kind, count in done.counts.items())}")
    return 0


@agency.command("list", help="列出全部机构和代码")
@explained(UnfitOrganFile)
def list_() -> int:
    """Print the tree of organs."""

    def show(nodes: list[AgencyNode], depth: int) -> None:
        for node in nodes:
            click.echo(f"{'　' * depth}{node.name}　{node.agency.code}")
            show(node.children, depth + 1)

    show(tree(timezone.localdate()), 0)
    return 0
