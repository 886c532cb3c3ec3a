"""Why an action on a document is refused."""

from __future__ import annotations

from collections.abc import Sequence

from gongkai.text.keys import quoted


class Refused(Exception):
    """An action the document's state does not allow; `str()` says why and what to do."""


class NoSuchDocument(Refused):
    """There is no document of this number."""

    def __init__(self, number: int) -> None:
        super().__init__(f"没有编号为 {number} 的文件。可用 gongkai document list 查看编号。")


class StillQuestioned(Refused):
    """A person has not yet looked at what was unclear; `questions` in words."""

    def __init__(self, title: str, questions: Sequence[str]) -> None:
        told = "；".join(questions) or "还没有内容"
        super().__init__(
            f"{quoted(title)}有待核对（{told}），不能发布。请先更正（命令 correct），或核对无误后确认（命令 confirm）。"
        )


class NotForDisclosure(Refused):
    """Its attribute forbids proactive publication."""

    def __init__(self, title: str, attribute: str) -> None:
        super().__init__(f"{quoted(title)}的公开属性是“{attribute}”，不能主动公开。属性有误时请先更正。")


class NotApproved(Refused):
    """No approval covers exactly what would go out."""

    def __init__(self, title: str) -> None:
        super().__init__(f"{quoted(title)}没有针对当前这一版内容的审批，不能发布。内容改动后须重新审批。")


class WrongStatus(Refused):
    """The document is not in the status that the action needs."""

    def __init__(self, title: str, status: str, action: str) -> None:
        super().__init__(f"{quoted(title)}目前是“{status}”，不能{action}。")


class OwnWork(Refused):
    """Whoever made the revision would publish it."""

    def __init__(self, title: str) -> None:
        super().__init__(
            f"{quoted(title)}的这一版是您自己写的，应由另一人发布。确需本人发布的，请写明理由；理由会记入台账，供审计查看。"
        )


class MovedOn(Refused):
    """Somebody saved a revision while somebody else was editing; `current` is its number."""

    def __init__(self, title: str, current: int) -> None:
        self.current = current
        super().__init__(f"您编辑的时候，{quoted(title)}已被改成第 {current} 版。请对照两边的内容，再保存。")


class UnfitValue(Refused):
    """A corrected value that cannot be right; `field` names it where it is one of a form's."""

    def __init__(self, told: str, field: str = "") -> None:
        self.field = field
        super().__init__(told)
