"""What is wrong with the database, in one sentence that says what to do."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import Error, connection

from gongkai.core.away import cannot_hold, is_away

_ANY: Mapping[tuple[str, ...], str] = {
    ("no such table", "no such column", "relation ", "column "): (
        "数据库还没有建好，或者版本较旧。请先运行 gongkai setup（make run 会自动完成）。"
    ),
    ("locked", "lock timeout", "deadlock"): "数据库正被别的程序占用，请稍后再试。",
    ("is full", "disk I/O", "No space left", "could not extend"): "磁盘已满或不可写，请清理后再试；已完成的部分不会丢失。",
}
_POSTGRESQL: Mapping[tuple[str, ...], str] = {
    ("statement timeout",): "数据库太忙，有一步超过一分钟没有办完，已放弃；此前完成的部分不会丢失。请稍后再试。",
    ("password", "role ", "authentication", "pg_hba"): (
        "数据库服务器不接受这个用户名或密码。请核对 GONGKAI_DATABASE 和服务器的 pg_hba.conf。"
    ),
    ("database ",): (
        "数据库服务器上没有 GONGKAI_DATABASE 写的这个库，或者它暂不接受连接。"
        "没有的请先建库（见 docs/operate.md），再运行 gongkai setup。"
    ),
    ("permission denied", "must be owner"): (
        "数据库的这个用户无权改动这个库。请让它成为库的所有者：ALTER DATABASE 库名 OWNER TO 用户名。"
    ),
    ("read-only", "recovery"): "数据库服务器现在只能读，不能写（可能是备用的那台）。请在 GONGKAI_DATABASE 里写主服务器。",
    ("too many", "connection slots"): "数据库服务器的连接已经用完。请调大 max_connections，或减少网站进程数，再试。",
    ("refused", "resolve", "timeout expired", "unreachable", "No such file", "starting up", "shutting down"): (
        "连不上数据库服务器。请确认 PostgreSQL 正在运行，GONGKAI_DATABASE 里的主机和端口没有写错。"
    ),
    ("closed", "terminat", "lost"): (
        "与数据库服务器的连接断了，正在办的这一步没有保存；此前完成的部分不会丢失。"
        "请确认 PostgreSQL 在运行，再用同样的命令接着办。"
    ),
}
_DENIED = ("column ", "permission denied", "must be owner")


def told(error: Error) -> str | None:
    """The sentence; None where the database is well and the error is one of ours."""
    text = str(error)
    if cannot_hold(error):
        return f"有一项内容太长，或者含有不是文字的字符，数据库放不下，没有保存（{text.splitlines()[0]}）。请改好再试。"
    if not is_away(error) and not text.startswith(_DENIED):
        return None
    on_a_server = connection.vendor == "postgresql"
    for words, sentence in {**_ANY, **(_POSTGRESQL if on_a_server else {})}.items():
        if any(word in text for word in words):
            return sentence
    where = "数据库" if on_a_server else "数据文件夹"
    return f"数据库打不开（{text.strip()}）。{where}：{connection.settings_dict['NAME']}"
