"""A process that writes to an index, to be killed: `python -m tests.search.engines.writing FOLDER index|rebuild|hold DOCUMENTS`.

It says `ready` when it has written so many documents, and goes on until it is killed.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator
from pathlib import Path

from gongkai.search.engines.embedded.engine import EmbeddedEngine
from gongkai.search.port import Document
from tests.search.papers import COLLECTION, paper


def endless(number_of_ready: int) -> Iterator[Document]:
    for number in itertools.count():
        yield paper(f"new-{number}", f"新增第{number}号停车公告", "停车场建成开放，" * 40)
        if number == number_of_ready:
            ready()


def ready() -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()


def main() -> None:
    folder, how, number = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    indexer = EmbeddedEngine(folder, COLLECTION).indexer()
    if how == "hold":
        ready()
        sys.stdin.read()
    elif how == "index":
        for batch in _batches(endless(number), 50):
            indexer.index(batch)
            indexer.commit()
    else:
        with indexer.rebuild() as rebuild:
            rebuild.add(endless(number))


def _batches(documents: Iterator[Document], size: int) -> Iterator[list[Document]]:
    while batch := list(itertools.islice(documents, size)):
        yield batch


if __name__ == "__main__":
    main()
