"""Has an outside link passed to another owner? What its address and page give away. Pure."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from gongkai.domains.monitor.tasks.reviewed import parked_in, reviewed, spam_in
from gongkai.text.fingerprint import NoPage, bare, parsed, visible_text
from gongkai.text.links import host_of, owner_of

_REFRESH = re.compile(r"url\s*=\s*['\"]?([^'\"]+)", re.I)
_SHORT = 3000  # characters: a parked domain's page says little else
_SEVERAL = 2


def suspicion(address: str, landed: str, body: str) -> str:
    """Why the page at the end of a link is not what it was; '' where nothing says so."""
    if why := _elsewhere(address, landed):
        return why
    try:
        tree = parsed(body)
    except NoPage:
        return ""
    for meta in tree.iter("meta"):
        onward = _REFRESH.search(meta.get("content") or "") if (meta.get("http-equiv") or "").lower() == "refresh" else None
        if onward and (why := _elsewhere(address, urljoin(landed, onward[1].strip()))):
            return why
    title, text = "".join(t.text_content() for t in tree.iter("title")), visible_text(tree)
    if (phrases := parked_in(f"{title}\n{text}")) and len(text) < _SHORT:
        return f"域名可能已过期或待售：“{phrases[0]}”"
    packed = bare(text)
    words = spam_in(title, several=_SEVERAL) or [w for w in reviewed().strong if w in packed]
    if len(words) >= _SEVERAL or spam_in(title, several=_SEVERAL):
        return f"网页出现不良词语：{'、'.join(words[:6])}"
    return ""


def _elsewhere(address: str, landed: str) -> str:
    """Led to a host of another owner; from one government site to another is a move, not a theft."""
    here, there = host_of(address), host_of(landed)
    if not there or owner_of(here) == owner_of(there) or (here.endswith(".gov.cn") and there.endswith(".gov.cn")):
        return ""
    return f"转到了别的网站 {there}"
