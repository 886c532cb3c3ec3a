"""How much of real papers is read right, per corpus and field. Needs GONGKAI_SHARED.

    .venv/bin/python bench/reading.py [-v]

Scored on the body alone: the `meta:` header of gov_cn, file names and HTML head metadata are
taken away before reading. The truth is hand-read (tests/text/expected). `-v` lists every miss.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.text.truth import FIELDS, papers


def main() -> None:
    """Print a table of right answers."""
    shared = os.environ.get("GONGKAI_SHARED")
    if not shared:
        sys.exit("GONGKAI_SHARED is not set: there are no real papers to read")
    right: Counter[tuple[str, str]] = Counter()
    asked: Counter[tuple[str, str]] = Counter()
    invented: Counter[str] = Counter()
    for paper in papers(Path(shared)):
        for field in FIELDS:
            wanted, got = paper.wanted(field), paper.got(field)
            if wanted:
                asked[paper.corpus, field] += 1
                right[paper.corpus, field] += wanted == got
            invented[field] += bool(got) and not wanted
            if wanted != got and "-v" in sys.argv:
                print(f"{paper.corpus}/{paper.name} {field}: wanted {wanted!r}, got {got!r}")
    corpora = ("seeds", "gov_cn", "portals", "laws")
    for field in FIELDS:
        cells = "  ".join(f"{c} {right[c, field]}/{asked[c, field]}" for c in corpora)
        total, good = sum(asked[c, field] for c in corpora), sum(right[c, field] for c in corpora)
        print(f"{field:16} {good / max(total, 1):6.1%}  {cells}  invented {invented[field]}")


if __name__ == "__main__":
    main()
