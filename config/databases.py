"""The two databases: SQLite in the data folder, PostgreSQL at an address."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

_LONGEST_NAME = 63  # bytes; PostgreSQL cuts off the rest
_PASSED_ON = ("sslmode", "sslrootcert", "sslcert", "sslkey", "target_session_attrs")  # of libpq, as they are
_WITHOUT_ANSWER = {  # after which a server that has gone is given up, in seconds and milliseconds
    "connect_timeout": 5,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
_OF_THE_SESSION = {
    "lock_timeout": "20s",
    "statement_timeout": "60s",
    "idle_in_transaction_session_timeout": "10min",
    "jit": "off",  # our statements are short: compiling them takes longer than running them
}


class UnfitAddress(SystemExit):
    """An address of a database that is none: ends any program with 1 and this sentence, which never tells the address."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"GONGKAI_DATABASE 写得不对：{why}。应写成 postgresql://用户:密码@主机:5432/库名，"
            "经本机套接字写成 postgresql://用户@/库名?host=/var/run/postgresql；"
            "用户名、密码中的特殊字符写成 %XX（如 @ 写成 %40）。不设则用数据文件夹里的 SQLite。"
        )


def sqlite(path: Path) -> dict[str, Any]:
    """Django's settings of a SQLite database: readers never wait, writers take turns."""
    return {
        "ENGINE": "gongkai.core.sqlite",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-8192;",
        },
    }


def postgresql(address: str) -> dict[str, Any]:
    """Django's settings of the PostgreSQL database at an address. Raises UnfitAddress."""
    parts, port = _parsed(address)
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    host = asked.pop("host", "") or unquote(parts.hostname or "")
    if asked.keys() - {*_PASSED_ON}:  # which is not told: it may be a piece of a password
        raise UnfitAddress(f"问号后只可以有 {'、'.join(('host', *_PASSED_ON))}")
    session = " ".join(f"-c {name}={value}" for name, value in _OF_THE_SESSION.items())
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,  # a connection that broke while nobody asked is made anew
        "OPTIONS": {"application_name": "gongkai", "options": session, **_WITHOUT_ANSWER, **asked},
    }


def _parsed(address: str) -> tuple[SplitResult, int | None]:
    if any(ord(character) < 33 or character == "\x7f" for character in unquote(address)):
        raise UnfitAddress("里面有空格或控制字符")
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise UnfitAddress("主机或端口不成立") from None
    if not address.startswith(("postgresql://", "postgres://")):
        raise UnfitAddress("开头应是 postgresql://")
    if len(parts.path) < 2 or "/" in parts.path[1:]:
        raise UnfitAddress("没有写明库名" if len(parts.path) < 2 else "库名中不能有斜杠")
    if parts.fragment:
        raise UnfitAddress("里面有没有写成 %23 的 #")
    if len(unquote(parts.path[1:]).encode()) > _LONGEST_NAME:
        raise UnfitAddress(f"库名超过 {_LONGEST_NAME} 个字节")
    return parts, port
