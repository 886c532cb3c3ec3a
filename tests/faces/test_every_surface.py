"""One paper is published, withdrawn, replaced and restored; every public surface follows at once, in any order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest
from django.urls import URLPattern, URLResolver
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.core.finding.feeding import Feeder
from gongkai.core.finding.indexing import rebuild_here
from gongkai.core.finding.opening import home
from gongkai.domains.catalogue.actions.columns import begin
from gongkai.domains.catalogue.queries.columns import columns
from gongkai.domains.catalogue.tasks.reading import default_columns
from gongkai.domains.library.actions.correcting import correct
from gongkai.domains.library.actions.doing import Doing
from gongkai.domains.library.actions.publishing import publish_as_already_public, replace, restore, withdraw
from gongkai.domains.library.actions.sealing import ever_published, seal_revision
from gongkai.domains.library.actions.themes import set_themes
from gongkai.domains.library.models import Document, OldAddress
from gongkai.domains.library.tasks.importing import Request, import_papers
from gongkai.faces.api.urls import urlpatterns as of_the_api
from gongkai.faces.portal.urls import urlpatterns as of_the_portal
from tests.domains.library.papers import TODAY, county, filed, notice, write
from tests.faces.visitor import Visitor
from tests.soaking import often

PAPER = "library/{number}/"
SHOWN_BY_NAME = {  # surfaces that show the paper's title, or name it by its address
    "home": "",
    "library": "library/",
    "library-feed": "library/feed/",
    "document": PAPER,
    "document-print": PAPER + "print/",
    "document-history": PAPER + "history/",
    "organ": "organs/B/",
    "organ-feed": "organs/B/feed/",
    "theme": "themes/tingche/",
    "theme-feed": "themes/tingche/feed/",
    "disclosure-column": "disclosure/statutory/{column}/",
    "disclosure-column-feed": "disclosure/statutory/{column}/feed/",
    "disclosure-organ-column": "disclosure/organs/B/statutory/{column}/",
    "disclosure-organ-column-feed": "disclosure/organs/B/statutory/{column}/feed/",
    "sitemap-part": "sitemap-1.xml",
    "oai": "oai?verb=ListRecords&metadataPrefix=gongkai",
    "manifest-part": ".well-known/gongkai-manifest/0.json",
    "search": "search/?q=%22{words}%22",
    "search-suggest": "search/suggest?q={start}",
    "api-documents": "api/v1/documents",
    "api-document": "api/v1/documents/{number}",
    "api-clauses": "api/v1/documents/{number}/clauses",
    "api-timeline": "api/v1/documents/{number}/timeline",
}
ANSWERED_OR_NOT = {  # surfaces that are the paper in another form
    "original": PAPER + "original/",
    "document-file": PAPER + "files/{sha256}/",
    "document-qr": PAPER + "qr.svg",
    "document-compare": PAPER + "compare/?with=r1",
}
MORE = [
    "library/?kind=normative",
    "library/?q={words}",
    "oai?verb=ListRecords&metadataPrefix=oai_dc",
    "library/feed/?kind=normative",
    "api/v1/documents?kind=normative&organ=B&theme=tingche&facets=true",
    "api/v1/documents?q={words}",
    "api/v1/documents?on=2022-06-01&sort=published",
]
COUNTED = {  # surfaces that only count the paper
    "api-topics": "api/v1/topics",
    "api-themes": "api/v1/themes",
    "api-organs": "api/v1/organs",
    "api-organ": "api/v1/organs/B",
}
ABOUT_NO_PAPER = {  # surfaces on which no paper stands; those that make files take the same door as `document-print`
    "display", "organs", "disclosure", "disclosure-organs", "disclosure-organ", "disclosure-organ-entry", "disclosure-entry", "themes",
    "privacy", "accessibility", "sitemap", "oai-schema", "live", "ready", "metrics", "robots", "manifest", "search-opened",
    "document-pdf", "document-docx", "emblem", "colours", "api", "api-root", "api-openapi", "api-missing",
}  # fmt: skip


@dataclass
class Surfaces:
    """The addresses on which one paper may be seen, asked through the byte cache, and what follows it in the index."""

    visitor: Visitor
    feeder: Feeder
    number: int
    sha256: str
    column: str
    successor: int = 0
    others: dict[str, int] = field(default_factory=dict)

    def address(self, pattern: str, words: str = "") -> str:
        said = {"words": quote(words, safe=""), "start": quote(words[:8], safe="")}
        return "/" + pattern.format(number=self.number, sha256=self.sha256, column=self.column, **said)

    def shows(self, pattern: str, title: str) -> bool:
        while pattern.startswith("search/") and self.feeder.feed(TODAY):
            pass
        status, _, body = self.visitor.ask(self.address(pattern, title))
        by_address = pattern.startswith("sitemap") or "{words}" in pattern  # a search repeats the words it was given
        sign = self.sha256 if "manifest" in pattern else f"/library/{self.number}/" if by_address else title
        found = sign.encode() in body
        assert status == 200 or not found, f"{pattern} shows the paper with status {status}"
        self.last = (status, body.decode("utf-8", "replace"))
        return found

    def counts(self, pattern: str) -> bool:
        """Whether the paper is counted there, beside its successor."""
        return self.counted(pattern) > self.others[pattern]

    def counted(self, pattern: str) -> int:
        """How often documents are counted there in all."""
        return sum(map(int, re.findall(r'"documents":(\d+)', self.visitor.ask(self.address(pattern))[2].decode())))

    def answers(self, pattern: str) -> bool:
        return self.visitor.ask(self.address(pattern))[0] == 200


@pytest.fixture
def surfaces(own_database: Path, doing: Doing) -> Iterator[Surfaces]:
    county()
    set_themes([{"slug": "tingche", "name": "停车", "words": ["停车"]}])
    begin(default_columns(), doing)
    text = notice(1, "停车管理办法", body="为规范停车管理，制定本办法。")
    import_papers(Request((write(own_database / "in", {"a.txt": text}),), publish=True), doing)
    document = Document.objects.get()
    correct(document.pk, {"kind": "normative", "themes": "停车", "topic": "综合政务/其他"}, doing)
    publish_as_already_public(document.pk, doing)
    OldAddress.objects.create(host="testserver", path="/a.html", document=document, origin="listed")
    successor = filed(notice(77, "另一办法", year=2025), doing)
    rebuild_here(TODAY)
    with closing(home().engine(names=True).indexer()) as indexer:
        visitor, original = Visitor(own_database), document.renditions.get().original_id
        surfaces = Surfaces(visitor, Feeder(indexer), document.pk, original, "", successor.pk)
        yield counted_and_placed(surfaces, document, doing)


def counted_and_placed(surfaces: Surfaces, document: Document, doing: Doing) -> Surfaces:
    """The surfaces, once it is known what they count without the paper and which column takes it."""
    withdraw(document.pk, "先看没有它时的数", doing)
    surfaces.others = {pattern: surfaces.counted(pattern) for pattern in COUNTED.values()}
    restore(document.pk, "再看有它时的数", doing)
    for column in columns():
        surfaces.column = column
        if surfaces.shows(SHOWN_BY_NAME["disclosure-column"], document.title):
            return surfaces
    raise AssertionError("no column takes the paper")


def test_every_public_address_is_looked_at_or_shows_no_paper() -> None:
    names = {pattern.name for pattern in of_the_portal} | set(named(of_the_api))
    assert names == set(SHOWN_BY_NAME) | set(ANSWERED_OR_NOT) | set(COUNTED) | ABOUT_NO_PAPER


def named(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from named(pattern.url_patterns)
        else:
            yield pattern.name


steps = st.lists(st.sampled_from(["withdraw", "restore", "rename", "publish", "replace", "seal"]), min_size=1, max_size=6)
BY_ADDRESS = ("sitemap-part", "manifest-part")


@dataclass
class Story:
    """What was done to the paper so far, and so what the public is to see: `said` while it is `public`."""

    surfaces: Surfaces
    doing: Doing
    said: str
    waiting: str
    public: bool = True
    earlier: list[str] = field(default_factory=list)

    def go_on(self, step: str, turn: int) -> None:
        number = self.surfaces.number
        editorial = Document.objects.get(pk=number).editorial
        if step == "withdraw" and editorial == "published":
            withdraw(number, "误发", self.doing)
            self.public = False
        elif step == "restore" and editorial == "withdrawn":
            restore(number, "核对无误", self.doing)
            self.public = True
        elif step == "replace" and editorial == "published":
            replace(number, self.surfaces.successor, "重新制定", self.doing)
            self.public = False
        elif step == "seal":
            self.seal(number)
        elif step == "rename":
            self.waiting = f"青禾县财政局停车管理办法（第{turn}次改名，原{abs(hash(self.said)) % 10**8}）"
            correct(number, {"title": self.waiting}, self.doing)
        elif step == "publish" and editorial == "published" and self.waiting != self.said:
            publish_as_already_public(number, self.doing)
            self.nobody_sees(self.said, except_on=("document-history", *BY_ADDRESS))
            self.earlier.append(self.said)
            self.said = self.waiting

    def seal(self, number: int) -> None:
        """All earlier texts are taken back: no surface shows one of them any more."""
        document = Document.objects.select_related("published").get(pk=number)
        for revision in ever_published(number) - {document.published.number} - set(document.sealed):
            seal_revision(number, revision, "含个人信息", self.doing)
        for title in self.earlier:
            self.nobody_sees(title, except_on=BY_ADDRESS)

    def everybody_sees_what_is_public(self, after: list[str]) -> None:
        for name, pattern in [*SHOWN_BY_NAME.items(), *((more, more) for more in MORE)]:
            assert self.surfaces.shows(pattern, self.said) == self.public, f"{name} after {after} {self.surfaces.last}"
        for name, pattern in COUNTED.items():
            assert self.surfaces.counts(pattern) == self.public, f"{name} after {after}"
        for name, pattern in ANSWERED_OR_NOT.items():
            if name != "document-compare":  # needs two public texts; its page is the history's
                assert self.surfaces.answers(pattern) == self.public, f"{name} after {after}"
        assert self.surfaces.visitor.ask("/a.html", host="testserver")[0] == (301 if self.public else 410)
        if self.waiting != self.said:
            self.nobody_sees(self.waiting, except_on=BY_ADDRESS)

    def nobody_sees(self, title: str, except_on: tuple[str, ...]) -> None:
        for name, pattern in SHOWN_BY_NAME.items():
            assert name in except_on or not self.surfaces.shows(pattern, title), f"{name} shows {title}"


@pytest.mark.soak
@settings(max_examples=often(15, 500), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_every_surface_shows_what_is_public_and_nothing_else(surfaces: Surfaces, doing: Doing, history: list[str]) -> None:
    title = from_the_start(surfaces, doing)
    story = Story(surfaces, doing, title, title)
    story.everybody_sees_what_is_public([])
    for turn, step in enumerate(history):
        story.go_on(step, turn)
        story.everybody_sees_what_is_public(history[: turn + 1])


def from_the_start(surfaces: Surfaces, doing: Doing) -> str:
    """Whatever an earlier story left, the paper is public again with nothing waiting; its title."""
    document = Document.objects.get(pk=surfaces.number)
    if document.editorial == "withdrawn":
        restore(document.pk, "从头来", doing)
    if document.current_id != document.published_id:
        publish_as_already_public(document.pk, doing)
    return Document.objects.get(pk=surfaces.number).title
