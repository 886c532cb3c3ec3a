"""What a record of another library does here: files, revises, publishes, takes down, or asks a person."""

from __future__ import annotations

from gongkai.core.ledger.projections import recorded
from gongkai.domains.library import events
from gongkai.domains.library.actions.content import Content
from gongkai.domains.library.actions.doing import Doing, stream_of
from gongkai.domains.library.actions.filing import add_rendition, find_known
from gongkai.domains.library.actions.publishing import publish_as_already_public, restore, withdraw
from gongkai.domains.library.models import Document, Editorial, Harvest, Harvested, Original, Remark, Revision
from gongkai.domains.library.tasks.harvesting_papers import Got, safe_name
from gongkai.domains.library.tasks.harvesting_records import Received
from gongkai.domains.library.tasks.placing import Ending, ending_of, holder_of, original_of, take_in
from gongkai.text.keys import quoted

TAKEN_DOWN = "来源已撤下"
BACK = "来源已恢复公开"


def take_over(run: Harvest, record: Received, got: Got, doing: Doing) -> Harvested:
    """Do what a record asks for and write down what became of it; in the caller's transaction."""
    row = Harvested.objects.filter(source=run.source, identifier=record.identifier).select_related("document").first()
    row = row or Harvested(source=run.source, identifier=record.identifier)
    row.harvest, row.datestamp = run, record.datestamp
    trouble = record.trouble or got.trouble
    if trouble:
        ending = Ending("failed", "unfit_record" if record.trouble else "file_unreachable", trouble)
    elif record.deleted:
        ending = _taken_down(row, doing)
    elif record.paper is None:
        where = record.link or "来源网站"
        told = f"来源只提供目录，没有正文：{quoted(record.title)}。请到 {where} 取得原件，再用 gongkai import 导入。"
        ending = Ending("needs_person", "metadata_only", told)
    else:
        ending = _offered(row, got, doing, public=run.publish)
        row.revision_digest, row.turns = record.paper.revision_digest, record.paper.turns
    row.outcome, row.code, row.reason = ending.outcome, ending.code, ending.reason
    if not trouble:
        row.fingerprint, row.deleted = record.fingerprint, record.deleted
    row.save()
    return row


def _taken_down(row: Harvested, doing: Doing) -> Ending:
    document = row.document
    if document is None:
        return Ending("withdrawn", "not_here", f"{TAKEN_DOWN}，本库没有这份文件。")
    if not row.brought:
        return Ending("withdrawn", "kept", f"{TAKEN_DOWN}；本库的{quoted(document.title)}不是取自该来源，保留不动。")
    others = Harvested.objects.filter(source=row.source, document=document, deleted=False).exclude(pk=row.pk)
    if others.update(brought=True):
        row.brought = False
        return Ending("withdrawn", "kept", f"{TAKEN_DOWN}一条记录，同一文件在来源另有记录，保留不动。")
    if document.editorial == Editorial.PUBLISHED:
        withdraw(document.pk, TAKEN_DOWN, doing)
        return Ending("withdrawn", "", f"{TAKEN_DOWN}，本库随之撤下。")
    if document.editorial == Editorial.WITHDRAWN:
        return Ending("withdrawn", "", f"{TAKEN_DOWN}，本库此前已撤下。")
    return Ending("needs_person", "draft_taken_down", f"{TAKEN_DOWN}，本库的副本还没有发布，请勿发布。")


def _offered(row: Harvested, got: Got, doing: Doing, *, public: bool) -> Ending:
    if row.document is not None and row.brought:
        return _again(row.document, got, doing, public=public)
    if got.content is None:
        return Ending("failed", "no_text", "记录没有可取用的正文。")
    match = find_known(got.content)
    if match is not None and not match.clash:
        row.document = match.document
        if Harvested.objects.filter(source=row.source, document=match.document, brought=True).exists():
            row.brought = True
            return _again(match.document, got, doing, public=public)
        told = quoted(match.document.title)
        if match.same_text:
            return Ending("duplicate", "same_text", f"与本库的{told}文字相同，没有重复归档。")
        return Ending("needs_person", "differs", f"本库的{told}不是取自该来源，而文字与来源不同，没有改动。请核对以哪一份为准。")
    content = got.content.asking("number_taken") if match is not None else got.content
    original = _original(got, doing)
    row.document = take_in(content, original, None, holder_of(content), doing, public=public)
    row.brought = True
    _add_files(row.document, got, doing)
    return _told(ending_of(content, public=public), got)


def _again(document: Document, got: Got, doing: Doing, *, public: bool) -> Ending:
    """A record of a paper that came from this source before: a new version, or it is back, or only its files are more."""
    back = _back(document, doing, public=public)
    document.refresh_from_db()
    current = document.current
    content = got.content
    if content is not None and current is not None and content.digest != current.digest:
        return _told(_revised(document, current, content, got, doing, public=public), got)
    _add_files(document, got, doing)
    if public and document.editorial == Editorial.DRAFT and not _corrected(current):
        publish_as_already_public(document.pk, doing)
    return _told(back or _standing(document), got)


def _back(document: Document, doing: Doing, *, public: bool) -> Ending | None:
    """Bring back what was taken down only because the source had taken it down."""
    if document.editorial != Editorial.WITHDRAWN or _reason_of_withdrawal(document) != TAKEN_DOWN:
        return None
    if not public:
        told = f"{BACK}。核对后可用 gongkai document restore {document.pk} 恢复，或加 --publish 再采集。"
        return Ending("needs_person", "back", told)
    restore(document.pk, BACK, doing)
    return Ending("filed", "back", f"{BACK}，本库随之恢复。")


def _reason_of_withdrawal(document: Document) -> str:
    withdrawals = [e for e in recorded(stream_of(document.pk)) if e.kind == events.WITHDRAWN]
    remark = Remark.objects.filter(pk=withdrawals[-1].payload["remark"]).first() if withdrawals else None
    return remark.text if remark else ""


def _revised(document: Document, current: Revision, content: Content, got: Got, doing: Doing, *, public: bool) -> Ending:
    taken_down, corrected = document.editorial == Editorial.WITHDRAWN, _corrected(current)
    goes_out = public and not taken_down and not corrected
    take_in(content, _original(got, doing), document, document.agency, doing, public=goes_out)
    _add_files(document, got, doing)
    if corrected:
        return Ending("needs_person", "corrected_here", "来源有新版，而本库更正过这份文件。新版已归档，请核对后发布。")
    if taken_down:
        return Ending("needs_person", "withdrawn_here", "来源有新版，已归档；本库撤下了这份文件，没有随之公开。")
    ending = ending_of(content, public=public)
    return ending if ending.code else Ending("filed", "revision", "来源的新版本。")


def _standing(document: Document) -> Ending:
    if document.editorial == Editorial.WITHDRAWN:
        return Ending("needs_person", "withdrawn_here", "来源仍然公开，而本库撤下了这份文件，没有改动。")
    if document.editorial == Editorial.QUESTIONED:
        return Ending("needs_person", "questioned", "还有待核对之处。请用 gongkai document confirm 或 correct 处理。")
    return Ending("filed", "same", "内容没有变化。")


def _corrected(revision: Revision | None) -> bool:
    return revision is not None and revision.ground in (Revision.Ground.CORRECTED, Revision.Ground.REINSTATED)


def _original(got: Got, doing: Doing) -> Original | None:
    return original_of(got.original, doing, got.name)[0] if got.original is not None else None


def _add_files(document: Document, got: Got, doing: Doing) -> None:
    for kept, file in got.files:
        values = {"size": kept.size, "name": safe_name(file.name), "format": file.format[:10], "received_at": doing.at}
        original = Original.objects.get_or_create(sha256=kept.sha256, defaults=values)[0]
        add_rendition(document, original, doing)


def _told(ending: Ending, got: Got) -> Ending:
    return Ending(ending.outcome, ending.code or ("note" if got.note else ""), f"{ending.reason}{got.note}")
