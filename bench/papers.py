"""Papers to search, as many as wanted, always the same: sentences of Zipf-distributed words, put together anew for each paper.

The words are those of the sample county's papers by frequency, then combinations of their characters, which stand for the
long tail of names and terms. Nothing here is anybody's text.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path

import rjieba

from gongkai.search.port import Collection, Document, Field, Kind, Passage, Value

COLLECTION = Collection(
    "bench",
    (
        Field("title", Kind.TEXT, 2.0),
        Field("number", Kind.TEXT, 3.0),
        Field("organ", Kind.KEYWORD, facet=True),
        Field("kind", Kind.KEYWORD, facet=True),
        Field("topic", Kind.KEYWORD, facet=True),
        Field("status", Kind.KEYWORD, facet=True),
        Field("issued", Kind.DATE, facet=True),
    ),
)
FACETS = ("organ", "kind", "topic", "status", "issued")
_SAMPLE = Path(__file__).parents[1] / "sample"
_WORDS, _SENTENCES, _LENGTH = 40_000, 60_000, 1_800
_KINDS, _STATUSES = ("通知", "办法", "公告", "解读", "指南"), ("有效", "有效", "有效", "废止", "失效")


@dataclass(frozen=True)
class Language:
    """Words with their cumulated weights, and sentences of them."""

    words: list[str]
    weights: list[float]
    sentences: list[str]


def language(seed: int = 1) -> Language:
    """The words and sentences that papers are made of."""
    dice = random.Random(seed)
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(_SAMPLE.rglob("*.yaml"))) + "".join(
        path.read_text(encoding="utf-8") for path in sorted((_SAMPLE / "papers").rglob("*")) if path.is_file()
    )
    real = [word for word, _ in Counter(word for word in rjieba.cut(text) if re.fullmatch("[一-鿿]+", word)).most_common()]
    characters = sorted({character for word in real for character in word})
    words = dict.fromkeys(real)
    while len(words) < _WORDS:
        words["".join(dice.choices(characters, k=dice.choice((2, 2, 2, 3, 4))))] = None
    weights = list(accumulate(1 / (rank + 5) for rank in range(len(words))))
    known = list(words)
    return Language(known, weights, [_sentence(dice, known, weights) for _ in range(_SENTENCES)])


def _sentence(dice: random.Random, words: list[str], weights: list[float]) -> str:
    chosen = dice.choices(words, cum_weights=weights, k=dice.randint(8, 24))
    half = len(chosen) // 2
    return f"{''.join(chosen[:half])}，{''.join(chosen[half:])}。"


def papers(number: int, made_of: Language, seed: int = 2) -> Iterator[Document]:
    """So many papers of about 1,800 characters."""
    dice = random.Random(seed)
    for key in range(number):
        sentences, length = [], 0
        while length < _LENGTH:
            sentences.append(dice.choice(made_of.sentences))
            length += len(sentences[-1])
        day = date(2000, 1, 1) + timedelta(days=dice.randrange(9_700))
        values: dict[str, Value] = {
            "title": f"关于{''.join(dice.choices(made_of.words, cum_weights=made_of.weights, k=5))}的{dice.choice(_KINDS)}",
            "number": f"青{dice.choice('政民财教农')}发〔{day.year}〕{dice.randint(1, 99)}号",
            "organ": f"机关{min(int(dice.paretovariate(1)), 200)}",
            "kind": dice.choice(_KINDS),
            "topic": f"主题{dice.randint(1, 80)}",
            "status": dice.choice(_STATUSES),
            "issued": day,
        }
        yield Document(f"paper-{key}", values, [Passage("".join(sentences[n : n + 5])) for n in range(0, len(sentences), 5)])
