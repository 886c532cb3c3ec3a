"""A YAML file read piece by piece, each complaint with its line. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from difflib import get_close_matches

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

MOST_BYTES = 1_000_000
_NULL = "tag:yaml.org,2002:null"


class Reader:
    """Takes values out of nodes; what is wrong is gathered in `problems`, and reading goes on."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def complain(self, node: Node, told: str) -> None:
        """Note what is wrong, with the line on which it stands."""
        self.problems.append(f"第 {node.start_mark.line + 1} 行：{told}")

    def whole(self, text: str) -> Node | None:
        """The file as a tree; None, with a complaint, where it is empty, too large or no YAML."""
        if len(text.encode()) > MOST_BYTES:
            self.problems.append("文件超过 1 MB，请分成几个文件导入")
            return None
        try:
            node: Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            where = f"第 {mark.line + 1} 行：" if mark else ""
            self.problems.append(f"{where}不是有效的 YAML（{error.problem or error.context}），请检查缩进、冒号和引号")
            return None
        except yaml.YAMLError as error:
            self.problems.append(f"不是有效的 YAML：{error}")
            return None
        if node is None:
            self.problems.append("文件是空的")
        return node

    def mapping(self, node: Node, allowed: Collection[str] | None, what: str) -> dict[str, Node]:
        """Keys and their nodes; unknown keys (where `allowed` is given) and repeated ones are complained of."""
        if not isinstance(node, MappingNode):
            self.complain(node, f"{what}应当写成“名称: 内容”的形式")
            return {}
        out: dict[str, Node] = {}
        for key, value in node.value:
            name = key.value if isinstance(key, ScalarNode) else ""
            if allowed is not None and name not in allowed:
                near = get_close_matches(name, allowed, 1)
                hint = f"是不是 {near[0]}？" if near else ""
                self.complain(key, f"{what}里有不认识的项“{name}”，{hint}可用的项：{'、'.join(allowed)}")
            elif name in out:
                self.complain(key, f"{what}里“{name}”写了两次")
            else:
                out[name] = value
        return out

    def sequence(self, node: Node | None, what: str) -> list[Node]:
        """The members of a list; a single value counts as a list of one, nothing as none."""
        if node is None or self._is_null(node):
            return []
        if isinstance(node, SequenceNode):
            return list(node.value)
        if isinstance(node, ScalarNode):
            return [node]
        self.complain(node, f"{what}应当是一个列表")
        return []

    def string(self, node: Node | None, what: str, longest: int) -> str:
        """A text without blanks around it; '' for nothing."""
        if node is None or self._is_null(node):
            return ""
        if not isinstance(node, ScalarNode):
            self.complain(node, f"{what}应当是文字")
            return ""
        text = str(node.value).strip()
        if len(text) > longest:
            self.complain(node, f"{what}有 {len(text)} 字，最多 {longest} 字")
        return text

    def strings(self, node: Node | None, what: str, longest: int = 80) -> Iterator[tuple[Node, str]]:
        """The texts of a list, each with its node; empty ones are complained of."""
        for member in self.sequence(node, what):
            if text := self.string(member, what, longest):
                yield member, text
            elif isinstance(member, ScalarNode):
                self.complain(member, f"{what}里有一项是空的")

    def number(self, node: Node, what: str) -> float:
        """A number that can be a place in an order."""
        try:
            number = float(self.string(node, what, 20))
        except ValueError:
            number = -1.0
        if not 0 <= number < 1_000_000:
            self.complain(node, f"{what}应当是 0 到 999999 的数")
            return 0.0
        return number

    def truth(self, node: Node | None, what: str) -> bool:
        """What `true` or `false` says; absent is false."""
        said = self.string(node, what, 10).lower()
        if node is not None and said not in ("true", "false"):
            self.complain(node, f"{what}只能是 true 或 false")
        return said == "true"

    @staticmethod
    def _is_null(node: Node) -> bool:
        return isinstance(node, ScalarNode) and node.tag == _NULL
