"""Signing in, passwords, two steps, where one is signed in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongkai.core.doing import Doing
from gongkai.core.mail.actions import ServerData, set_server
from gongkai.core.mail.models import Letter
from gongkai.core.mail.sending import letter_text
from gongkai.core.sealing import sealed
from gongkai.core.staff import actions
from gongkai.core.staff.models import Person
from gongkai.core.staff.presence import device_of
from gongkai.core.staff.two_steps import demand_two_steps
from tests.faces.console.conftest import SignedIn

pytestmark = pytest.mark.django_db
PASSWORD = "春江花月夜-2026"
LOGIN = "/console/account/login/"
ENGLISH = re.compile(r"[A-Z]?[a-z]{2,}(?: [a-z]+){2,}")


@pytest.fixture
def browse() -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture
def li(county: None, person: Callable[..., Person]) -> Person:
    """Somebody with a password of her own."""
    who = person("editor", username="li.na", name="李娜")
    who.set_password(PASSWORD)
    who.email = "li.na@example.gov.cn"
    who.save()
    return who


def sign_in(browse: Client, username: str = "li.na", password: str = PASSWORD, **more: str):
    return browse.post(LOGIN, {"login": username, "password": password, **more})


def text(answer) -> str:
    return answer.content.decode()


def words(answer) -> str:
    """What a person reads of a page."""
    body = re.sub(r"<(script|style)\b.*?</\1>|<head>.*?</head>", "", text(answer), flags=re.S)
    return re.sub(r"<[^>]+>", " ", body)


def code_for(who: Person) -> str:
    """The number an authenticator shows now."""
    secret = TOTP(Authenticator.objects.get(user=who, type="totp")).instance.data["secret"]
    from allauth.mfa.utils import decrypt

    return totp.format_hotp_value(totp.hotp_value(decrypt(secret), next(totp.yield_hotp_counters_from_time())))


def with_two_steps(who: Person) -> None:
    TOTP.activate(who, totp.generate_totp_secret())
    RecoveryCodes.activate(who)


def wrong(code: str) -> str:
    return f"{(int(code) + 7) % 1_000_000:06d}"


# signing in


def test_the_right_password_leads_to_the_workbench_and_back_to_where_one_was(li: Person, browse: Client) -> None:
    answer = browse.get("/console/me/")
    assert answer.url == "/console/account/login/?next=%2Fconsole%2Fme%2F"
    assert sign_in(browse, next="/console/me/").url == "/console/me/"
    assert "李娜" in text(browse.get("/console/me/"))


def test_the_user_name_is_not_particular_about_case(li: Person, browse: Client) -> None:
    assert sign_in(browse, " LI.Na ").status_code == 302


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_nobody_is_led_to_another_site(li: Person, browse: Client, away: str) -> None:
    assert sign_in(browse, next=away).url == "/console/"


@pytest.mark.parametrize("username", ["li.na", "nobody"])
def test_a_wrong_password_tells_nothing_of_whether_the_name_exists(li: Person, browse: Client, username: str) -> None:
    answer = sign_in(browse, username, "错的密码错的密码")
    assert "用户名或密码不对。" in text(answer)
    assert not ENGLISH.search(words(answer))


@pytest.mark.parametrize("told", ["", "x" * 100_000, "\0", "张三"], ids=["nothing", "too long", "a null", "no user name"])
def test_odd_user_names_are_simply_wrong(li: Person, browse: Client, told: str) -> None:
    assert sign_in(browse, told).status_code == 200


def test_who_has_left_is_told_so_after_the_right_password_only(li: Person, browse: Client, doing: Doing) -> None:
    actions.leave(li.pk, doing)
    assert "用户名或密码不对。" in text(sign_in(browse, password="错的密码错的密码"))
    assert "您的账户已停用" in text(browse.get(sign_in(browse).url))


def test_who_leaves_while_signed_in_is_out_at_once(li: Person, browse: Client, doing: Doing) -> None:
    sign_in(browse)
    actions.leave(li.pk, doing)
    assert browse.get("/console/").url.startswith(LOGIN)


def test_nobody_signs_up(browse: Client, county: None) -> None:
    assert "不能自行注册" in text(browse.get("/console/account/signup/"))
    made = {"username": "eve", "password1": PASSWORD}
    assert "不能自行注册" in text(browse.post("/console/account/signup/", made))
    assert not Person.objects.filter(username="eve").exists()


def test_public_pages_set_no_cookie_and_know_nobody(li: Person, browse: Client) -> None:
    sign_in(browse)
    answer = browse.get("/")
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert not answer.cookies


# locking


def test_five_wrong_passwords_lock_and_the_right_one_is_refused_too(li: Person, browse: Client) -> None:
    assert [sign_in(browse, password="错" * 12).status_code for _ in range(5)] == [200] * 4 + [429]
    answer = sign_in(Client())
    assert answer.status_code == 429
    assert "已锁定 15 分钟" in text(answer)
    assert "忘记密码" in text(answer)


def test_a_name_that_nobody_bears_locks_just_the_same(li: Person, browse: Client) -> None:
    assert [sign_in(browse, "nobody").status_code for _ in range(6)] == [200] * 4 + [429] * 2


def test_writing_the_name_in_another_way_gives_no_more_tries(li: Person, browse: Client) -> None:
    for name in ("li.na", "LI.NA", " li.na", "Li.na ", "li.NA"):
        answer = sign_in(browse, name, "错" * 12)
    assert answer.status_code == 429


def test_another_browser_gives_no_more_tries(li: Person) -> None:
    for agent in "abcde":
        answer = sign_in(Client(headers={"user-agent": agent}), password="错" * 12)
    assert answer.status_code == 429


def test_success_makes_the_count_begin_anew(li: Person, browse: Client) -> None:
    for _ in range(3):
        for _ in range(4):
            sign_in(browse, password="错" * 12)
        assert sign_in(browse).status_code == 302
        browse.post("/console/account/logout/")


def test_the_lock_ends_after_a_quarter_of_an_hour_and_is_not_prolonged_by_trying(li: Person, browse: Client) -> None:
    for _ in range(5):
        sign_in(browse, password="错" * 12)
    before = AccessAttempt.objects.get().attempt_time
    sign_in(browse, password="错" * 12)
    assert AccessAttempt.objects.get().attempt_time == before
    AccessAttempt.objects.update(attempt_time=before - timedelta(minutes=15, seconds=1))
    assert sign_in(browse).status_code == 302


def test_the_administrator_lifts_a_lock(li: Person, browse: Client, doing: Doing) -> None:
    for _ in range(5):
        sign_in(browse, password="错" * 12)
    actions.unlock(li.pk, doing)
    assert sign_in(browse).status_code == 302


def test_nothing_of_a_password_is_kept_of_a_failure(li: Person, browse: Client) -> None:
    sign_in(browse, password="绝密绝密绝密绝密")
    assert "绝密" not in json.dumps(list(AccessAttempt.objects.values()), default=str, ensure_ascii=False)


# passwords


def test_a_handed_over_password_must_be_changed_before_anything_else(county: None, browse: Client, doing: Doing) -> None:
    organ = actions.Agency.objects.get(code="B")
    _, handed = actions.join(username="wang.wei", name="王伟", agency=organ, roles=["编辑"], doing=doing)
    sign_in(browse, "wang.wei", handed)
    assert browse.get("/console/").url == "/console/account/password/change/"
    page = browse.get("/console/account/password/change/")
    assert "请设一个自己的密码" in text(page)
    assert not ENGLISH.search(words(page))
    change = {"oldpassword": handed, "password1": handed, "password2": handed}
    assert "新密码不能和现在的一样" in text(browse.post("/console/account/password/change/", change))
    assert browse.get("/console/").status_code == 302
    change |= {"password1": PASSWORD, "password2": PASSWORD}
    assert browse.post("/console/account/password/change/", change).url == "/console/me/"
    assert "密码已修改。" in text(browse.get("/console/me/"))
    assert browse.get("/console/").status_code == 200


@pytest.mark.parametrize(
    ("new", "again", "said"),
    [
        ("短的密码", "短的密码", "至少"),
        ("12345678901234", "12345678901234", "数字"),
        ("password1234", "password1234", "常见"),
        (PASSWORD + "新", PASSWORD, "相同"),
        ("li.na@example.gov.cn", "li.na@example.gov.cn", "太像"),
    ],
    ids=["short", "digits", "common", "not the same", "the mail address"],
)
def test_a_weak_password_is_refused_in_chinese(li: Person, browse: Client, new: str, again: str, said: str) -> None:
    sign_in(browse)
    change = {"oldpassword": PASSWORD, "password1": new, "password2": again}
    answer = browse.post("/console/account/password/change/", change)
    assert said in text(answer)
    assert not ENGLISH.search(words(answer))


def test_changing_the_password_ends_the_other_sessions_and_keeps_this_one(li: Person, browse: Client) -> None:
    other = Client()
    sign_in(browse)
    sign_in(other)
    change = {"oldpassword": PASSWORD, "password1": PASSWORD + "新", "password2": PASSWORD + "新"}
    browse.post("/console/account/password/change/", change)
    assert browse.get("/console/").status_code == 200
    assert other.get("/console/").status_code == 302


@pytest.fixture
def mail(doing: Doing, settings) -> None:
    settings.EMAIL_BACKEND = "gongkai.faces.console.posting.Posting"  # the test runner had put one of its own in its place
    set_server(ServerData("smtp.example.gov.cn", 465, "tls", "gongkai@example.gov.cn"), doing)


def test_a_forgotten_password_is_set_anew_by_a_link_in_a_mail(li: Person, browse: Client, mail: None) -> None:
    answer = browse.post("/console/account/password/reset/", {"email": "LI.na@example.gov.cn"})
    assert answer.url == "/console/account/password/reset/done/"
    letter = letter_text(Letter.objects.get())
    assert letter.to == "li.na@example.gov.cn"
    assert letter.subject == "青禾县人民政府网站工作台：重设密码"
    assert letter.text.startswith("李娜：")
    assert "“li.na”" in letter.text
    (link,) = re.findall(r"http://testserver(/\S+)", letter.text)
    form = browse.get(browse.get(link).url)
    assert "设一个新密码" in text(form)
    assert not ENGLISH.search(words(form))
    new = PASSWORD + "新"
    done = browse.post(form.wsgi_request.path, {"password1": new, "password2": new}, follow=True)
    assert "密码已重设" in text(done)
    assert sign_in(Client(), password=new).status_code == 302
    assert "这个链接不能用了" in text(Client().get(link))


def test_the_mail_is_nowhere_readable_in_the_database(li: Person, browse: Client, mail: None) -> None:
    browse.post("/console/account/password/reset/", {"email": li.email})
    assert "李娜" not in Letter.objects.get().content


def test_the_reset_page_does_not_tell_whether_an_account_exists(li: Person, browse: Client, mail: None) -> None:
    known = browse.post("/console/account/password/reset/", {"email": li.email})
    unknown = browse.post("/console/account/password/reset/", {"email": "nobody@example.gov.cn"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert Letter.objects.count() == 1


def test_no_more_than_five_mails_an_hour_go_to_one_address(li: Person, browse: Client, mail: None, settings) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "five-an-hour"}}
    statuses = [browse.post("/console/account/password/reset/", {"email": li.email}).status_code for _ in range(6)]
    assert statuses == [302] * 5 + [429]
    assert Letter.objects.count() == 5


def test_without_a_mail_server_the_reset_page_says_whom_to_ask(li: Person, browse: Client) -> None:
    assert "请找本单位的系统管理员" in text(browse.get("/console/account/password/reset/"))
    assert browse.post("/console/account/password/reset/", {"email": li.email}).status_code == 200


def test_a_reset_does_not_go_round_the_second_step(li: Person, browse: Client, mail: None) -> None:
    with_two_steps(li)
    browse.post("/console/account/password/reset/", {"email": li.email})
    (link,) = re.findall(r"http://testserver(/\S+)", letter_text(Letter.objects.get()).text)
    new = PASSWORD + "新"
    browse.post(browse.get(link).url, {"password1": new, "password2": new})
    assert sign_in(browse, password=new).url == "/console/account/2fa/authenticate/"


# two steps


def test_two_steps_are_set_up_with_a_code_and_asked_for_from_then_on(li: Person, browse: Client) -> None:
    sign_in(browse)
    page = browse.get("/console/account/2fa/totp/activate/")
    assert "data:image/svg+xml;base64," in text(page)
    assert not ENGLISH.search(words(page))
    secret = page.wsgi_request.session["mfa.totp.secret"]
    code = totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))
    assert "验证码不对" in text(browse.post("/console/account/2fa/totp/activate/", {"code": wrong(code)}))
    assert browse.post("/console/account/2fa/totp/activate/", {"code": code}).url == reverse("mfa_view_recovery_codes")
    codes = browse.get(reverse("mfa_view_recovery_codes"))
    assert len(re.findall(r"<code>\d{8}</code>", text(codes))) == 10
    browse.post("/console/account/logout/")
    assert sign_in(browse).url == "/console/account/2fa/authenticate/"
    assert browse.get("/console/").status_code == 302


def test_the_key_of_the_second_step_lies_sealed(li: Person, browse: Client) -> None:
    secret = totp.generate_totp_secret()
    TOTP.activate(li, secret)
    assert secret not in json.dumps(Authenticator.objects.get().data)


def test_a_code_or_a_recovery_code_once_completes_signing_in(li: Person, browse: Client) -> None:
    with_two_steps(li)
    recovery = Authenticator.objects.get(user=li, type="recovery_codes").wrap().get_unused_codes()[0]
    sign_in(browse)
    assert browse.post("/console/account/2fa/authenticate/", {"code": code_for(li)}).url == "/console/"
    other = Client()
    sign_in(other)
    assert other.post("/console/account/2fa/authenticate/", {"code": recovery}).url == "/console/"
    third = Client()
    sign_in(third)
    assert "验证码不对" in text(third.post("/console/account/2fa/authenticate/", {"code": recovery}))


def test_wrong_codes_lock_like_wrong_passwords_and_are_counted_with_them(li: Person, browse: Client) -> None:
    with_two_steps(li)
    for _ in range(2):
        sign_in(browse, password="错" * 12)
    sign_in(browse)
    bad = wrong(code_for(li))
    answers = [browse.post("/console/account/2fa/authenticate/", {"code": bad}).status_code for _ in range(3)]
    assert answers == [200, 200, 429]
    assert browse.post("/console/account/2fa/authenticate/", {"code": code_for(li)}).status_code == 429
    assert browse.get("/console/").status_code == 302


def test_beginning_anew_with_the_password_gives_no_more_codes(li: Person) -> None:
    with_two_steps(li)
    bad = wrong(code_for(li))
    for _ in range(5):
        browse = Client()
        sign_in(browse)
        answer = browse.post("/console/account/2fa/authenticate/", {"code": bad})
    assert answer.status_code == 429
    assert sign_in(Client()).status_code == 429


def test_recovery_codes_are_shown_renewed_and_downloaded(li: Person, browse: Client) -> None:
    with_two_steps(li)
    sign_in(browse)
    browse.post("/console/account/2fa/authenticate/", {"code": code_for(li)})
    first = browse.get(reverse("mfa_download_recovery_codes"))
    assert "attachment" in first.headers["Content-Disposition"]
    assert "李娜 的恢复码" in text(first)
    assert browse.post(reverse("mfa_generate_recovery_codes")).url == reverse("mfa_view_recovery_codes")
    assert set(re.findall(r"\d{8}", text(first))).isdisjoint(
        re.findall(r"\d{8}", text(browse.get(reverse("mfa_view_recovery_codes"))))
    )


def test_two_steps_are_switched_off_by_their_owner_and_by_the_administrator(li: Person, browse: Client, doing: Doing) -> None:
    with_two_steps(li)
    sign_in(browse)
    browse.post("/console/account/2fa/authenticate/", {"code": code_for(li)})
    assert "停用两步验证？" in text(browse.get(reverse("mfa_deactivate_totp")))
    assert browse.post(reverse("mfa_deactivate_totp")).url == reverse("mfa_index")
    assert not Authenticator.objects.exists()
    with_two_steps(li)
    actions.drop_two_steps(li.pk, doing)
    assert sign_in(Client()).url == "/console/"


def test_after_a_while_the_password_is_asked_for_again_before_the_second_step_is_touched(li: Person, browse: Client) -> None:
    with_two_steps(li)
    sign_in(browse)
    browse.post("/console/account/2fa/authenticate/", {"code": code_for(li)})
    session = browse.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 301
    session.save()
    asked = browse.get(reverse("mfa_deactivate_totp"))
    assert asked.url.startswith("/console/account/reauthenticate/")
    assert "请再确认一次身份" in text(browse.get(asked.url))
    assert "密码不对" in text(browse.post(asked.url, {"password": "错" * 12}))
    assert browse.post(asked.url, {"password": PASSWORD}).url == reverse("mfa_deactivate_totp")


def test_a_role_that_demands_two_steps_leads_to_setting_them_up_first(li: Person, browse: Client, doing: Doing) -> None:
    sign_in(browse)
    demand_two_steps(["editor"], doing)
    assert browse.get("/console/").url == reverse("mfa_activate_totp")
    assert "您的角色须用两步验证" in text(browse.get(reverse("mfa_activate_totp")))
    with_two_steps(li)
    assert browse.get("/console/").status_code == 200


def test_other_roles_are_left_alone_and_cost_no_query(li: Person, browse: Client, doing: Doing) -> None:
    demand_two_steps(["administrator", "disclosure_office"], doing)
    sign_in(browse)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert browse.get("/console/me/").status_code == 200
    assert not [q for q in asked.captured_queries if "mfa_authenticator" in q["sql"] and "LIMIT 1" in q["sql"]][1:]


# where one is signed in


def test_one_sees_where_one_is_signed_in_and_ends_one_or_all_others(li: Person, browse: Client) -> None:
    here = Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/120 Safari/537.36 Edg/120.0"})
    there = Client(headers={"user-agent": "Mozilla/5.0 (Linux; Android 13) AppleWebKit Chrome/120 Mobile Safari/537.36"})
    elsewhere = Client()
    for client in (here, there, elsewhere):
        sign_in(client)
    page = text(here.get("/console/me/"))
    assert "Windows 电脑上的 Edge" in page
    assert "安卓手机上的 Chrome" in page
    number = UserSession.objects.get(user_agent__contains="Android").pk
    here.post(f"/console/me/presences/{number}/end/")
    assert there.get("/console/").status_code == 302
    assert elsewhere.get("/console/").status_code == 200
    here.post("/console/me/presences/end-others/")
    assert elsewhere.get("/console/").status_code == 302
    assert here.get("/console/").status_code == 200


def test_nobody_ends_the_session_of_somebody_else(li: Person, browse: Client, signed_in: SignedIn) -> None:
    sign_in(browse)
    theirs = UserSession.objects.get(user=li).pk
    assert signed_in("editor").post(f"/console/me/presences/{theirs}/end/").status_code == 404
    assert browse.get("/console/").status_code == 200


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        ("", "未知设备"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.0 Safari/605.1.15",
            "苹果电脑上的 Safari",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0", "Linux 电脑上的 火狐"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) MicroMessenger/8.0", "iPhone上的 微信"),
        ("curl/8.0", "未知设备"),
    ],
)
def test_a_device_is_called_as_people_call_it(agent: str, device: str) -> None:
    assert device_of(agent) == device


def test_my_account_says_in_words_what_my_roles_allow(county: None, signed_in: SignedIn) -> None:
    page = text(signed_in("disclosure_clerk", "leader").get("/console/me/"))
    assert "政务公开专员" in page
    assert "录入、修改、发布和撤下本单位的文件" in page
    assert "查看本单位和下级机构的文件和台账" in page


# forms that are no longer good, bodies that are too large


def test_a_form_without_its_token_is_refused_in_words(li: Person) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(LOGIN, {"login": "li.na", "password": PASSWORD})
    assert answer.status_code == 403
    assert "这张表单已经过时" in text(answer)


def test_a_body_that_no_page_takes_is_refused_unread(browse: Client, county: None) -> None:
    answer = browse.post(LOGIN, {"login": "x" * 4_000_000}, format="multipart")
    assert answer.status_code == 413
    assert "文件太大" in text(answer)


def test_what_is_not_there_is_told_in_the_consoles_own_frame(county: None, signed_in: SignedIn) -> None:
    answer = signed_in("editor").post("/console/me/presences/1/end/")
    assert answer.status_code == 404
    assert "回到我的待办" in text(answer)


def test_sealed_secrets_do_not_open_for_another_purpose() -> None:
    from gongkai.core.sealing import Unreadable, unsealed

    kept = sealed("口令", "mail")
    assert unsealed(kept, "mail") == "口令"
    with pytest.raises(Unreadable):
        unsealed(kept, "two-steps")
