"""The vocabulary of what is public: made from the records themselves, apart from the index."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from gongkai.core.finding.collection import Sort
from gongkai.core.finding.feeding import RECORDS_AT_ONCE, parts
from gongkai.core.finding.offers import offers
from gongkai.core.finding.opening import Home
from gongkai.search.port import Document
from gongkai.search.understanding.vocabulary.build import Built, VocabularyBuilder


def make_words(home: Home, today: date, go_on: Callable[[], None] = lambda: None) -> Built:
    """Read all that is public and put a new vocabulary in the place of the old. `go_on` may raise to give up."""
    words = VocabularyBuilder()
    for offer in offers():
        for keys in parts(offer.keys(), RECORDS_AT_ONCE):
            for document in offer.documents(keys, today):
                _learn(words, document)
            go_on()
    home.folder.mkdir(parents=True, exist_ok=True)
    return words.write(home.vocabulary_file)


def _learn(words: VocabularyBuilder, document: Document) -> None:
    told = {name: str(value) for name, value in document.values.items()}
    if told["kind"] == Sort.ORGAN:
        words.add_organ(told["title"], *filter(None, told["organs"].split("、")))
    else:
        text = "\n".join(passage.text for passage in document.passages)
        words.add_paper(told["title"], text, *filter(None, [told.get("shown_number", "")]))
