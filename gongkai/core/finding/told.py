"""What the ledger's events about searching say, for people who read the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gongkai.core.finding.curating.entries import CHANGED, STREAM, WORDS
from gongkai.core.finding.curating.queries import lines_of_last
from gongkai.core.finding.errands import ANSWERED, ANSWERS, PREFIX
from gongkai.core.finding.gate import CHANGED as GATE_CHANGED
from gongkai.core.ledger.projections import Recorded

__all__ = ["STREAM", "called", "lines_of"]


def called(part: str) -> str:
    """What a stream about searching is called."""
    return "检索词" if part == WORDS else f"检索任务 {part.removeprefix(PREFIX)}" if part.startswith(PREFIX) else "检验集"


def lines_of(happened: Sequence[Recorded], organs: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """What the last of these events changed: what it is called, before, after. `organs` are names by code."""
    last = happened[-1]
    if last.kind == CHANGED:
        return lines_of_last(happened)
    if last.kind == GATE_CHANGED:
        before = f"{len(happened[-2].payload['lines'])} 个问题" if len(happened) > 1 else ""
        return [("检验集", before, f"{len(last.payload['lines'])} 个问题")]
    if last.kind == ANSWERED:
        return [("结果", "", ANSWERS.get(last.payload["answer"], last.payload["answer"])), *_said("说明", last.payload["told"])]
    question, agency, note = (str(last.payload[name]) for name in ("question", "agency", "note"))
    return [("问题", "", question), ("交给", "", organs.get(agency, agency)), *_said("说明", note)]


def _said(label: str, told: str) -> list[tuple[str, str, str]]:
    return [(label, "", told)] if told else []
