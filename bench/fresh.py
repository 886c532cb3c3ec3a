"""How long after its commit a publication or a withdrawal is in or out of the results, seen from every reading process.

    GONGKAI_DATA=folder .venv/bin/gongkai setup && GONGKAI_DATA=folder .venv/bin/gongkai sample
    GONGKAI_DATA=folder .venv/bin/python bench/many.py 5000
    GONGKAI_DATA=folder .venv/bin/gongkai search rebuild
    GONGKAI_DATA=folder .venv/bin/python bench/fresh.py

Runs `gongkai serve` with two workers and its indexer on that folder, changes 50 papers one after another, and looks
with as many reading processes as there are workers. Wanted: p95 at most 300 ms. The baseline, measured in the same
run, is tantivy's own reader that reloads by itself: from the return of its commit until it shows the document.
"""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.embedded")

import django

django.setup()

from datetime import UTC, datetime

import tantivy
from django.utils import timezone

from gongkai.core.finding.opening import searcher
from gongkai.domains.library.actions.doing import Doing
from gongkai.domains.library.actions.publishing import restore, withdraw
from gongkai.domains.library.models import Document
from gongkai.search.port import Request

CHANGES, READERS, PORT = 50, 2, 8931
WANTED = 300.0  # milliseconds


def read() -> None:
    """Be a reading process: for each line `number 0|1` look until the paper is out or in, and tell the moment."""
    for line in sys.stdin:
        number, wanted = line.split()
        words = _WORDS.setdefault(number, Document.objects.values_list("index_number", flat=True).get(pk=int(number)))
        while _is_found(words) != bool(int(wanted)):
            stamp = searcher().stamp()
            while searcher().stamp() == stamp:  # looking costs nothing, asking does
                time.sleep(0.002)
        print(time.monotonic(), flush=True)


def _is_found(index_number: str) -> bool:
    return searcher().search(Request(phrases=(index_number,))).total > 0


_WORDS: dict[str, str] = {}


@contextmanager
def _site() -> Iterator[None]:
    command = [sys.executable, "-m", "gongkai.faces.terminal", "serve", "--workers", "2", "--without-worker", "--port", str(PORT)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        try:
            time.sleep(15)  # until all of it is up and the indexer has nothing left to do
            yield
        finally:
            process.terminate()


def _readers() -> list[subprocess.Popen[str]]:
    command = [sys.executable, __file__, "--read"]
    return [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(READERS)]


def fresh() -> list[float]:
    """Milliseconds from the commit until the last of the readers sees it, for each change."""
    own = (
        Document.objects.public()
        .exclude(index_number__startswith="BENCH")
        .filter(legal_effects=None)
        .values_list("pk", flat=True)
    )
    numbers = random.Random(5).choices(list(own), k=CHANGES // 2)
    doing = Doing("bench", datetime.now(UTC), timezone.localdate())
    readers, taken = _readers(), []
    for number in numbers:
        for act, wanted in ((withdraw, 0), (restore, 1)):
            _ask(readers, f"{number} {1 - wanted}")  # warm, and agreed on how it was
            act(number, "bench", doing)
            committed = time.monotonic()
            taken.append((max(_ask(readers, f"{number} {wanted}")) - committed) * 1000)
    for reader in readers:
        reader.kill()
    return taken


def _ask(readers: list[subprocess.Popen[str]], line: str) -> list[float]:
    answers = []
    for reader in readers:
        assert reader.stdin
        reader.stdin.write(line + "\n")
        reader.stdin.flush()
    for reader in readers:
        assert reader.stdout
        answers.append(float(reader.stdout.readline()))
    return answers


def reloading(changes: int = 20) -> list[float]:
    """Milliseconds from the return of a commit until tantivy's own reader has seen it."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", tokenizer_name="raw")
    taken = []
    with tempfile.TemporaryDirectory() as folder:
        index = tantivy.Index(builder.build(), folder)
        index.config_reader("commit", 1)
        writer = index.writer(15_000_000, 1)
        for number in range(changes):
            writer.add_document(tantivy.Document(id=str(number)))
            writer.commit()
            started = time.monotonic()
            while index.searcher().num_docs <= number:
                time.sleep(0.002)
            taken.append((time.monotonic() - started) * 1000)
    return taken


def _p95(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=20)[-1]


def main() -> int:
    """Measure and print; 1 when it takes longer than wanted."""
    with _site():
        ours = fresh()
    theirs = reloading()
    print(f"{Document.objects.count():,} documents, {len(ours)} changes, {READERS} readers")
    print(f"in or out of the results: median {statistics.median(ours):.0f} ms, p95 {_p95(ours):.0f} ms, most {max(ours):.0f} ms")
    print(f"baseline, a reader that reloads by itself: median {statistics.median(theirs):.0f} ms, p95 {_p95(theirs):.0f} ms")
    print(f"ratio of p95: {_p95(ours) / _p95(theirs):.2f}; wanted at most {WANTED:.0f} ms")
    return 0 if _p95(ours) <= WANTED else 1


if __name__ == "__main__":
    if "--read" in sys.argv:
        read()
    else:
        sys.exit(main())
