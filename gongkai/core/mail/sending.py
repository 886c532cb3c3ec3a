"""Handing a mail to the server, and saying in Chinese what went wrong."""

from __future__ import annotations

import json
import smtplib
import socket
import ssl

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from gongkai.core.mail.actions import PURPOSE, Message
from gongkai.core.mail.models import Letter, MailServer, Security
from gongkai.core.sealing import Unreadable, unsealed

SECURITIES = [(str(value), str(label)) for value, label in Security.choices]
_PATIENCE = 15  # seconds for each step


class MailTrouble(Exception):
    """A mail that could not be handed over; `str()` says why and what to do. `hopeless`: trying again will not help."""

    def __init__(self, why: str, *, hopeless: bool = False) -> None:
        self.hopeless = hopeless
        super().__init__(why)


def mail_works() -> bool:
    """Whether a mail server is set."""
    return MailServer.objects.exists()


def mail_server() -> MailServer | None:
    """The mail server as it is set."""
    return MailServer.objects.first()


def send(message: Message) -> None:
    """Hand a mail to the server now. Raises MailTrouble."""
    found = mail_server()
    if found is None:
        raise MailTrouble("还没有设置发信服务器。请系统管理员在“设置—邮件”里填写。")
    try:
        password = unsealed(found.password, PURPOSE) if found.password else ""
    except Unreadable as error:
        raise MailTrouble(str(error)) from error
    backend = EmailBackend(
        host=found.server,
        port=found.port,
        username=found.user,
        password=password,
        use_tls=found.security == Security.STARTTLS,
        use_ssl=found.security == Security.TLS,
        timeout=_PATIENCE,
    )
    mail = EmailMessage(message.subject, message.text, found.sender, [message.to])
    try:
        backend.send_messages([mail])
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise _explained(error, found) from error


def letter_text(letter: Letter) -> Message:
    """What a letter says. Raises Unreadable."""
    return Message(**json.loads(unsealed(letter.content, PURPOSE)))


_TROUBLES: tuple[tuple[type[Exception], str], ...] = (  # the first that fits
    (
        smtplib.SMTPAuthenticationError,
        "服务器 {server} 不接受登录名或密码。有些邮箱要用“授权码”代替密码，请到邮箱设置里领取。{said}",
    ),
    (smtplib.SMTPSenderRefused, "服务器不让用 {sender} 发信。发件地址一般要和登录的邮箱一致。{said}"),
    (smtplib.SMTPRecipientsRefused, "服务器不接受收件地址。请核对地址，或者确认服务器允许向外发信。"),
    (smtplib.SMTPNotSupportedError, "服务器 {where} 不支持所选的加密或登录方式。请换一种加密方式，或者清空登录名和密码。"),
    (smtplib.SMTPServerDisconnected, "服务器 {where} 断开了连接。多半是端口和加密方式不配：465 用 SSL/TLS，587 用 STARTTLS。"),
    (smtplib.SMTPResponseException, "服务器没有收下邮件。{said}"),
    (ssl.SSLCertVerificationError, "服务器 {server} 的证书不受信任。请核对主机名，或请邮件服务器的管理员换上有效的证书。"),
    (ssl.SSLError, "与 {where} 的加密没有谈妥。多半是端口和加密方式不配：465 用 SSL/TLS，587 用 STARTTLS。"),
    (socket.gaierror, "找不到服务器 {server}。请核对名称，或者检查本机能否解析域名。"),
    (TimeoutError, f"{_PATIENCE} 秒内没有连上 {{where}}。请核对端口，并检查防火墙是否放行。"),
    (ConnectionRefusedError, "{where} 拒绝连接。请核对端口；服务器上的发信服务可能没有开。"),
    (Exception, "没有发出去：{error}"),
)


def _explained(error: Exception, found: MailServer) -> MailTrouble:
    text = next(text for kind, text in _TROUBLES if isinstance(error, kind))
    said = _said(error) if isinstance(error, smtplib.SMTPResponseException) else ""
    where = f"{found.server}:{found.port}"
    told = text.format(server=found.server, sender=found.sender, where=where, said=said, error=error)
    return MailTrouble(told, hopeless=isinstance(error, smtplib.SMTPRecipientsRefused))


def _said(error: smtplib.SMTPResponseException) -> str:
    said = error.smtp_error.decode("utf-8", errors="replace") if isinstance(error.smtp_error, bytes) else str(error.smtp_error)
    return f"（服务器的答复：{error.smtp_code} {said[:200]}）"
