"""Which State Council topic, audience and kind a paper's own words suggest. Pure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from gongkai.text.blanks import squeeze

_TITLE_WEIGHT = 8.0
_TEXT_CHARS = 6_000
_ORGAN_PREFIX = re.compile(r"^.{2,60}?(?:关于|转发|印发)")
AUDIENCES: Mapping[str, str] = {
    "citizens": "居民 群众 公民 个人 申请人 家庭 老年人 学生 家长 残疾人 职工 毕业生 村民 参保人",
    "enterprises": "企业 公司 市场主体 个体工商户 经营者 用人单位 纳税人 投标人 合作社",
    "organs": "各级人民政府 各乡镇人民政府 各部门 各单位 行政机关 镇街 各镇人民政府 各街道办事处",
}


@dataclass(frozen=True, slots=True)
class Topic:
    """A class and child of the topic scheme, and how sure the suggestion is (0–1)."""

    topic: str
    subtopic: str
    confidence: float


@cache
def scheme() -> dict[str, dict[str, list[str]]]:
    """All classes with their children and the words that suggest each."""
    data = tomllib.loads(Path(__file__).with_name("topics.toml").read_text(encoding="utf-8"))
    return {topic: {child: words.split() for child, words in children.items()} for topic, children in data.items()}


@cache
def _words() -> tuple[re.Pattern[str], dict[str, list[tuple[str, str]]]]:
    owners: dict[str, list[tuple[str, str]]] = {}
    for topic, children in scheme().items():
        for child, words in children.items():
            for word in words:
                owners.setdefault(word, []).append((topic, child))
    longest_first = sorted(owners, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first))), owners


def suggest_topic(title: str, text: str) -> Topic | None:
    """The topic whose words a paper uses most, its title above all; None where no word fits."""
    pattern, owners = _words()
    scores: dict[tuple[str, str], float] = {}
    plain_title = _ORGAN_PREFIX.sub("", squeeze(title))
    for part, weight in ((plain_title, _TITLE_WEIGHT), (text[:_TEXT_CHARS], 1.0)):
        for word in pattern.findall(part):
            for owner in owners[word]:
                scores[owner] = scores.get(owner, 0.0) + weight * len(word) / 2
    if not scores:
        return None
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    (topic, child), best = ranked[0]
    return Topic(topic, child, round(best / sum(score for _, score in ranked[:5]), 2))


def named_topic(written: str) -> Topic | None:
    """A topic as a portal writes it: class and child divided by a slash, a backslash or a hyphen."""
    parts = [squeeze(p) for p in re.split(r"[\\/>＞]|[-—](?=[一-鿿])", written) if p.strip()]
    for topic, children in scheme().items():
        if parts and parts[0] == topic:
            child = parts[1] if len(parts) > 1 and parts[1] in children else ""
            return Topic(topic, child, 1.0)
    for topic, children in scheme().items():
        if parts and parts[-1] in children and parts[-1] != "其他":
            return Topic(topic, parts[-1], 0.9)
    return None


def suggest_themes(title: str, text: str, themes: Mapping[str, Sequence[str]]) -> list[str]:
    """The themes (by key) whose words stand in the title, or often enough in the text."""
    start = text[:_TEXT_CHARS]
    return [
        key
        for key, words in themes.items()
        if any(word in title for word in words) or sum(start.count(word) for word in words) >= 6
    ]


def suggest_audience(text: str) -> list[str]:
    """For whom the paper is: those whose words it uses at all often."""
    start = text[:_TEXT_CHARS]
    counts = {key: sum(start.count(w) for w in words.split()) for key, words in AUDIENCES.items()}
    most = max(counts.values())
    return [key for key, count in counts.items() if count >= 2 and count >= most * 0.4]
