"""The index of a site in use: the commands, the process that indexes, a restored site."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gongkai.core.finding.opening import Home
from gongkai.search.port import Request
from tests import databases
from tests.conftest import Site


@contextmanager
def indexing(site: Site) -> Iterator[int]:
    """`gongkai index`, until the block ends; its process."""
    with site.start("index") as process:
        try:
            yield process.pid
        finally:
            process.terminate()
            process.wait(20)


def hits(site: Site, *words: str) -> list[dict[str, Any]]:
    done = site.run("search", *words, "--json")
    assert done.returncode == 0, done.stderr
    told: list[dict[str, Any]] = json.loads(done.stdout)
    return told


def until(well: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if told := well():
            return told
        threading.Event().wait(0.1)  # look again
    raise AssertionError("not within a minute")


def test_words_on_the_command_line_give_the_best_pages_of_the_site(site: Site) -> None:
    best, *_ = found = hits(site, "高龄津贴")
    assert len(found) <= 10
    assert best["id"].startswith("document:")
    assert best["url"] == f"/library/{best['id'].partition(':')[2]}/"
    assert "高龄津贴" in best["title"]
    assert [one["score"] for one in found] == sorted((one["score"] for one in found), reverse=True)
    assert len(hits(site, "高龄津贴", "--top", "2")) == 2


def finds(site: Site, number: str) -> bool:
    """Whether a process that reads beside the one that indexes finds a paper."""
    results = Home(site.data / "search").searcher().search(Request("高龄津贴", size=100))
    return number in {hit.id for hit in results.hits}


def test_a_change_is_found_while_the_indexer_runs_and_after_it_was_killed(site: Site) -> None:
    (number,) = {one["id"] for one in hits(site, "高龄津贴", "--top", "1")}
    key = number.partition(":")[2]
    with indexing(site):
        assert site.run("document", "withdraw", key, "--reason", "误发").returncode == 0
        until(lambda: not finds(site, number))
        assert "正由进程" in site.run("index").stderr
        assert site.run("search", "rebuild").returncode == 0
    assert site.run("document", "restore", key).returncode == 0
    assert not finds(site, number)
    with indexing(site):
        until(lambda: finds(site, number))


def test_a_restored_site_is_searched_at_once(site: Site, tmp_path: Path) -> None:
    saved = tmp_path / "saved.gongkai"
    assert site.run("backup", str(saved)).returncode == 0
    restored = Site(tmp_path / "restored")
    try:
        done = restored.run("restore", str(saved))
        assert "重建检索库" in done.stdout
        assert [one["id"] for one in hits(restored, "高龄津贴")] == [one["id"] for one in hits(site, "高龄津贴")]
    finally:
        databases.drop(restored.data)
