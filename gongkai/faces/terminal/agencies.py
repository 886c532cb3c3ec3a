"""`gongkai agency`."""

from __future__ import annotations

from pathlib import Path

import click
import yaml
from django.utils import timezone

from gongkai.faces.terminal import chinese
from gongkai.faces.terminal.django_ready import explained

# isort: split
from gongkai.core.agencies.actions import UnfitOrganFile, establish
from gongkai.core.agencies.queries import AgencyNode, tree


@chinese.group(told="导入和查看机构。")
def agency() -> None:
    """Commands on organs."""


@agency.command("import", help="从 YAML 文件导入政府和机构（样例：sample/organs.yaml）；再次导入按代码更新")
@click.argument("file", metavar="文件", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@explained(UnfitOrganFile)
def import_(file: Path) -> int:
    """Set up organs from a file."""
    try:
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UnfitOrganFile([f"{file.name} 不是有效的 YAML：{error}"]) from error
    done = establish(data if isinstance(data, dict) else {})
    click.echo(f"新增 {done.created} 个机构，更新 {done.updated} 个。")
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
