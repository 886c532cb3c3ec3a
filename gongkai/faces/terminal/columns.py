"""`gongkai column`."""

from __future__ import annotations

from pathlib import Path

import click
import yaml

from gongkai.faces.terminal import chinese
from gongkai.faces.terminal.django_ready import doing_now, explained

# isort: split
from gongkai.domains.catalogue.actions.columns import Arranged, arrange
from gongkai.domains.catalogue.actions.errors import UnfitColumnFile
from gongkai.domains.catalogue.events import ENTRIES
from gongkai.domains.catalogue.queries.columns import columns
from gongkai.domains.catalogue.queries.papers import counts_in
from gongkai.domains.catalogue.queries.written import written
from gongkai.domains.catalogue.tasks.reading import default_columns, read_columns


@chinese.group(told="政府信息公开平台的栏目：导入、查看、导出。")
def column() -> None:
    """Commands on columns."""


@column.command("import", help="从 YAML 文件增改栏目，按 slug 对应（写法见 gongkai column export）；文件有一处错就什么也不导入")
@click.argument("file", metavar="文件", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option("--only", is_flag=True, help="以文件为准：次序照文件，文件里没有的栏目删去")
@click.option("--defaults", is_flag=True, help="不用文件，恢复软件自带的栏目（条例第二十条、第二十一条各项）")
@click.option("--dry-run", is_flag=True, help="只检查文件，不导入")
@explained(UnfitColumnFile)
def import_(file: Path | None, *, only: bool, defaults: bool, dry_run: bool) -> int:
    """Bring the columns in line with a file."""
    if (file is None) != defaults:
        raise UnfitColumnFile(["请给一个文件，或者写 --defaults，两者取一"])
    drafts = read_columns(_text(file)) if file else default_columns()
    if dry_run:
        click.echo(f"文件没有错误，共 {len(drafts)} 个栏目；没有导入。")
        return 0
    tell(arrange(drafts, doing_now(), only=only))
    return 0


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnfitColumnFile([f"{file.name} 不是 UTF-8 文字，请另存为 UTF-8 后再导入"]) from error


def tell(done: Arranged) -> None:
    """Print what became of the columns."""
    for label, names in (("新增", done.added), ("修改", done.changed), ("删除", done.removed)):
        click.echo(f"{label} {len(names)} 个栏目{'：' if names else '。'}{'、'.join(names)}")
    click.echo(f"未变 {done.unchanged} 个栏目。")


@column.command("list", help="列出全部栏目和各栏目的公开文件数")
@explained(UnfitColumnFile)
def list_() -> int:
    """Print the columns under their entries."""
    found = columns()
    counts = counts_in([slug for slug, data in found.items() if data["selection"]])
    for entry, label in ENTRIES.items():
        click.echo(label)
        for slug, data in found.items():
            if data["entry"] == entry:
                count = f"{counts[slug]} 份" if slug in counts else "文字"
                click.echo(f"  {slug}\t{data['name']}\t{count}\t{data['source']}")
    return 0


@column.command("export", help="把现有栏目写成可以修改后再导入的 YAML")
@explained(UnfitColumnFile)
def export() -> int:
    """Print the columns as a file that can be imported."""
    listed = {"columns": [written(data) for data in columns().values()]}
    click.echo(yaml.safe_dump(listed, allow_unicode=True, sort_keys=False, width=120), nl=False)
    return 0
