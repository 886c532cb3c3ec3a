"""The reading side of an index in a folder."""

from __future__ import annotations

from pathlib import Path

from tantivy import Query

from gongkai.search.analysis.fold import tight, whole
from gongkai.search.analysis.grams import END
from gongkai.search.engines.embedded.answering import Answer, found_of
from gongkai.search.engines.embedded.asking import Asker, together
from gongkai.search.engines.embedded.candidates import candidates
from gongkai.search.engines.embedded.fields import ID, PLACE
from gongkai.search.engines.embedded.folder import Folder
from gongkai.search.engines.embedded.generation import fault_of_kind, faults
from gongkai.search.engines.embedded.opening import Opening
from gongkai.search.planning import Plan, plan, telling
from gongkai.search.port import (
    Collection,
    Expand,
    Fault,
    Hit,
    IndexDamaged,
    Request,
    Results,
    SearchError,
    Stamp,
    Suggestion,
)
from gongkai.search.ranking import Scale
from gongkai.search.showing import Marks, hit_of

_LONGEST_TYPED = 40
_TITLES_LOOKED_AT = 40


class EmbeddedSearcher:
    """Answers from the last commit. Safe for threads; opens the index at the first question."""

    def __init__(self, root: Path, collection: Collection, expand: Expand | None = None) -> None:
        self._folder = Folder(root)
        self._collection = collection
        self._expand = expand
        self._opening = Opening(root, collection)

    def search(self, request: Request) -> Results:
        """Answer a question."""
        view, stamp = self._opening.view()
        return Answer(view, self._collection, request, plan(request, view, self._expand)).results(stamp)

    def suggest(self, typed: str, size: int = 10) -> list[Suggestion]:
        """Titles in which `typed` stands, those that begin with it first, then the shorter ones, each text once."""
        folded = tight(typed[: _LONGEST_TYPED * 10])[:_LONGEST_TYPED]
        if not folded or size < 1:
            return []
        view, _ = self._opening.view()
        query = Asker(view.schema, self._collection).titled(folded)
        hits = view.searcher.search(query, max(size, _TITLES_LOOKED_AT), count=False).hits
        places = view.searcher.fast_field_values(PLACE, [address for _, address in hits])
        records = [view.texts.read(int(place or 0)) for place in places]
        records.sort(key=lambda record: (not record.folded.startswith(folded), -record.quality, record.folded.index(END)))
        title = self._collection.titles[0].name
        found: dict[str, Suggestion] = {}
        for record in records:
            told = view.texts.shown(record)
            text = " ".join(told["values"][title])
            found.setdefault(text, Suggestion(text, told["id"]))
            if len(found) == size:
                break
        return list(found.values())

    def more_like(self, document: str, size: int = 10) -> list[Hit]:
        """Documents that share the telling pairs of this one, the likest first."""
        view, _ = self._opening.view()
        asker, itself = Asker(view.schema, self._collection), Query.term_query(view.schema, ID, whole(document))
        there = view.searcher.search(itself, 1, count=False).hits
        if not there or size < 1:
            return []
        (place,) = view.searcher.fast_field_values(PLACE, [there[0][1]])
        known = Plan(pairs=telling(view.texts.read(int(place or 0)).folded, view))
        hits = view.searcher.search(together([], [itself], asker.ranking(known)), size, count=False).hits
        found = candidates(view.searcher, [address for _, address in hits], [score for score, _ in hits])
        scale = Scale(known, view.average, [])
        shown = (found_of(view.texts, view.texts.read(one.place), one.score, -1) for one in found)
        return [hit_of(one, self._collection, Marks(), scale) for one in shown]

    def stamp(self) -> Stamp:
        """Which commit answers now."""
        return self._opening.view()[1]

    def check(self) -> list[Fault]:
        """Read all files and texts of the index and compare them with their checksums."""
        found = present_faults(self._folder, self._collection, thorough=True)
        if found:
            return found
        view, _ = self._opening.view()
        hits = view.searcher.search(Query.all_query(), max(view.documents, 1), count=False).hits
        places = view.searcher.fast_field_values(PLACE, [address for _, address in hits])
        broken = sum(not view.texts.sound(int(place or 0)) for place in places)
        return [Fault(IndexDamaged, f"索引中 {broken} 份文件的正文已损坏。请重建索引。")] if broken else []

    def close(self) -> None:
        """Let go of the files."""
        self._opening.close()


def present_faults(folder: Folder, collection: Collection, *, thorough: bool = False) -> list[Fault]:
    """What is wrong with the generation that answers."""
    try:
        path = folder.generation(folder.current)
    except SearchError as error:
        return [Fault(type(error), str(error))]
    kind = fault_of_kind(path, collection)
    return [kind] if kind else faults(path, thorough=thorough)
