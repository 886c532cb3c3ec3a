"""The manifest says what the ledger says was published: no more, no less, and nothing that somebody slipped in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from gongkai.core.signing import KEY_FILE, opened, public_text, signing_key
from gongkai.domains.library.actions.correcting import correct
from gongkai.domains.library.actions.doing import Doing
from gongkai.domains.library.actions.publishing import publish_as_already_public, restore, withdraw
from gongkai.domains.library.models import Document
from gongkai.domains.monitor.queries import manifest
from gongkai.domains.monitor.queries.entries import Spending, TooManyAtOnce
from gongkai.domains.monitor.queries.keeping import Shelf
from gongkai.domains.monitor.tasks.known import Known
from gongkai.text.fingerprint import digest, fragment_text
from tests import databases
from tests.domains.library.papers import county, filed, notice

NOWHERE = Shelf(None)
REPLACED = "replace(metadata::text, 'null', '1')::jsonb" if databases.SERVER else "replace(metadata, 'null', '1')"


@pytest.fixture
def papers(db, doing: Doing) -> list[Document]:
    """Five public papers and a draft."""
    county()
    public = [filed(notice(n, f"第{n}项办法", body=f"详见 http://site{n}.example/ 。"), doing) for n in range(1, 6)]
    filed(notice(99, "还没有发布的办法"), doing, public=False)
    return public


def listed(shelf: Shelf = NOWHERE, **spending: object) -> dict[int, dict]:
    """All entries by number."""
    out: dict[int, dict] = {}
    manifest.listed(shelf, Spending(**spending), lambda p: out.update({e["number"]: e for e in json.loads(p.data)["documents"]}))  # type: ignore[arg-type]
    return out


def tamper(sql: str, *values: object) -> None:
    """Change the database behind the product's back."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_every_public_paper_is_listed_as_it_was_approved(papers: list[Document]) -> None:
    entries = listed()
    assert entries.keys() == {p.pk for p in papers}
    first = papers[0]
    assert first.published is not None
    entry = entries[first.pk]
    assert entry["title"] == first.title
    assert entry["text"] == digest(fragment_text(first.published.body.html))
    assert entry["revision"] == first.published.digest
    assert entry["hosts"] == ["site1.example"]


def test_a_draft_or_a_withdrawn_paper_is_not_listed_and_its_words_stand_nowhere(papers: list[Document], doing: Doing) -> None:
    withdraw(papers[1].pk, "测试", doing)
    shelf_words = json.dumps(listed(), ensure_ascii=False)
    assert "还没有发布的办法" not in shelf_words
    assert "第2项" not in shelf_words
    restore(papers[1].pk, "测试", doing)
    assert papers[1].pk in listed()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE library_body SET html = replace(html, '规范', '规犯') || '<p>补发奖金</p>' WHERE id = %s",
        "UPDATE library_body SET text = text || '补发奖金' WHERE id = %s",
        f"UPDATE library_revision SET metadata = {REPLACED} WHERE body_id = %s",
        "UPDATE library_revision SET digest = 'f00d' WHERE body_id = %s",
    ],
)
def test_what_was_slipped_into_the_database_is_named_and_not_vouched_for(papers: list[Document], sql: str) -> None:
    victim = papers[2]
    assert victim.published is not None
    tamper(sql, victim.published.body_id)
    spending = Spending()
    entries = [e["number"] for p in manifest.parts(NOWHERE, spending) for e in json.loads(p.data)["documents"]]
    assert spending.altered == [victim.pk]
    assert victim.pk not in entries
    assert len(entries) == len(papers) - 1


def test_parts_kept_give_what_reading_everything_anew_gives(
    papers: list[Document], doing: Doing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(manifest, "PART", 2)
    shelf = Shelf(tmp_path)
    first = (papers[0].pk - 1) // 2  # numbers go on where an earlier test left off, on PostgreSQL

    def part(number: int) -> Path:
        return tmp_path / f"part-{first + number}.json"

    acts = [
        lambda: withdraw(papers[0].pk, "测试", doing),
        lambda: filed(notice(7, "新发布的办法"), doing),
        lambda: restore(papers[0].pk, "测试", doing),
        lambda: (correct(papers[3].pk, {"title": "更正后的办法"}, doing), publish_as_already_public(papers[3].pk, doing)),
        lambda: part(1).write_bytes(b"damaged"),
        lambda: part(0).write_bytes(part(0).read_bytes()[:-9]),
    ]
    for act in (lambda: None, *acts):
        act()
        assert listed(shelf) == listed() == listed(shelf, anew=True)
    assert len(manifest.listed(NOWHERE, Spending())) == len({(number - 1) // 2 for number in listed()})
    assert listed()[papers[3].pk]["title"] == "更正后的办法"


def test_only_what_changed_is_read_anew(papers: list[Document], doing: Doing, tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    listed(shelf)
    assert listed(shelf, left=0).keys() == {p.pk for p in papers}
    withdraw(papers[0].pk, "测试", doing)
    restore(papers[0].pk, "测试", doing)
    assert len(listed(shelf, left=1)) == len(papers)


def test_a_visit_may_cost_only_so_much_and_the_next_one_goes_on(
    papers: list[Document], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gongkai.domains.monitor.queries.entries.CHUNK", 2)
    shelf = Shelf(tmp_path)
    for _ in range(2):
        with pytest.raises(TooManyAtOnce):
            listed(shelf, left=2)
    assert listed(shelf, left=2) == listed()


def test_the_manifest_is_served_signed_and_its_parts_fit(papers: list[Document], settings) -> None:
    browse = Client()
    answer = browse.get("/.well-known/gongkai-manifest.json")
    public = public_text(signing_key(Path(settings.DATA_FOLDER) / KEY_FILE))
    known = Known.opened(answer.content, public)
    assert "library" in answer.headers["X-Page-Tags"].split()
    for number in known.lacking():
        known.take(browse.get(known.part_address(number)).content)
    assert known.numbers == {p.pk for p in papers}
    assert known.lacking() == []
    assert opened(answer.content, public)["documents"] == len(papers)
    for missing in ("/.well-known/gongkai-manifest/7.json", f"/.well-known/gongkai-manifest/{10**30}.json"):
        assert browse.get(missing).status_code == 404


def test_an_empty_site_has_an_empty_manifest(db) -> None:
    answer = Client().get("/.well-known/gongkai-manifest.json")
    assert json.loads(answer.content)["payload"]["parts"] == []


def test_what_answers_and_what_does_not(papers: list[Document], settings) -> None:
    answer = Client().get("/.well-known/gongkai-manifest.json")
    known = Known.opened(answer.content, public_text(signing_key(Path(settings.DATA_FOLDER) / KEY_FILE)))
    known.take(Client().get(known.part_address(0)).content)
    one, draft = papers[0].pk, max(p.pk for p in papers) + 1
    assert all(
        map(known.answers, ("/", "/library/", f"/library/{one}/", f"/library/{one}/original/", "/organs/B/", "/sitemap.xml"))
    )
    strange = (
        f"/library/{draft}/",
        f"/library/{draft}/original/",
        "/library/x/",
        f"/library/{one}/evil/",
        "/organs/ZZ/",
        "/a.php",
        "",
    )
    assert not any(map(known.answers, strange))
    assert draft not in known.gaps()  # a number that was never public is not told
    withheld = next(iter({*range(1, one)} - known.numbers), None)
    assert withheld is None or withheld in known.gaps()
