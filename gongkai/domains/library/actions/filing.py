"""Filing papers: a new document, a new revision of a known one, a further file of the same text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F

from gongkai.core.agencies.models import Agency
from gongkai.core.agencies.queries import government
from gongkai.core.ledger.append import Happening, append
from gongkai.core.ledger.projections import as_recorded
from gongkai.core.writing import writing
from gongkai.domains.library import events
from gongkai.domains.library.actions.content import Content
from gongkai.domains.library.actions.doing import Doing, state_of, stream_of
from gongkai.domains.library.actions.effects import settle_after_filing, settle_effects
from gongkai.domains.library.actions.project import project
from gongkai.domains.library.actions.releasing import release
from gongkai.domains.library.actions.remarks import remark
from gongkai.domains.library.events import Approval
from gongkai.domains.library.models import Body, Counter, Document, Editorial, Legal, Original, Revision, Work
from gongkai.domains.library.state import fold
from gongkai.text import topics
from gongkai.text.keys import number_key, title_key, work_key


@writing()
def file_document(
    content: Content, original: Original | None, agency: Agency, doing: Doing, approval: Approval | None = None
) -> Document:
    """A new document with its first revision.

    With an approval it goes out at once; without one it waits as a draft, or for a person where
    `content` asks questions. Raises what `release` raises.
    """
    metadata = content.metadata
    index_number = next_index_number(agency, metadata["issued_on"], doing.today, metadata["topic"])
    document = Document.objects.create(
        agency=agency,
        editorial=Editorial.DRAFT,
        attribute=metadata["attribute"],
        index_number=index_number,
        filed_at=doing.at,
        title=metadata["title"][:500],
        kind=metadata["kind"],
        legal=Legal.IN_FORCE,
        legal_as_of=doing.today,
        text_digest=content.text_digest,
        work=_work(content),
    )
    document.current = _revision(document, 1, Revision.Ground.IMPORTED, content, (original, doing.at))
    filed = Happening(
        events.FILED,
        {
            "agency": agency.code,
            "index_number": index_number,
            "revision": 1,
            "digest": content.digest,
            "original": original.sha256 if original else None,
            "questions": list(content.questions),
        },
    )
    stream = stream_of(document.pk)
    state = fold(map(as_recorded, append(stream, [filed], actor=doing.actor, at=doing.at)))
    if approval is not None:
        released = append(stream, release(state, metadata, approval, doing.actor), actor=doing.actor, at=doing.at)
        state = fold(map(as_recorded, released), state)
    project(document, state, doing.today, fresh=True)
    settle_after_filing(document, doing)
    if approval is not None:
        settle_effects(document, doing)
    return document


@writing()
def revise(
    document: Document, content: Content, original: Original | None, ground: str, doing: Doing, *, reason: str = ""
) -> Revision:
    """A new revision of a known document; what is public stays as it is until the new one is published.

    `reason` is what a person wrote about it; it stands beside the ledger.
    """
    state = state_of(document)
    number = state.current + 1
    revision = _revision(document, number, ground, content, (original, doing.at))
    revised = Happening(
        events.REVISED,
        {
            "revision": number,
            "digest": content.digest,
            "ground": ground,
            "original": original.sha256 if original else None,
            "questions": list(content.questions),
            **(remark(reason) if reason.strip() else {}),
        },
    )
    append(stream_of(document.pk), [revised], actor=doing.actor, at=doing.at, expected=state.sequence)
    project(document, state_of(document), doing.today)
    settle_effects(document, doing)
    return revision


@writing()
def add_rendition(document: Document, original: Original, doing: Doing) -> None:
    """Another file with the same words, in another format; nothing happens when it is known already."""
    state = state_of(document)
    if original.sha256 in (*state.renditions, *state.waiting):
        return
    added = Happening(events.RENDITION_ADDED, {"original": original.sha256})
    append(stream_of(document.pk), [added], actor=doing.actor, at=doing.at, expected=state.sequence)
    project(document, state_of(document), doing.today)


def _revision(document: Document, number: int, ground: str, content: Content, kept: tuple[Original | None, datetime]) -> Revision:
    original, made_at = kept
    body = Body.objects.create(text=content.text, html=content.html, clauses=content.clauses)
    return Revision.objects.create(
        document=document,
        number=number,
        ground=ground,
        original=original,
        body=body,
        metadata=content.metadata,
        readings=content.readings,
        digest=content.digest,
        text_digest=content.text_digest,
        made_at=made_at,
    )


def _work(content: Content) -> Work | None:
    """Consolidated versions of one law share a work; other papers have none."""
    metadata = content.metadata
    if metadata["kind"] != "regulation":
        return None
    key = work_key(metadata["title"])[:64]
    return Work.objects.get_or_create(key=key, defaults={"title": metadata["title"][:500]})[0]


def next_index_number(agency: Agency, issued_on: str | None, today: date, topic: str = "") -> str:
    """The next index number (索引号) in this government's scheme, never given out twice, also by another scheme before.

    The category is the topic's place in the State Council's scheme, 00 for none.
    """
    year = int(issued_on[:4]) if issued_on else today.year
    key, scheme = f"{agency.code}/{year}", government().index_scheme
    category = f"{list(topics.scheme()).index(topic) + 1 if topic in topics.scheme() else 0:02d}"
    while True:
        if not Counter.objects.filter(key=key).update(last=F("last") + 1):
            Counter.objects.create(key=key, last=1)
        serial = Counter.objects.get(key=key).last
        number = scheme.format(code=agency.code, year=year, serial=serial, category=category)
        if not Document.objects.filter(index_number=number).exists():
            return number


@dataclass(frozen=True, slots=True)
class Match:
    """A document that a new file may be. `same_text`: it holds the very words."""

    document: Document
    same_text: bool
    clash: bool = False


def find_known(content: Content) -> Match | None:
    """The document that `content` is a copy or a new version of.

    The same words: a copy. The same number and title, or the same title, organ and date without
    a number: a new version. The same number under another title: a clash that a person must settle.
    """
    same = Document.objects.filter(text_digest=content.text_digest).order_by("id").first()
    if same is not None:
        return Match(same, same_text=True)
    metadata = content.metadata
    number, key = number_key(metadata["document_number"]), title_key(metadata["title"])
    if number and metadata["kind"] != "regulation":
        return _by_number(number, key)
    found = Document.objects.filter(names__key=key, names__main=True, issued_on=metadata["issued_on"])
    if not number:
        found = found.filter(number_key="")
    candidate = found.order_by("id").first()
    if candidate is None or metadata["issued_on"] is None:
        return None
    organs = set(candidate.organs.values_list("name", flat=True))
    return Match(candidate, same_text=False) if organs == set(metadata["organs"]) else None


def _by_number(number: str, key: str) -> Match | None:
    for candidate in Document.objects.filter(number_key=number).order_by("id"):
        if candidate.names.filter(key=key).exists():
            return Match(candidate, same_text=False)
        return Match(candidate, same_text=False, clash=True)
    return None
