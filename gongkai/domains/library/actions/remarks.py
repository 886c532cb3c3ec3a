"""What people write beside an act: kept beside the ledger, which holds only its digest."""

from __future__ import annotations

import hashlib
import secrets

from gongkai.domains.library.models import Remark


def remark(text: str) -> dict[str, str | int]:
    """Keep what a person wrote; the part of an event's payload that refers to it, with its salted digest."""
    salt = secrets.token_hex(16)
    kept = Remark.objects.create(salt=salt, text=text.strip())
    return {"remark": kept.pk, "remark_digest": hashlib.sha256(f"{salt}{kept.text}".encode()).hexdigest()}
