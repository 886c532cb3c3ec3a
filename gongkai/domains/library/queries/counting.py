"""How many public documents each choice of a facet would give, and each class of the topic scheme holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db.models import Count

from gongkai.core.agencies.queries import issuers, present_organs
from gongkai.core.freshness.touching import kept
from gongkai.domains.library.models import Document
from gongkai.domains.library.queries.entries import KINDS, STATUSES
from gongkai.domains.library.queries.listing import FACETS, ListRequest, labels_of, matches
from gongkai.domains.library.queries.sets import facet_sets
from gongkai.text.topics import scheme


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that a facet can be given, what it is called, and how many documents it would give."""

    value: str
    label: str
    count: int


def choices(request: ListRequest) -> dict[str, list[Choice]]:
    """Of each facet the values that give any documents beside the other conditions, those with most first.

    Issuing organs go by code where they are of this government, else by name, whatever they were called.
    """
    return _all_choices(replace(request, page=1, sort="newest"))


@kept(200)
def _all_choices(request: ListRequest) -> dict[str, list[Choice]]:
    found = matches(request)
    return {name: _choices(name, found.beside[name]) for name in FACETS}


def _choices(facet: str, matching: int) -> list[Choice]:
    sets, labels = _sets_of(facet)
    counts = [(value, (papers & matching).bit_count()) for value, papers in sets.items()]
    found = [Choice(value, labels.get(value, value), count) for value, count in counts if count]
    return sorted(found, key=lambda choice: (-choice.count, choice.value))


def _sets_of(facet: str) -> tuple[Mapping[str, int], Mapping[str, str]]:
    sets = facet_sets().get(facet, {})
    match facet:
        case "organ":
            return _by_key(sets), {organ.code: organ.name for organ in present_organs().values()}
        case "status":
            return sets, STATUSES
        case "kind":
            return sets, KINDS
        case _:
            return sets, labels_of(facet)


def _by_key(sets: Mapping[str, int]) -> dict[str, int]:
    """The papers of each issuer: an organ that changed its name is one issuer."""
    keys, found = issuers().key_of, dict[str, int]()
    for number, papers in sets.items():
        if key := keys.get(int(number)):
            found[key] = found.get(key, 0) | papers
    return found


@dataclass(frozen=True, slots=True)
class TopicClass:
    """A class of the State Council's topic scheme with its children, as (name, number of public documents)."""

    name: str
    count: int
    children: list[tuple[str, int]]


@kept(1)
def topic_classes() -> list[TopicClass]:
    """All classes of the scheme, in its order."""
    rows = Document.objects.public().order_by().values_list("topic", "subtopic").annotate(Count("pk"))
    counts = {(topic, child): count for topic, child, count in rows}
    whole = facet_sets().get("topic", {})
    return [
        TopicClass(topic, whole.get(topic, 0).bit_count(), [(child, counts.get((topic, child), 0)) for child in children])
        for topic, children in scheme().items()
    ]
