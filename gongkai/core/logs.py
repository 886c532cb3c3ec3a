"""Logs that say what happened to the site and nothing about who asked. No Django.

A line is one JSON object. What a visitor sent (address, path, query, headers, cookies, form) is
never formatted into it: of other people's loggers only the template of a message is taken, of an
exception only its type and where it happened. Whatever still looks like personal data is blotted out.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from contextvars import ContextVar
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path

request_id: ContextVar[str] = ContextVar("request_id", default="")

_OFFICE = timezone(timedelta(hours=8))
_EXTRAS = ("route", "method", "status", "ms")
_SAYS_NOBODY = frozenset({"gongkai", "opensearch"})
"""Whose words hold no person: ours, and what the index server is asked by us, but for its query string."""
_BLOT = "▇"
_encoded = json.JSONEncoder(ensure_ascii=False).encode
_PERSONAL = re.compile(
    r"[^\s\"'<>@]+@[^\s\"'<>@]+"  # e-mail
    r"|(?<![0-9A-Za-z])(?:\d{1,3}\.){3}\d{1,3}(?![0-9])"  # IPv4
    r"|(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}|[0-9A-Fa-f:]*::[0-9A-Fa-f:.]*"  # IPv6
    r"|(?<!\d)(?!\d{4}-\d\d-\d\d(?!\d))\+?\d(?:[ -]?\d){6,}[Xx]?"  # telephone, identity and bank numbers; not a day
    r"|\?[^\s\"']+"  # query strings
)


def scrubbed(text: str) -> str:
    """A text in which whatever looks like an address, a number of a person or a query string is blotted out."""
    return _PERSONAL.sub(_BLOT, text)


class JsonLines(logging.Formatter):
    """A record as one line of JSON: time, level, logger, event; route, method, status, ms of a request; request id; trouble."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, without a line break."""
        line: dict[str, object] = {
            "time": f"{_second(int(record.created))}.{int(record.msecs):03}+08:00",
            "level": record.levelname,
            "logger": record.name,
            "event": _event(record),
        }
        line |= {name: value for name in _EXTRAS if (value := getattr(record, name, None)) is not None}
        if said := request_id.get():
            line["request"] = said
        if record.exc_info and record.exc_info[1] is not None and not _refused(record):
            line["trouble"] = _trouble(record.exc_info[1])
        return _encoded(line)


class OnlyNews(logging.Filter):
    """Leaves out what a request's own line says already: Django's word on every 4xx and 5xx without an exception."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is worth a line; a refused request is a warning, not an error."""
        if _refused(record):
            record.levelno, record.levelname = logging.WARNING, "WARNING"
        if record.name == "_granian" and "tcp_migrate_req" in str(record.msg):  # said in docs/operate.md instead
            return False
        return record.name != "django.request" or bool(record.exc_info)


class DailyFile(logging.Handler):
    """One file a day, which several processes write to; a month is kept, and of a day at most `day_bytes`."""

    def __init__(self, folder: Path, *, days: int = 30, day_bytes: int = 256 * 1024 * 1024) -> None:
        super().__init__()
        self._folder, self._days, self._day_bytes = Path(folder), days, day_bytes

    def emit(self, record: logging.LogRecord) -> None:
        """Append a line. A disk that is full or read-only is no reason not to answer a visitor."""
        day = datetime.fromtimestamp(record.created, _OFFICE).date()
        path = self._folder / f"gongkai-{day:%Y-%m-%d}.jsonl"
        try:
            if not path.exists():
                self._turn(day.toordinal())
            elif path.stat().st_size > self._day_bytes:
                return
            with path.open("a", encoding="utf-8") as file:
                file.write(self.format(record) + "\n")
        except OSError:
            return

    def _turn(self, today: int) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o750)
        for old in self._folder.glob("gongkai-????-??-??.jsonl"):
            if today - datetime.strptime(old.stem[-10:], "%Y-%m-%d").replace(tzinfo=_OFFICE).toordinal() > self._days:
                old.unlink(missing_ok=True)


@lru_cache(maxsize=2)
def _second(moment: int) -> str:
    return datetime.fromtimestamp(moment, _OFFICE).strftime("%Y-%m-%dT%H:%M:%S")


def _refused(record: logging.LogRecord) -> bool:
    return record.name.startswith("django.security.")


def _event(record: logging.LogRecord) -> str:
    if _refused(record):
        return "refused: " + record.name.rpartition(".")[2]
    if record.name == "django.request":
        return "unhandled exception"
    known = record.name.partition(".")[0] in _SAYS_NOBODY
    return _blotted(record.getMessage() if known else str(record.msg))


@lru_cache(maxsize=100)
def _blotted(text: str) -> str:
    return scrubbed(text)


def _trouble(error: BaseException) -> dict[str, object]:
    """Type and places, innermost last; of the words only those of the operating system, which quote nobody."""
    frames = [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)]
    said: dict[str, object] = {"type": f"{type(error).__module__}.{type(error).__qualname__}", "at": frames[-12:]}
    if isinstance(error, OSError) and error.strerror:
        said["why"] = error.strerror
    elif type(error).__name__ == "OperationalError":
        said["why"] = scrubbed(str(error))
    if (cause := error.__cause__ or error.__context__) is not None:
        said["because"] = f"{type(cause).__module__}.{type(cause).__qualname__}"
    return said
