"""Settings: the government, its emblem and colour, mail, sign-in; two people over one form."""

from __future__ import annotations

import html
import io
import json
import re
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, ImageFile

from gongkai.core.agencies.models import Government
from gongkai.core.agencies.queries import find_agency, profile
from gongkai.core.doing import Doing
from gongkai.core.jobs.models import Job
from gongkai.core.ledger.models import Event
from gongkai.core.mail.actions import Message, ServerData, post, set_server
from gongkai.core.mail.models import Letter, MailServer
from gongkai.core.mail.sending import MailTrouble, send
from gongkai.core.mail.tasks import send_letter
from gongkai.core.staff.two_steps import demanding_roles
from gongkai.domains.library.actions.filing import next_index_number
from tests.faces.console.conftest import SignedIn

pytestmark = pytest.mark.django_db
PAGES = ("", "government/", "sign-in/", "mail/")
TODAY = date(2026, 11, 20)


@pytest.fixture
def admin(county: None, signed_in: SignedIn) -> Client:
    return signed_in("administrator", organ=None, username="admin")


def text(answer) -> str:
    return html.unescape(answer.content.decode())


def form_of(admin: Client, address: str) -> dict[str, str]:
    """What a form on a page would send as it stands."""
    page = text(admin.get(address))
    found = {}
    for tag in re.findall(r"<input[^>]*>", page):
        named = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if (
            named.get("type") not in ("file", "password")
            and "name" in named
            and ("checked" in tag or named.get("type") != "checkbox")
        ):
            found[named["name"]] = named.get("value", "")
    for name, body in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', page, re.S):
        found[name] = (re.findall(r'value="([^"]*)"\s+selected', body) or re.findall(r'value="([^"]*)"', body))[0]
    found |= dict(re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>(.*?)</textarea>', page, re.S))
    found.pop("csrfmiddlewaretoken", None)
    return found


# who may


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_for_the_administrator(admin: Client, page: str) -> None:
    assert admin.get(f"/console/settings/{page}").status_code == 200


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", ["editor", "disclosure_clerk", "leader", "auditor"])
def test_nobody_else_opens_them(county: None, signed_in: SignedIn, role: str, page: str) -> None:
    assert signed_in(role).get(f"/console/settings/{page}").status_code == 403


def test_the_disclosure_office_sees_of_the_settings_its_columns_only(county: None, signed_in: SignedIn) -> None:
    office = signed_in("disclosure_office")
    page = text(office.get("/console/settings/"))
    assert "/console/settings/columns/" in page
    assert "/console/settings/mail/" not in page
    assert office.get("/console/settings/government/").status_code == 403


# a new site


def test_a_new_site_leads_its_administrator_from_one_thing_to_the_next(db, signed_in: SignedIn) -> None:
    admin = signed_in("administrator", organ=None)
    first = text(admin.get("/console/"))
    assert "本站还没有填写政府信息" in first
    answer = admin.post(
        "/console/settings/government/",
        {"seen": 0, "name": "白鹭县人民政府", "level": "county", "index_scheme": "{code}/{year}-{serial:05d}"},
    )
    assert answer.url == "/console/settings/"
    assert profile().site_name == "白鹭县人民政府网站"
    assert "本站还没有机构" in text(admin.get("/console/"))
    assert "白鹭县人民政府网站" in text(Client().get("/"))


def test_while_nothing_is_set_up_every_page_of_the_console_answers(db, signed_in: SignedIn) -> None:
    admin = signed_in("administrator", organ=None)
    for address in ("", "me/", "people/", "people/add/", "people/import/", "settings/", "jobs/"):
        assert admin.get(f"/console/{address}").status_code == 200, address
    for address in ("government/", "organs/", "organs/add/", "organs/import/", "columns/", "columns/add/", "mail/", "sign-in/"):
        assert admin.get(f"/console/settings/{address}").status_code == 200, address


# the government


def test_the_site_says_at_once_what_was_saved(admin: Client) -> None:
    told = form_of(admin, "/console/settings/government/")
    told |= {
        "site_name": "青禾县政府网",
        "host": "青禾县人民政府办公室",
        "telephone": "0599-7220016",
        "icp": "东ICP备00000000号-1",
    }
    assert admin.post("/console/settings/government/", told).status_code == 302
    page = text(Client().get("/"))
    for said in ("青禾县政府网", "主办单位：青禾县人民政府办公室", "0599-7220016", "东ICP备00000000号-1"):
        assert said in page


def test_saving_again_without_a_change_records_nothing(admin: Client) -> None:
    told = form_of(admin, "/console/settings/government/")
    admin.post("/console/settings/government/", told)
    told = form_of(admin, "/console/settings/government/")
    before = Event.objects.count()
    admin.post("/console/settings/government/", told)
    assert Event.objects.count() == before


def test_the_ledger_tells_what_was_and_what_is(admin: Client) -> None:
    told = form_of(admin, "/console/settings/government/")
    admin.post("/console/settings/government/", {**told, "short_name": "禾"})
    event = Event.objects.filter(stream_kind="government").last()
    said = json.loads(event.payload)
    assert (said["before"]["short_name"], said["after"]["short_name"]) == ("青禾", "禾")
    assert event.actor == f"staff:{admin.person.pk}"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", " ", "请填写政府名称"),
        ("name", "长" * 101, "100"),
        ("level", "empire", "empire"),
        ("domain", "www.qinghe.gov.cn; rm", "域名只写主机名"),
        ("colour", "#ffcccc", "对比度只有"),
        ("colour", "red", "六位十六进制"),
        ("index_scheme", "{code}/{year}", "缺少{serial}"),
        ("index_scheme", "{code}/{serial:05d}", "缺少{year}"),
        ("index_scheme", "{year}-{serial:05d}", "缺少{code}"),
        ("index_scheme", "{code}{year}{serial}", "之间要有分隔"),
        ("index_scheme", "{code", "花括号没有配对"),
        ("index_scheme", "{code.__class__}/{year}-{serial}", "不认识或写法不对"),
        ("index_scheme", "{code}/{year}-{serial:>999999d}", "不认识或写法不对"),
        ("index_scheme", "{code}/{year}-{serial!r}", "不认识或写法不对"),
        ("index_scheme", "{0}/{year}-{serial}", "不认识或写法不对"),
        ("index_scheme", "{code}/{year}-{serial}<script>", "花括号外只能用"),
        ("index_scheme", "某" * 40 + "{code}/{year}-{serial:05d}", "超过 80 字"),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_nothing_changes(admin: Client, field: str, value: str, said: str) -> None:
    before = Government.objects.values().get()
    answer = admin.post("/console/settings/government/", {**form_of(admin, "/console/settings/government/"), field: value})
    assert answer.status_code == 400
    assert said in text(answer)
    assert Government.objects.values().get() == before


def test_a_scheme_that_is_accepted_always_gives_numbers_of_their_own(admin: Client) -> None:
    told = form_of(admin, "/console/settings/government/")
    organ = find_agency("青禾县财政局")
    first = next_index_number(organ, "2026-05-01", TODAY)
    admin.post("/console/settings/government/", {**told, "index_scheme": "QH{code}-{category}-{year}-{serial:03d}"})
    second = next_index_number(organ, "2026-05-01", TODAY, "财政、金融、审计")
    assert (first, second) == ("B/2026-00001", "QHB-04-2026-002")


def test_going_back_to_a_former_scheme_gives_no_number_twice(admin: Client, doing: Doing) -> None:
    from tests.domains.library.papers import filed, notice

    document = filed(notice(1), doing)
    from gongkai.domains.library.models import Counter, Document

    Document.objects.filter(pk=document.pk).update(index_number="B/2020-00002")  # as another scheme had given it
    assert Counter.objects.get(key="B/2020").last == 1
    assert next_index_number(find_agency("青禾县财政局"), "2020-05-01", TODAY) == "B/2020-00003"


def test_of_two_administrators_the_second_sees_both_and_loses_nothing(admin: Client) -> None:
    told = form_of(admin, "/console/settings/government/")
    assert admin.post("/console/settings/government/", {**told, "short_name": "甲"}).status_code == 302
    second = admin.post("/console/settings/government/", {**told, "short_name": "乙", "address": "府前街1号"})
    assert second.status_code == 409
    page = text(second)
    assert "别人刚改成：甲" in page
    assert 'value="乙"' in page
    assert 'value="府前街1号"' in page
    assert profile().short_name == "甲"
    seen = re.findall(r'name="seen" value="(\d+)"', page)[0]
    assert admin.post("/console/settings/government/", {**told, "short_name": "乙", "seen": seen}).status_code == 302
    assert profile().short_name == "乙"


# colour and emblem


def test_the_colour_reaches_both_sites_by_a_sheet_of_our_own_and_high_contrast_keeps_its_own(admin: Client) -> None:
    told = form_of(admin, "/console/settings/government/")
    assert "colours/" not in text(Client().get("/"))
    admin.post("/console/settings/government/", {**told, "colour": "#7a1f5c"})
    (address,) = re.findall(r'href="(/colours/\w+\.css)"', text(Client().get("/")))
    assert address in text(admin.get("/console/"))
    sheet = Client().get(address)
    assert sheet.headers["Content-Type"].startswith("text/css")
    assert "--red:#7a1f5c" in text(sheet)
    assert ":root:not(.contrast)" in text(sheet)
    assert Client().get(address, headers={"if-none-match": sheet.headers["ETag"]}).status_code == 304
    admin.post("/console/settings/government/", {**form_of(admin, "/console/settings/government/"), "colour": "#b3261e"})
    assert "colours/" not in text(Client().get("/"))
    assert Client().get(address).status_code == 404


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="3" fill="#a00"/></svg>'


def emblem(admin: Client, content: bytes, name: str = "a.svg"):
    return admin.post("/console/settings/government/emblem/", {"file": SimpleUploadedFile(name, content)})


def png(width: int = 64, height: int = 64) -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (width, height), "#aa0000").save(kept, "PNG")
    return kept.getvalue()


@pytest.mark.parametrize(("content", "media"), [(SVG, "image/svg+xml"), (png(), "image/png")], ids=["svg", "png"])
def test_an_emblem_is_shown_on_both_sites_and_can_be_taken_back(admin: Client, content: bytes, media: str) -> None:
    assert emblem(admin, content).status_code == 302
    (address,) = set(re.findall(r"/emblem/\w+", text(Client().get("/"))))
    assert address in text(admin.get("/console/"))
    shown = Client().get(address)
    assert shown.headers["Content-Type"] == media
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert Client().get(address, headers={"if-none-match": shown.headers["ETag"]}).status_code == 304
    admin.post("/console/settings/government/emblem/", {"back": "1"})
    assert "/emblem/" not in text(Client().get("/"))


HOSTILE = b"""<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" onload="alert(1)">
<script>alert(1)</script><style>@import url(//evil.example/a.css);</style><foreignObject><iframe src="//evil.example"/></foreignObject>
<image href="//evil.example/a.png"/><use xlink:href="//evil.example/a.svg#x"/><a href="javascript:alert(1)"><text>x</text></a>
<rect width="9" height="9" style="fill:url(//evil.example/#a)" onclick="alert(1)"/><animate attributeName="href" to="javascript:alert(1)"/>
<circle r="3" fill="url(#g)"/></svg>"""


def test_nothing_that_acts_or_loads_survives_in_an_emblem(admin: Client) -> None:
    assert emblem(admin, HOSTILE).status_code == 302
    kept = text(Client().get(re.findall(r"/emblem/\w+", text(Client().get("/")))[0]))
    assert "<circle" in kept
    for trick in ("script", "evil", "javascript", "onload", "onclick", "foreignObject", "animate", "import"):
        assert trick not in kept


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "文件是空的"),
        (b"GIF89a" + b"\0" * 100, "应当是 SVG 或 PNG"),
        (b"<html><body>hi</body></html>", "应当是 SVG 或 PNG"),
        (SVG + b" " * 300_000, "最多 200 KB"),
        (png()[:60], "PNG 图片已损坏"),
        (b"<svg", "SVG 图片已损坏"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg"><text>&a;</text></svg>', "实体"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "没有可以画的图形"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><g id="a"/>' + b'<use href="#a"/>' * 9 + b"</svg>", "重复引用太多"),
    ],
    ids=["empty", "gif", "html", "too large", "cut off", "no svg", "entities", "nothing to draw", "multiplies"],
)
def test_what_is_no_emblem_is_refused_with_a_reason(
    admin: Client, content: bytes, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", False)  # as in a site: WeasyPrint sets it for the child that prints
    answer = emblem(admin, content)
    assert answer.status_code == 400
    assert said in text(answer)
    assert Government.objects.get().emblem == ""


def test_a_picture_of_a_billion_pixels_is_refused(admin: Client) -> None:
    head = bytearray(png(8, 8))
    head[16:24] = (60_000).to_bytes(4, "big") * 2
    assert emblem(admin, bytes(head), "a.png").status_code == 400


def test_an_emblem_of_megabytes_is_refused_before_it_is_read(admin: Client) -> None:
    assert emblem(admin, b"<svg" + b" " * 5_000_000).status_code == 413


@pytest.mark.parametrize("address", ["/emblem/" + "0" * 32, "/emblem/x", "/colours/x.css", "/emblem/..%2f..%2fetc"])
def test_pictures_and_sheets_that_are_not_there(county: None, address: str) -> None:
    assert Client().get(address).status_code == 404


# sign-in


def test_two_steps_are_demanded_of_roles(admin: Client, signed_in: SignedIn) -> None:
    answer = admin.post("/console/settings/sign-in/", {"seen": 0, "roles": ["disclosure_office", "leader"]})
    assert answer.status_code == 302
    assert demanding_roles() == {"disclosure_office", "leader"}
    assert signed_in("leader").get("/console/").url == "/console/account/2fa/totp/activate/"
    assert signed_in("editor").get("/console/").status_code == 200
    said = json.loads(Event.objects.filter(stream_kind="government", stream_id="sign-in").get().payload)
    assert said["after"]["two_step_roles"] == "政务公开主管、领导"


def test_an_unknown_role_and_an_old_form_are_refused(admin: Client) -> None:
    assert admin.post("/console/settings/sign-in/", {"seen": 0, "roles": ["emperor"]}).status_code == 400
    admin.post("/console/settings/sign-in/", {"seen": 0, "roles": ["leader"]})
    answer = admin.post("/console/settings/sign-in/", {"seen": 0, "roles": ["editor"]})
    assert answer.status_code == 409
    assert demanding_roles() == {"leader"}


# mail


class Post(socketserver.StreamRequestHandler):
    """A mail server that takes what it is given, or refuses as it was told to."""

    def handle(self) -> None:
        say = lambda line: self.wfile.write(line.encode() + b"\r\n")  # noqa: E731 - one line each
        refuse: dict[str, str] = self.server.refuse  # type: ignore[attr-defined]
        say("220 post")
        for raw in self.rfile:
            word = raw.decode(errors="replace").split()[0].upper() if raw.split() else ""
            if word in refuse:
                say(refuse[word])
            elif word == "EHLO":
                say("250-post\r\n250 AUTH PLAIN LOGIN")
            elif word == "DATA":
                say("354 go on")
                letter = b""
                while (line := self.rfile.readline()) != b".\r\n":
                    letter += line
                self.server.letters.append(letter)  # type: ignore[attr-defined]
                say("250 taken")
            elif word == "QUIT":
                say("221 bye")
                return
            else:
                say("250 fine")


@contextmanager
def post_office(**refuse: str) -> Iterator[socketserver.ThreadingTCPServer]:
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Post)
    server.daemon_threads = True
    server.letters, server.refuse = [], refuse  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def through(server: socketserver.ThreadingTCPServer, **more: str) -> ServerData:
    return ServerData("127.0.0.1", server.server_address[1], "none", "gongkai@qinghe.example", **more)


def test_a_test_letter_really_arrives_and_the_page_says_so(admin: Client) -> None:
    with post_office() as server:
        told = {
            "seen": 0,
            "server": "127.0.0.1",
            "port": server.server_address[1],
            "security": "none",
            "sender": "gongkai@qinghe.example",
        }
        assert admin.post("/console/settings/mail/", {**told, "user": "", "password": ""}).status_code == 302
        answer = admin.post("/console/settings/mail/test/", {"to": "li@qinghe.example"}, follow=True)
        assert "服务器已收下给 li@qinghe.example 的测试邮件" in text(answer)
        (letter,) = server.letters
    assert b"To: li@qinghe.example" in letter
    assert b"From: gongkai@qinghe.example" in letter


@pytest.mark.parametrize(
    ("refuse", "said"),
    [
        ({"MAIL": "550 no such sender"}, "服务器不让用 gongkai@qinghe.example 发信"),
        ({"RCPT": "550 unknown"}, "服务器不接受收件地址"),
        ({"DATA": "554 spam"}, "服务器没有收下邮件。（服务器的答复：554 spam）"),
        ({"EHLO": "421 busy", "HELO": "421 busy"}, "服务器"),
    ],
    ids=["sender", "recipient", "content", "busy"],
)
def test_what_the_server_refuses_is_told_in_chinese(admin: Client, doing: Doing, refuse: dict[str, str], said: str) -> None:
    with post_office(**refuse) as server:
        set_server(through(server), doing)
        answer = admin.post("/console/settings/mail/test/", {"to": "li@qinghe.example"})
    assert answer.status_code == 400
    assert said in text(answer)


def test_a_wrong_password_a_closed_port_an_unknown_host_and_a_wrong_encryption_are_told_apart(doing: Doing, db) -> None:
    def trouble(data: ServerData) -> str:
        set_server(data, doing)
        with pytest.raises(MailTrouble) as error:
            send(Message("li@qinghe.example", "试", "试"))
        return str(error.value)

    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    sender = "gongkai@qinghe.example"
    assert "拒绝连接" in trouble(ServerData("127.0.0.1", port, "none", sender))
    assert "找不到服务器" in trouble(ServerData("smtp.nowhere.invalid", 25, "none", sender))
    with post_office() as server:
        assert "465 用 SSL/TLS" in trouble(ServerData("127.0.0.1", server.server_address[1], "tls", sender))
    with post_office(STARTTLS="502 no") as server:
        assert "不支持所选的加密" in trouble(ServerData("127.0.0.1", server.server_address[1], "starttls", sender))


def test_the_password_of_the_mail_server_is_readable_nowhere(admin: Client) -> None:
    told = {"server": "smtp.example.cn", "port": 465, "security": "tls", "sender": "a@example.cn", "user": "a"}
    admin.post("/console/settings/mail/", {**told, "seen": 0, "password": "绝密口令"})
    assert "绝密口令" not in MailServer.objects.get().password
    assert "绝密口令" not in text(admin.get("/console/settings/mail/"))
    assert not Event.objects.filter(payload__contains="绝密").exists()
    kept = MailServer.objects.get().password
    admin.post("/console/settings/mail/", {**told, "seen": 1, "password": "", "port": 994})
    assert (MailServer.objects.get().password, MailServer.objects.get().port) == (kept, 994)
    admin.post("/console/settings/mail/", {**told, "seen": 2, "user": "", "password": ""})
    assert MailServer.objects.get().password == ""


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"server": "http://smtp/"}, "只写主机名"),
        ({"port": "0"}, "1"),
        ({"port": "seven"}, "端口是一个数"),
        ({"sender": "nobody"}, "发件地址应是邮箱"),
        ({"security": "none", "user": "a", "password": "b"}, "明文"),
        ({"security": "rot13"}, "rot13"),
        ({"seen": "x"}, ""),
    ],
)
def test_mail_settings_that_cannot_be_are_refused(admin: Client, told: dict[str, str], said: str) -> None:
    fine = {
        "seen": 0,
        "server": "smtp.example.cn",
        "port": 465,
        "security": "tls",
        "sender": "a@example.cn",
        "user": "",
        "password": "",
    }
    answer = admin.post("/console/settings/mail/", {**fine, **told})
    assert answer.status_code == 400
    assert said in text(answer)
    assert not MailServer.objects.exists()


def test_a_test_letter_to_no_address_and_without_a_server(admin: Client) -> None:
    assert admin.post("/console/settings/mail/test/", {"to": "nobody"}).status_code == 400
    assert "还没有设置发信服务器" in text(admin.post("/console/settings/mail/test/", {"to": "a@example.cn"}, follow=True))


def test_forgetting_the_server_ends_all_mail(admin: Client, doing: Doing) -> None:
    set_server(ServerData("smtp.example.cn", 465, "tls", "a@example.cn"), doing)
    admin.post("/console/settings/mail/forget/")
    assert not MailServer.objects.exists()


class Now:
    """A run of a job that nobody watches."""


def test_a_posted_letter_is_sent_by_its_job_and_gone(doing: Doing, db) -> None:
    with post_office() as server:
        set_server(through(server), doing)
        post(Message("li@qinghe.example", "主题", "内容"), doing)
        job = Job.objects.get()
        assert "li@" not in json.dumps(job.arguments) + job.title
        send_letter(job.arguments, Now())
        send_letter(job.arguments, Now())
        assert len(server.letters) == 1
    assert not Letter.objects.exists()


def test_a_letter_that_nobody_will_ever_take_is_given_up(doing: Doing, db) -> None:
    from gongkai.core.jobs.kinds import Hopeless

    with post_office(RCPT="550 unknown") as server:
        set_server(through(server), doing)
        post(Message("li@qinghe.example", "主题", "内容"), doing)
        with pytest.raises(Hopeless, match="收件地址"):
            send_letter(Job.objects.get().arguments, Now())
