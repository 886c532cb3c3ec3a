"""What happens to an index in a folder when processes die, files break, disks fill up, and several processes share it."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gongkai.search.engines.embedded.engine import EmbeddedEngine
from gongkai.search.port import (
    Collection,
    Field,
    IndexBusy,
    IndexDamaged,
    IndexFull,
    IndexOutdated,
    Kind,
    Request,
    SearchError,
)
from tests.conftest import ROOT
from tests.search.contract import filled, ids
from tests.search.papers import COLLECTION, PAPERS, paper
from tests.soaking import often


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the small collection indexed."""
    filled(EmbeddedEngine(tmp_path / "index", COLLECTION), PAPERS)
    return tmp_path / "index"


@contextmanager
def process(name: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Another process, killed at the end."""
    command = [sys.executable, "-m", f"tests.search.engines.{name}", *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as started:
        try:
            yield started
        finally:
            started.kill()


def ask(reader: subprocess.Popen[str], question: str) -> str:
    """What another process answers."""
    assert reader.stdin
    assert reader.stdout
    reader.stdin.write(question + "\n")
    reader.stdin.flush()
    return reader.stdout.readline().strip()


def generations(folder: Path) -> list[str]:
    """The generations that lie in an index's folder."""
    return sorted(path.name for path in (folder / "generations").iterdir())


@pytest.mark.soak
@pytest.mark.parametrize("how", ["index", "rebuild"])
def test_a_writer_killed_at_any_moment_leaves_an_index_that_answers_and_can_be_written(folder, how) -> None:
    dice = random.Random(1)
    for _ in range(often(2, 100)):
        with process("writing", str(folder), how, str(dice.randrange(1, 600))) as writer:
            assert writer.stdout
            assert writer.stdout.readline() == "ready\n"
            writer.send_signal(signal.SIGKILL)
            writer.wait()
        engine = EmbeddedEngine(folder, COLLECTION)
        searcher = engine.searcher()
        assert engine.faults() == []
        assert searcher.search(Request("高龄津贴")).total >= 3
        assert searcher.check() == []
        indexer = engine.indexer()
        assert len(generations(folder)) == 1
        indexer.index([paper("after", "断电之后的公告", "断电之后写入。")])
        indexer.commit()
        assert ids(searcher.search(Request("断电之后")))[0] == "after"
        indexer.close()


def test_a_change_is_seen_by_another_process_as_soon_as_it_is_committed(folder) -> None:
    indexer = EmbeddedEngine(folder, COLLECTION).indexer()
    with process("asking", str(folder)) as one, process("asking", str(folder)) as other:
        assert ask(one, "停车") == ask(other, "停车") == "0"
        for number in range(1, 6):
            indexer.index([paper(f"n{number}", "停车场公告", "停车场开放。")])
            indexer.commit()
            assert ask(one, "停车") == ask(other, "停车") == str(number)
        indexer.delete(["n1"])
        indexer.commit()
        assert ask(one, "停车") == ask(other, "停车") == "4"
        with indexer.rebuild() as rebuild:
            rebuild.add([paper("only", "停车场公告", "停车场开放。")])
        assert ask(one, "停车") == ask(other, "停车") == "1"
    indexer.close()


def test_a_reading_process_needs_no_dictionary(folder) -> None:
    with process("asking", str(folder)) as reader:
        assert ask(reader, "高龄津贴怎么申请") != "0"
        assert ask(reader, "modules?") == "False"


def test_a_writer_is_told_which_process_writes_already(folder) -> None:
    with process("writing", str(folder), "hold", "0") as writer:
        assert writer.stdout
        assert writer.stdout.readline() == "ready\n"
        with pytest.raises(IndexBusy, match=str(writer.pid)):
            EmbeddedEngine(folder, COLLECTION).indexer()
    EmbeddedEngine(folder, COLLECTION).indexer().close()


def test_threads_ask_while_commits_and_rebuilds_go_on(folder) -> None:
    engine, failed, over = EmbeddedEngine(folder, COLLECTION), [], threading.Event()
    searcher = engine.searcher()

    def asking() -> None:
        while not over.is_set():
            try:
                assert {"age", "age-read", "age-old"} <= set(ids(searcher.search(Request("高龄津贴"))))
            except (SearchError, AssertionError) as error:
                failed.append(error)
                return

    threads = [threading.Thread(target=asking) for _ in range(4)]
    for thread in threads:
        thread.start()
    indexer = engine.indexer()
    for round_ in range(4):
        indexer.index([paper(f"t{round_}", "停车", "停车。")])
        indexer.commit()
        with indexer.rebuild() as rebuild:
            rebuild.add(PAPERS)
    over.set()
    for thread in threads:
        thread.join()
    indexer.close()
    assert failed == []


def in_current(folder: Path, pattern: str) -> Path:
    """A file of the generation that answers."""
    return next((folder / "generations" / f"{int((folder / 'current').read_text()):06}").rglob(pattern))


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def _change(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 3] ^= 0xFF
    file.write_bytes(data)


BREAKAGES: list[tuple[str, Callable[[Path], None]]] = [
    ("*.term", Path.unlink),
    ("*.idx", Path.unlink),
    ("*.fast", _cut),
    ("*.pos", _cut),
    ("meta.json", Path.unlink),
    ("meta.json", _cut),
    ("about.json", Path.unlink),
    ("about.json", _cut),
    ("texts", Path.unlink),
    ("texts", _cut),
    ("characters.json", _cut),
]


@pytest.mark.parametrize(("pattern", "damage"), BREAKAGES)
def test_files_lost_or_cut_short_are_noticed_at_once_told_and_mended_by_a_rebuild(folder, pattern, damage) -> None:
    damage(in_current(folder, pattern))
    engine = EmbeddedEngine(folder, COLLECTION)
    (fault, *_) = engine.faults()
    assert fault.error is IndexDamaged
    assert "重建索引" in fault.told
    indexer = engine.indexer()
    with pytest.raises(IndexOutdated, match="重建"):
        indexer.index([paper("x", "不会写进坏的索引", "。")])
    with indexer.rebuild() as rebuild:
        rebuild.add(PAPERS)
    assert engine.faults() == []
    assert engine.searcher().check() == []
    assert engine.searcher().search(Request("高龄津贴")).total == 3
    indexer.close()


@pytest.mark.parametrize("pattern", ["*.idx", "*.term", "*.pos", "*.fast", "*.store", "*.fieldnorm", "texts"])
def test_a_single_changed_byte_is_found_by_a_check(folder, pattern) -> None:
    _change(in_current(folder, pattern))
    found = EmbeddedEngine(folder, COLLECTION).searcher().check()
    assert [fault.error for fault in found] == [IndexDamaged] * len(found)
    assert found


def test_texts_that_are_damaged_are_an_error_that_says_so_and_no_wrong_answer(folder) -> None:
    in_current(folder, "texts").write_bytes(b"")
    with pytest.raises(IndexDamaged, match="重建索引"):
        EmbeddedEngine(folder, COLLECTION).searcher().search(Request("高龄津贴"))


@pytest.mark.parametrize("text", ["", "x", "999"])
def test_a_pointer_to_no_generation_is_told_as_damage(folder, text) -> None:
    (folder / "current").write_text(text)
    engine = EmbeddedEngine(folder, COLLECTION)
    assert [fault.error for fault in engine.faults()] == [IndexDamaged]
    with pytest.raises(IndexDamaged):
        engine.searcher().search(Request("高龄津贴"))
    indexer = engine.indexer()
    with indexer.rebuild() as rebuild:
        rebuild.add(PAPERS)
    assert engine.searcher().search(Request("高龄津贴")).total == 3
    indexer.close()


def test_an_index_of_an_older_version_is_told_and_rebuilt(folder) -> None:
    about = in_current(folder, "about.json")
    about.write_text(json.dumps(json.loads(about.read_text()) | {"format": 0}))
    engine = EmbeddedEngine(folder, COLLECTION)
    assert [fault.error for fault in engine.faults()] == [IndexOutdated]
    with pytest.raises(IndexOutdated, match="重建索引"):
        engine.searcher().search(Request("高龄津贴"))


def test_an_index_for_other_fields_is_told(folder) -> None:
    other = Collection("papers", (*COLLECTION.fields, Field("colour", Kind.KEYWORD)))
    assert [fault.error for fault in EmbeddedEngine(folder, other).faults()] == [IndexOutdated]


def test_a_weight_can_change_without_a_rebuild(folder) -> None:
    other = Collection("papers", tuple(Field(f.name, f.kind, f.weight * 2, f.facet) for f in COLLECTION.fields))
    assert EmbeddedEngine(folder, other).searcher().search(Request("高龄津贴")).total == 3


def test_a_searcher_that_was_closed_opens_again_at_the_next_question(folder) -> None:
    searcher = EmbeddedEngine(folder, COLLECTION).searcher()
    searcher.search(Request("高龄津贴"))
    searcher.close()
    assert searcher.search(Request("高龄津贴")).total == 3


FULL = """
import resource, sys
from pathlib import Path
from gongkai.search.engines.embedded.engine import EmbeddedEngine
from gongkai.search.port import IndexFull
from tests.search.papers import COLLECTION, PAPERS, paper
indexer = EmbeddedEngine(Path(sys.argv[1]), COLLECTION).indexer()
resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, resource.RLIM_INFINITY))
many = [paper(f"n{n}", f"停车公告{n}", "停车场建成开放，欢迎使用。" * 60) for n in range(400)]
try:
    if sys.argv[2] == "index":
        indexer.index(many)
        indexer.commit()
    else:
        with indexer.rebuild() as rebuild:
            rebuild.add(many)
except IndexFull as error:
    print(error)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
indexer.index([paper("later", "腾出空间之后的公告", "又能写了。")])
indexer.commit()
"""


@pytest.mark.parametrize("how", ["index", "rebuild"])
def test_a_full_disk_is_told_loses_nothing_and_is_got_over(folder, how) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(folder), how], cwd=ROOT, env={**os.environ}, capture_output=True, text=True, check=True
    )
    assert "磁盘空间不足" in done.stdout
    assert IndexFull.__name__ not in done.stderr
    engine = EmbeddedEngine(folder, COLLECTION)
    searcher = engine.searcher()
    assert engine.faults() == searcher.check() == []
    assert searcher.search(Request("高龄津贴")).total == 3
    assert searcher.search(Request(phrases=("停车场",))).total == 0
    assert ids(searcher.search(Request("腾出空间"))) == ["later"]
    assert len(generations(folder)) == 1


def test_a_commit_of_a_writer_that_died_before_it_could_tell_is_told_by_the_next(folder) -> None:
    engine = EmbeddedEngine(folder, COLLECTION)
    searcher, indexer = engine.searcher(), engine.indexer()
    assert searcher.search(Request("停车")).total == 0
    indexer.index([paper("n", "停车场公告", "停车场开放。")])
    assert indexer._live
    indexer._live.commit()  # committed, and killed before the board was changed
    indexer.close()
    assert searcher.search(Request("停车")).total == 0
    engine.indexer().close()
    assert searcher.search(Request("停车")).total == 1
