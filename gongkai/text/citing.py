"""How a paper is cited: plainly, and in the manner of GB/T 7714. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gongkai.text.keys import quoted

_NAMED = 3  # GB/T 7714 names three authors, then 等


@dataclass(frozen=True, slots=True)
class Citation:
    """A paper's citation without its address, which the page adds.

    `plain`: 《标题》（文号）; `full`: organ, title, number and day in one sentence;
    `reference`: an entry of a list of references, up to the address.
    """

    plain: str
    full: str
    reference: str


def citation(title: str, document_number: str, organs: Sequence[str], issued_on: date | None) -> Citation:
    """How the paper with these particulars is cited; what is unknown is left out."""
    name = quoted(title)
    numbered = f"（{document_number}）" if document_number else ""
    on = f"{issued_on.year}年{issued_on.month}月{issued_on.day}日" if issued_on else ""
    author = ", ".join(organs[:_NAMED]) + (", 等" if len(organs) > _NAMED else "")
    after = f": {document_number}" if document_number else ""
    day = f"({issued_on.isoformat()})" if issued_on else ""
    return Citation(
        plain=name + numbered,
        full="、".join(organs) + name + numbered + (f"，{on}" if on else ""),
        reference=f"{author}. {title}{after}[A/OL]. {day}[查阅日期]." if author else f"{title}{after}[A/OL]. {day}[查阅日期].",
    )
