"""Importing folders of papers: resumable, idempotent, one transaction a file."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import DataError, transaction

from gongkai.core.agencies.models import Agency
from gongkai.core.agencies.queries import find_agency, government
from gongkai.core.upkeep import refresh_statistics
from gongkai.core.writing import writing
from gongkai.domains.library.actions.addresses import keep_address
from gongkai.domains.library.actions.content import Content
from gongkai.domains.library.actions.doing import Doing
from gongkai.domains.library.actions.filing import add_rendition, find_known
from gongkai.domains.library.models import Document, ImportItem, ImportRun, Original, Theme
from gongkai.domains.library.tasks.alone import alone
from gongkai.domains.library.tasks.placing import ending_of, holder_of, original_of, take_in
from gongkai.domains.library.tasks.readers import Read, Task, read_all
from gongkai.domains.library.tasks.storing import sweep
from gongkai.domains.library.tasks.walking import files_below, told
from gongkai.text.keys import quoted


@dataclass(frozen=True, slots=True)
class Request:
    """What to import and how. `within`: the organs whose documents it may add to; None for all."""

    paths: tuple[Path, ...]
    agency: str | None = None
    publish: bool = False
    rehearse: bool = False
    within: frozenset[int] | None = None
    workers: int = field(default_factory=lambda: min(os.cpu_count() or 1, 4))

    @property
    def fingerprint(self) -> str:
        """What makes two calls the same request."""
        said = [sorted(told(p.absolute()) for p in self.paths), self.agency, self.publish]
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
Clock = Callable[[], Doing]


def was_finished(request: Request) -> bool:
    """Whether this very request has been carried to its end before."""
    return ImportRun.objects.filter(request=request.fingerprint).exclude(finished_at=None).exists()


def import_papers(request: Request, doing: Doing, progress: Progress | None = None, clock: Clock | None = None) -> Report:
    """Import every file that `request` names.

    `clock` tells the time anew for each file: who harvests this library in the meantime asks for
    what changed since, so a paper must not bear an earlier moment than that of its own filing.

    A request that was killed is carried on by the next call with the same request: files that are
    done are not touched again. A rehearsal does everything and leaves nothing behind.

    Raises AlreadyImporting, NoSuchPath, UnknownAgency, NoGovernment.
    """
    files = files_below(request.paths)
    holder = find_agency(request.agency) if request.agency else None
    government()
    with alone():
        if not request.rehearse:
            return _run(request, files, holder, clock or (lambda: doing), progress)
        with transaction.atomic():
            report = _run(request, files, holder, clock or (lambda: doing), progress)
            transaction.set_rollback(True)
        return report


def _run(
    request: Request, files: Sequence[Path], holder: Agency | None, clock: Clock, progress: Progress | None = None
) -> Report:
    doing = clock()
    run = _begin(request, doing)
    done = set(run.items.values_list("path", flat=True))
    waiting = [f for f in files if told(f) not in done]
    store = None if request.rehearse else Path(default_storage.path(""))
    if store is not None:
        sweep(store)
    task = Task({t.slug: t.words for t in Theme.objects.all()}, doing.today, store)
    for number, read in enumerate(read_all(waiting, task, request.workers), 1):
        _take_one(run, read, holder, clock(), request)
        if progress is not None:
            progress(len(files) - len(waiting) + number, len(files))
    run.finished_at = doing.at
    run.save(update_fields=["finished_at"])
    refresh_statistics()
    return report_of(run, seen=len(files), resumed=len(files) - len(waiting), rehearsed=request.rehearse)


def _begin(request: Request, doing: Doing) -> ImportRun:
    unfinished = ImportRun.objects.filter(request=request.fingerprint, finished_at=None).order_by("-id").first()
    if unfinished is not None:
        return unfinished
    arguments = {"paths": [told(p) for p in request.paths], "agency": request.agency, "publish": request.publish}
    return ImportRun.objects.create(request=request.fingerprint, started_at=doing.at, arguments=arguments)


def report_of(run: ImportRun, *, seen: int, resumed: int, rehearsed: bool) -> Report:
    """The report of a run, from what it wrote down."""
    items = run.items.order_by("id").values_list("path", "outcome", "code", "reason", "document_id", "document__title", "sha256")
    lines = [Line(p, o, c, r, d, t or "", s) for p, o, c, r, d, t, s in items]
    return Report(seen, resumed, rehearsed, run.started_at, lines)


def _take_one(run: ImportRun, read: Read, holder: Agency | None, doing: Doing, request: Request) -> None:
    """One file, in a transaction of its own; one that the database cannot hold does not stop the others."""
    try:
        with writing():
            _take_in(run, read, holder, doing, request)
    except DataError as error:
        reason = f"文件里有一项太长，或者含有不是文字的字符，数据库放不下（{error}），原件已保存。请把文件发给维护人员。"
        ImportItem.objects.create(
            run=run, path=told(read.path), outcome=ImportItem.Outcome.FAILED, code="unfit", reason=reason[:500]
        )


def _take_in(run: ImportRun, read: Read, holder: Agency | None, doing: Doing, request: Request) -> None:
    """Decide what one file is, act, and write down what became of it."""
    item = ImportItem(run=run, path=told(read.path), sha256=read.kept.sha256 if read.kept else "")
    original, known = original_of(read, doing)
    if known is not None and not _within(request, known):
        _elsewhere(item)
    elif known is not None:
        item.outcome, item.code = ImportItem.Outcome.DUPLICATE, "same_file"
        item.reason, item.document = f"与已导入的{quoted(known.title)}是同一个文件。", known
    elif read.content is None:
        item.outcome = ImportItem.Outcome.NEEDS_PERSON if read.needs_person else ImportItem.Outcome.FAILED
        item.code, item.reason = read.code, read.reason
    else:
        _place(item, read.content, original, holder, doing, request=request)
    item.save()


def _within(request: Request, document: Document) -> bool:
    return request.within is None or document.agency_id in request.within


def _elsewhere(item: ImportItem) -> None:
    """Another organ holds this paper: nothing is added to it, and nothing of it is told."""
    item.outcome, item.code = ImportItem.Outcome.NEEDS_PERSON, "held_elsewhere"
    item.reason = "库中另一机构已经收有这份文件，没有改动它。需要补充或更正的，请联系政务公开主管部门。"


def _place(
    item: ImportItem, content: Content, original: Original | None, holder: Agency | None, doing: Doing, *, request: Request
) -> None:
    match, public = find_known(content), request.publish
    if match is not None and not match.clash and not _within(request, match.document):
        _elsewhere(item)
        return
    if match is not None and match.same_text and original is not None:
        add_rendition(match.document, original, doing)
        keep_address(match.document, content.metadata["source_url"])
        item.outcome, item.code, item.document = ImportItem.Outcome.DUPLICATE, "same_text", match.document
        item.reason = f"与{quoted(match.document.title)}文字相同，已作为它的另一种格式保存。"
        return
    if match is not None and match.clash:
        content = content.asking("number_taken")
    known = match.document if match is not None and not match.clash else None
    item.document = take_in(content, original, known, holder or holder_of(content), doing, public=public)
    if known is not None:
        item.code, item.reason = "revision", "已知文件的新版本。"
    ending = ending_of(content, public=public)
    item.outcome, item.code, item.reason = ending.outcome, ending.code or item.code, ending.reason or item.reason
