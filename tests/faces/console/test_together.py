"""Several documents at once: each by itself, told by itself, taken back by itself."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from gongkai.core.agencies.queries import find_agency
from gongkai.core.doing import Doing
from gongkai.core.ledger.projections import rebuild
from gongkai.core.ledger.verify import verify
from gongkai.domains.library.actions.correcting import correct
from gongkai.domains.library.actions.filing import file_document
from gongkai.domains.library.actions.themes import set_themes
from gongkai.domains.library.models import Document
from tests.domains.library.papers import content, filed, fresh, notice
from tests.faces.console.conftest import TODAY, SignedIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
PUBLIC = {"ground": "already_public_elsewhere", "where": "县政府公报2026年第3期"}
CHECK, DO, DONE, UNDO = (f"/console/documents/together/{rest}" for rest in ("", "do/", "done/", "undo/"))


def questioned(number: int, doing: Doing) -> Document:
    said = content(notice(number, f"第{number}办法")).asking("unsure_title")
    return file_document(said, None, find_agency("青禾县财政局"), doing)


def form(act: str, documents: list[Document], **said: Any) -> dict[str, Any]:
    seen = [f"{d.pk}:{fresh(d).current.digest}" for d in documents]
    return {"act": act, "n": [d.pk for d in documents], "seen": seen, **said}


def results(client: Client) -> dict[str, str]:
    """What the page tells of each document, by title."""
    rows = re.findall(r"<tr>\s*<td><a [^>]*>(.*?)</a></td>\s*<td>(.*?)</td>", client.get(DONE).content.decode(), re.S)
    return {title: re.sub(r"<[^>]+>|\s+", "", told) for title, told in rows}


def everything_folds() -> bool:
    return verify().faults == [] and rebuild(TODAY).differences == []


def test_several_are_confirmed_and_it_is_taken_back(signed_in: SignedIn, doing: Doing) -> None:
    documents = [questioned(n, doing) for n in (1, 2)]
    client = signed_in("editor")
    page = client.post(CHECK, form("confirm", documents))
    assert "核对无误：选中 2 份，可以办 2 份" in page.content.decode()
    assert client.post(DO, form("confirm", documents))["Location"] == DONE
    assert set(results(client).values()) == {"已确认"}
    assert [fresh(d).editorial for d in documents] == ["draft", "draft"]
    client.post(UNDO)
    assert set(results(client).values()) == {"已撤销"}
    assert [fresh(d).questions for d in documents] == [["unsure_title"]] * 2
    assert everything_folds()


def test_of_several_those_that_cannot_are_told_and_keep_no_other(signed_in: SignedIn, doing: Doing) -> None:
    ready, asks = filed(notice(1), doing, public=False), questioned(2, doing)
    out = filed(notice(3, "第三办法"), doing)
    client = signed_in("disclosure_clerk")
    page = client.post(CHECK, form("publish", [ready, asks, out])).content.decode()
    assert "选中 3 份，可以办 1 份" in page
    assert "还有待核对的问题" in page
    client.post(DO, form("publish", [ready, asks, out], **PUBLIC))
    assert results(client) == {ready.title: "已发布"}
    assert fresh(asks).published is None
    assert everything_folds()


def test_a_publication_taken_back_leaves_what_was_public_before(signed_in: SignedIn, doing: Doing) -> None:
    new, revised = filed(notice(1), doing, public=False), filed(notice(2, "乙办法"), doing)
    correct(revised.pk, {"title": "乙办法的新标题"}, doing)
    client = signed_in("disclosure_clerk")
    client.post(DO, form("publish", [new, revised], **PUBLIC))
    assert fresh(revised).title == "乙办法的新标题"
    client.post(UNDO)
    assert fresh(new).editorial == "withdrawn"
    assert (fresh(revised).editorial, fresh(revised).title) == ("published", revised.title)
    assert everything_folds()


def test_several_are_withdrawn_with_one_reason_and_come_back(signed_in: SignedIn, doing: Doing) -> None:
    documents = [filed(notice(n, f"第{n}办法"), doing) for n in (1, 2)]
    client = signed_in("disclosure_clerk")
    refused = client.post(DO, form("withdraw", documents, reason=""))
    assert refused.status_code == 400
    client.post(DO, form("withdraw", documents, reason="附件有误"))
    assert [fresh(d).editorial for d in documents] == ["withdrawn"] * 2
    client.post(UNDO)
    assert [fresh(d).editorial for d in documents] == ["published"] * 2
    assert everything_folds()


def test_a_theme_is_given_to_several_and_taken_away_again(signed_in: SignedIn, doing: Doing) -> None:
    set_themes([{"slug": "tingche", "name": "停车"}])
    documents = [filed(notice(n, f"第{n}办法"), doing) for n in (1, 2)]
    client = signed_in("editor")
    assert client.post(DO, form("theme", documents, theme="nothing")).status_code == 400
    client.post(DO, form("theme", documents, theme="tingche"))
    assert [fresh(d).current.metadata["themes"] for d in documents] == [["tingche"]] * 2
    client.post(UNDO)
    assert [fresh(d).current.metadata["themes"] for d in documents] == [[]] * 2
    assert everything_folds()


def test_what_changed_after_it_was_looked_at_is_left_alone(signed_in: SignedIn, doing: Doing) -> None:
    document = filed(notice(1), doing, public=False)
    seen = form("publish", [document], **PUBLIC)
    correct(document.pk, {"summary": "改"}, doing)
    client = signed_in("disclosure_clerk")
    client.post(DO, seen)
    assert "又有改动" in results(client)[document.title]
    assert fresh(document).published is None


def test_an_undo_leaves_alone_what_has_moved_on_and_happens_once(signed_in: SignedIn, doing: Doing) -> None:
    documents = [filed(notice(n, f"第{n}办法"), doing, public=False) for n in (1, 2)]
    client = signed_in("disclosure_clerk")
    client.post(DO, form("publish", documents, **PUBLIC))
    correct(documents[0].pk, {"summary": "改"}, doing)
    client.post(UNDO)
    assert "又有变动" in results(client)[documents[0].title]
    assert [fresh(d).editorial for d in documents] == ["published", "withdrawn"]
    again = client.post(UNDO, follow=True)
    assert "已经撤销过" in again.content.decode()


def test_another_organs_number_among_them_is_not_even_mentioned(signed_in: SignedIn, doing: Doing) -> None:
    document = filed(notice(1), doing)
    stranger = signed_in("disclosure_clerk", organ="青禾县民政局")
    page = stranger.post(CHECK, form("withdraw", [document])).content.decode()
    assert document.title not in page
    stranger.post(DO, form("withdraw", [document], reason="试"))
    assert fresh(document).editorial == "published"


def test_who_may_only_look_does_nothing(signed_in: SignedIn, doing: Doing) -> None:
    document = filed(notice(1), doing)
    client = signed_in("legal_reviewer")
    page = client.post(CHECK, form("withdraw", [document])).content.decode()
    assert "可以办 0 份" in page
    client.post(DO, form("withdraw", [document], reason="试"))
    assert fresh(document).editorial == "published"


def test_ones_own_drafts_among_them_want_a_reason(signed_in: SignedIn, doing: Doing) -> None:
    client = signed_in("disclosure_clerk")
    own = filed(notice(1), Doing(f"staff:{client.person.pk}", doing.at, doing.today), public=False)
    assert client.post(DO, form("publish", [own], **PUBLIC)).status_code == 400
    client.post(DO, form("publish", [own], **PUBLIC, own_work_because="专员休假"))
    assert fresh(own).overridden


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"act": "publish"},
        {"act": "destroy", "n": ["1"]},
        {"act": "publish", "n": ["x", "-1", "1e3", "\x00", str(10**30)]},
        {"act": "publish", "n": [str(n) for n in range(1, 250)]},
    ],
)
def test_a_form_that_picks_nothing_or_too_much_leads_back_to_the_list(signed_in: SignedIn, sent: dict[str, Any]) -> None:
    client = signed_in("disclosure_clerk")
    for address in (CHECK, DO):
        assert client.post(address, sent)["Location"] == "/console/documents/"


def test_numbers_that_name_nothing_are_passed_over(signed_in: SignedIn, doing: Doing) -> None:
    document = filed(notice(1), doing, public=False)
    client = signed_in("disclosure_clerk")
    sent = form("publish", [document], **PUBLIC)
    client.post(DO, {**sent, "n": [*sent["n"], "99999", "9" * 17], "seen": [*sent["seen"], "junk", ":"]})
    assert results(client) == {document.title: "已发布"}


def test_nothing_was_done_yet(signed_in: SignedIn) -> None:
    client = signed_in("disclosure_clerk")
    assert client.get(DONE).status_code == 302
    assert client.post(UNDO).status_code == 302
