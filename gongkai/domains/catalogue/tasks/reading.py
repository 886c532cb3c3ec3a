"""Reading a file of columns: every mistake is told with its line, and nothing is taken in until none is left."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cached_property
from pathlib import Path

from yaml.nodes import MappingNode, Node

from gongkai.core.agencies.models import Agency
from gongkai.domains.catalogue import events
from gongkai.domains.catalogue.actions.columns import Draft
from gongkai.domains.catalogue.actions.errors import UnfitColumnFile
from gongkai.domains.catalogue.events import ColumnData, Selection
from gongkai.domains.catalogue.tasks.nodes import Reader
from gongkai.domains.library.models import Kind, Theme
from gongkai.text.topics import scheme

DEFAULTS = Path(__file__).with_name("columns.yaml")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_BRACED = re.compile(r"[{｛]([^{}｛｝\n]{0,20})[}｝]")
_LENGTHS = {"name": 40, "group": 60, "source": 120, "about": 200, "elsewhere": 300}
_KEYS = ("slug", "entry", "order", *_LENGTHS, "organ_kinds", "selection", "text", "texts")
_MOST_COLUMNS = 300
_LONGEST_TEXT = 20_000


class _Names:
    """What a selection may name."""

    @cached_property
    def kinds(self) -> dict[str, str]:
        return {str(v): str(v) for v in Kind.values} | {str(label): str(v) for v, label in Kind.choices}

    @cached_property
    def topics(self) -> dict[str, str]:
        return {name: name for name in scheme()}

    @cached_property
    def subtopics(self) -> dict[str, str]:
        return {child: child for children in scheme().values() for child in children}

    @cached_property
    def themes(self) -> dict[str, str]:
        rows = list(Theme.objects.values_list("slug", "name"))
        return {slug: slug for slug, _ in rows} | {name: slug for slug, name in rows}

    @cached_property
    def organs(self) -> dict[str, str]:
        return {code: code for code in Agency.objects.values_list("code", flat=True)}


_NAMED = {
    "kinds": "文件类别",
    "topics": "主题",
    "subtopics": "主题子类",
    "themes": "特色主题",
    "organs": "机构代码",
}
_FREE = {"words": "标题用词", "without": "排除用词", "index_numbers": "索引号"}


def read_columns(text: str) -> list[Draft]:
    """The columns of a file, in its order. Raises UnfitColumnFile with every mistake found."""
    file = _File()
    drafts = file.drafts(text)
    if file.reader.problems:
        raise UnfitColumnFile(file.reader.problems)
    return drafts


def default_columns() -> list[Draft]:
    """The columns every new site starts with: the items of articles 20 and 21 of the regulation."""
    return read_columns(DEFAULTS.read_text(encoding="utf-8"))


class _File:
    def __init__(self) -> None:
        self.reader = Reader()
        self._names = _Names()

    def drafts(self, text: str) -> list[Draft]:
        root = self.reader.whole(text)
        if root is None:
            return []
        listed = self.reader.mapping(root, ("columns",), "文件").get("columns")
        nodes = self.reader.sequence(listed, "columns")
        if not self.reader.problems and not nodes:
            self.reader.complain(root, "没有 columns（栏目列表）")
        if len(nodes) > _MOST_COLUMNS:
            self.reader.complain(root, f"栏目有 {len(nodes)} 个，最多 {_MOST_COLUMNS} 个")
            return []
        seen: dict[str, int] = {}
        return [self._column(node, seen) for node in nodes]

    def _column(self, node: Node, seen: dict[str, int]) -> Draft:
        read = self.reader
        parts = read.mapping(node, _KEYS, "栏目")
        slug = self._slug(node, parts.get("slug"), seen)
        told = {key: read.string(parts.get(key), key, longest) for key, longest in _LENGTHS.items()}
        entry = read.string(parts.get("entry"), "entry", 20)
        if entry not in events.ENTRIES:
            allowed = "、".join(f"{key}（{label}）" for key, label in events.ENTRIES.items())
            read.complain(parts.get("entry", node), f"entry 只能是：{allowed}")
        if not told["name"]:
            read.complain(node, "缺少 name（栏目名称）")
        data = ColumnData(
            slug=slug,
            entry=entry,
            order=read.number(parts["order"], "order") if "order" in parts else 0.0,
            organ_kinds=self._organ_kinds(parts.get("organ_kinds")),
            selection=self._selections(parts.get("selection")),
            text=self._prose(parts.get("text"), "text"),
            texts=self._texts(parts.get("texts")),
            name=told["name"],
            group=told["group"],
            source=told["source"],
            about=told["about"],
            elsewhere=told["elsewhere"],
        )
        if entry == "guide" and "text" not in parts:
            read.complain(node, "指南栏目须写 text（指南全文），可先用 gongkai column export 看现有的写法")
        elif "selection" not in parts and "text" not in parts:
            read.complain(node, "既没有 selection（收哪些文件）也没有 text（自己的文字），页面会是空的")
        return Draft(data, "order" in parts)

    def _slug(self, node: Node, given: Node | None, seen: dict[str, int]) -> str:
        slug = self.reader.string(given, "slug", 40)
        if not _SLUG.fullmatch(slug):
            self.reader.complain(given or node, f"slug“{slug}”应当由小写字母、数字和连字符组成，如 land-expropriation")
        elif slug in seen:
            self.reader.complain(given or node, f"slug“{slug}”与第 {seen[slug]} 行重复")
        else:
            seen[slug] = (given or node).start_mark.line + 1
        return slug

    def _organ_kinds(self, node: Node | None) -> list[str]:
        found = []
        for member, value in self.reader.strings(node, "organ_kinds"):
            if value not in events.ORGAN_KINDS:
                self.reader.complain(member, f"organ_kinds 里不认识“{value}”，可用：{'、'.join(events.ORGAN_KINDS)}")
            found.append(value)
        return found or list(events.ORGAN_KINDS)

    def _selections(self, node: Node | None) -> list[Selection]:
        if node is None:
            return []
        members = [node] if isinstance(node, MappingNode) else self.reader.sequence(node, "selection")
        if not members:
            self.reader.complain(node, "selection 是空的")
        return [self._selection(member) for member in members]

    def _selection(self, node: Node) -> Selection:
        parts = self.reader.mapping(node, (*_NAMED, *_FREE, "rest"), "selection")
        if not parts.keys() - {"without"}:
            self.reader.complain(node, "selection 没有写收哪些文件，会把全部文件收进来；确需如此请写 kinds 列出全部类别")
        rest = self.reader.truth(parts.get("rest"), "rest")
        if rest and len(parts) > 1:
            self.reader.complain(node, "rest 收其余全部文件，不能和别的条件写在一起")
        named = {key: self._named(parts.get(key), key, getattr(self._names, key)) for key in _NAMED}
        free = {key: [" ".join(v.split()) for _, v in self.reader.strings(parts.get(key), key)] for key in _FREE}
        return Selection(
            kinds=named["kinds"],
            topics=named["topics"],
            subtopics=named["subtopics"],
            themes=named["themes"],
            organs=named["organs"],
            words=free["words"],
            without=free["without"],
            index_numbers=free["index_numbers"],
            rest=rest,
        )

    def _named(self, node: Node | None, key: str, known: Mapping[str, str]) -> list[str]:
        found = []
        for member, value in self.reader.strings(node, key):
            if value not in known:
                self.reader.complain(member, f"{key} 里没有叫“{value}”的{_NAMED[key]}{_choices(known)}")
            found.append(known.get(value, value))
        return found

    def _texts(self, node: Node | None) -> dict[str, str]:
        if node is None:
            return {}
        out = {}
        for code, value in self.reader.mapping(node, None, "texts").items():
            if code not in self._names.organs:
                self.reader.complain(value, f"texts 里没有代码为“{code}”的机构，可用 gongkai agency list 查看代码")
            out[code] = self._prose(value, "texts")
        return out

    def _prose(self, node: Node | None, what: str) -> str:
        text = self.reader.string(node, what, _LONGEST_TEXT)
        for name in _BRACED.findall(text):
            if name not in (*events.INLINE, *events.BLOCKS) and node is not None:
                known = "、".join(f"{{{n}}}" for n in (*events.INLINE, *events.BLOCKS))
                self.reader.complain(node, f"{what} 里有不认识的“{{{name}}}”，可用：{known}")
        return text


def _choices(known: Collection[str]) -> str:
    return f"，可用：{'、'.join(known)}" if 0 < len(known) <= 30 else ""
