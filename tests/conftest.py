"""Where tests find real papers, and a site to drive."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests import databases, forking

ROOT = Path(__file__).parents[1]
SHARED = os.environ.get("GONGKAI_SHARED")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without GONGKAI_SHARED the tests on real papers are deselected, and on PostgreSQL those on SQLite; one line says so."""
    names = {"corpus": not SHARED, "sqlite": bool(databases.SERVER), "postgresql": not databases.SERVER}
    left_out = [item for item in items if any(absent and item.get_closest_marker(name) for name, absent in names.items())]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]
    _long_files_first(items)


def _long_files_first(items: list[pytest.Item]) -> None:
    """So that no worker is left with a long file when the others have ended; a file stays together, in its order."""
    files = {item.path for item in items if any(map(item.get_closest_marker, ("soak", "browser")))}
    many = Counter(item.path for item in items)
    items.sort(key=lambda item: (item.path not in files, -many[item.path], item.path))


def pytest_report_header() -> list[str]:
    """One line on the database, and one on the real papers."""
    database = f"数据库：{'PostgreSQL' if databases.SERVER else 'SQLite'}"
    return [database] if SHARED else [database, "GONGKAI_SHARED 未设置：用真实文件的测试不运行"]


def pytest_sessionfinish() -> None:
    """The databases made for the tests go with them."""
    databases.drop_all()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real papers; set and missing is an error, not a reason to skip."""
    folder = Path(SHARED or "").absolute()
    assert folder.is_dir(), f"GONGKAI_SHARED points to {folder}, which is no folder"
    return folder


@pytest.fixture
def today() -> date:
    """The day on which the sample's legal statuses are known."""
    return date(2026, 11, 20)


@pytest.fixture
def doing(today: date):
    """Somebody doing something on that day."""
    from gongkai.domains.library.actions.doing import Doing

    return Doing("command", datetime(2026, 11, 20, 2, 0, tzinfo=UTC), today)


@dataclass(frozen=True)
class Site:
    """A data folder with the sample government and, when served, its address."""

    data: Path
    url: str = ""
    env: dict[str, str] = field(default_factory=dict)

    def run(self, *arguments: str, timeout: float = 300) -> subprocess.CompletedProcess[str]:
        """Run the console script on this data folder."""
        return forking.run(arguments, self._env(), timeout)

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start the console script on this data folder and go on."""
        return subprocess.Popen(
            self._command(arguments), cwd=ROOT, env=self._env(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def get(self, path: str) -> str:
        """The body of a page."""
        with urllib.request.urlopen(self.url + path, timeout=30) as answer:
            return str(answer.read().decode())

    def _command(self, arguments: tuple[str, ...]) -> list[str]:
        return [sys.executable, "-m", "gongkai.faces.terminal", *arguments]

    def _env(self) -> dict[str, str]:
        own = {"GONGKAI_DATA": str(self.data), "DJANGO_SETTINGS_MODULE": "config.settings.embedded"}
        return {**os.environ, **own, "GONGKAI_DATABASE": databases.address_of(self.data), **self.env}


@pytest.fixture(scope="session")
def sample_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder into which the sample government was imported, by the commands a user would run."""
    data = tmp_path_factory.mktemp("sample") / "data"
    if databases.SERVER or "PYTEST_XDIST_WORKER" not in os.environ:
        _import_sample(data)
        return data
    first = tmp_path_factory.getbasetemp().parent / "sample"  # what the first worker makes, the others copy
    with first.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not first.exists():
            _import_sample(data)
            copied(data, first)
            return data
        return copied(first, data)


def _import_sample(data: Path) -> None:
    for command in (("setup",), ("sample",), ("search", "rebuild")):
        done = Site(data).run(*command)
        assert done.returncode == 0, done.stderr + done.stdout


@pytest.fixture
def site(sample_data: Path, tmp_path: Path) -> Iterator[Site]:
    """A copy of the sample, to change at will."""
    yield Site(copied(sample_data, tmp_path / "data"))
    databases.drop(tmp_path / "data")


def copied(data: Path, to: Path) -> Path:
    """A copy of a data folder and its database; nobody may be using it."""
    shutil.copytree(data, to, ignore=shutil.ignore_patterns(f"{databases.FILE}*"))
    databases.copy(data, to)
    return to


@pytest.fixture(scope="session")
def served(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The sample served by granian on loopback, for reading only."""
    yield from serve(copied(sample_data, tmp_path_factory.mktemp("served") / "data"))


def free_port() -> int:
    """A port of the loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serve(data: Path, *, worker: bool = False, indexer: bool = False) -> Iterator[Site]:
    """Serve a data folder, with a worker for jobs and an indexer where they are wanted, until the generator is closed."""
    port = free_port()
    words = [word for wanted, word in ((worker, "--without-worker"), (indexer, "--without-indexer")) if not wanted]
    with Site(data).start("serve", "--workers", "1", "--port", str(port), *words) as process:
        url = f"http://127.0.0.1:{port}"
        try:
            _wait_for(url, process)
            yield Site(data, url)
        finally:
            process.terminate()


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server ended before it answered"
        try:
            urllib.request.urlopen(f"{url}/organs/", timeout=5).close()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            process_wait(process)
        else:
            return
    raise AssertionError("the server did not answer within a minute")


def process_wait(process: subprocess.Popen[bytes]) -> None:
    """Give a starting server a moment, or notice that it has ended."""
    try:
        process.wait(0.1)
    except subprocess.TimeoutExpired:
        return


@pytest.fixture(scope="module")
def browser():
    """The system's Chromium, driven by Playwright; without its windows, where that is installed: half the work.

    For one file of tests only: as long as it is there, an event loop runs, beside which no database may be asked.
    """
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser"))), None)
    assert path, "Chromium is not installed; `make test` installs it"
    options = [
        "--no-sandbox",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--disable-gpu",
    ]
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=options)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory, django_db_blocker) -> Path:
    """The folder of a migrated, empty database, to be copied."""
    from django.core.management import call_command

    folder = tmp_path_factory.mktemp("migrated")
    with django_db_blocker.unblock(), another_database(folder):
        call_command("migrate", verbosity=0)
    return folder


@pytest.fixture(scope="session")
def django_db_setup(migrated: Path, tmp_path_factory: pytest.TempPathFactory, django_db_blocker) -> Iterator[None]:
    """The database of the tests marked `django_db`, in which nothing is ever committed."""
    folder = tmp_path_factory.mktemp("rolled-back")
    databases.copy(migrated, folder)
    with django_db_blocker.unblock(), another_database(folder):
        yield


@pytest.fixture
def own_database(migrated: Path, tmp_path: Path, settings, django_db_blocker) -> Iterator[Path]:
    """A database and a data folder of the test's own, in which transactions really commit."""
    from gongkai.core.freshness import purging, touching

    settings.DATA_FOLDER = tmp_path
    stored = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = {**settings.STORAGES, "default": stored}
    forget = (touching.board.cache_clear, purging.address_map.cache_clear)
    for clear in forget:
        clear()
    databases.copy(migrated, tmp_path)
    with django_db_blocker.unblock(), another_database(tmp_path):
        yield tmp_path
    databases.drop(tmp_path)
    for clear in forget:
        clear()


@contextmanager
def another_database(data: Path) -> Iterator[None]:
    """For a while Django's connection leads to the database of this folder."""
    from django.db import connection

    before = connection.settings_dict["NAME"]
    connection.close()
    databases.address_of(data)
    connection.settings_dict["NAME"] = databases.name_of(data)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
