"""What stands in a backup, counted; and telling how far the counting has come."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gongkai.core.backup.archive import Unfit

Progress = Callable[[int, int | None], None]  # how much is done, and of how much where that is known


@dataclass(slots=True)
class Tally:
    """What stands in a backup.

    Attributes:
        rows: how many, by table.
        row_bytes, file_bytes: how many bytes they are, before compression.
        faults: files that are missing, unreadable, or not what their names say: the site itself was damaged.
    """

    rows: dict[str, int] = field(default_factory=dict)
    row_bytes: int = 0
    files: int = 0
    file_bytes: int = 0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{sum(self.rows.values())} rows, {self.files} files, {len(self.faults)} faults"


def tally_in(word: Mapping[str, Any]) -> Tally:
    """The tally that a backup's last member gives. Raises Unfit."""
    try:
        rows = {str(name): int(count) for name, count in word["rows"].items()}
        faults = [str(fault) for fault in word["faults"]]
        return Tally(rows, int(word["row_bytes"]), int(word["files"]), int(word["file_bytes"]), faults)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise Unfit("备份的末尾读不懂，已损坏") from error
