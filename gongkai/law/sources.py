"""Where rules come from, and the mark that ties a function to its article."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Source:
    """A law or official rule. `secondary`: only an extract or a summary of it was at hand."""

    name: str
    number: str
    secondary: bool = False

    def article(self, number: int, paragraph: int | None = None) -> Citation:
        """One of its articles (条), and its paragraph (款) where that matters."""
        return Citation(self, number, paragraph)


@dataclass(frozen=True, slots=True)
class Citation:
    """An article of a source."""

    source: Source
    article: int
    paragraph: int | None = None

    def __str__(self) -> str:
        paragraph = f"第{self.paragraph}款" if self.paragraph else ""
        return f"《{self.source.name}》第{self.article}条{paragraph}"


CITED: dict[str, Citation] = {}


def rule(citation: Citation) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark a function as the software's form of a rule."""

    def mark(function: Callable[P, R]) -> Callable[P, R]:
        CITED[f"{function.__module__}.{function.__name__}"] = citation
        return function

    return mark


NORMATIVE_MEASURES = Source("山东省行政规范性文件管理办法（司法行政部门说明）", "", secondary=True)
REGULATION = Source("中华人民共和国政府信息公开条例", "国务院令第711号")
