"""What a person may do with a document now, and why not where they may not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gongkai.core.scope import Viewer, may
from gongkai.core.staff.roles import LABELS, VERBS
from gongkai.domains.library.actions.releasing import is_own_work
from gongkai.domains.library.actions.sealing import ever_published
from gongkai.domains.library.models import Attribute, Document, Editorial

VERB_OF: Mapping[str, str] = {
    "edit": "documents.edit",
    "confirm": "documents.edit",
    "reinstate": "documents.edit",
    "publish": "documents.publish",
    "withdraw": "documents.withdraw",
    "replace": "documents.withdraw",
    "restore": "documents.publish",
    "seal": "documents.withdraw",
    "unseal": "documents.withdraw",
}
ACTS: Mapping[str, str] = {
    "edit": "更正",
    "confirm": "核对无误",
    "publish": "发布",
    "withdraw": "撤下",
    "replace": "由新文件替代",
    "restore": "恢复公开",
    "reinstate": "恢复旧版",
    "seal": "封存历次文本",
    "unseal": "解除封存",
}


@dataclass(frozen=True, slots=True)
class Act:
    """Something that can be done. `why` says why it is closed; of an open act, what to mind."""

    name: str
    label: str
    open: bool
    why: str
    allowed: bool = True  # as far as the person's roles go


def what_may(document: Document, viewer: Viewer) -> list[Act]:
    """Every act on a document (its `current` and `published` revisions at hand), open or closed, for one person.

    Pages, bulk actions and tests all ask here; the actions themselves hold to the same rules.
    """
    return [_act(name, document, viewer) for name in ACTS]


def act_of(name: str, document: Document, viewer: Viewer) -> Act:
    """One of `what_may`. Raises KeyError for an act that does not exist."""
    if name not in ACTS:
        raise KeyError(name)
    return _act(name, document, viewer)


def _act(name: str, document: Document, viewer: Viewer) -> Act:
    verb = VERB_OF[name]
    if not may(viewer, verb, document.agency_id):
        holders = "、".join(LABELS[role] for role in VERBS[verb])
        return Act(name, ACTS[name], open=False, why=f"须由{holders}办理。", allowed=False)
    hindrance = _HINDRANCES[name](document)
    note = _OWN if name == "publish" and not hindrance and is_own_work(document.author, viewer.actor) else ""
    return Act(name, ACTS[name], open=not hindrance, why=hindrance or note)


_OWN = "这一版是您自己写的，应由另一人发布。确需本人发布的，须写明理由，并记入台账。"


def _none(document: Document) -> str:
    del document
    return ""


def _to_confirm(document: Document) -> str:
    return "" if document.asks else "没有待核对的问题。"


def _to_publish(document: Document) -> str:
    current = document.current
    if current is None:
        return "还没有内容。"
    if document.asks:
        return "还有待核对的问题，请先更正或确认。"
    attribute = Attribute(current.metadata["attribute"])
    if attribute != Attribute.PROACTIVE:
        return f"公开属性是“{attribute.label}”，不能主动公开。"
    if document.editorial == Editorial.WITHDRAWN:
        return "已撤下。要重新公开，请用“恢复公开”。"
    return "" if document.editorial != Editorial.PUBLISHED or document.waiting else "这一版已经公开。"


def _to_withdraw(document: Document) -> str:
    return "" if document.editorial == Editorial.PUBLISHED else f"目前是“{Editorial(document.editorial).label}”，公众看不到它。"


def _to_restore(document: Document) -> str:
    return "" if document.editorial == Editorial.WITHDRAWN else "没有撤下，不用恢复。"


def _to_reinstate(document: Document) -> str:
    return "" if document.current is not None and document.current.number > 1 else "只有一版，没有旧版可以恢复。"


def _to_seal(document: Document) -> str:
    shown = document.published
    if shown is not None and document.current is not None and document.current.number > 1:
        earlier = ever_published(document.pk) - {shown.number} - set(document.sealed)
        if earlier:
            return ""
    return "公众能看到的只有现在的文本，没有历次文本可以封存。"


def _to_unseal(document: Document) -> str:
    return "" if document.sealed else "没有封存的文本。"


_HINDRANCES: Mapping[str, Callable[[Document], str]] = {
    "edit": _none,
    "confirm": _to_confirm,
    "publish": _to_publish,
    "withdraw": _to_withdraw,
    "replace": _to_withdraw,
    "restore": _to_restore,
    "reinstate": _to_reinstate,
    "seal": _to_seal,
    "unseal": _to_unseal,
}
