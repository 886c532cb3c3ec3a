"""A process that reads an index: one question per line in, its total out. `python -m tests.search.engines.asking FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

from gongkai.search.engines.embedded.engine import EmbeddedEngine
from gongkai.search.port import Request
from tests.search.papers import COLLECTION


def main() -> None:
    searcher = EmbeddedEngine(Path(sys.argv[1]), COLLECTION).searcher()
    for line in sys.stdin:
        told = "rjieba" in sys.modules if line.strip() == "modules?" else searcher.search(Request(line.strip())).total
        sys.stdout.write(f"{told}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
