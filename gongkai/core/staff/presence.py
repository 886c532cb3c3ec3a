"""Where somebody is signed in: one row per browser."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

_SYSTEMS = (
    ("HarmonyOS|OpenHarmony", "鸿蒙"),
    ("Android", "安卓手机"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows NT", "Windows 电脑"),
    ("Mac OS X|Macintosh", "苹果电脑"),
    ("UOS|Deepin", "统信电脑"),
    ("Kylin", "麒麟电脑"),
    ("Linux|X11", "Linux 电脑"),
)
_BROWSERS = (
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
    ("QAXBrowser|Qaxbrowser", "奇安信浏览器"),
    ("360SE|360EE|QihooBrowser", "360 浏览器"),
    ("QQBrowser", "QQ 浏览器"),
    ("Edg(?:e|A|iOS)?/", "Edge"),
    ("Firefox|FxiOS", "火狐"),
    ("Chrome|CriOS|Chromium", "Chrome"),
    ("Safari", "Safari"),
)


@dataclass(frozen=True, slots=True)
class Presence:
    """A browser in which somebody is signed in."""

    number: int
    device: str
    address: str
    since: datetime
    here: bool


def device_of(agent: str) -> str:
    """A browser's own description as people would name it: Windows 电脑上的 Edge."""
    system = next((name for words, name in _SYSTEMS if re.search(words, agent)), "")
    browser = next((name for words, name in _BROWSERS if re.search(words, agent)), "")
    return f"{system}上的 {browser}" if system and browser else system or browser or "未知设备"


def presences(person: int, here: str) -> list[Presence]:
    """Where somebody is signed in, newest first; `here` is the key of the session that asks."""
    found = [s for s in UserSession.objects.filter(user=person).order_by("-created_at") if not s.purge()]
    return [Presence(s.pk, device_of(s.user_agent), s.ip, s.created_at, s.session_key == here) for s in found]


def end_presence(person: int, number: int) -> bool:
    """Sign somebody out in one browser; whether there was one of this number."""
    found = UserSession.objects.filter(user=person, pk=number).first()
    if found is not None:
        found.end()
    return found is not None


def end_other_presences(person: int, here: str) -> int:
    """Sign somebody out everywhere but here; returns in how many browsers."""
    others = list(UserSession.objects.filter(user=person).exclude(session_key=here))
    for session in others:
        session.end()
    return len(others)


def forget_ended(now: datetime) -> int:
    """Forget sessions that have run out; returns how many."""
    ended, _ = Session.objects.filter(expire_date__lt=now).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    return ended
