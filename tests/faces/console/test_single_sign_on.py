"""A government's own sign-on (OpenID Connect): who is known gets in, who is not is told."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable, Iterator

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from config.environment import single_sign_on
from gongkai.core.doing import Doing
from gongkai.core.staff import actions
from gongkai.core.staff.models import Person
from tests.faces.console.provider import CLIENT, SECRET, Provider, running

pytestmark = pytest.mark.django_db
LOGIN = "/console/account/login/"


@pytest.fixture
def provider(settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    with running() as found:
        told = {"URL": found.address, "ID": CLIENT, "SECRET": SECRET, "NAME": "青禾县统一身份认证"}
        for name, value in told.items():
            monkeypatch.setenv(f"GONGKAI_OIDC_{name}", value)
        settings.SOCIALACCOUNT_PROVIDERS = single_sign_on()
        yield found


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


def visit(address: str) -> str:
    """Where the provider sends the browser back to."""
    try:
        urllib.request.build_opener(NoRedirect).open(address, timeout=10)
    except urllib.error.HTTPError as answer:
        return str(answer.headers["Location"])
    raise AssertionError("the provider sent nobody anywhere")


def come(browse: Client, start: str = "/console/account/sso/oidc/office/login/"):
    """Through the provider and back, as a browser goes."""
    there = browse.get(start)
    assert there.status_code == 302, there.content
    back = visit(there.url)
    assert back.startswith("http://testserver/console/account/sso/oidc/office/login/callback/")
    return browse.get(back.removeprefix("http://testserver"))


def is_in(browse: Client) -> bool:
    return browse.get("/console/me/").status_code == 200


def test_without_settings_there_is_no_button(county: None) -> None:
    assert "统一身份认证" not in Client().get(LOGIN).content.decode()
    assert single_sign_on() == {}


def test_the_button_leads_there_by_a_link_which_the_content_policy_allows(county: None, provider: Provider) -> None:
    page = Client().get(f"{LOGIN}?next=/console/me/").content.decode()
    assert 'href="/console/account/sso/oidc/office/login/?next=/console/me/"' in page
    assert "用青禾县统一身份认证登录" in page


def test_the_person_of_the_same_user_name_gets_in_and_back_to_where_they_were(
    county: None, person: Callable[..., Person], provider: Provider
) -> None:
    who = person("editor", username="li.na")
    provider.claims = {"sub": "7001", "preferred_username": "Li.Na", "name": "别的名字"}
    browse = Client()
    answer = come(browse, "/console/account/sso/oidc/office/login/?next=/console/me/")
    assert answer.url == "/console/me/"
    assert is_in(browse)
    linked = SocialAccount.objects.get()
    assert (linked.user_id, linked.uid) == (who.pk, "7001")
    assert Person.objects.get(pk=who.pk).name == who.name


def test_the_second_time_goes_by_the_link_even_if_the_name_over_there_has_changed(
    county: None, person: Callable[..., Person], provider: Provider
) -> None:
    person("editor", username="li.na")
    person("editor", username="other")
    provider.claims = {"sub": "7001", "preferred_username": "li.na"}
    come(Client())
    provider.claims = {"sub": "7001", "preferred_username": "other"}
    browse = Client()
    come(browse)
    assert browse.get("/console/me/").wsgi_request.user.username == "li.na"


@pytest.mark.parametrize(
    "claims",
    [
        {"preferred_username": "stranger"},
        {"preferred_username": ""},
        {},
        {"preferred_username": None},
        {"preferred_username": ["li.na"]},
    ],
    ids=["nobody of that name", "empty", "no name", "null", "a list"],
)
def test_an_unknown_person_is_told_and_no_account_is_made(
    county: None, person: Callable[..., Person], provider: Provider, claims: dict[str, object]
) -> None:
    person("editor", username="li.na")
    provider.claims = {"sub": "666", "email": "li.na@example.cn", **claims}
    browse = Client()
    answer = come(browse)
    assert answer.url == "/console/account/unknown/"
    told = browse.get(answer.url)
    assert told.status_code == 403
    assert "您在这里还没有账户" in told.content.decode()
    assert not is_in(browse)
    assert Person.objects.count() == 1
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("linked", [False, True], ids=["first time", "linked before"])
def test_who_has_left_does_not_get_in_by_the_other_door(
    county: None, person: Callable[..., Person], provider: Provider, doing: Doing, linked: bool
) -> None:
    who = person("editor", username="li.na")
    provider.claims = {"sub": "7001", "preferred_username": "li.na"}
    if linked:
        come(Client())
    actions.leave(who.pk, doing)
    browse = Client()
    answer = come(browse)
    assert answer.url == ("/console/account/inactive/" if linked else "/console/account/unknown/")
    assert not is_in(browse)


def test_a_token_for_somebody_else_lets_nobody_in(county: None, person: Callable[..., Person], provider: Provider) -> None:
    """Its signature need not be looked at: it comes from the provider itself, not by way of the browser."""
    person("editor", username="li.na")
    provider.claims = {"sub": "7001", "preferred_username": "li.na"}
    provider.audience = "somebody-else"
    browse = Client(raise_request_exception=False)
    assert "没有登录成功" in come(browse).content.decode()
    assert not is_in(browse)


def test_an_answer_that_nobody_asked_for_lets_nobody_in(county: None, person: Callable[..., Person], provider: Provider) -> None:
    person("editor", username="li.na")
    provider.claims = {"sub": "7001", "preferred_username": "li.na"}
    asked = Client().get("/console/account/sso/oidc/office/login/").url
    back = visit(asked).removeprefix("http://testserver")
    victim = Client(raise_request_exception=False)
    answer = victim.get(back)
    assert answer.status_code < 500
    assert "没有登录成功" in answer.content.decode()
    assert not is_in(victim)


def test_saying_no_over_there_is_told_in_words(county: None, provider: Provider) -> None:
    browse = Client()
    state = dict(part.split("=") for part in browse.get("/console/account/sso/oidc/office/login/").url.split("?")[1].split("&"))[
        "state"
    ]
    answer = browse.get(f"/console/account/sso/oidc/office/login/callback/?error=access_denied&state={state}", follow=True)
    assert "您没有在统一身份认证登录" in answer.content.decode()


def test_a_provider_that_does_not_answer_is_told_of(county: None, settings) -> None:
    told = {
        "provider_id": "office",
        "name": "x",
        "client_id": "x",
        "secret": "x",
        "settings": {"server_url": "http://127.0.0.1:1"},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [told], "OAUTH_PKCE_ENABLED": True}}
    answer = Client(raise_request_exception=False).get("/console/account/sso/oidc/office/login/")
    assert answer.status_code < 500
    assert "没有登录成功" in answer.content.decode()
