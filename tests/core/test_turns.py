"""Writers of SQLite take turns: one who never pauses keeps nobody waiting."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from django.db import ConnectionHandler
from django.db.transaction import atomic

from config.databases import sqlite

pytestmark = pytest.mark.sqlite
A_WHILE = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) SELECT max(i) FROM n"


def test_whoever_waits_is_next_however_busy_another_writer_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, django_db_blocker
) -> None:
    databases = ConnectionHandler({"default": sqlite(tmp_path / "site.sqlite3")})
    monkeypatch.setattr("django.db.transaction.get_connection", lambda using=None: databases["default"])
    begun, over = [0], threading.Event()
    writing = threading.Event()

    def write_on() -> None:
        while not over.is_set():
            with atomic(), databases["default"].cursor() as cursor:
                begun[0] += 1
                writing.set()
                cursor.execute(A_WHILE)
        databases["default"].close()

    busy = threading.Thread(target=write_on)
    with django_db_blocker.unblock():
        busy.start()
        try:
            for _ in range(10):
                writing.clear()
                assert writing.wait(60)
                before = begun[0]
                with atomic():
                    assert begun[0] - before <= 1
        finally:
            over.set()
            busy.join()
            databases["default"].close()
