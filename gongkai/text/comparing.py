"""What changed between two texts of one paper, clause by clause.

Passages are paired by their words first, so that a clause that was moved or only renumbered is
known again, then by label and likeness. Both texts can be put together again from the result
exactly. The work grows with the length of the texts, not with its square: candidates for a pair
come from rare pairs of characters, and words are compared with a bounded effort.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Literal

from gongkai.text.edits import Effort, Piece, marked, plain

StepKind = Literal["same", "renumbered", "changed", "added", "removed"]

_ALIKE = 0.5
_ALIKE_IN_PLACE = 0.3
_RAREST = 24
_COMMONEST = 40
_CANDIDATES = 6
_LONGEST_LOOKED_AT = 4_000


@dataclass(frozen=True)
class Passage:
    """A clause with all that belongs to it (an article with its paragraphs and items), or a line outside any clause.

    `anchor`, `label` and `level` are those of the clause; empty for other lines. `text` may hold several lines.
    """

    text: str
    anchor: str = ""
    label: str = ""
    level: str = ""

    @cached_property
    def words(self) -> str:
        """The text without its own label: what stays the same when a clause is only renumbered."""
        return self.text.removeprefix(self.label) if self.label else self.text

    @cached_property
    def key(self) -> str:
        """The words without blanks, their punctuation in one width: two settings of the same words are the same."""
        return plain(self.words)

    @cached_property
    def pairs(self) -> frozenset[str]:
        """Its pairs of neighbouring characters, for telling how alike two passages are."""
        looked_at = self.key[:_LONGEST_LOOKED_AT]
        return frozenset(map("".join, pairwise(looked_at))) or frozenset(looked_at)


@dataclass(frozen=True, slots=True)
class Step:
    """What became of one passage. `old_at` and `new_at` are its places in the texts, None where it is not.

    `moved`: it stands elsewhere among the others. `pieces` marks the words of a changed passage.
    """

    kind: StepKind
    old: Passage | None
    new: Passage | None
    old_at: int | None
    new_at: int | None
    moved: bool = False
    pieces: tuple[Piece, ...] = ()

    @property
    def passage(self) -> Passage:
        """The new passage, or the old one where it was removed."""
        found = self.new or self.old
        if found is None:
            raise ValueError("a step without a passage")
        return found


@dataclass(frozen=True, slots=True)
class Tally:
    """How many articles, and how many other passages, were added, changed, removed, renumbered or moved unchanged."""

    articles: Counter[str]
    others: Counter[str]
    has_articles: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """All passages of both texts, in the order of the new one; a removed passage stands where it used to."""

    steps: tuple[Step, ...]

    @property
    def unchanged(self) -> bool:
        """Whether both texts say the same in the same order."""
        return all(step.kind == "same" and not step.moved for step in self.steps)

    def old_text(self) -> str:
        """The old text, put together again."""
        ordered = sorted((s for s in self.steps if s.old_at is not None), key=lambda s: s.old_at or 0)
        return "\n".join(s.old.text for s in ordered if s.old)

    def new_text(self) -> str:
        """The new text, put together again."""
        ordered = sorted((s for s in self.steps if s.new_at is not None), key=lambda s: s.new_at or 0)
        return "\n".join(s.new.text for s in ordered if s.new)

    def tally(self) -> Tally:
        """How much changed."""
        articles: Counter[str] = Counter()
        others: Counter[str] = Counter()
        for step in self.steps:
            counts = articles if step.passage.level == "article" else others
            counts["moved" if step.kind == "same" and step.moved else step.kind] += 1
        return Tally(articles, others, bool(articles))


def passages(text: str, clauses: Sequence[Mapping[str, Any]]) -> list[Passage]:
    """A text cut into passages; joined by newlines they are the text again.

    `clauses` is the clause tree in the form of `Clause.to_json`, its spans in code points of `text`.
    """
    opening = dict(_openings(clauses, inside=False))
    out: list[tuple[list[str], Mapping[str, Any] | None]] = []
    position, in_article = 0, False
    for line in text.split("\n"):
        clause, inner = opening.get(position, (None, False))
        if in_article and (inner or (clause is None and "\t" in line)):
            out[-1][0].append(line)
        else:
            out.append(([line], clause))
            in_article = clause is not None and clause["level"] == "article"
        position += len(line) + 1
    return [_passage("\n".join(lines), clause) for lines, clause in out]


def _openings(clauses: Iterable[Mapping[str, Any]], *, inside: bool) -> Iterable[tuple[int, tuple[Mapping[str, Any], bool]]]:
    """Where each clause begins, and whether it lies inside an article."""
    for clause in clauses:
        yield clause["source"][0], (clause, inside)
        yield from _openings(clause["children"], inside=inside or clause["level"] == "article")


def _passage(text: str, clause: Mapping[str, Any] | None) -> Passage:
    if clause is None:
        return Passage(text)
    label = clause["label"]
    return Passage(text, clause["anchor"], label if text.startswith(label) else "", clause["level"])


def compare(old: Sequence[Passage], new: Sequence[Passage], *, effort: Effort | None = None, words: bool = True) -> Comparison:
    """What became of each passage of `old` in `new`. Without `words`, changed passages come without their pieces."""
    partners = _Pairing(old, new).partners()
    settled = _in_order(partners)
    spent = (effort or Effort()) if words else None
    gone = _gone(old, partners, settled)
    steps = list(gone.get(-1, []))
    for at, passage in enumerate(new):
        if at in partners:
            steps.append(_step(old[partners[at]], passage, (partners[at], at), moved=at not in settled, effort=spent))
        else:
            steps.append(Step("added", None, passage, None, at))
        steps += gone.get(at, [])
    return Comparison(tuple(steps))


def _gone(old: Sequence[Passage], partners: Mapping[int, int], settled: set[int]) -> dict[int, list[Step]]:
    """The removed passages by the new place of the settled one that they used to follow; -1 for before all."""
    kept, places = set(partners.values()), {partners[at]: at for at in settled}
    out: dict[int, list[Step]] = {}
    last = -1
    for i, passage in enumerate(old):
        last = places.get(i, last)
        if i not in kept:
            out.setdefault(last, []).append(Step("removed", passage, None, i, None))
    return out


def _step(old: Passage, new: Passage, at: tuple[int, int], *, moved: bool, effort: Effort | None) -> Step:
    if old.text == new.text:
        return Step("same", old, new, *at, moved=moved)
    pieces: tuple[Piece, ...] = ()
    if effort is not None:
        pieces = (*_labels(old.label, new.label), *marked(old.words, new.words, effort))
    renumbered = plain(old.label) != plain(new.label)
    kind: StepKind = "changed" if old.key != new.key else "renumbered" if renumbered else "same"
    return Step(kind, old, new, *at, moved=moved, pieces=pieces)


def _labels(old: str, new: str) -> list[Piece]:
    if plain(old) == plain(new):
        return [Piece("same", new, None if old == new else old)] if new else []
    return [p for p in (Piece("removed", old), Piece("added", new)) if p.text]


def _in_order(partners: Mapping[int, int]) -> set[int]:
    """The largest set of new places whose old places stand in the same order; all others were moved."""
    tails: list[int] = []
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for at in sorted(partners):
        length = bisect_left(tails, partners[at])
        before[at] = ends[length - 1] if length else None
        if length == len(tails):
            tails.append(partners[at])
            ends.append(at)
        else:
            tails[length], ends[length] = partners[at], at
    settled: set[int] = set()
    step = ends[-1] if ends else None
    while step is not None:
        settled.add(step)
        step = before[step]
    return settled


class _Pairing:
    """Which new passage is which old one; `new_to_old` grows from sure pairs to likely ones."""

    def __init__(self, old: Sequence[Passage], new: Sequence[Passage]) -> None:
        self._old, self._new = old, new
        self._to_old: dict[int, int] = {}
        self._to_new: dict[int, int] = {}

    def partners(self) -> dict[int, int]:
        """New places and the old places of the same passages."""
        self._pair_ends()
        self._pair_same([p.text for p in self._old], [p.text for p in self._new], once=True)
        self._pair_same([p.key for p in self._old], [p.key for p in self._new], once=True)
        self._grow()
        self._pair_same([p.key for p in self._old], [p.key for p in self._new], once=False)
        self._pair_alike()
        return self._to_old

    def _pair(self, old_at: int, new_at: int) -> None:
        self._to_old[new_at] = old_at
        self._to_new[old_at] = new_at

    def _free(self, old_at: int, new_at: int) -> bool:
        within = 0 <= old_at < len(self._old) and 0 <= new_at < len(self._new)
        return within and old_at not in self._to_new and new_at not in self._to_old

    def _pair_ends(self) -> None:
        """What the texts begin and end with alike."""
        at = 0
        while self._free(at, at) and self._old[at].text == self._new[at].text:
            self._pair(at, at)
            at += 1
        old_at, new_at = len(self._old) - 1, len(self._new) - 1
        while self._free(old_at, new_at) and self._old[old_at].text == self._new[new_at].text:
            self._pair(old_at, new_at)
            old_at, new_at = old_at - 1, new_at - 1

    def _pair_same(self, old_keys: Sequence[str], new_keys: Sequence[str], *, once: bool) -> None:
        """Passages with the same words: those that stand but once in either text, else as many as there are, in order."""
        old_places = _places(old_keys, self._to_new)
        new_places = _places(new_keys, self._to_old)
        for key, found in new_places.items():
            known = old_places.get(key, [])
            if not once or len(found) == len(known) == 1:
                for old_at, new_at in zip(known, found, strict=False):
                    self._pair(old_at, new_at)

    def _grow(self) -> None:
        """What stands next to a pair on both sides with the same words is a pair too."""
        for direction in (1, -1):
            for new_at, old_at in sorted(self._to_old.items(), reverse=direction < 0):
                i, j = old_at + direction, new_at + direction
                while self._free(i, j) and self._old[i].key == self._new[j].key:
                    self._pair(i, j)
                    i, j = i + direction, j + direction

    def _pair_alike(self) -> None:
        """The most alike first; each passage has one partner at most."""
        old_left = [i for i in range(len(self._old)) if i not in self._to_new]
        new_left = [j for j in range(len(self._new)) if j not in self._to_old]
        if not old_left or not new_left:
            return
        likely = sorted(self._likely(old_left, new_left), reverse=True)
        for _, old_at, new_at in ((score, -i, -j) for score, i, j in likely):
            if self._free(old_at, new_at):
                self._pair(old_at, new_at)

    def _likely(self, old_left: list[int], new_left: list[int]) -> Iterable[tuple[float, int, int]]:
        """Pairs that may be the same passage, as (likeness, minus old place, minus new place)."""
        holders: dict[str, list[int]] = defaultdict(list)
        for j in new_left:
            for pair in self._new[j].pairs:
                holders[pair].append(j)
        by_anchor = {self._new[j].anchor: j for j in reversed(new_left) if self._new[j].anchor}
        gaps = self._gaps(new_left)
        for i in old_left:
            near = set(gaps.get(self._gap_of_old(i), ())) | {by_anchor.get(self._old[i].anchor, -1)}
            for j in near.union(_by_votes(self._old[i].pairs, holders)) - {-1}:
                alike = _likeness(self._old[i], self._new[j])
                if alike >= (_ALIKE_IN_PLACE if j in near else _ALIKE):
                    yield alike + (0.1 if j in near else 0.0), -i, -j

    def _gaps(self, new_left: list[int]) -> dict[int, list[int]]:
        """The first few unpaired new passages after each paired old one (-1: before all)."""
        gaps: dict[int, list[int]] = defaultdict(list)
        paired = sorted(self._to_old)
        for j in new_left:
            at = bisect_left(paired, j)
            gap = gaps[self._to_old[paired[at - 1]] if at else -1]
            if len(gap) < _CANDIDATES:
                gap.append(j)
        return gaps

    @cached_property
    def _paired_old(self) -> list[int]:
        return sorted(self._to_new)

    def _gap_of_old(self, old_at: int) -> int:
        at = bisect_left(self._paired_old, old_at)
        return self._paired_old[at - 1] if at else -1


def _places(keys: Sequence[str], taken: Mapping[int, int]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = defaultdict(list)
    for at, key in enumerate(keys):
        if at not in taken and key:
            places[key].append(at)
    return places


def _by_votes(pairs: frozenset[str], holders: Mapping[str, list[int]]) -> list[int]:
    """The passages that share most of the rarest pairs of characters."""
    shared = sorted((p for p in pairs if p in holders), key=lambda p: (len(holders[p]), p))[:_RAREST]
    votes = Counter(j for p in shared if len(holders[p]) <= _COMMONEST for j in holders[p])
    return [j for j, _ in votes.most_common(_CANDIDATES)]


def _likeness(one: Passage, other: Passage) -> float:
    """0 for nothing in common, 1 for the same pairs of characters."""
    size = len(one.pairs) + len(other.pairs)
    return 2 * len(one.pairs & other.pairs) / size if size else 1.0
