"""`gongkai search entries` and `gongkai search check`: the editors' words as a file; the gate."""

from __future__ import annotations

from pathlib import Path

import click

from gongkai.faces.terminal import chinese
from gongkai.faces.terminal.django_ready import doing_now, explained

# isort: split
from gongkai.core.finding import gate, gate_files
from gongkai.core.finding.asking.here import answered
from gongkai.core.finding.checking import run
from gongkai.core.finding.curating.actions import bring, would_bring
from gongkai.core.finding.curating.entries import Entry, UnfitEntry
from gongkai.core.finding.curating.files import read, written
from gongkai.core.finding.curating.queries import all_entries
from gongkai.search.port import SearchError
from gongkai.search.understanding.vocabulary.layout import VocabularyUnreadable
from gongkai.text.tables import UnfitTable

_MOST_TOLD = 10
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@chinese.group(told="编辑的检索词（同义词、编辑推荐、停用词、屏蔽词）：导出、导入。和工作台里的是同一份。")
def entries() -> None:
    """Commands on the editors' words."""


@entries.command("export", help="把检索词写成可以修改后再导入的 YAML")
@explained(UnfitEntry)
def export() -> None:
    """Print the entries as a file that can be imported."""
    click.echo(written(all_entries()), nl=False)


@entries.command("import", help="从 YAML 文件增改检索词，马上生效；文件有一处错就什么也不导入")
@click.argument("file", metavar="文件", type=_FILE)
@click.option("--only", is_flag=True, help="以文件为准：文件里没有的删去")
@click.option("--dry-run", is_flag=True, help="只看会改什么，不导入")
@explained(UnfitEntry, OSError)
def import_(file: Path, *, only: bool, dry_run: bool) -> None:
    """Bring the entries in line with a file."""
    said = read(file.read_bytes())
    done = would_bring(said, only=only) if dry_run else bring(said, doing_now(), only=only)
    for label, changed in (("添加", done.added), ("修改", done.changed), ("删去", done.removed)):
        click.echo(f"{label} {len(changed)} 条{'：' if changed else '。'}{_names(changed)}")
    click.echo(f"未变 {done.unchanged} 条。{'没有导入。' if dry_run else ''}")


def _names(changed: list[Entry]) -> str:
    more = len(changed) - _MOST_TOLD
    return "、".join(entry.told for entry in changed[:_MOST_TOLD]) + (f"等 {len(changed)} 条" if more > 0 else "")


@chinese.command("check", told="用一张表检验检索（表头：问题、必须出现、不得出现、前几条）；有不合要求的，列出来，以 1 结束。")
@click.argument("file", metavar="文件", type=_FILE, required=False)
@explained(UnfitTable, SearchError, VocabularyUnreadable, OSError)
def check(file: Path | None) -> int:
    """Ask every question of a file, or of the gate kept in the console."""
    lines = gate_files.read(file.read_bytes()) if file else gate.lines()[0]
    if not lines:
        raise UnfitTable("工作台里还没有检验集，请给一个文件：gongkai search check 文件.csv")
    failed = 0
    for outcome in run(lines, doing_now().today, answered):
        if outcome.trouble:
            failed += 1
            click.echo(f"不合要求\t{outcome.line.question}\t{'；'.join(outcome.trouble)}")
    click.echo(f"{len(lines)} 个问题，{failed} 个不合要求。" if failed else f"{len(lines)} 个问题都合要求。")
    return 1 if failed else 0
