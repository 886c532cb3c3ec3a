"""How allauth serves this console: nobody signs up, a handed-over password is changed once, single sign-on finds people."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.contrib import messages
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse

from gongkai.core.agencies.queries import site
from gongkai.core.sealing import sealed, unsealed
from gongkai.core.staff.queries import active_person

_TOTP = "two-steps"


class Accounts(DefaultAccountAdapter):
    """Accounts are made by an administrator."""

    error_messages = {  # noqa: RUF012 - as allauth declares it
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "这个账户已停用。",
        "enter_current_password": "现在的密码不对。",
        "incorrect_code": "验证码不对。",
        "incorrect_password": "密码不对。",
        "invalid_login": "用户名或密码不对。",
        "invalid_password_reset": "这个链接已经用过或者过期。",
        "rate_limited": "操作太频繁，请过一会儿再试。",
        "too_many_login_attempts": "试的次数太多，请过一会儿再试。",
        "username_password_mismatch": "用户名或密码不对。",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by themselves."""
        del request
        return False

    def set_password(self, user: Any, password: str) -> None:
        """A password of one's own choosing need not be changed again."""
        user.must_change_password = False
        super().set_password(user, password)

    def send_password_reset_mail(self, user: Any, email: str, context: dict[str, Any]) -> None:
        """The link, to the address that stands in the account."""
        del email
        told = _RESET.format(name=user.name, username=user.username, link=context["password_reset_url"])
        EmailMessage(f"{site().name}工作台：重设密码", told, to=[user.email]).send()

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not within five minutes of signing in."""
        del app, kwargs
        records = get_authentication_records(self.request, self.request.user)
        return not any(time.time() - record["at"] < REAUTHENTICATION_TIMEOUT for record in records)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to one's own page, which says that it is done."""
        messages.success(request, "密码已修改。")
        return reverse("desk-me")

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """The console says what happened in its own words, on the next page."""


_RESET = """{name}：

有人（多半是您本人）要重设工作台账户“{username}”的密码。请在三天内打开下面的链接，设一个新密码：

{link}

如果不是您，请不用理会，密码不会改变。
"""


class TwoSteps(DefaultMFAAdapter):
    """The second step; its keys are kept under lock."""

    error_messages = {  # noqa: RUF012 - as allauth declares it
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "验证码不对。请核对手机的时间是否准确，等下一个数字出来再试。",
        "cannot_delete_authenticator": "现在不能停用两步验证。",
        "cannot_generate_recovery_codes": "启用两步验证之后才能生成恢复码。",
        "unverified_email": "请先确认邮箱。",
        "add_email_blocked": "启用了两步验证的账户不能添加邮箱。",
    }

    def get_totp_label(self, user: Any) -> str:
        """What the authenticator app calls the account."""
        return str(user.get_username())

    def get_totp_issuer(self) -> str:
        """What the authenticator app calls this site."""
        return site().name

    def encrypt(self, text: str) -> str:
        """A key under lock."""
        return sealed(text, _TOTP)

    def decrypt(self, encrypted_text: str) -> str:
        """The key again. Raises Unreadable."""
        return unsealed(encrypted_text, _TOTP)


class Elsewhere(DefaultSocialAccountAdapter):
    """The government's own sign-on says who somebody is; what they may do stands here."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Nobody becomes staff by having an account elsewhere."""
        del request, sociallogin
        return False

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> Any:
        """Nobody is made of what is said elsewhere."""
        del request, data
        return sociallogin.user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Let in the person of the same user name; allauth remembers the link."""
        if sociallogin.is_existing:
            return
        told = sociallogin.account.extra_data
        claims = told.get("userinfo") or told.get("id_token") or told
        username = str(claims.get("preferred_username") or "").strip().lower()
        person = active_person(username)
        if person is None:
            raise ImmediateHttpResponse(redirect("account-unknown"))
        sociallogin.connect(request, person)
