"""Django's rules for passwords, told in our words."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import password_validation as rules


class LongEnough(rules.MinimumLengthValidator):
    """At least so many characters."""

    def get_error_message(self) -> str:
        """What is wrong."""
        return f"密码太短，至少要 {self.min_length} 个字符。"

    def get_help_text(self) -> str:
        """What is demanded."""
        return f"至少 {self.min_length} 个字符。"


class NotDigits(rules.NumericPasswordValidator):
    """Not digits alone."""

    def get_error_message(self) -> str:
        """What is wrong."""
        return "密码不能只有数字。"

    def get_help_text(self) -> str:
        """What is demanded."""
        return "不能只有数字。"


class NotCommon(rules.CommonPasswordValidator):
    """None of the twenty thousand that are tried first."""

    def get_error_message(self) -> str:
        """What is wrong."""
        return "这个密码太常见，别人很容易猜到。"

    def get_help_text(self) -> str:
        """What is demanded."""
        return "不要用常见的密码。"


class NotOneself(rules.UserAttributeSimilarityValidator):
    """Nothing like one's user name, name or mail address."""

    def __init__(self, **options: Any) -> None:
        super().__init__(("username", "name", "email"), **options)

    def get_error_message(self) -> str:
        """What is wrong."""
        return "密码和您的用户名、姓名或邮箱太像。"

    def get_help_text(self) -> str:
        """What is demanded."""
        return "不要用姓名、用户名或邮箱。"
