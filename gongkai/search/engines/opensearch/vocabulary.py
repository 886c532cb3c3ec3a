"""What a remote index knows of its words: looked up for a whole question in one request, and remembered."""

from __future__ import annotations

from collections.abc import Iterable

from opensearchpy import OpenSearch

from gongkai.search.analysis.fold import spaced, tight
from gongkai.search.analysis.grams import pairs
from gongkai.search.engines.opensearch.naming import PAIRS, WORDS
from gongkai.search.engines.opensearch.state import Characters
from gongkai.search.port import LONGEST_QUERY, Request, Saying

_LONGEST_WORD = 8
_MOST_LOOKED_UP, _REMEMBERED = 600, 1 << 16


class RemoteVocabulary:
    """The words of one commit."""

    def __init__(self, client: OpenSearch, index: str, documents: int, characters: Characters) -> None:
        self._client = client
        self._index = index
        self._characters = characters
        self._known: dict[tuple[str, str], int] = {}
        self.documents = documents

    @property
    def windows(self) -> int:
        """How many windows bodies have."""
        return max(self._characters.windows, self.documents)

    @property
    def average(self) -> float:
        """How long windows are."""
        return self._characters.length / max(self._characters.windows, 1)

    def prepare(self, request: Request, sayings: Iterable[Saying]) -> None:
        """Look up all that planning an answer to a question will ask for."""
        texts = spaced(request.text[: LONGEST_QUERY * 10])[: LONGEST_QUERY * 2].split()
        said = [tight(saying.official) for saying in sayings]
        wanted = dict.fromkeys((PAIRS, pair) for text in (*texts, *said) for pair in pairs(text))
        for text in texts:
            starts = range(len(text))
            wanted |= dict.fromkeys(
                (WORDS, text[a:b]) for a in starts for b in range(a + 1, min(len(text), a + _LONGEST_WORD) + 1)
            )
        self._look_up([key for key in wanted if key not in self._known][:_MOST_LOOKED_UP])

    def pair(self, pair: str) -> int:
        """In how many documents a pair stands."""
        return self._frequency((PAIRS, pair))

    def word(self, word: str) -> int:
        """In how many documents a word stands; words of questions too long to be looked up whole count as unknown."""
        return self._known.get((WORDS, word), 0)

    def character(self, character: str) -> int:
        """In how many windows a character stands."""
        return self._characters.seen.get(character, 0)

    def _frequency(self, key: tuple[str, str]) -> int:
        if key not in self._known:
            self._look_up([key])
        return self._known[key]

    def _look_up(self, keys: list[tuple[str, str]]) -> None:
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        if not keys:
            return
        lines: list[dict[str, object]] = []
        for field, term in keys:
            lines += [{"index": self._index}, {"size": 0, "track_total_hits": True, "query": {"term": {field: term}}}]
        answers = self._client.msearch(body=lines)["responses"]
        self._known.update(zip(keys, (answer["hits"]["total"]["value"] for answer in answers), strict=True))
