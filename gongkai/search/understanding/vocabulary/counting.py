"""Counts of words, phrases and neighbouring characters over any amount of text, in bounded memory."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise

import rjieba

from gongkai.search.understanding.vocabulary.terms import EDGE, HAN

_MOST_KEPT = 1_200_000
_FULLY_READ = 5_000
_JOIN = " "
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9.+-]{1,15}")
_BINDING = frozenset(
    "的 了 和 与 或 及 或者 以及 在 对 对于 为 是 等 应当 可以 由 其 将 按 按照 根据 依照 以 并 并且 不 不得 被 从 "
    "向 于 所 之 该 本 各 各级 有关 有 其他 其它 下列 必须 需要 经 未 未经 没有 也 都 而 但 且 如 则 因 至 上 下 中 "
    "内 前 后 时 者 个 名 年 月 日 第 条 款 项 一 二 三 四 五 六 七 八 九 十 百 千 万 元 给予 予以 进行 做好 通过 "
    "属于 包括 不是 这 那 我 你 他 它 我们 他们".split()
)
_ENDINGS = frozenset("费证权金户法税率局办镇县村区站所院员人者物品业类性书表卡车房地款量值点线网库厂场店园校室馆队组会社团")
_NONE, _LAST, _ANY = 0, 1, 2


class Tally(Counter[str]):
    """A counter that forgets its rarest keys when it holds too many; what stays may be short by a few."""

    def take(self, keys: Iterable[str]) -> None:
        """Count `keys`."""
        self.update(keys)
        floor = 1
        while len(self) > _MOST_KEPT:
            for key in [k for k, n in self.items() if n <= floor]:
                del self[key]
            floor *= 2


class TextCounts:
    """What a vocabulary learns from running text.

    Every paper up to the 5,000th is read in full, later ones ever more thinly: the counts of a million papers say
    little that those of ten thousand do not.
    """

    def __init__(self) -> None:
        self.papers = 0
        self.words = Tally()
        self.phrases = Tally()
        self.single: Counter[str] = Counter()
        self.pairs = Tally()
        self.triples = Tally()

    def copy(self) -> TextCounts:
        """The same counts, to go on from."""
        new = TextCounts()
        new.papers = self.papers
        for name in ("words", "phrases", "single", "pairs", "triples"):
            dict.update(getattr(new, name), getattr(self, name))
        return new

    def read(self, text: str, *, weight: int = 1) -> None:
        """Count the words, phrases and characters of one paper, `weight` times."""
        self.papers += 1
        if self.papers % (1 + self.papers // _FULLY_READ):
            return
        runs = HAN.findall(text)
        for _ in range(weight):
            self._characters(runs)
            words = rjieba.cut(text)
            self.words.take(w for w in words if len(w) > 1 and HAN.fullmatch(w))
            self.phrases.take(_neighbours(words))
        self.words.take(w.lower() for w in _LATIN.findall(text))

    def read_term(self, term: str, weight: int, *, edges: bool = True) -> None:
        """Count a whole term's characters `weight` times, with or without where it begins and ends."""
        for run in HAN.findall(term):
            line = f"{EDGE}{run}{EDGE}" if edges else run
            for size, kept in ((1, self.single), (2, self.pairs), (3, self.triples)):
                for at in range(len(line) - size + 1):
                    kept[line[at : at + size]] += weight

    def _characters(self, runs: Sequence[str]) -> None:
        line = EDGE.join(["", *runs, ""])
        self.single.update(line)
        self.pairs.take(map("".join, pairwise(line)))
        self.triples.take(map("".join, zip(line, line[1:], line[2:], strict=False)))

    def phrases_seen(self, at_least: int, most: int) -> Iterator[tuple[str, int]]:
        """Phrases of two or three words of three to nine characters, the most frequent first."""
        often = (phrase for phrase in self.phrases.most_common() if phrase[1] >= at_least)
        return ((joined.replace(_JOIN, ""), count) for joined, count in islice(often, most))


def _neighbours(words: Sequence[str]) -> Iterator[str]:
    """Two or three words in a row that may be one phrase; a single character may only end it: 采暖 费, 养犬 证."""
    free = [_place_in_phrase(word) for word in words]
    for at, place in enumerate(free[:-1]):
        if place != _ANY or free[at + 1] == _NONE:
            continue
        two = len(words[at]) + len(words[at + 1])
        if 3 <= two <= 9:
            yield f"{words[at]}{_JOIN}{words[at + 1]}"
        if free[at + 1] == _ANY and at + 2 < len(words) and free[at + 2] and two + len(words[at + 2]) <= 9:
            yield f"{words[at]}{_JOIN}{words[at + 1]}{_JOIN}{words[at + 2]}"


def _place_in_phrase(word: str) -> int:
    if len(word) == 1:
        return _LAST if word in _ENDINGS else _NONE
    return _ANY if word not in _BINDING and HAN.fullmatch(word) else _NONE
