"""Signing with a key of the site's own (Ed25519), and the one way in which JSON is written for it.

Pure but for the key's file: no Django, so that a signature can be checked on any machine.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from gongkai.core.secret import made_once

KEY_FILE = "manifest.key"  # in the data folder


class NotGenuine(Exception):
    """Signed data that was changed, is damaged, or comes from another key."""


class UnfitKey(Exception):
    """A key that cannot be read."""


def canonical(value: Any) -> bytes:
    """JSON in the only form that is signed: keys sorted, no blanks, UTF-8. Floats have no place in it."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def signing_key(path: Path) -> Ed25519PrivateKey:
    """The key kept in the file at `path` (mode 0600), made at first use. Raises UnfitKey."""
    made_once(path, _new_key)
    try:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text(encoding="ascii").strip()))
    except (ValueError, OSError) as error:
        raise UnfitKey(f"签名密钥 {path} 读不出来，请从备份恢复；若要换新密钥，先移走这个文件。") from error


def _new_key() -> str:
    return Ed25519PrivateKey.generate().private_bytes_raw().hex()


def public_text(key: Ed25519PrivateKey) -> str:
    """The public half, as 64 hexadecimal digits."""
    return key.public_key().public_bytes_raw().hex()


def public_key(text: str) -> str:
    """A public key as somebody wrote it, in the one form used here. Raises UnfitKey."""
    written = "".join(text.split()).lower()
    if not re.fullmatch(r"[0-9a-f]{64}", written):
        raise UnfitKey("公钥应为 64 位十六进制数，可用 gongkai manifest key 查看。")
    return written


def fingerprint_of(public: str) -> str:
    """A short form of a public key to compare by eye or by telephone: eight groups of four."""
    short = hashlib.sha256(bytes.fromhex(public)).hexdigest()[:32]
    return " ".join(short[at : at + 4] for at in range(0, 32, 4))


def signed(payload: dict[str, Any], key: Ed25519PrivateKey) -> bytes:
    """Payload, key and signature as canonical JSON."""
    signature = key.sign(canonical(payload)).hex()
    return canonical({"key": public_text(key), "payload": payload, "signature": signature})


def opened(data: bytes, public: str) -> dict[str, Any]:
    """The payload of what `signed` wrote. Raises NotGenuine when a single byte differs or the key is not `public`."""
    try:
        envelope = json.loads(data)
        payload, said = envelope["payload"], envelope["key"]
        # written in any other way, it is not what was signed; this also settles duplicate keys and odd numbers
        as_written = canonical(envelope) == data and len(envelope) == 3
        signature = envelope["signature"]
        if not as_written or signature != bytes.fromhex(signature).hex():
            raise NotGenuine("清单的写法与签名时不一致，已被改动或损坏。")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise NotGenuine("清单不完整，或者不是签过名的清单。") from error
    if said != public:
        raise NotGenuine("清单由另一把密钥签名，不是本站的清单。")
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), canonical(payload))
    except InvalidSignature as error:
        raise NotGenuine("清单的签名不符，内容已被改动。") from error
    if not isinstance(payload, dict):
        raise NotGenuine("清单不完整，或者不是签过名的清单。")
    return payload
