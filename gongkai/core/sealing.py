"""Short secrets kept in the database (a mail server's password, the key of a second step), unreadable without the site's key."""

from __future__ import annotations

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Unreadable(Exception):
    """A secret sealed under another key: the data folder's secret.key is not the one it was kept with."""

    def __init__(self) -> None:
        super().__init__("保存的密码用的是另一把密钥，读不出来。请把原来的 secret.key 放回数据文件夹，或重新填写密码。")


def sealed(text: str, purpose: str) -> str:
    """A text under lock; `purpose` keeps what is sealed for one thing from being read as another."""
    return _lock(settings.SECRET_KEY, purpose).encrypt(text.encode()).decode("ascii")


def unsealed(kept: str, purpose: str) -> str:
    """What `sealed` was given. Raises Unreadable."""
    try:
        return _lock(settings.SECRET_KEY, purpose).decrypt(kept.encode()).decode()
    except (InvalidToken, ValueError) as error:
        raise Unreadable from error


@lru_cache(maxsize=16)
def _lock(secret: str, purpose: str) -> Fernet:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"gongkai {purpose}".encode()).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(key))
