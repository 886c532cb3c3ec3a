"""What stands where in a backup, and what its first member says.

gongkai.json                     the head: what made it, of which database, after which migrations
tables/NAME/000001.jsonl.gz …    the rows of a table
data/NAME                        keys and anchors from the data folder
files/…                          what lies below `files/`
end.json                         counts, what was found damaged, and the digest of all of it
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from gongkai.core.backup.archive import Unfit
from gongkai.core.ledger.verify import ANCHORS, Anchor

FORMAT = 1
FIRST = "gongkai.json"
KEPT = ("*.key", ANCHORS)  # of the data folder, beside the database
FILES, UPLOADS = FOLDERS = ("files", "uploads")
_KEPT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_TABLE = re.compile(r"tables/([a-z0-9_]+)/\d{6}\.jsonl\.gz")


@dataclass(frozen=True, slots=True)
class Head:
    """What a backup says of itself; `ledger` is the anchor of all events that it holds."""

    format: int
    software: str
    made_at: datetime
    engine: str
    migrations: list[tuple[str, str]]
    left_out: list[str]
    ledger: Anchor

    def written(self) -> bytes:
        """As the first member."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, default=datetime.isoformat).encode()


def head_in(content: bytes) -> Head:
    """What the first member says. Raises Unfit: it is no head, or of a format that only newer software knows."""
    try:
        told: dict[str, Any] = json.loads(content)
        if int(told["format"]) > FORMAT:
            raise Unfit(f"备份由较新的软件（{told.get('software', '版本不明')}）写成，这个版本读不了", "请先升级软件")
        ledger = Anchor(int(told["ledger"]["count"]), str(told["ledger"]["root"]), str(told["ledger"]["taken_at"]))
        migrations = [(str(app), str(name)) for app, name in told["migrations"]]
        left_out = [str(name) for name in told["left_out"]]
        return Head(
            int(told["format"]),
            str(told["software"]),
            datetime.fromisoformat(told["made_at"]).astimezone(UTC),
            str(told["engine"]),
            migrations,
            left_out,
            ledger,
        )
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise Unfit("这不是公开（Gongkai）的备份文件，或者开头已损坏") from error


def kept_in(data: Path) -> list[Path]:
    """Keys and anchors in a data folder."""
    return sorted(path for path in data.glob("*") if is_kept(path.name) and path.is_file())


def is_kept(name: str) -> bool:
    """Whether a file of the data folder by that name is saved."""
    return _KEPT_NAME.fullmatch(name) is not None and any(fnmatchcase(name, pattern) for pattern in KEPT)


def table_of(name: str) -> str | None:
    """The table of which a member holds a piece."""
    found = _TABLE.fullmatch(name)
    return found[1] if found else None


def path_of(name: str) -> str | None:
    """The path below the data folder to which a member belongs; None for what belongs nowhere, however it is put."""
    top, _, rest = name.partition("/")
    if top == "data":
        return rest if is_kept(rest) else None
    parts = rest.split("/")
    harmless = all(part not in ("", ".", "..") and "\0" not in part and "\\" not in part for part in parts)
    return name if top in FOLDERS and harmless else None
