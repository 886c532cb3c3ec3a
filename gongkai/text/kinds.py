"""Kinds of official papers (文种), as the last word of a title tells."""

from __future__ import annotations

import re

STRONG = """
通知 决定 决议 公告 通告 通报 报告 请示 批复 议案 复函 函 纪要 命令 令 意见 答复 公报 指示 布告
""".split()
INSTRUMENTS = """
条例 规定 办法 细则 规则 章程 准则 规程 守则 制度 方案 规划 纲要 计划 要点 预案 指南 指引 标准 目录 清单 措施 解读 解释 公约 规范
分工 分解表 任务表 工作安排 安排 办事指南 问答 说明 须知 流程 倡议书 责任书 实施 名单 简介 一览表 情况 总结 法 协定 政策 条款 承诺
报告书 建议
""".split()
_STAGE = r"(?:\s*[（(][^（()）]{1,30}[)）])*"
_STRONG = re.compile(rf"(?:{'|'.join(STRONG)}){_STAGE}$")
_ANY = re.compile(rf"(?:{'|'.join(sorted((*STRONG, *INSTRUMENTS), key=len, reverse=True))}){_STAGE}$")
_CARRIES = re.compile(r"印发|转发|批转|公布|发布|修改|修订|废止")


def ends_strong(title: str) -> bool:
    """Whether the title ends in a kind that closes a sentence title: …的通知."""
    return bool(_STRONG.search(title))


def is_complete(title: str) -> bool:
    """Whether a title reads as finished.

    `关于印发……办法` is not: what it prints is named, but not yet that it is a notice.
    """
    if title.count("《") > title.count("》"):
        return False
    if "关于" in title and _CARRIES.search(title):
        return ends_strong(title)
    return bool(_ANY.search(title))


def kind_of(title: str) -> str | None:
    """The kind a title names (通知, 办法 …), or None."""
    match = _ANY.search(title)
    if not match:
        return None
    return re.sub(r"\s*[（(].*$", "", match[0])


def issues_instrument(title: str) -> bool:
    """Whether a notice of this title prints another instrument below its signature."""
    return bool(re.search(r"印发|转发|批转|公布|发布", title))
