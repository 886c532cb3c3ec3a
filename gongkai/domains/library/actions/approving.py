"""Leave to publish: the grounds that need no review of ours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gongkai.domains.library import events
from gongkai.domains.library.actions.doing import Doing
from gongkai.domains.library.actions.errors import UnfitValue
from gongkai.domains.library.actions.remarks import remark
from gongkai.domains.library.events import Approval


@dataclass(frozen=True, slots=True)
class SignedOff:
    """A signature on paper: whose, of which day, and the number under which that paper is kept."""

    by: str
    on: date
    number: str


def already_public(digest: str, doing: Doing, where: str = "") -> Approval:
    """An approval on the ground that exactly this paper (its digest) is public elsewhere already."""
    return Approval(events.ALREADY_PUBLIC, doing.actor, digest, _beside(f"已公开于：{where.strip()}") if where.strip() else None)


def signed_off_on_paper(digest: str, signed: SignedOff, doing: Doing) -> Approval:
    """An approval on the ground that exactly this paper (its digest) was signed off on paper. Raises UnfitValue."""
    missing = [label for label, value in (("签发人", signed.by), ("文号或签批单号", signed.number)) if not value.strip()]
    if missing:
        raise UnfitValue(f"线下已审签的，请写明{'、'.join(missing)}。")
    if signed.on > doing.today:
        raise UnfitValue(f"签发日期 {signed.on:%Y-%m-%d} 在今天之后，请核对。")
    told = f"签发人：{signed.by.strip()}；签发日期：{signed.on:%Y-%m-%d}；文号或签批单号：{signed.number.strip()}"
    return Approval(events.SIGNED_OFF, doing.actor, digest, _beside(told))


def _beside(text: str) -> tuple[int, str]:
    kept = remark(text)
    return int(kept["remark"]), str(kept["remark_digest"])
