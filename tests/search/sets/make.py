"""Makes the error sets from right.txt, knowing nothing of our vocabulary, confusion tables or costs.

Sounds come from the phrase book of pypinyin, shapes from the pixels of a font, frequencies from rjieba's own dictionary.
Run once, read through, committed: `python -m tests.search.sets.make`. The same seed gives the same sets.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import rjieba
from PIL import Image, ImageDraw, ImageFont
from pypinyin import Style, lazy_pinyin, pinyin
from pypinyin.phrases_dict import phrases_dict

HERE = Path(__file__).parent
FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
LIKE = [("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("ang", "an"), ("eng", "en"), ("ing", "in")]
COMMON = [
    bytes((row, cell)).decode("gb2312")
    for row in range(0xB0, 0xD8)
    for cell in range(0xA1, 0xFF)
    if not (row == 0xD7 and cell > 0xF9)
]
FREQUENCY = {c: rjieba.suggest_freq(c) for c in COMMON}
EVERYDAY = set(sorted(COMMON, key=lambda c: -FREQUENCY[c])[:2500])


def right() -> list[str]:
    return [line for line in (HERE / "right.txt").read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]


def said(text: str) -> list[str]:
    return lazy_pinyin(text, style=Style.NORMAL)


def by_sound() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    chars, words = defaultdict(list), defaultdict(list)
    for char in EVERYDAY:
        for syllable in pinyin(char, style=Style.NORMAL, heteronym=True)[0][:1]:
            chars[syllable].append(char)
    for word in phrases_dict:
        if 2 <= len(word) <= 3 and rjieba.has_word(word):
            words[" ".join(said(word))].append(word)
    for found in (chars, words):
        for key in found:
            found[key].sort(key=lambda w: (-rjieba.suggest_freq(w), w))
    return dict(chars), dict(words)


def words_in(text: str) -> Iterator[tuple[int, str]]:
    at = 0
    for word in rjieba.cut(text):
        yield at, word
        at += len(word)


def reads_well(text: str) -> bool:
    return all(len(w) > 1 and rjieba.has_word(w) for w in rjieba.cut(text, False)) or text in set(right())


def homophone(text: str, chance: random.Random) -> str | None:
    chars, words = SOUNDS
    syllables = said(text)
    if chance.random() < 0.4:  # the input method's other word
        others = [
            (at, w, o)
            for at, w in words_in(text)
            for o in words.get(" ".join(syllables[at : at + len(w)]), [])[:4]
            if o != w and len(w) > 1
        ]
        if others:
            at, word, other = chance.choice(others)
            return text[:at] + other + text[at + len(word) :]
    at = chance.randrange(len(text))
    syllable = syllables[at]
    if chance.random() < 0.2:
        a, b = chance.choice(LIKE)
        swapped = syllable.replace(a, b) if a in syllable else syllable.replace(b, a, 1)
        syllable = swapped if swapped in chars else syllable
    others = [c for c in chars.get(syllable, [])[:10] if c != text[at]]
    return text[:at] + chance.choice(others) + text[at + 1 :] if others else None


def shape(text: str, chance: random.Random) -> str | None:
    places = [(i, SHAPES[c]) for i, c in enumerate(text) if SHAPES.get(c)]
    if not places:
        return None
    at, others = chance.choice(places)
    return text[:at] + chance.choice(others[:3]) + text[at + 1 :]


def keyboard(text: str, chance: random.Random) -> str | None:
    chars, words = SOUNDS
    pieces = [(at, w) for at, w in words_in(text) if len(w) > 1]
    if not pieces:
        return None
    at, word = chance.choice(pieces)
    syllables = said(word)
    place = chance.randrange(len(word))
    for other in chance.sample(slips(syllables[place]), len(slips(syllables[place]))):
        if other not in chars:
            continue
        whole = " ".join([*syllables[:place], other, *syllables[place + 1 :]])
        typed = words[whole][0] if whole in words else word[:place] + chars[other][0] + word[place + 1 :]
        return text[:at] + typed + text[at + len(word) :]
    return None


def slips(syllable: str) -> list[str]:
    found = []
    for i, letter in enumerate(syllable):
        row = next(r for r in KEYS if letter in r)
        beside = [row[j] for j in (row.index(letter) - 1, row.index(letter) + 1) if 0 <= j < len(row)]
        found += [syllable[:i] + b + syllable[i + 1 :] for b in beside]
        found.append(syllable[:i] + syllable[i + 1 :])
    return sorted(set(found) - {syllable, ""})


def dropped(text: str, chance: random.Random) -> str | None:
    places = [at + i for at, w in words_in(text) for i in range(len(w)) if len(w) > 1 and 0 < at + i < len(text) - 1]
    if len(text) < 5 or not places:
        return None
    at = chance.choice(places)
    return text[:at] + text[at + 1 :]


def slipped(text: str, chance: random.Random) -> str | None:
    at = chance.randrange(len(text) - 1)
    if chance.random() < 0.3:
        return text[:at] + text[at] + text[at:]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def look_alikes() -> dict[str, list[str]]:
    font = ImageFont.truetype(FONT, 30, index=2)
    bits = {}
    for char in EVERYDAY:
        image = Image.new("1", (32, 32))
        ImageDraw.Draw(image).text((1, -6), char, font=font, fill=1)
        bits[char] = int.from_bytes(image.tobytes(), "big")
    found = {}
    for char in sorted(set("".join(right())) & EVERYDAY):
        mine = bits[char]
        near = [((mine & b).bit_count() / (mine | b).bit_count(), other) for other, b in bits.items() if other != char]
        found[char] = [other for score, other in sorted(near, reverse=True)[:5] if score > 0.5]
    return found


def pinyin_typed(text: str, chance: random.Random) -> str | None:
    """In full, mixed with characters, with sounds taken for one another, with tones or blanks, or by initials."""
    syllables, way = said(text), chance.random()
    if way < 0.35:
        return "".join(syllables)
    if way < 0.65:
        at, word = chance.choice([(at, w) for at, w in words_in(text) if len(w) > 1] or [(0, text)])
        return text[:at] + "".join(syllables[at : at + len(word)]) + text[at + len(word) :]
    if way < 0.8:
        a, b = chance.choice(LIKE)
        return "".join(b + s[len(a) :] if s.startswith(a) else s.replace(a, b) if len(a) > 2 else s for s in syllables)
    if way < 0.9:
        tones = lazy_pinyin(text, style=chance.choice([Style.TONE, Style.TONE3]))
        return chance.choice(["", " ", "'"]).join(tones)
    return "".join(s[0] for s in syllables) if 4 <= len(text) <= 6 else " ".join(syllables)


MAKERS: dict[str, Callable[[str, random.Random], str | None]] = {
    "homophone": homophone,
    "shape": shape,
    "keyboard": keyboard,
    "dropped": dropped,
    "slipped": slipped,
    "pinyin": pinyin_typed,
}


def main() -> None:
    for name, maker in MAKERS.items():
        chance = random.Random(f"gongkai {name}")
        lines = []
        for text in right():
            for _ in range(12):
                typed = maker(text, chance)
                if typed and typed != text and not reads_well(typed):
                    lines.append(f"{typed}\t{text}")
                    break
        (HERE / f"{name}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


SOUNDS = by_sound()
SHAPES = look_alikes()
if __name__ == "__main__":
    main()
