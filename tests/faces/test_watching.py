"""`gongkai manifest`, `watch` and `links` as an operator runs them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT, Site
from tests.domains.library.papers import notice, write
from tests.domains.monitor.proxies import Asked, Reply, answering, passing_on


@pytest.fixture(scope="module")
def taken(served: Site, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The manifest and the public key, carried away to another machine."""
    path = tmp_path_factory.mktemp("elsewhere") / "manifest.jsonl"
    done = served.run("manifest", "--output", str(path))
    assert done.returncode == 0, done.stderr
    shown = served.run("manifest", "key").stdout
    public = re.search(r"[0-9a-f]{64}", shown)
    assert public
    assert "指纹" in shown
    assert path.read_bytes().count(b"\n") == 2
    assert [p.name for p in path.parent.iterdir()] == [path.name]
    return path, public[0]


@pytest.fixture
def elsewhere(tmp_path: Path) -> Site:
    """A machine without a database."""
    return Site(tmp_path / "no-such" / "data")


def injected(asked: Asked, reply: Reply) -> Reply:
    if asked.path == "/":
        reply.text = reply.text.replace(
            "</body>", '<div style="display:none"><a href="http://bet.example/">彩票</a></div></body>'
        )
    return reply


def test_a_clean_site_ends_with_0_and_a_report(served: Site, taken: tuple[Path, str], elsewhere: Site, tmp_path: Path) -> None:
    path, public = taken
    done = elsewhere.run(
        "watch", served.url, "--manifest", str(path), "--key", public, "--sample", "5", "--report", str(tmp_path / "r.json")
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "没有发现问题" in done.stdout
    assert json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["clean"] is True
    assert "没有发现问题" in (tmp_path / "r.html").read_text(encoding="utf-8")
    assert not elsewhere.data.exists()


def test_a_tampered_site_ends_with_1_and_says_what_and_where(
    served: Site, taken: tuple[Path, str], elsewhere: Site, tmp_path: Path
) -> None:
    path, public = taken
    key = tmp_path / "key.txt"
    key.write_text(f"{public}\n")
    with answering(passing_on(served.url, injected)) as url:
        arguments = ("--manifest", str(path), "--key", str(key), "--sample", "2", "--report", str(tmp_path / "r.html"))
        done = elsewhere.run("watch", url, *arguments)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "暗藏内容" in done.stdout
    said = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert {f["kind"] for f in said["findings"]} >= {"hidden", "outside", "style"}
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "bet.example" in page
    assert "<a href" not in page  # what was found is shown, never linked


def test_the_sites_own_machine_needs_no_arguments_and_can_keep_the_outcome(site: Site, served: Site) -> None:
    done = served.run("watch", served.url, "--sample", "2", "--keep")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "已记入数据库" in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("not-a-url",),
        ("ftp://x.example",),
        ("http://[bad",),
        ("http://127.0.0.1:9", "--manifest", "/no/such/file"),
        ("http://127.0.0.1:9", "--key", "too-short"),
        ("http://127.0.0.1:9",),
        ("http://127.0.0.1:9", "--key", "ab" * 32, "--copy", "nowhere"),
        ("http://127.0.0.1:9", "--key", "ab" * 32, "--sample", "0"),
    ],
)
def test_mistakes_end_with_2_and_say_what_to_do(elsewhere: Site, arguments: tuple[str, ...]) -> None:
    done = elsewhere.run("watch", *arguments)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "用法有误" in done.stderr


def test_a_dead_site_ends_with_1(elsewhere: Site) -> None:
    done = elsewhere.run(
        "watch", "http://127.0.0.1:9", "--key", "ab" * 32, "--timeout", "1", "--report", str(elsewhere.data.parent / "r")
    )
    assert done.returncode == 1
    assert "清单不可信" in done.stdout


def test_watching_loads_no_django(elsewhere: Site) -> None:
    """On another machine there may be none."""
    said = subprocess.run(
        [sys.executable, "-c", "import gongkai.faces.terminal.watching, sys; print('django' in sys.modules)"],
        cwd=ROOT, env={**os.environ, "GONGKAI_DATA": str(elsewhere.data)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert said.stdout.strip() == "False"


@pytest.fixture
def little_net() -> Iterator[str]:
    pages = {"/fine": Reply(body="<p>办事</p>".encode()), "/spam": Reply(body="<title>六合彩 老虎机</title>".encode())}
    with answering(lambda asked: pages.get(asked.path, Reply(404))) as url:
        yield url


def test_links_are_checked_kept_and_listed(site: Site, little_net: str, tmp_path: Path) -> None:
    body = "".join(f"详见 {little_net}/{name} 。" for name in ("fine", "gone", "spam"))
    folder = write(tmp_path / "in", {"1.txt": notice(1, body=body)})
    assert site.run("import", str(folder), "--publish").returncode == 0
    quick = ("links", "check", "--delay", "0", "--timeout", "2", "--report", str(tmp_path / "links.json"))
    refused = site.run(*quick)
    assert little_net not in site.run("links", "list").stdout  # not dead, but not visited either
    assert "不检查" in site.run("links", "list", "--state", "refused").stdout
    done = site.run(*quick, "--allow-private")
    assert (refused.returncode, done.returncode) == (1, 1), done.stderr
    listed = site.run("links", "list").stdout
    assert f"打不开\t{little_net}/gone\t状态码 404" in listed
    assert f"可疑（新）\t{little_net}/spam" in listed
    assert f"{little_net}/fine" not in listed
    told = {row["address"]: row["state"] for row in json.loads((tmp_path / "links.json").read_text(encoding="utf-8"))}
    assert (told[f"{little_net}/gone"], told[f"{little_net}/spam"]) == ("dead", "suspicious")
