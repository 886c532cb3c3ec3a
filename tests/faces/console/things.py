"""Things of the finance bureau for the walk over all addresses."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from gongkai.core.agencies.queries import find_agency
from gongkai.core.finding.curating.actions import put
from gongkai.core.finding.curating.entries import Entry, Kind
from gongkai.core.finding.errands import give
from gongkai.core.finding.models import Crowd, Word
from gongkai.core.jobs.actions import ask
from gongkai.domains.catalogue.actions.columns import begin
from gongkai.domains.catalogue.models import Column
from gongkai.domains.catalogue.tasks.reading import default_columns
from gongkai.domains.library.actions.filing import file_document
from gongkai.domains.library.models import Original, Upload
from tests.conftest import ROOT
from tests.domains.library.papers import content, filed, notice

TOKEN = "0123456789abcdef" * 2
SHA = "ab" * 32


def things_of(doing, person) -> dict[str, Any]:
    """By the names that the table uses: numbers of papers in several states, a file, an upload, a job, people."""
    published, draft = filed(notice(1), doing), filed(notice(2, "第二办法"), doing, public=False)
    bureau = find_agency("青禾县财政局")
    original = Original.objects.create(sha256=SHA, size=3, name="原件.pdf", format="pdf", received_at=doing.at)
    if not default_storage.exists(original.path):
        default_storage.save(original.path, ContentFile(next((ROOT / "sample" / "files").rglob("*.pdf")).read_bytes()))
    begin(default_columns(), doing)
    unclear = content(notice(3, "第三办法")).asking("unsure_title")
    questioned = file_document(unclear, original, bureau, doing)
    Upload.objects.create(token=TOKEN, actor="staff:0", agency=bureau, uploaded_at=doing.at, names=["a.txt"])
    put(Entry(Kind.SYNONYM, "老人补助", "高龄津贴"), doing)
    Crowd.objects.create(window=1, mark="0" * 32, question="多人问过的")
    return {
        "{word}": Word.objects.get().pk,
        "{task}": give("查不到的", bureau.pk, "", doing),
        "{published}": published.pk,
        "{draft}": draft.pk,
        "{questioned}": questioned.pk,
        "{sha}": SHA,
        "{token}": TOKEN,
        "{bureau}": bureau.pk,
        "{code}": bureau.code,
        "{job}": ask("nightly", {}, key="walk", title="每日例行", doing=doing),
        "{sheet}": TOKEN,
        "{column}": Column.objects.order_by("entry", "order").values_list("slug", flat=True)[1],
        "{person}": person("editor", username="somebody").pk,
    }
