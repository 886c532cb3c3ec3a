"""The site's index as every process has it: one engine, one searcher, one vocabulary, opened anew when they change.

search/          below the data folder
  site/          the embedded engine's index
  vocabulary     a file that all processes map; made anew now and then, apart from the index
  complete       says that all that is offered was indexed once, and what that was
"""

from __future__ import annotations

import threading
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from gongkai.core.finding.collection import SITE
from gongkai.core.finding.offers import digest, offers
from gongkai.search.engines.embedded.engine import EmbeddedEngine
from gongkai.search.engines.opensearch.engine import OpenSearchEngine
from gongkai.search.port import Engine, IndexMissing, Searcher
from gongkai.search.understanding.vocabulary.layout import VocabularyUnreadable
from gongkai.search.understanding.vocabulary.store import Vocabulary

_BEING_BUILT = "检索库正在建立，请稍后再试。"


class Home:
    """Where the index of a site lies."""

    def __init__(self, folder: Path, servers: tuple[str, ...] = (), shards: int = 1, replicas: int = 1) -> None:
        self.folder = folder
        self._servers, self._shards, self._replicas = servers, shards, replicas
        self._lock = threading.Lock()
        self._searcher: Searcher | None = None
        self._vocabulary: tuple[tuple[int, int], Vocabulary] | None = None

    @property
    def vocabulary_file(self) -> Path:
        """The vocabulary of this site."""
        return self.folder / "vocabulary"

    @property
    def _complete(self) -> Path:
        return self.folder / "complete"

    def engine(self, *, names: bool = False) -> Engine:
        """The engine; with `names`, one that knows the words of this site, as the indexer needs them."""
        words = [word for offer in offers() for word in offer.names()] if names else []
        if not self._servers:
            return EmbeddedEngine(self.folder / SITE.name, SITE, names=words)
        return OpenSearchEngine(
            self._servers, f"gongkai-{SITE.name}", SITE, names=words, shards=self._shards, replicas=self._replicas
        )

    def searcher(self) -> Searcher:
        """The searcher of this process. Raises IndexMissing until the index has once been complete."""
        if not self._complete.exists():
            raise IndexMissing(_BEING_BUILT)
        if self._searcher is None:
            with self._lock:
                self._searcher = self._searcher or self.engine().searcher()
        return self._searcher

    def vocabulary(self) -> Vocabulary:
        """The present vocabulary, mapped. Raises IndexMissing where there is none, VocabularyUnreadable."""
        try:
            at = self.vocabulary_file.stat()
        except FileNotFoundError as error:
            raise IndexMissing(_BEING_BUILT) from error
        known, made = self._vocabulary, (at.st_ino, at.st_mtime_ns)
        if known is None or known[0] != made:  # who still reads the old one keeps it: its map goes with its last reader
            known = self._vocabulary = (made, Vocabulary(self.vocabulary_file))
        return known[1]

    def answers(self) -> bool:
        """Whether there is a sound index that was complete once, be it of what an older version offered."""
        return self._complete.exists() and not self.engine().faults()

    def trouble(self) -> str:
        """Why the index must be made anew, in Chinese; "" when it need not."""
        if faults := self.engine().faults():
            return faults[0].told
        if not self._complete.exists():
            return "还没有建成过。"
        if self._complete.read_text(encoding="ascii") != digest():
            return "升级后收录的内容有变化。"
        return "" if self.has_words() else "词表缺失或已损坏。"

    def has_words(self) -> bool:
        """Whether there is a vocabulary that can be read."""
        try:
            self.vocabulary()
        except (IndexMissing, VocabularyUnreadable):
            return False
        return True

    def completed(self) -> None:
        """All that is offered is in the index, and there is a vocabulary."""
        made = self.folder / "complete.new"
        made.write_text(digest(), encoding="ascii")
        made.replace(self._complete)

    def begin_anew(self) -> None:
        """The index is not to be asked until it is complete again."""
        self._complete.unlink(missing_ok=True)


@lru_cache(maxsize=4)
def _home(data: str, servers: tuple[str, ...], shards: int, replicas: int) -> Home:
    return Home(Path(data) / "search", servers, shards, replicas)


def home() -> Home:
    """Where the index of this site lies."""
    return _home(str(settings.DATA_FOLDER), tuple(settings.SEARCH_SERVERS), settings.SEARCH_SHARDS, settings.SEARCH_REPLICAS)


def searcher() -> Searcher:
    """The searcher of this process; sees each commit at the next question. Raises IndexMissing while it is being built."""
    return home().searcher()


def vocabulary() -> Vocabulary:
    """The present vocabulary, one copy for all processes of a machine. Raises IndexMissing, VocabularyUnreadable."""
    return home().vocabulary()
