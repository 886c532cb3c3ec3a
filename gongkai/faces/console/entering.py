"""The forms of signing in, of passwords and of the second step, in our words; wrong codes count like wrong passwords."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.core import context
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.conf import settings
from django.urls import reverse

from gongkai.core.mail.sending import mail_works
from gongkai.core.staff.locks import LockedOut, count_failure, refuse_locked

_LOCKED = "错的次数太多，账户已暂时锁定。"


def _say(form: forms.Form, words: dict[str, tuple[str, str]]) -> None:
    """Labels and hints by field, in place of allauth's."""
    for name, (label, hint) in words.items():
        form.fields[name].label, form.fields[name].help_text = label, hint
        form.fields[name].widget.attrs.pop("placeholder", None)
        form.fields[name].error_messages["required"] = f"请填写{label}。"


_STRONG = "至少 10 个字符，不能只有数字，不要用姓名、单位名或常见密码。"
_CHOSEN = {"password1": ("新密码", _STRONG), "password2": ("再输一遍新密码", "")}
_CODE = "手机验证器上的 6 位数字；手机不在身边时，可以用一个恢复码。"


class SignInForm(account.LoginForm):
    """User name and password."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _say(self, {"login": ("用户名", ""), "password": ("密码", "")})

    @property
    def sign_on(self) -> tuple[str, str] | None:
        """What the government's own sign-on is called, and where it begins; None where there is none."""
        apps = settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", [])
        return (apps[0]["name"], reverse("openid_connect_login", args=[apps[0]["provider_id"]])) if apps else None


class ChangeForm(account.ChangePasswordForm):
    """A password of one's own choosing instead of the present one."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _say(self, {"oldpassword": ("现在的密码", ""), **_CHOSEN})

    def clean(self) -> dict[str, Any]:
        """The same password again is no change: whoever handed it over still knows it."""
        said: dict[str, Any] = super().clean()
        if said.get("password1") and said["password1"] == said.get("oldpassword"):
            self.add_error("password1", "新密码不能和现在的一样。")
        return said


class ForgottenForm(account.ResetPasswordForm):
    """Where to send the link."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _say(self, {"email": ("登记在账户里的邮箱", "")})

    @property
    def mail_works(self) -> bool:
        """Whether this site can send any mail."""
        return mail_works()

    def clean(self) -> dict[str, Any]:
        """Nobody waits for a mail that cannot come."""
        if not self.mail_works:
            raise forms.ValidationError("本站还没有设置发邮件，请找本单位的系统管理员重发一次性密码。")
        return super().clean() or {}


class ResetForm(account.ResetPasswordKeyForm):
    """A new password, by the link of a mail."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _say(self, _CHOSEN)


class AgainForm(account.ReauthenticateForm):
    """The password again, before something that matters."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _say(self, {"password": ("密码", "")})


class _Counted:
    """Wrong codes are counted together with wrong passwords."""

    user: Any

    def clean_code(self) -> str:
        """Raises ValidationError for a wrong code, and for any code while locked."""
        username, request = self.user.get_username(), context.request
        try:
            refuse_locked(request, username)
        except LockedOut:
            raise forms.ValidationError(_LOCKED) from None
        try:
            return str(super().clean_code())  # type: ignore[misc]
        except forms.ValidationError:
            count_failure(request, username)
            raise


class CodeForm(_Counted, mfa.AuthenticateForm):
    """The second step of signing in."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _say(self, {"code": ("验证码", _CODE)})


class CodeAgainForm(_Counted, mfa.ReauthenticateForm):
    """A code again, before something that matters."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _say(self, {"code": ("验证码", _CODE)})


class FirstCodeForm(totp.ActivateTOTPForm):
    """The first code of a new authenticator."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _say(self, {"code": ("验证器上显示的 6 位数字", "")})
