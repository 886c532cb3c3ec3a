"""`gongkai search 查询词` and `gongkai search rebuild`: the site's own index."""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

import click

from gongkai.faces.terminal import chinese
from gongkai.faces.terminal.django_ready import doing_now, explained
from gongkai.faces.terminal.telling import progress

# isort: split
from gongkai.core.finding.asking.answer import Item
from gongkai.core.finding.asking.here import answered
from gongkai.core.finding.asking.question import Question
from gongkai.core.finding.indexing import ask_for_rebuild, rebuild_here
from gongkai.core.finding.opening import home
from gongkai.core.finding.words import make_words
from gongkai.search.port import IndexBusy, SearchError
from gongkai.search.understanding.vocabulary.layout import VocabularyUnreadable

_POLITE = 10  # how far the making of a vocabulary gives way to others
_LOOK = 0.2  # seconds between two looks at what another process does


@chinese.command("rebuild", told="把本站的检索库全部重建。旧的一直可用，建成后一步替换；网站运行时由索引进程来做。")
@explained(SearchError, OSError)
def rebuild() -> None:
    """Make the index anew, here or, where a process is indexing, there."""
    with progress("重建检索库") as advance:
        try:
            number = rebuild_here(doing_now().today, advance)
        except IndexBusy:
            number = None
            asked = ask_for_rebuild()
            while (state := asked.look()) is not None:
                advance(*state)
                time.sleep(_LOOK)
    click.echo("检索库已由索引进程重建。" if number is None else f"检索库已重建：{number} 条。")


@chinese.command("words", told="重做词表（拼音、错别字、联想用）。索引进程在内容变化后会自己重做。")
@explained(OSError)
def words() -> None:
    """Make the vocabulary anew from all that is public."""
    os.nice(_POLITE)
    click.echo(f"词表已重做：{make_words(home(), doing_now().today).terms} 个词。")


@chinese.command("ask", told="查本站公开的内容：gongkai search 查询词")
@click.argument("asked", metavar="查询词", nargs=-1, required=True)
@click.option("--top", metavar="条数", default=10, show_default=True, type=click.IntRange(1, 100), help="最多列出多少条")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@explained(SearchError, VocabularyUnreadable)
def ask(asked: tuple[str, ...], top: int, *, as_json: bool) -> None:
    """What the search page shows for some words, the best first."""
    found = list(islice(_found(" ".join(asked)), top))
    if as_json:
        click.echo(json.dumps([_told(item, score) for item, score in found], ensure_ascii=False))
        return
    for item, _ in found:
        click.echo("　".join(filter(None, (item.name, item.number, item.telephone, item.address))))
    if not found:
        click.echo("没有找到。")


def _found(words: str) -> Iterator[tuple[Item, float]]:
    """Items page by page, each once, what answers the question by itself first; scores never rise."""
    today, told, page, least = doing_now().today, set[str](), 1, math.inf
    while True:
        answer = answered(Question(words, page=page), today)
        best = max((item.score for item in answer.items), default=0.0)
        block = [replace(item, score=max(item.score, best)) for item in (answer.block.items if answer.block else ())]
        for item in (*block, *answer.items):
            if item.id not in told:
                told.add(item.id)
                least = min(least, item.score)
                yield item, least
        if not answer.more:
            return
        page += 1


def _told(item: Item, score: float) -> dict[str, Any]:
    """A record, its page, and the passage that answers best with its own address."""
    return {
        "id": item.id,
        "title": item.name,
        "url": item.address,
        "score": round(score, 6),
        "kind": item.kind,
        "number": item.number,
        "organs": item.organs,
        "status": item.status,
        "day": item.day.isoformat() if item.day else None,
        "extract": "".join(piece.text for piece in item.extract),
        "extract_url": item.place,
    }
