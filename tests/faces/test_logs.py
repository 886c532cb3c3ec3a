"""Logs say what happened and nothing about who asked."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.handlers.wsgi import WSGIHandler
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.core.logs import DailyFile, JsonLines, OnlyNews, scrubbed
from gongkai.faces.portal.views import about
from tests.domains.library.papers import county


class Written:
    """Everything that is logged, as it would be written."""

    def __init__(self) -> None:
        self.stream = io.StringIO()
        self.handler = logging.StreamHandler(self.stream)
        self.handler.setFormatter(JsonLines())
        self.handler.addFilter(OnlyNews())

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def lines(self) -> list[dict]:
        return [json.loads(line) for line in self.text.splitlines()]

    def clear(self) -> None:
        self.stream.seek(0)
        self.stream.truncate()


@pytest.fixture
def written() -> Iterator[Written]:
    made = Written()
    root = logging.getLogger()
    levels = {name: logging.getLogger(name).level for name in ("", "django", "gongkai")}
    for name in levels:
        logging.getLogger(name).setLevel(logging.DEBUG)
    logging.getLogger("django.db.backends").setLevel(logging.WARNING)
    root.addHandler(made.handler)
    yield made
    root.removeHandler(made.handler)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


@pytest.fixture
def visit(own_database: Path):
    """Ask the site as granian would; gives the status."""
    county()
    handler = WSGIHandler()

    def ask(path: str, query: str = "", *, host: str = "127.0.0.1", method: str = "GET", **headers: str) -> int:
        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": path.encode().decode("latin-1"), "QUERY_STRING": query, "HTTP_HOST": host,
            "SCRIPT_NAME": "", "SERVER_NAME": "x", "SERVER_PORT": "80", "REMOTE_ADDR": "203.0.113.9",
            "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr, "wsgi.url_scheme": "http",
        } | {f"HTTP_{name.upper()}": value for name, value in headers.items()}  # fmt: skip
        said: list[str] = []
        b"".join(handler(environ, lambda status, *_: said.append(status)))
        return int(said[0][:3])

    return ask


def test_a_request_leaves_one_line_with_what_matters(visit, written: Written) -> None:
    assert visit("/organs/") == 200
    (line,) = written.lines
    assert line.keys() == {"time", "level", "logger", "event", "route", "method", "status", "ms", "request"}
    assert (line["event"], line["route"], line["status"], line["level"]) == ("request", "organs", 200, "INFO")
    assert datetime.fromisoformat(line["time"]).utcoffset()


def test_a_forged_host_is_one_warning_without_the_value(visit, written: Written) -> None:
    assert visit("/", host="evil.example") == 400
    warnings = [line for line in written.lines if line["level"] != "INFO"]
    assert [(line["level"], line["event"]) for line in warnings] == [("WARNING", "refused: DisallowedHost")]
    assert "evil" not in written.text


def test_an_exception_says_where_and_what_kind_but_quotes_nothing(visit, written: Written, monkeypatch) -> None:
    secret = "王小明13800138000"

    def broken(*_: object, **__: object) -> None:
        name = secret
        raise ValueError(f"cannot read {name}")

    monkeypatch.setattr(about, "page", broken)
    assert visit("/about/privacy/", f"name={quote(secret)}") == 500
    (line,) = [line for line in written.lines if "trouble" in line]
    assert (line["level"], line["event"], line["trouble"]["type"]) == ("ERROR", "unhandled exception", "builtins.ValueError")
    assert any("test_logs.py" in place and "broken" in place for place in line["trouble"]["at"])
    assert "王小明" not in written.text
    assert "13800138000" not in written.text
    numbers = {line["request"] for line in written.lines}
    assert len(numbers) == 1, "the request's line and the exception's belong together"


digits = st.text("0123456789", min_size=1, max_size=1)
phones = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
identities = st.from_regex(r"[1-9][0-9]{5}(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9])[0-9]{3}[0-9X]", fullmatch=True)
addresses = st.ip_addresses().map(str)
mails = st.from_regex(r"[a-z]{3,8}[0-9]{0,3}@[a-z]{3,8}\.(com|cn|gov\.cn)", fullmatch=True)
names = st.sampled_from(["王小明", "欧阳娜娜", "买买提·艾力"])
personal = st.one_of(phones, identities, addresses, mails, names)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    secret=personal,
    place=st.sampled_from(
        ["path", "document", "query", "host", "agent", "cookie", "referer", "forwarded", "etag", "remote", "method"]
    ),
)
def test_nothing_personal_that_is_sent_is_ever_written(visit, written: Written, secret: str, place: str) -> None:
    written.clear()
    safe = quote(secret)
    match place:
        case "path":
            visit(f"/{secret}/")
        case "document":
            visit(f"/library/{secret}/")
        case "query":
            visit("/library/", f"q={safe}&kind={safe}")
        case "host":
            visit("/", host=secret.encode().decode("latin-1"))
        case "method":
            visit("/organs/", method=safe)
        case _:
            header = {"agent": "user_agent", "forwarded": "x_forwarded_for", "etag": "if_none_match", "remote": "x_real_ip"}
            visit("/organs/", **{header.get(place, place): f"display={safe}"})
    assert written.text, "a request leaves a line"
    for form in (secret, safe):
        if len(form) > 3:
            assert form not in written.text
    assert "203.0.113.9" not in written.text


@given(personal.filter(lambda secret: not secret[0] > "z"), st.text(" ，。a:/=", max_size=5))
def test_a_message_of_ours_that_carries_a_number_has_it_blotted_out(secret: str, around: str) -> None:
    if len(secret) > 4 and not around.endswith(("a", ":")):
        assert secret not in scrubbed(f"读不出 {around}{secret} 这一项")


def test_what_is_no_personal_data_stays_readable() -> None:
    for said in ("database away: OperationalError", "第 12 号文件", "2026-11-21", "12:30:05", "v6.3.1", "/library/12/", "1,234"):
        assert scrubbed(said) == said


def test_of_other_peoples_messages_only_the_template_is_taken(written: Written) -> None:
    logging.getLogger("weasyprint").warning("cannot load %s", "http://x.example/王小明")
    assert written.lines[0]["event"] == "cannot load %s"


def test_what_the_index_server_answered_is_told_without_the_question(written: Written) -> None:
    told = ("GET", "http://index.example/gongkai-site/_search?q=王小明", 404, 0.2)
    logging.getLogger("opensearch").warning("%s %s [status:%s request:%.3fs]", *told)
    assert "GET http://index.example/gongkai-site/_search" in written.lines[0]["event"]
    assert "status:404" in written.lines[0]["event"]
    assert "王小明" not in written.text


def test_a_file_a_day_is_kept_a_month_and_bounded(tmp_path: Path) -> None:
    handler = DailyFile(tmp_path / "logs", days=30, day_bytes=500)
    handler.setFormatter(JsonLines())
    for day in range(1, 29):
        for month in (9, 10, 11):
            record = logging.LogRecord("gongkai", logging.INFO, "", 0, "event", (), None)
            record.created = datetime(2026, month, day, 4, tzinfo=UTC).timestamp()
            if month == 9 or day < 20:
                for _ in range(10):
                    handler.emit(record)
    files = sorted(f.name for f in (tmp_path / "logs").iterdir())
    assert "gongkai-2026-09-01.jsonl" not in files
    assert all(f.stat().st_size < 800 for f in (tmp_path / "logs").iterdir())
    (tmp_path / "blocked").write_text("a file where the folder should be")
    blocked = DailyFile(tmp_path / "blocked")
    blocked.emit(logging.LogRecord("gongkai", logging.INFO, "", 0, "event", (), None))
