"""Taking one earlier public text back from the public history of a document, and giving it back."""

from __future__ import annotations

from gongkai.core.ledger.append import Happening
from gongkai.core.ledger.projections import recorded
from gongkai.core.writing import writing
from gongkai.domains.library import events
from gongkai.domains.library.actions.doing import Doing, state_of, stream_of
from gongkai.domains.library.actions.errors import Refused
from gongkai.domains.library.actions.recording import locked, record
from gongkai.domains.library.actions.remarks import remark
from gongkai.domains.library.models import Document, Revision
from gongkai.domains.library.state import DocumentState
from gongkai.text.keys import quoted


@writing()
def seal_revision(number: int, revision: int, reason: str, doing: Doing) -> Document:
    """Nobody may read this earlier text of a document any more, nor the files that hold no text but it.

    Raises Refused without a reason, or unless the revision was public and is not what is shown now.
    """
    document = locked(number)
    state = state_of(document)
    if not reason.strip():
        raise Refused("封存历次文本须写明理由。")
    if revision == state.published:
        raise Refused(f"第 {revision} 版是现在公开的文本，不能封存。要停止公开，请撤下文件。")
    if revision in state.sealed:
        raise Refused(f"第 {revision} 版已经封存。")
    if revision not in ever_published(number):
        raise Refused(f"{quoted(document.title)}的第 {revision} 版没有公开过，不用封存。")
    payload = {"revision": revision, "files": _files_of_it_alone(number, revision, state), **remark(reason)}
    return record(document, state, [Happening(events.SEALED, payload)], doing)


@writing()
def unseal_revision(number: int, revision: int, reason: str, doing: Doing) -> Document:
    """An earlier text may be read again. Raises Refused without a reason, or unless it is sealed."""
    document = locked(number)
    state = state_of(document)
    if not reason.strip():
        raise Refused("解除封存须写明理由。")
    if revision not in state.sealed:
        raise Refused(f"第 {revision} 版没有封存。")
    sealings = [e for e in recorded(stream_of(number)) if e.kind == events.SEALED and e.payload["revision"] == revision]
    files = sealings[-1].payload["files"] if sealings else []
    payload = {"revision": revision, "files": [f for f in files if f not in state.renditions], **remark(reason)}
    return record(document, state, [Happening(events.UNSEALED, payload)], doing)


def ever_published(number: int) -> set[int]:
    """Which revisions of a document were ever let out."""
    return {e.payload["revision"] for e in recorded(stream_of(number)) if e.kind == events.PUBLISHED}


def _files_of_it_alone(number: int, revision: int, state: DocumentState) -> list[str]:
    """The files that hold this text, unless a text that stays public has the same words."""
    digests = dict(Revision.objects.filter(document=number).values_list("number", "text_digest"))
    staying = ever_published(number) - {revision} - set(state.sealed)
    if digests[revision] in {digests[n] for n in staying}:
        return []
    holding: dict[str, str] = {}
    current = 0
    for event in recorded(stream_of(number)):
        if event.kind in (events.FILED, events.REVISED):
            current = event.payload["revision"]
        if event.kind in (events.FILED, events.REVISED, events.RENDITION_ADDED) and event.payload["original"]:
            holding[event.payload["original"]] = digests[current]
    return [file for file in state.renditions if holding.get(file) == digests[revision]]
