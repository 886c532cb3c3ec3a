"""`gongkai search`: an index over texts from outside, and questions to it. No Django, no database.

The commands on the site's own index, which need both, are loaded only when called.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from gongkai.faces.terminal import chinese, telling
from gongkai.search import outside
from gongkai.search.engines.embedded.engine import EmbeddedEngine
from gongkai.search.port import SearchError
from gongkai.search.understanding.expanding import expansions

_MOST_TOLD = 20


class _Left:
    """Lines that were left out, told as they come, the first twenty of them."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.number = 0

    def __call__(self, line: int, trouble: str) -> None:
        self.number += 1
        if self.number <= _MOST_TOLD:
            click.echo(f"{self._file.name} 第 {line} 行：{trouble}", err=True)

    def tell(self) -> None:
        """How many more there were."""
        if self.number > _MOST_TOLD:
            click.echo(f"{self._file.name} 另有 {self.number - _MOST_TOLD} 行有类似问题。", err=True)


_OF_THE_SITE = {
    **dict.fromkeys(("ask", "rebuild", "words"), "gongkai.faces.terminal.site_search"),
    **dict.fromkeys(("check", "entries"), "gongkai.faces.terminal.search_entries"),
}


class _Search(chinese.Group):
    """Words that are no command are a question to the site's own index."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        known = {*self.commands, *_OF_THE_SITE, "--help"}
        return super().parse_args(ctx, args if not args or args[0] in known else ["ask", *args])

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *_OF_THE_SITE})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _OF_THE_SITE:
            return super().get_command(ctx, cmd_name)
        command: click.Command = getattr(importlib.import_module(_OF_THE_SITE[cmd_name]), cmd_name)
        return command


@click.group(
    cls=_Search, help="检索。gongkai search 查询词：查本站公开的内容；build、run：为别的文本建立索引、批量提问（不用数据库）。"
)
def search() -> None:
    """Commands on the site's index, and on one's own."""


@search.command("build", help="为一批文本建立索引（每行一个 JSON：id、title、body，其余文字字段也可检索）")
@click.option(
    "--jsonl", "file", metavar="文件.jsonl", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--index", "folder", metavar="文件夹", required=True, type=click.Path(file_okay=False, path_type=Path))
def build(file: Path, folder: Path) -> int:
    """Fill a new generation; an index that is there answers until it is complete."""
    left = _Left(file)
    try:
        indexer = EmbeddedEngine(folder, outside.COLLECTION).indexer()
        with telling.progress("建立索引") as advance, indexer.rebuild(_lines_of(file), advance) as rebuild:
            rebuild.add(outside.documents(_read(file), left))
        number = indexer.commit().documents
        indexer.close()
    except (SearchError, OSError) as error:
        click.echo(str(error), err=True)
        return 1
    left.tell()
    click.echo(f"已为 {number} 份文本建立索引：{folder}")
    return 0 if number else 1


@search.command("run", help="批量提问，列出每个问题最相关的文本")
@click.option("--index", "folder", metavar="文件夹", required=True, type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--queries", "file", metavar="文件.tsv", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--top", metavar="份数", default=10, show_default=True, type=click.IntRange(1, 10_000))
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def run(folder: Path, file: Path, top: int, *, as_json: bool) -> int:
    """Ask every question; JSON goes to the standard output, troubles to the standard error."""
    left = _Left(file)
    searcher = EmbeddedEngine(folder, outside.COLLECTION, expand=expansions).searcher()
    try:
        asked = [(key, outside.answers(searcher, text, top)) for key, text in outside.questions(_read(file), left)]
    except (SearchError, OSError) as error:
        click.echo(str(error), err=True)
        return 1
    left.tell()
    told: list[dict[str, Any]] = [{"qid": key, "results": found} for key, found in asked]
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else "\n".join(_lines(told)))
    return 0


def _read(file: Path) -> Iterator[str]:
    with file.open(encoding="utf-8-sig", errors="replace", newline="\n") as lines:
        yield from lines


def _lines_of(file: Path) -> int:
    with file.open("rb") as opened:
        return sum(piece.count(b"\n") for piece in iter(lambda: opened.read(1 << 20), b""))


def _lines(told: list[dict[str, Any]]) -> Iterator[str]:
    for one in told:
        yield f"{one['qid']}"
        yield from (f"  {result['score']:10.4f}  {result['id']}" for result in one["results"])
