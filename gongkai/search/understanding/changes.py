"""One change to a run of characters: what it touches, and whether what it makes hangs together. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from gongkai.search.understanding.mistakes import Sort
from gongkai.search.understanding.plausible import Plausibility
from gongkai.search.understanding.wording import Wording

_SHORT = 3
_SURE = 7.0
_IN_USE = 30
_MUCH, _LONG = 1.5, 5
_ALIKE = frozenset({Sort.SOUND, Sort.SHAPE})
_REPLACED = frozenset({Sort.SOUND, Sort.SHAPE, Sort.KEYS})
_NUMERALS = frozenset("〇零一二三四五六七八九十百千万两第")
_WHOLE_WORDS = frozenset({Sort.SOUND, Sort.SWAPPED})
_UNLIKELY = frozenset({Sort.OTHER, Sort.EXTRA, Sort.DROPPED, Sort.ENDING})
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆"
    "范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛阎段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤"
)


@dataclass(frozen=True, slots=True)
class Change:
    """run[start:end] taken for `meant`, at what price."""

    run: str
    start: int
    end: int
    meant: str
    price: float
    sort: Sort

    @property
    def typed(self) -> str:
        """What stands there as typed."""
        return self.run[self.start : self.end]

    @property
    def until(self) -> int:
        """Where what was meant ends in the changed run."""
        return self.start + len(self.meant)

    @property
    def changed(self) -> str:
        """The run with the change made."""
        return self.run[: self.start] + self.meant + self.run[self.end :]

    def keeps(self) -> bool:
        """Whether something of what was typed stays in the term."""
        typed = self.typed
        return len(self.meant) != len(typed) or any(a == b for a, b in zip(self.meant, typed, strict=True))

    def touches(self, places: frozenset[int]) -> bool:
        """Whether one of `places` is in what the change touches, or next to it."""
        typed, meant = self.typed, self.meant
        shorter = min(len(typed), len(meant))
        same = next((i for i in range(shorter) if typed[i] != meant[i]), shorter)
        tail = next((i for i in range(shorter - same) if typed[-1 - i] != meant[-1 - i]), shorter - same)
        first, last = self.start + same, max(self.start + same, self.end - 1 - tail)
        return any(first - 1 <= place <= last + 1 for place in places)


class Judge:
    """Says whether a change mends something, and whether what it makes hangs together with what was typed."""

    def __init__(self, plausibility: Plausibility, wording: Wording) -> None:
        self._plausibility, self._wording = plausibility, wording

    def approves(self, change: Change, gain: float) -> bool:
        """Whether the change may be offered, given by how much the run reads better after it."""
        run, changed = change.run, change.changed
        weak, left = self._plausibility.weak(run), self._plausibility.weak(changed)
        was_loose, is_loose = self._wording.loose(run), self._wording.loose(changed)
        if len(left) >= len(weak) and len(is_loose) >= len(was_loose):
            return False
        if any(change.start < place < change.until for place in left):
            return False
        if len(changed) <= _SHORT:
            return self._is_sure(change)
        if set(change.typed) <= _NUMERALS or set(change.meant) <= _NUMERALS:
            return False
        if self._completes(change) and gain > _MUCH:
            return True
        if not change.touches(was_loose) and (change.sort not in _WHOLE_WORDS or gain < _MUCH):
            return False
        odd = [place for place in (change.start, change.until) if place in left]
        if change.sort in _UNLIKELY:
            return not is_loose and self._unlikely_fits(change, odd, gain)
        return self._likely_fits(change, odd, is_loose)

    @staticmethod
    def _completes(change: Change) -> bool:
        """Whether all that was typed is a long term of the papers but for one character."""
        return change.sort == Sort.DROPPED and change.changed == change.meant and len(change.meant) >= _LONG

    def _is_sure(self, change: Change) -> bool:
        """A query of two or three characters is changed only as a whole, for a word in use, and never a person's name."""
        known = self._plausibility.vocabulary.known(change.meant)
        sure = change.changed == change.meant and change.price <= _SURE and change.sort in _ALIKE and change.keeps()
        return sure and known >= _IN_USE and change.run[0] not in _SURNAMES

    def _unlikely_fits(self, change: Change, odd: list[int], gain: float) -> bool:
        """What a phrase is about stands last; what stands first may be a name, and is left alone."""
        if change.sort == Sort.EXTRA:
            return not odd
        if change.sort == Sort.ENDING:
            return gain > _MUCH
        if len(change.meant) > 2:
            return not odd or change.sort == Sort.DROPPED or gain > _MUCH
        if change.start == 0 or len(change.run) < _LONG:
            return not odd and (change.sort == Sort.DROPPED or self._anchored(change, both=True))
        return not odd or gain > _MUCH

    def _likely_fits(self, change: Change, odd: list[int], is_loose: frozenset[int]) -> bool:
        if change.sort == Sort.SOUND and not change.keeps():
            return not is_loose and self._anchored(change, both=False)
        if change.start == 0 and len(change.meant) == len(change.typed) == 2 and change.sort in _REPLACED:
            return not odd and (change.sort == Sort.SOUND or self._anchored(change, both=False))
        return not any((place - 1 if place == change.start else place) in is_loose for place in odd)

    def _anchored(self, change: Change, *, both: bool) -> bool:
        """Whether the term is seen beside its neighbours in the papers: beside both, or beside whichever there are."""
        before, after = change.run[: change.start][-1:], change.run[change.end :][:1]
        seen = [self._plausibility.seen(gram) for gram in (before + change.meant[:2], change.meant[-2:] + after) if len(gram) > 2]
        return len(seen) > int(both) and all(seen)
