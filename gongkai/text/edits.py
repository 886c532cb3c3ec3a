"""Which words of a passage were struck out and which put in.

Both wordings can be put together again from the pieces exactly. The work is bounded: passages
that have too little in common, or come when the effort is spent, are simply shown one after the other.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

from gongkai.text.blanks import squeeze

Kind = Literal["same", "removed", "added"]
_NUMERAL = "〇零一二三四五六七八九十百千万亿"
_WORD = re.compile(
    rf"第[{_NUMERAL}\d]+[编章节条款项]|[{_NUMERAL}]{{2,}}|\d+(?:[.,]\d+)*|[A-Za-zÀ-ɏ]+|[^\S\n]+|.",
    re.DOTALL,
)
_SENTENCE = re.compile(r"[^。；！？\n]*[。；！？\n]|[^。；！？\n]+")
_PAUSES = "，。；：、！？）》”\n"
_MOST_EDITS = 600
_FURTHEST_SLIDE = 80
_LEAST_IN_COMMON = 0.2


class Piece(NamedTuple):
    """A stretch of text that both wordings share, or that only the old (removed) or the new (added) has.

    `set_as` is how the old wording had set a shared stretch, where it differs in blanks or in the
    width of its punctuation only; None where it is the same to the letter.
    """

    kind: Kind
    text: str
    set_as: str | None = None

    @property
    def old(self) -> str:
        """What the old wording had in this place."""
        return "" if self.kind == "added" else self.text if self.set_as is None else self.set_as

    @property
    def new(self) -> str:
        """What the new wording has in this place."""
        return "" if self.kind == "removed" else self.text


@dataclass(slots=True)
class Effort:
    """How many elementary steps a whole comparison may still take; shared by all its passages."""

    left: int = 3_000_000


def plain(text: str) -> str:
    """`text` without blanks, its punctuation in one width: what two printings of the same words share."""
    return squeeze(unicodedata.normalize("NFKC", text))


def marked(old: str, new: str, effort: Effort) -> tuple[Piece, ...]:
    """`old` and `new` as one sequence of pieces: first by sentences, then by words inside those that changed."""
    coarse = _joined(_script(_SENTENCE.findall(old), _SENTENCE.findall(new), effort))
    fine: list[Piece] = []
    for removed, added, same in _changes(coarse):
        fine += _words(removed, added, effort)
        fine += [same] if same else []
    return tuple(_joined(_slid(_joined(_trimmed(_joined(fine))))))


def old_wording(pieces: Sequence[Piece]) -> str:
    """The old text, put together from its pieces."""
    return "".join(p.old for p in pieces)


def new_wording(pieces: Sequence[Piece]) -> str:
    """The new text, put together from its pieces."""
    return "".join(p.new for p in pieces)


def _same(old: str, new: str) -> Piece:
    return Piece("same", new, None if old == new else old)


def _words(before: str, after: str, effort: Effort) -> list[Piece]:
    whole = _replaced(before, after)
    if not before or not after:
        return whole
    pieces = _without_crumbs(_joined(_script(_WORD.findall(before), _WORD.findall(after), effort)))
    common = sum(len(p.text) for p in pieces if p.kind == "same")
    return pieces if common >= _LEAST_IN_COMMON * min(len(before), len(after)) else whole


def _replaced(before: str, after: str) -> list[Piece]:
    pieces = [Piece("removed", before), Piece("added", after)]
    return [p for p in pieces if p.text]


def _script(old: list[str], new: list[str], effort: Effort) -> list[Piece]:
    """The shortest script from one list of tokens to the other; what is too far apart is replaced as a whole."""
    was, now = [plain(t) or t for t in old], [plain(t) or t for t in new]
    head, tail = _common_ends(was, now)
    left, right = slice(head, len(old) - tail), slice(head, len(new) - tail)
    path = _shortest(was[left], now[right], effort) if was[left] and now[right] else None
    middle = _walked(path, old[left], new[right]) if path else _replaced("".join(old[left]), "".join(new[right]))
    start = _same("".join(old[:head]), "".join(new[:head]))
    end = _same("".join(old[len(old) - tail :]), "".join(new[len(new) - tail :]))
    return [start, *middle, end]


def _common_ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """How many tokens are the same at the start, and how many of the others at the end."""
    most = min(len(old), len(new))
    head = 0
    while head < most and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < most - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return head, tail


def _shortest(old: list[str], new: list[str], effort: Effort) -> list[tuple[int, int]] | None:
    """Myers' greedy algorithm; None when more than `_MOST_EDITS` edits or the rest of the effort would be needed.

    `reach[k]` is how far the furthest path on diagonal k (old position minus new position) has come.
    The answer is the path as positions in both texts, an edit from each to the next, what is shared before it.
    """
    size = min(len(old) + len(new), _MOST_EDITS)
    reach = array("i", [0]) * (2 * size + 3)
    trail: list[array[int]] = []
    for edits in range(size + 1):
        trail.append(reach[size + 1 - edits : size + 2 + edits])
        for k in range(-edits, edits + 1, 2):
            x = _stepped(reach, size + 1 + k, first=k == -edits, last=k == edits)
            start, y = x, x - k
            while x < len(old) and y < len(new) and old[x] == new[y]:
                x, y = x + 1, y + 1
            reach[size + 1 + k] = x
            effort.left -= 1 + x - start
            if x >= len(old) and y >= len(new):
                return _path(trail, len(old), len(new))
        if effort.left <= 0:
            return None
    return None


def _stepped(reach: array[int], at: int, *, first: bool, last: bool) -> int:
    """One more edit: a token of the new text put in (from the diagonal above), or one of the old struck out."""
    if first or (not last and reach[at - 1] < reach[at + 1]):
        return reach[at + 1]
    return reach[at - 1] + 1


def _path(trail: list[array[int]], x: int, y: int) -> list[tuple[int, int]]:
    """The corners of the path that came through: `trail[d]` holds the diagonals -d to d as d - 1 edits left them."""
    corners = [(x, y)]
    for edits in range(len(trail) - 1, 0, -1):
        reach, k = trail[edits], x - y
        at = edits + k
        put_in = k == -edits or (k != edits and reach[at - 1] < reach[at + 1])
        x = reach[at + 1] if put_in else reach[at - 1]
        y = x - (k + 1 if put_in else k - 1)
        corners.append((x, y))
    return corners[::-1]


def _walked(path: list[tuple[int, int]], old: list[str], new: list[str]) -> list[Piece]:
    """The pieces along a path: the edit at each corner, then what is shared up to the next."""
    first = path[0]
    pieces = [_same("".join(old[: first[0]]), "".join(new[: first[1]]))]
    for (x, y), (next_x, next_y) in pairwise(path):
        shared = min(next_x - x, next_y - y)
        if next_x - x > shared:
            pieces.append(Piece("removed", old[x]))
        else:
            pieces.append(Piece("added", new[y]))
        pieces.append(_same("".join(old[next_x - shared : next_x]), "".join(new[next_y - shared : next_y])))
    return pieces


def _changes(pieces: Sequence[Piece]) -> Iterator[tuple[str, str, Piece | None]]:
    """Each change as (struck out, put in, what follows unchanged); pieces must be joined."""
    removed, added = "", ""
    for piece in pieces:
        if piece.kind == "same":
            yield removed, added, piece
            removed = added = ""
        elif piece.kind == "removed":
            removed = piece.text
        else:
            added = piece.text
    if removed or added:
        yield removed, added, None


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Neighbours of one kind made one; in each change what was struck out comes first.

    A change of blanks or of the width of punctuation alone is none.
    """
    groups = [_Group()]
    for piece in pieces:
        if piece.kind == "same":
            groups[-1].same_old += piece.old
            groups[-1].same_new += piece.new
            continue
        if groups[-1].same_old or groups[-1].same_new:
            groups.append(_Group())
        groups[-1].removed += piece.old
        groups[-1].added += piece.new
    out: list[Piece] = []
    for group in groups:
        removed, added, old, new = group.removed, group.added, group.same_old, group.same_new
        if plain(removed) == plain(added) and removed.count("\n") == added.count("\n"):
            last = out.pop() if out and out[-1].kind == "same" else Piece("same", "")
            removed, added, old, new = "", "", last.old + removed + old, last.new + added + new
        out += [*_replaced(removed, added), _same(old, new)]
    return [p for p in out if p.old or p.new]


@dataclass(slots=True)
class _Group:
    """A change and what follows it unchanged."""

    removed: str = ""
    added: str = ""
    same_old: str = ""
    same_new: str = ""


def _trimmed(pieces: list[Piece]) -> list[Piece]:
    """What both sides of a change begin or end with is no part of it."""
    out: list[Piece] = []
    for removed, added, same in _changes(pieces):
        old, new = _WORD.findall(removed), _WORD.findall(added)
        head, tail = _common_ends(old, new)
        out.append(Piece("same", "".join(old[:head])))
        out += _replaced("".join(old[head : len(old) - tail]), "".join(new[head : len(new) - tail]))
        out += [Piece("same", "".join(old[len(old) - tail :])), *([same] if same else [])]
    return out


def _without_crumbs(pieces: list[Piece]) -> list[Piece]:
    """Shared scraps between two larger changes become part of them: nobody reads 的 as kept."""
    for _ in range(5):
        kept = [
            part
            for at, piece in enumerate(pieces)
            for part in (_replaced(piece.old, piece.new) if _is_crumb(pieces, at) else [piece])
        ]
        if len(kept) == len(pieces):
            break
        pieces = _joined(kept)
    return pieces


def _is_crumb(pieces: list[Piece], at: int) -> bool:
    piece = pieces[at]
    if piece.kind != "same" or "\n" in piece.text:
        return False
    return len(piece.text) <= min(_change_around(pieces, at, -1), _change_around(pieces, at, 1))


def _change_around(pieces: list[Piece], at: int, step: int) -> int:
    """The size of the change next to a shared piece; 0 at either end."""
    sizes = [0]
    at += step
    while 0 <= at < len(pieces) and pieces[at].kind != "same":
        sizes.append(len(pieces[at].text))
        at += step
    return max(sizes)


def _slid(pieces: list[Piece]) -> list[Piece]:
    """Lone insertions and deletions moved to where a reader would cut: 「，乙」 in 「甲，乙，丙」 rather than 「乙，」."""
    out = list(pieces)
    for at in range(1, len(out) - 1):
        before, change, after = out[at - 1 : at + 2]
        lone = change.kind != "same" and before.kind == after.kind == "same"
        if lone and before.set_as is None and after.set_as is None:
            moved = _best_cut(before.text, change.text, after.text)
            out[at - 1 : at + 2] = [p._replace(text=t) for p, t in zip((before, change, after), moved, strict=True)]
    return out


def _best_cut(before: str, change: str, after: str) -> tuple[str, str, str]:
    left = 0
    while left < min(len(before), _FURTHEST_SLIDE) and before[-1 - left] == change[-1 - left % len(change)]:
        left += 1
    whole, start = before + change + after, len(before) - left
    best, best_at = -1, len(before)
    while start + len(change) <= len(whole) and start <= len(before) + _FURTHEST_SLIDE:
        fit = (whole[start - 1 : start] in _PAUSES) + (whole[start + len(change) - 1] in _PAUSES)
        if fit > best:
            best, best_at = fit, start
        if start + len(change) == len(whole) or whole[start] != whole[start + len(change)]:
            break
        start += 1
    end = best_at + len(change)
    return whole[:best_at], whole[best_at:end], whole[end:]
