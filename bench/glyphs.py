"""Which characters look alike in print: makes gongkai/search/understanding/shapes_seen.yaml from the pictures of a font.

    .venv/bin/python bench/glyphs.py      (about a minute; wants Debian's fonts-noto-cjk)

The 3,755 characters of GB 2312's first level are drawn in a Song face. Two of them are as alike as the share of the ink of
each that lies on the other's, or a dot beside it. Written down are the four nearest of each. The error sets that
bench/understanding.py measures with were made from another face by another measure (tests/search/sets/make.py).
"""

from __future__ import annotations

from heapq import nlargest
from itertools import combinations
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

TABLE = Path(__file__).parents[1] / "gongkai" / "search" / "understanding" / "shapes_seen.yaml"
FONT, SIMPLIFIED = "/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc", 2
SIZE, SIDE, INK = 32, 36, 110
NEAREST, LEAST = 4, 0.7
SAID = """\
# 印出来看着像的字：每行第一个字像其后各字。由 bench/glyphs.py 按宋体字形算出，不手改；人定的形近字在 shapes.yaml。
"""


def main() -> None:
    """Draw, compare, write."""
    drawn = {char: _ink(char) for char in _characters()}
    grown = {char: ink | ink << 1 | ink >> 1 | ink << SIDE | ink >> SIDE for char, ink in drawn.items()}
    near: dict[str, list[tuple[float, str]]] = {char: [] for char in drawn}
    for one, other in combinations(drawn, 2):
        a, b = drawn[one], drawn[other]
        shared = (a & grown[other]).bit_count() + (b & grown[one]).bit_count()
        if (alike := shared / (a.bit_count() + b.bit_count())) > LEAST:
            near[one].append((alike, other))
            near[other].append((alike, one))
    rows = [f"- {char}{''.join(other for _, other in nlargest(NEAREST, found))}" for char, found in near.items() if found]
    TABLE.write_text(SAID + "seen:\n" + "\n".join(rows) + "\n", encoding="utf-8")


def _characters() -> list[str]:
    codes = [bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF)]
    return [code.decode("gb2312") for code in codes if code <= b"\xd7\xf9"]


def _ink(char: str) -> int:
    """The dots of a character set in the middle of a square, as bits."""
    font = ImageFont.truetype(FONT, SIZE, index=SIMPLIFIED)
    picture = Image.new("L", (SIDE, SIDE))
    draw = ImageDraw.Draw(picture)
    left, top, right, bottom = draw.textbbox((0, 0), char, font=font)
    draw.text(((SIDE - right + left) / 2 - left, (SIDE - bottom + top) / 2 - top), char, font=font, fill=255)
    return sum(1 << place for place, dark in enumerate(picture.tobytes()) if dark > INK)


if __name__ == "__main__":
    main()
