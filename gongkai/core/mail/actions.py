"""Setting the mail server, and posting letters."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from gongkai.core.agencies import events
from gongkai.core.doing import Doing
from gongkai.core.jobs.actions import ask
from gongkai.core.ledger.append import Happening, Stream, append
from gongkai.core.mail.models import Letter, MailServer, Security
from gongkai.core.sealing import sealed
from gongkai.core.writing import writing

PURPOSE = "mail"
JOB = "send_letter"
STREAM = Stream(events.GOVERNMENT, events.MAIL)
_KEPT = timedelta(days=7)  # then whatever a letter was about has run out
_HOST = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z.-]{0,198}[0-9A-Za-z])?|\[?[0-9a-fA-F:]+\]?")
_FIELDS = ("server", "port", "security", "user", "sender")


class UnfitMail(Exception):
    """A mail setting that cannot be; `field` names it, `str()` says why and what to do."""

    def __init__(self, field: str, why: str) -> None:
        self.field = field
        super().__init__(why)


@dataclass(frozen=True, slots=True)
class ServerData:
    """A mail server as a form gives it. `password` None: as it was."""

    server: str
    port: int
    security: str
    sender: str
    user: str = ""
    password: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A mail to one person."""

    to: str
    subject: str
    text: str


@writing()
def set_server(data: ServerData, doing: Doing, expected: int | None = None) -> None:
    """Mail goes through this server from now on. `expected`: the changes the caller has seen. Raises UnfitMail, Overtaken."""
    values = _fit(data)
    standing = MailServer.objects.select_for_update().first()
    before = {name: getattr(standing, name) for name in _FIELDS} if standing else {}
    told = events.difference(before, {name: values[name] for name in _FIELDS})
    if data.password is not None:
        values["password"] = sealed(data.password, PURPOSE) if data.password else ""
        told = {
            side: {**told.get(side, {}), "password": word} for side, word in (("before", "（不记入台账）"), ("after", "有改动"))
        }
    if told:
        append(STREAM, [Happening(events.CHANGED, told)], actor=doing.actor, at=doing.at, expected=expected)
    MailServer.objects.update_or_create(pk=standing.pk if standing else 1, defaults=values)


@writing()
def forget_server(doing: Doing) -> None:
    """No mail is sent any more."""
    standing = MailServer.objects.select_for_update().first()
    if standing is not None:
        before = {name: getattr(standing, name) for name in _FIELDS}
        append(STREAM, [Happening(events.CHANGED, events.difference(before, {}))], actor=doing.actor, at=doing.at)
        standing.delete()


@writing()
def post(message: Message, doing: Doing) -> int:
    """A mail is to be sent in the background; returns the number of its job."""
    Letter.objects.filter(posted_at__lt=doing.at - _KEPT).delete()
    letter = Letter.objects.create(content=sealed(json.dumps(asdict(message)), PURPOSE), posted_at=doing.at)
    return ask(JOB, {"letter": letter.pk}, key=f"{letter.pk}-{doing.at:%Y%m%d%H%M%S%f}", title="发送邮件", doing=doing)


def _fit(data: ServerData) -> dict[str, Any]:
    server = data.server.strip()
    if not _HOST.fullmatch(server):
        raise UnfitMail("server", "发信服务器只写主机名或地址，如 smtp.example.gov.cn。")
    if not 1 <= data.port <= 65535:
        raise UnfitMail("port", "端口是 1 到 65535 的数，SSL/TLS 常用 465，STARTTLS 常用 587。")
    if data.security not in Security.values:
        raise UnfitMail("security", "请选加密方式。")
    if len(data.user) > 200:
        raise UnfitMail("user", "登录名最多 200 字。")
    if data.user.strip() and data.security == Security.NONE:
        raise UnfitMail("security", "不加密时密码会被明文传送，所以不能填登录名。请选 SSL/TLS 或 STARTTLS。")
    try:
        validate_email(data.sender.strip())
    except ValidationError:
        raise UnfitMail("sender", "发件地址应是邮箱地址，如 gongkai@example.gov.cn。") from None
    told = {"server": server, "port": data.port, "security": data.security}
    return {**told, "user": data.user.strip(), "sender": data.sender.strip()}
