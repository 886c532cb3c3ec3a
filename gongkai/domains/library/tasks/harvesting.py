"""Harvesting another library: resumable, idempotent, one transaction a record."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage

from gongkai.core.agencies.queries import government
from gongkai.core.writing import writing
from gongkai.domains.library.actions.adopting import TURNS, heed_turns
from gongkai.domains.library.actions.doing import Doing
from gongkai.domains.library.models import Harvest, Harvested, LegalEvent, Rendition, Source, Theme
from gongkai.domains.library.queries.exchange import NAMESPACE
from gongkai.domains.library.tasks.alone import alone
from gongkai.domains.library.tasks.harvesting_filing import take_over
from gongkai.domains.library.tasks.harvesting_pages import Page, one_record, pages_of
from gongkai.domains.library.tasks.harvesting_papers import Got, Wanted, Workshop, get_papers
from gongkai.domains.library.tasks.harvesting_records import Received
from gongkai.domains.library.tasks.harvesting_source import OAI, Connection, Element, Limits, SourceTrouble, base_address
from gongkai.domains.library.tasks.readers import Task
from gongkai.domains.library.tasks.storing import sweep

OVERLAP = timedelta(minutes=10)  # a change may become visible a little after the moment it bears
_RETRIED = 2_000  # records that failed before and are tried again, at most
_AT_ONCE = 50
Clock = Callable[[], Doing]
Progress = Callable[[int, int | None], None]


class WholeSourceUnfit(SourceTrouble):
    """The source speaks another version of the protocol."""


@dataclass(frozen=True, slots=True)
class HarvestRequest:
    """What to harvest and how. Raises UnfitAddress for an address that cannot be one."""

    url: str
    since: date | None = None
    set_spec: str = ""
    publish: bool = False
    workers: int = 1
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        base_address(self.url)


@dataclass(frozen=True, slots=True)
class HarvestLine:
    """What became of one record. `outcome` is one of `Harvested.Outcome`."""

    identifier: str
    outcome: str
    code: str
    reason: str
    document: int | None
    title: str


@dataclass(slots=True)
class HarvestReport:
    """What a harvest did. `trouble` says why it stopped before the end; '' when it did not."""

    source: str
    url: str
    started_at: datetime
    unchanged: int
    resumed: bool
    trouble: str
    lines: list[HarvestLine]

    def counts(self) -> dict[str, int]:
        """How many records ended how; those that had not changed are counted apart."""
        return {outcome: sum(line.outcome == outcome for line in self.lines) for outcome in Harvested.Outcome.values}


def harvest(
    request: HarvestRequest, clock: Clock, progress: Progress | None = None, wait: Callable[[float], None] = time.sleep
) -> HarvestReport:
    """Take over what another library has made public, changed or taken down since the last harvest.

    A harvest that was killed or broke off is carried on by the next call that asks for the same.

    Args:
        request: what to harvest.
        clock: tells who does it and when, anew for each record.
        progress: told how many records are done, of how many if the source says so.
        wait: sleeps for some seconds when the source asks for patience.

    Raises AlreadyImporting, NoGovernment, UnfitAddress.
    """
    government()
    url = base_address(request.url)
    with alone(), Connection(url, wait, request.limits) as there:
        source = Source.objects.get_or_create(url=url)[0]
        started, run, resumed, trouble = clock().at, None, False, ""
        try:
            run, resumed = _begin(request, source, there, clock())
            _carry_out(run, there, clock, progress, request.workers)
        except SourceTrouble as error:
            trouble = str(error)
        return _report(source, run, started, resumed=resumed, trouble=trouble)


def _begin(request: HarvestRequest, source: Source, there: Connection, doing: Doing) -> tuple[Harvest, bool]:
    """The harvest to carry on, or a new one; whether it is carried on."""
    same = Harvest.objects.filter(source=source, set_spec=request.set_spec, publish=request.publish)
    unfinished = same.filter(asked_from=request.since, finished_at=None).select_related("source").order_by("-id").first()
    if unfinished is not None:
        return unfinished, True
    identified = there.ask("Identify")
    told = identified.find(f"{OAI}Identify")
    if told is None or (told.findtext(f"{OAI}protocolVersion") or "").strip() != "2.0":
        raise WholeSourceUnfit("来源不是 OAI-PMH 2.0，不能采集。请核对采集地址。")
    source.name = (told.findtext(f"{OAI}repositoryName") or "").strip()[:200]
    source.save(update_fields=["name"])
    last = same.exclude(finished_at=None).exclude(answered_at=None).order_by("-answered_at").first()
    since = datetime.combine(request.since, datetime.min.time(), UTC) if request.since else None
    if since is None and last is not None and last.answered_at is not None:
        since = last.answered_at - OVERLAP
    run = Harvest.objects.create(
        source=source,
        set_spec=request.set_spec,
        asked_from=request.since,
        publish=request.publish,
        prefix=_format(there),
        since=since,
        by_seconds="T" in (told.findtext(f"{OAI}granularity") or ""),
        started_at=doing.at,
        answered_at=_moment(identified),
    )
    return run, False


def _format(there: Connection) -> str:
    """Our own format where the source has it, else the one that every source has."""
    for each in there.ask("ListMetadataFormats").iter(f"{OAI}metadataFormat"):
        if each.findtext(f"{OAI}metadataNamespace") == NAMESPACE:
            return (each.findtext(f"{OAI}metadataPrefix") or "gongkai")[:20]
    return "oai_dc"


def _moment(root: Element) -> datetime | None:
    """The source's own clock; None where it tells no time, so that the next harvest is whole again."""
    try:
        return datetime.strptime((root.findtext(f"{OAI}responseDate") or "").strip(), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None


def _carry_out(run: Harvest, there: Connection, clock: Clock, progress: Progress | None, workers: int) -> None:
    folder = Path(settings.DATA_FOLDER) / "harvesting"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    store = Path(default_storage.path(""))
    sweep(store)
    task = Task({t.slug: t.words for t in Theme.objects.all()}, clock().today, store)
    shop = Workshop(there, folder, task, workers)
    done = 0
    for page in _pages(run, there):
        unchanged = _take_page(run, page.records, shop, clock)
        run.token, run.unchanged = page.token, run.unchanged + unchanged
        run.save(update_fields=["token", "unchanged", "one_by_one"])
        done += len(page.records)
        if progress is not None:
            progress(done, page.size)
    _heed_turns(run.source, clock)
    run.finished_at = clock().at
    run.save(update_fields=["finished_at"])
    shutil.rmtree(folder, ignore_errors=True)


def _pages(run: Harvest, there: Connection) -> Iterator[Page]:
    """What failed in earlier harvests, then what the source lists."""
    failed = Harvested.objects.filter(source=run.source, outcome=Harvested.Outcome.FAILED).exclude(harvest=run)
    names = list(failed.order_by("pk").values_list("identifier", flat=True)[:_RETRIED])
    for start in range(0, len(names), _AT_ONCE):
        yield Page([one_record(there, run.prefix, name) for name in names[start : start + _AT_ONCE]], run.token, None)
    yield from pages_of(run, there)


def _take_page(run: Harvest, records: Sequence[Received], shop: Workshop, clock: Clock) -> int:
    """Take over a page's records; returns how many had not changed and were not touched."""
    known = {
        row.identifier: row
        for row in Harvested.objects.filter(source=run.source, identifier__in=[r.identifier for r in records]).select_related(
            "document"
        )
    }
    changed = [r for r in records if not _same(run, r, known.get(r.identifier))]
    wanted = [_wanted(r, known.get(r.identifier)) for r in changed]
    for want, got in zip(wanted, get_papers(wanted, shop), strict=True):
        _take_one(run, want.record, got, clock)
    return sum(
        1 for r in records if (row := known.get(r.identifier)) is not None and row.harvest_id != run.pk and _same(run, r, row)
    )


def _take_one(run: Harvest, record: Received, got: Got, clock: Clock) -> None:
    try:
        with writing():
            take_over(run, record, got, clock())
    except Exception as error:  # noqa: BLE001 - one odd record must not stop the batch; the report names it
        told = f"归档程序遇到意外情况（{type(error).__name__}: {error}），没有取用。请把记录标识发给维护人员。"[:500]
        with writing():
            take_over(run, Received(record.identifier, record.datestamp, trouble=told), Got(), clock())


def _same(run: Harvest, record: Received, row: Harvested | None) -> bool:
    """Whether a record is here already as it is: nothing has to be done for it."""
    if row is None or record.trouble or row.outcome == Harvested.Outcome.FAILED or row.fingerprint != record.fingerprint:
        return False
    document = row.document
    if document is None or row.deleted or not row.brought or not run.publish:
        return True
    return document.published_at is not None and row.code != "back"


def _wanted(record: Received, row: Harvested | None) -> Wanted:
    """What must be got for a record: nothing for the deleted, no text where the same revision is here."""
    paper = record.paper
    if paper is None or record.trouble:
        return Wanted(record, text=False)
    if row is None or row.document_id is None or not row.brought:
        return Wanted(record, text=True)
    here = Rendition.objects.filter(document=row.document_id).values_list("original_id", flat=True)
    return Wanted(record, row.revision_digest != paper.revision_digest, frozenset(here))


def _heed_turns(source: Source, clock: Clock) -> None:
    """Legal turns that the source tells and whose cause is not here: a repealed paper must not pass for valid."""
    rows = Harvested.objects.filter(source=source, brought=True, deleted=False, document__isnull=False)
    last = 0
    while some := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", "document_id", "turns")[:500]):
        last = some[-1][0]
        standing: dict[int, set[tuple[str, str]]] = {}
        turned = LegalEvent.objects.filter(document__in=[number for _, number, _ in some], kind__in=TURNS)
        for number, kind, on in turned.values_list("document_id", "kind", "on"):
            standing.setdefault(number, set()).add((kind, on.isoformat()))
        for _, document, turns in some:
            told = {(t["kind"], t["on"]) for t in turns if t["kind"] in TURNS}
            if document is not None and told != standing.get(document, set()):
                heed_turns(document, turns, clock())


def _report(source: Source, run: Harvest | None, started: datetime, *, resumed: bool, trouble: str) -> HarvestReport:
    lines = []
    if run is not None:
        rows = Harvested.objects.filter(harvest=run).order_by("pk")
        values = rows.values_list("identifier", "outcome", "code", "reason", "document_id", "document__title")
        lines = [HarvestLine(i, o, c, r, d, t or "") for i, o, c, r, d, t in values]
    return HarvestReport(
        str(source), source.url, run.started_at if run else started, run.unchanged if run else 0, resumed, trouble, lines
    )
