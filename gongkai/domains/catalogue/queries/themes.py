"""Featured themes (特色主题): what each is for, and its papers in the order people need them."""

from __future__ import annotations

from dataclasses import dataclass

from gongkai.domains.catalogue.queries.papers import Papers, papers_of
from gongkai.domains.library.models import Kind, Legal, Theme
from gongkai.domains.library.queries.sets import facet_sets, union
from gongkai.domains.library.state import EXPLAINING

_SHOWN = 20
_STANDING = (Legal.IN_FORCE, Legal.AMENDED, Legal.NOT_YET)


@dataclass(frozen=True, slots=True)
class ThemeCard:
    """A theme in the list of themes; `words` are what it is about."""

    slug: str
    name: str
    words: list[str]
    total: int
    standing: int


@dataclass(frozen=True, slots=True)
class ThemePage:
    """A theme's papers: policies that hold, interpretations, guides; and how many policies are past."""

    card: ThemeCard
    policies: Papers
    interpretations: Papers
    guides: Papers
    past: int


def themes() -> list[ThemeCard]:
    """All themes of this government, in their order."""
    return [_card(theme) for theme in Theme.objects.all()]


def theme_page(slug: str) -> ThemePage | None:
    """The page of a theme; None where there is no such theme."""
    theme = Theme.objects.filter(slug=slug).first()
    if theme is None:
        return None
    papers, policies = _sets(slug)
    kinds = facet_sets().get("kind", {})
    standing = policies & _standing()
    return ThemePage(
        _card(theme),
        papers_of(standing, size=_SHOWN),
        papers_of(papers & kinds.get(Kind.INTERPRETATION, 0), size=_SHOWN),
        papers_of(papers & kinds.get(Kind.GUIDE, 0), size=_SHOWN),
        (policies & ~standing).bit_count(),
    )


def _card(theme: Theme) -> ThemeCard:
    papers, policies = _sets(theme.slug)
    return ThemeCard(theme.slug, theme.name, list(theme.words), papers.bit_count(), (policies & _standing()).bit_count())


def _sets(slug: str) -> tuple[int, int]:
    """All papers of a theme, and those of them that are policies."""
    sets = facet_sets()
    papers = sets.get("theme", {}).get(slug, 0)
    return papers, papers & ~union(sets.get("kind", {}), EXPLAINING)


def _standing() -> int:
    return union(facet_sets().get("status", {}), _STANDING)
