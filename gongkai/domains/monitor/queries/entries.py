"""What the manifest says of each public paper, taken from the revision that was approved."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gongkai.core.ledger.models import Event, StreamHead
from gongkai.domains.library.actions.content import digest_of
from gongkai.domains.library.events import APPROVED, STREAM
from gongkai.domains.library.models import Document, Rendition, Revision
from gongkai.text.fingerprint import bare, digest, fragment_text
from gongkai.text.links import addresses_in, hosts_of

CHUNK = 250
Entry = dict[str, Any]


class TooManyAtOnce(Exception):
    """More papers have to be read anew than this call may spend time on; the next call goes on from here."""

    def __init__(self) -> None:
        super().__init__("清单正在生成，请稍后再取；管理员可运行 gongkai manifest 一次生成完。")


@dataclass(slots=True)
class Spending:
    """How many papers may still be read anew, and which of those read do not say what was approved.

    `anew`: read every paper again, whatever is kept.
    """

    left: int | None = None
    anew: bool = False
    altered: list[int] = field(default_factory=list)

    def take(self, papers: int) -> None:
        """Read some papers anew. Raises TooManyAtOnce."""
        if self.left is None:
            return
        if self.left < papers:
            self.left = 0
            raise TooManyAtOnce
        self.left -= papers


def entries(first: int, last: int, known: Mapping[int, Entry], spending: Spending) -> Iterator[Entry]:
    """The entries of the public papers numbered from `first` to `last`.

    An entry in `known` is taken over while the paper's stream in the ledger has not moved.
    """
    public = Document.objects.public().filter(pk__range=(first, last), published__isnull=False).order_by("pk")
    rows = list(public.values_list("pk", "published_id", "title", "changed_at"))
    for at in range(0, len(rows), CHUNK):
        chunk = rows[at : at + CHUNK]
        heads = _heads([pk for pk, *_ in chunk])
        kept = {pk: known[pk] for pk, *_ in chunk if pk in known and known[pk]["ledger"] == heads.get(pk)}
        fresh = [row for row in chunk if row[0] not in kept]
        spending.take(len(fresh))
        made = dict(_read(fresh, heads, spending)) if fresh else {}
        yield from (entry for pk, *_ in chunk if (entry := kept.get(pk) or made.get(pk)))


def _heads(numbers: Sequence[int]) -> dict[int, str]:
    heads = StreamHead.objects.filter(stream_kind=STREAM, stream_id__in=list(map(str, numbers)))
    return {int(stream): hash_ for stream, hash_ in heads.values_list("stream_id", "hash")}


def _read(rows: Sequence[tuple[Any, ...]], heads: Mapping[int, str], spending: Spending) -> Iterator[tuple[int, Entry]]:
    numbers = [pk for pk, *_ in rows]
    revisions = Revision.objects.filter(pk__in=[revision for _, revision, *_ in rows]).select_related("body").in_bulk()
    approved, files = _approved(numbers), _files(numbers)
    for pk, revision_id, title, changed_at in rows:
        revision = revisions[revision_id]
        text = fragment_text(revision.body.html)
        if revision.digest not in approved.get(pk, ()) or not _is_what_was_approved(revision, text):
            spending.altered.append(pk)  # it stays out of the manifest, so that every watch names it
            continue
        hosts = hosts_of([*addresses_in(revision.body.html), revision.metadata["source_url"] or ""])
        yield (
            pk,
            {
                "number": pk,
                "title": title,
                "text": digest(text),
                "revision": revision.digest,
                "ledger": heads.get(pk, ""),
                "files": files.get(pk, []),
                "hosts": hosts,
                "changed_at": changed_at.isoformat() if changed_at else "",
            },
        )


def _approved(numbers: Sequence[int]) -> dict[int, set[str]]:
    """The digests that were approved, as the ledger recorded them."""
    out: dict[int, set[str]] = {}
    # the kind is looked at here: asked of the database, it would walk all approvals there ever were
    events = Event.objects.filter(stream_kind=STREAM, stream_id__in=list(map(str, numbers)))
    for stream, kind, payload in events.values_list("stream_id", "kind", "payload"):
        if kind == APPROVED:
            out.setdefault(int(stream), set()).add(json.loads(payload)["digest"])
    return out


def _files(numbers: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    out: dict[int, list[dict[str, Any]]] = {}
    renditions = Rendition.objects.filter(document__in=numbers).order_by("document_id", "-main", "id")
    for pk, sha256, size in renditions.values_list("document_id", "original_id", "original__size"):
        out.setdefault(pk, []).append({"sha256": sha256, "size": size})
    return out


def _is_what_was_approved(revision: Revision, text: str) -> bool:
    """Whether the text stored is the one the approval was bound to, and the page made of it says nothing else."""
    if digest_of(revision.metadata, revision.body.text) != revision.digest:
        return False
    whole, at = bare(revision.body.text), 0
    for line in text.replace(" ", "").split("\n"):  # a comparable text knows no other blanks
        found = whole.find(line, at)
        if found < 0:
            return False
        at = found + len(line)
    return True
