"""Why the catalogue refuses something."""

from __future__ import annotations

from collections.abc import Sequence


class UnfitColumnFile(Exception):
    """A file of columns that cannot be taken in; `problems` say what and on which line."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        super().__init__("栏目文件有误，没有导入任何内容：\n" + "\n".join(f"  · {p}" for p in self.problems))
