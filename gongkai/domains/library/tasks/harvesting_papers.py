"""Getting and reading the papers of a page of records: the original where it can be had, else the text as HTML."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path

from gongkai.domains.library.actions.adopting import adopted
from gongkai.domains.library.actions.content import Content, cleaned
from gongkai.domains.library.models import Theme
from gongkai.domains.library.tasks.harvesting_records import Offered, OfferedFile, Received
from gongkai.domains.library.tasks.harvesting_source import Connection, FileTrouble
from gongkai.domains.library.tasks.readers import Read, Task, read_all
from gongkai.domains.library.tasks.storing import Kept, keep

_MOST_FILES = 10
_UNFIT_NAME = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be got for a record: its text or not, and which of its files are here already."""

    record: Received
    text: bool
    here: frozenset[str] = frozenset()


@dataclass(slots=True)
class Got:
    """What was got: the content with the original it was read from, further files, and what is worth telling."""

    content: Content | None = None
    original: Read | None = None
    name: str = ""
    files: list[tuple[Kept, OfferedFile]] = field(default_factory=list)
    note: str = ""
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Workshop:
    """What getting papers needs: the source, a folder for what is under way, how to read, and with how many processes."""

    there: Connection
    folder: Path
    task: Task
    workers: int


def get_papers(wanted: Sequence[Wanted], shop: Workshop) -> list[Got]:
    """What each record offers, in order. A file that cannot be had for now is a trouble, any other a note."""
    got = [Got() for _ in wanted]
    with tempfile.TemporaryDirectory(dir=shop.folder) as name:
        folder = Path(name)
        paths = {n: path for n, want in enumerate(wanted) if (path := _download(want, got[n], n, folder, shop)) is not None}
        for number, read in _read(paths, shop.task, shop.workers):
            if read.content is None:
                got[number].note = f"原件读不出文字（{read.reason}），正文取自网页文字。"
            got[number].original, got[number].content = read, read.content
        bodies = {
            n: _page_of(paper, folder / f"{n:04d}-body.html")
            for n, want in enumerate(wanted)
            if want.text and got[n].content is None and not got[n].trouble and (paper := want.record.paper) is not None
        }
        for number, read in _read(bodies, replace(shop.task, store=None), shop.workers):
            got[number].content = read.content
            if read.content is None:
                got[number].trouble = f"{got[number].note}网页文字也读不出来：{read.reason}"
    for want, result in zip(wanted, got, strict=True):
        _adopt(want, result, shop.task)
    return got


def _download(want: Wanted, got: Got, number: int, folder: Path, shop: Workshop) -> Path | None:
    """The file to read the text from; further files are kept at once."""
    main: Path | None = None
    files = want.record.paper.files[:_MOST_FILES] if want.record.paper else ()
    for place, file in enumerate(files):
        is_main = place == 0 and want.text
        if file.sha256 in want.here and not is_main:
            continue
        target = folder / f"{number:04d}-{place}{_ending(file)}"
        try:
            shop.there.fetch(file.address, file.sha256, target)
        except FileTrouble as error:
            if error.passing:
                got.trouble = f"{error}。下次采集时自动再试。"
                return None
            got.note = f"{error}，正文取自网页文字。" if is_main else got.note
            continue
        if is_main:
            main, got.name = target, safe_name(file.name)
        else:
            got.files.append((keep(target, shop.task.store), file))
            target.unlink()
    return main


def _read(paths: Mapping[int, Path], task: Task, workers: int) -> Iterable[tuple[int, Read]]:
    return zip(paths, read_all(list(paths.values()), task, workers), strict=True)


def _ending(file: OfferedFile) -> str:
    ending = Path(safe_name(file.name)).suffix.lower()
    return ending if re.fullmatch(r"\.[a-z0-9]{1,5}", ending) else ""


def safe_name(name: str) -> str:
    """A file's name without folders and characters that a disk or a header cannot bear."""
    return _UNFIT_NAME.sub("_", name.replace("\\", "/").rpartition("/")[2]).strip(". ")[-200:] or "原件"


def _page_of(paper: Offered, path: Path) -> Path:
    """The text of a record as a page: cleaned by the rules of our own pages, its title and number above it."""
    title, number = escape(paper.metadata["title"]), escape(paper.metadata["document_number"] or "")
    head = f"<p>{number}</p>" if number else ""
    page = f'<!DOCTYPE html><meta charset="utf-8"><body><article>{head}<h1>{title}</h1>\n{cleaned(paper.html)}</article></body>'
    path.write_text(page, encoding="utf-8")
    return path


def _adopt(want: Wanted, got: Got, task: Task) -> None:
    paper = want.record.paper
    if got.content is None or paper is None:
        return
    confirmed = got.content.text_digest == paper.text_digest
    got.content = adopted(got.content, {**paper.metadata, "themes": _ours(paper)}, confirmed=confirmed, today=task.today)


def _ours(paper: Offered) -> list[str]:
    """Which of our featured themes bear the names that the record gives its own."""
    return list(Theme.objects.filter(name__in=paper.theme_names).values_list("slug", flat=True)) if paper.theme_names else []
