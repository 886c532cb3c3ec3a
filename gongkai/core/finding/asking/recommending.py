"""What editors say of words, applied to a question: best bets first, stop words left out."""

from __future__ import annotations

from dataclasses import replace

from gongkai.core.finding.asking.answer import Item
from gongkai.core.finding.asking.items import shown
from gongkai.core.finding.asking.question import Question
from gongkai.core.finding.curating.queries import Words
from gongkai.search.analysis.fold import tight
from gongkai.search.port import Request, Searcher
from gongkai.search.understanding.model import Understood

_MOST = 3


def without_stop_words(said: Understood, words: Words) -> Understood:
    """The question without the editors' stop words, unless nothing else is in it."""
    text = said.text
    for word in words.stop:
        text = text.replace(word, " ")
    text = " ".join(text.split())
    return replace(said, text=text) if text and text != said.text else said


def recommended(question: Question, said: Understood, words: Words, searcher: Searcher) -> tuple[Item, ...]:
    """The best bets for a question, of those that can be found today; on the first page of a question without conditions."""
    if question.page != 1 or question.is_narrowed or question.sort != "relevance":
        return ()
    keys = dict.fromkeys((tight(said.whole), tight(said.text)))
    addresses = [address for key in keys for address in words.best.get(key, ())][:_MOST]
    if not addresses:
        return ()
    hits = searcher.search(Request(chosen={"address": tuple(addresses)}, size=len(addresses), counted=False, marked=False)).hits
    found = sorted((shown(hit) for hit in hits), key=lambda item: addresses.index(item.address))
    return tuple(replace(item, recommended=True, extract=(), place=item.address) for item in found)


def led(items: tuple[Item, ...], first: tuple[Item, ...]) -> tuple[Item, ...]:
    """The results with the best bets in front, which are not said again below; one that was found keeps what was found of it."""
    known = {item.id: item for item in items}
    leading = [replace(known[item.id], recommended=True) if item.id in known else item for item in first]
    told = {item.id for item in first}
    return (*leading, *(item for item in items if item.id not in told))
