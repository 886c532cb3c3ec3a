"""What people open from their questions though its title has none of their words: offered to an editor, never applied unseen."""

from __future__ import annotations

from dataclasses import dataclass

from gongkai.core.finding.asking.here import titles_at
from gongkai.core.finding.counting.queries import learned
from gongkai.search.analysis.fold import tight


@dataclass(frozen=True, slots=True)
class Offered:
    """A question, the page that at least `people` people opened from it, and what that is called."""

    question: str
    address: str
    title: str
    people: int


def offered() -> list[Offered]:
    """What was learned and can be found today, most people first."""
    found = learned()
    titles = titles_at([one.address for one in found]) or {}
    there = (one for one in found if one.address in titles)
    return [
        Offered(one.question, one.address, titles[one.address], one.people)
        for one in there
        if _apart(one.question, titles[one.address])
    ]


def _apart(question: str, title: str) -> bool:
    """Whether fewer than half of the pairs of characters of a question stand in a title."""
    asked, there = tight(question), tight(title)
    pairs = {asked[at : at + 2] for at in range(max(1, len(asked) - 1))}
    return sum(pair in there for pair in pairs) * 2 < len(pairs)
