"""Searching texts from outside, to be measured: documents and questions in plain files, no database and no site."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from gongkai.search.analysis.fold import tight
from gongkai.search.analysis.passages import paragraphs
from gongkai.search.port import DEEPEST, LARGEST_PAGE, Collection, Document, Field, Kind, Match, Passage, Request, Searcher

COLLECTION = Collection("outside", (Field("title", Kind.TEXT, 2.0), Field("key", Kind.KEYWORD)))
DEPTH = 100

Refuse = Callable[[int, str], None]
"""Told the number of a line and why it is left out."""


def documents(lines: Iterable[str], refuse: Refuse) -> Iterator[Document]:
    """One document for each line `{"id", "title", "body", …}`; of lines with one id the last one stays.

    All further texts, and lists of texts, are searched as part of the body. Blank lines are passed over.
    """
    seen: set[str] = set()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        told = _read(line)
        if isinstance(told, str):
            refuse(number, told)
            continue
        document = _document(told)
        if document.id in seen:
            refuse(number, f"编号 {told['id']} 重复，以这一行为准")
        seen.add(document.id)
        yield document


def _read(line: str) -> dict[str, Any] | str:
    """What a line holds, or what is wrong with it."""
    try:
        told = json.loads(line)
    except (ValueError, RecursionError) as error:
        return f"不是完整的 JSON（{error}）"
    if not isinstance(told, dict):
        return '应为一个 JSON 对象，如 {"id": "1", "title": "…", "body": "…"}'
    if isinstance(told.get("id"), bool) or not isinstance(told.get("id"), str | int) or told["id"] == "":
        return "缺少 id（应为文字或整数）"
    return told


def _document(told: dict[str, Any]) -> Document:
    title = told.get("title")
    others = [value for name, value in told.items() if name not in ("id", "title", "body")]
    texts = [text for value in (told.get("body"), *others) for text in _texts(value)]
    passages = [Passage(paragraph) for text in texts for paragraph in paragraphs(text)]
    key = json.dumps(told["id"])
    return Document(key, {"title": " ".join(_texts(title)), "key": key}, passages)


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def questions(lines: Iterable[str], refuse: Refuse) -> Iterator[tuple[str, str]]:
    """The id and the text of each line `qid<TAB>question`. Blank lines are passed over."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        key, tab, text = line.rstrip("\r\n").partition("\t")
        if not tab or not key.strip():
            refuse(number, "应为“编号<TAB>问题”")
            continue
        yield key.strip(), text.replace("\t", " ")


def answers(searcher: Searcher, question: str, top: int) -> list[dict[str, Any]]:
    """The best `top` documents, as `{"id", "score"}`; ids are of the kind they had in the file. None for a blank question."""
    if not tight(question):
        return []
    top = min(max(top, 1), DEEPEST)
    request = Request(
        question, match=Match.ANY, counted=False, marked=False, size=min(top, LARGEST_PAGE), depth=max(DEPTH, min(top, 2 * DEPTH))
    )
    found: list[dict[str, Any]] = []
    while len(found) < top:
        results = searcher.search(request)
        found += [{"id": json.loads(hit.id), "score": round(hit.score, 6)} for hit in results.hits]
        if not results.after:
            break
        request = replace(request, after=results.after)
    return found[:top]
