"""Importing folders of papers: resumable, idempotent, one transaction a file."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from filelock import FileLock, Timeout

from gongkai.core.agencies.models import Agency
from gongkai.core.agencies.queries import bearer_of, find_agency, government, head_of_government
from gongkai.domains.library.actions.content import QUESTIONS, Content
from gongkai.domains.library.actions.doing import Doing
from gongkai.domains.library.actions.filing import add_rendition, file_document, find_known, revise
from gongkai.domains.library.actions.publishing import already_public, publish
from gongkai.domains.library.models import Attribute, Document, ImportItem, ImportRun, Original, Revision, Theme
from gongkai.domains.library.tasks.readers import Read, Task, read_all
from gongkai.domains.library.tasks.storing import sweep
from gongkai.domains.library.tasks.walking import files_below
from gongkai.text.keys import quoted


class AlreadyImporting(Exception):
    """Another import is under way in this data folder."""

    def __init__(self) -> None:
        super().__init__("另一个导入正在进行。请等它结束后再导入；确认没有在运行时，稍候片刻重试即可。")


@dataclass(frozen=True, slots=True)
class Request:
    """What to import and how."""

    paths: tuple[Path, ...]
    agency: str | None = None
    publish: bool = False
    rehearse: bool = False
    workers: int = field(default_factory=lambda: min(os.cpu_count() or 1, 4))

    @property
    def fingerprint(self) -> str:
        """What makes two calls the same request."""
        said = [sorted(str(p.absolute()) for p in self.paths), self.agency, self.publish]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one file. `outcome` is one of filed, needs_person, duplicate, failed."""

    path: str
    outcome: str
    code: str
    reason: str
    document: int | None
    title: str
    sha256: str


@dataclass(slots=True)
class Report:
    """What became of all files of a request; the four outcomes add up to `seen`."""

    seen: int
    resumed: int
    rehearsed: bool
    started_at: datetime
    lines: list[Line]

    def counts(self) -> dict[str, int]:
        """How many files ended how."""
        return {outcome: sum(line.outcome == outcome for line in self.lines) for outcome in ImportItem.Outcome.values}


Progress = Callable[[int, int], None]


def was_finished(request: Request) -> bool:
    """Whether this very request has been carried to its end before."""
    return ImportRun.objects.filter(request=request.fingerprint).exclude(finished_at=None).exists()


def import_papers(request: Request, doing: Doing, progress: Progress | None = None) -> Report:
    """Import every file that `request` names.

    A request that was killed is carried on by the next call with the same request: files that are
    done are not touched again. A rehearsal does everything and leaves nothing behind.

    Raises AlreadyImporting, NoSuchPath, UnknownAgency, NoGovernment.
    """
    files = files_below(request.paths)
    holder = find_agency(request.agency) if request.agency else None
    government()
    with _alone():
        if not request.rehearse:
            return _run(request, files, holder, doing, progress)
        with transaction.atomic():
            report = _run(request, files, holder, doing, progress)
            transaction.set_rollback(True)
        return report


@contextmanager
def _alone() -> Iterator[None]:
    folder = Path(settings.DATA_FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / "import.lock", timeout=0)
    try:
        with lock:
            yield
    except Timeout as error:
        raise AlreadyImporting from error


def _run(request: Request, files: Sequence[Path], holder: Agency | None, doing: Doing, progress: Progress | None) -> Report:
    run = _begin(request, doing)
    done = set(run.items.values_list("path", flat=True))
    waiting = [f for f in files if str(f) not in done]
    store = None if request.rehearse else Path(default_storage.path(""))
    if store is not None:
        sweep(store)
    task = Task({t.slug: t.words for t in Theme.objects.all()}, doing.today, store)
    for number, read in enumerate(read_all(waiting, task, request.workers), 1):
        with transaction.atomic():
            _take_in(run, read, holder, doing, public=request.publish)
        if progress is not None:
            progress(len(files) - len(waiting) + number, len(files))
    run.finished_at = doing.at
    run.save(update_fields=["finished_at"])
    return report_of(run, seen=len(files), resumed=len(files) - len(waiting), rehearsed=request.rehearse)


def _begin(request: Request, doing: Doing) -> ImportRun:
    unfinished = ImportRun.objects.filter(request=request.fingerprint, finished_at=None).order_by("-id").first()
    if unfinished is not None:
        return unfinished
    arguments = {"paths": [str(p) for p in request.paths], "agency": request.agency, "publish": request.publish}
    return ImportRun.objects.create(request=request.fingerprint, started_at=doing.at, arguments=arguments)


def report_of(run: ImportRun, *, seen: int, resumed: int, rehearsed: bool) -> Report:
    """The report of a run, from what it wrote down."""
    items = run.items.order_by("id").values_list("path", "outcome", "code", "reason", "document_id", "document__title", "sha256")
    lines = [Line(p, o, c, r, d, t or "", s) for p, o, c, r, d, t, s in items]
    return Report(seen, resumed, rehearsed, run.started_at, lines)


def _take_in(run: ImportRun, read: Read, holder: Agency | None, doing: Doing, *, public: bool) -> None:
    """Decide what one file is, act, and write down what became of it."""
    item = ImportItem(run=run, path=str(read.path), sha256=read.kept.sha256 if read.kept else "")
    original, known = _original(read, doing)
    if known is not None:
        item.outcome, item.code = ImportItem.Outcome.DUPLICATE, "same_file"
        item.reason, item.document = f"与已导入的{quoted(known.title)}是同一个文件。", known
    elif read.content is None:
        item.outcome = ImportItem.Outcome.NEEDS_PERSON if read.needs_person else ImportItem.Outcome.FAILED
        item.code, item.reason = read.code, read.reason
    else:
        _place(item, read.content, original, holder, doing, public=public)
    item.save()


def _original(read: Read, doing: Doing) -> tuple[Original | None, Document | None]:
    """The record of the file as it came, and the document it already belongs to."""
    if read.kept is None:
        return None, None
    original, created = Original.objects.get_or_create(
        sha256=read.kept.sha256,
        defaults={"size": read.kept.size, "name": read.path.name[:255], "format": read.format, "received_at": doing.at},
    )
    if not created and read.format and original.format != read.format:
        original.format = read.format
        original.save(update_fields=["format"])
    known = None if created else Document.objects.filter(renditions__original=original).order_by("id").first()
    return original, known


def _place(
    item: ImportItem, content: Content, original: Original | None, holder: Agency | None, doing: Doing, *, public: bool
) -> None:
    match = find_known(content)
    if match is not None and match.same_text and original is not None:
        add_rendition(match.document, original, doing)
        item.outcome, item.code, item.document = ImportItem.Outcome.DUPLICATE, "same_text", match.document
        item.reason = f"与{quoted(match.document.title)}文字相同，已作为它的另一种格式保存。"
        return
    if match is not None and match.clash:
        content = content.asking("number_taken")
    allowed = public and not content.questions and content.metadata["attribute"] == Attribute.PROACTIVE
    approval = already_public(content.digest, doing) if allowed else None
    if match is not None and not match.clash:
        revise(match.document, content, original, Revision.Ground.REVISED, doing)
        item.document, item.code, item.reason = match.document, "revision", "已知文件的新版本。"
        if approval is not None:
            publish(match.document.pk, approval, doing)
    else:
        item.document = file_document(content, original, holder or _holder(content), doing, approval)
    _conclude(item, content, public=public)


def _conclude(item: ImportItem, content: Content, *, public: bool) -> None:
    """Say how a filed paper ended: done, or waiting for a person and why."""
    item.outcome = ImportItem.Outcome.FILED
    attribute = Attribute(content.metadata["attribute"])
    if content.questions:
        item.outcome, item.code = ImportItem.Outcome.NEEDS_PERSON, content.questions[0]
        item.reason = "；".join(QUESTIONS[q] for q in content.questions) + "。请用 gongkai document confirm 或 correct 处理。"
    elif public and attribute != Attribute.PROACTIVE:
        item.code, item.reason = "not_proactive", f"公开属性是“{attribute.label}”，已归档，不发布。"


def _holder(content: Content) -> Agency:
    """The organ that keeps a paper: its issuer where that is ours, else the government itself."""
    metadata = content.metadata
    day = datetime.fromisoformat(metadata["issued_on"]).date() if metadata["issued_on"] else None
    return bearer_of(metadata["organs"], day) or head_of_government()
