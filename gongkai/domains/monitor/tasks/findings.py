"""What a watch can find, and the report of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

KINDS: Mapping[str, tuple[str, str]] = {
    "manifest": ("清单不可信", "清单拿不到，或者签名不符。先查明清单和密钥，再看其他结论。"),
    "text": ("正文被改动", "与核准发布的正文不同。请立即核对该页面，并检查服务器和缓存。"),
    "title": ("标题被改动", "与核准发布的标题不同。"),
    "script": ("多出脚本", "本站模板不产生这段脚本，可能是挂马。请立即处理。"),
    "frame": ("多出内嵌页面", "本站不使用 iframe、object 等元素。"),
    "style": ("多出样式", "本站不使用行内样式，常用来藏暗链或盖住内容。"),
    "handler": ("多出事件或脚本地址", "本站不使用行内事件和 javascript: 地址。"),
    "form": ("多出表单", "表单提交到本站之外，或者向人索要密码。"),
    "refresh": ("自动跳转", "页面会把访问者带到别处。"),
    "hidden": ("暗藏内容", "访问者看不见、搜索引擎看得见的文字或链接（暗链）。"),
    "outside": ("多出外部链接", "指向的网站既不在文件里，也不在允许的名单里。"),
    "inside": ("链到不明页面", "指向本站一个清单里没有的地址。"),
    "spam": ("不良词语", "出现赌博、色情等不良词语。"),
    "missing": ("打不开", "应当公开的内容打不开。"),
    "redirect": ("被转到别处", "页面把访问者转到了别的地址。"),
    "type": ("类型不对", "返回的不是应有的类型。"),
    "file": ("文件被改动", "下载的文件与核准发布的不是同一个。"),
    "extra_file": ("多出文件", "页面提供的文件不在清单里。"),
    "still_there": ("不该公开的仍能打开", "已撤下或未发布的文件仍能打开，请检查缓存和反向代理。"),
    "planted": ("多出页面", "站点地图里有清单中没有的页面。"),
    "header": ("缺少安全响应头", "请检查反向代理是否去掉了响应头。"),
    "asset": ("样式或脚本文件被改动", "站点自己的静态文件与发布的不同。"),
    "two_faces": ("对搜索引擎另有一套内容", "搜索引擎来访和普通人来访看到的不同，是被入侵的常见迹象。"),
    "copy": ("仿冒网站", "与本站高度相似。请固定证据，向网信、公安部门举报。"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be: its kind, where, and what exactly."""

    kind: str
    address: str
    detail: str

    @property
    def label(self) -> str:
        """The kind in words."""
        return KINDS[self.kind][0]


@dataclass(frozen=True, slots=True)
class Copy:
    """How alike another site's page is to ours, from 0 to 100, and what differs."""

    address: str
    ours: str
    score: int
    alike: list[str]
    differs: list[str]
    trouble: str = ""


@dataclass(slots=True)
class Report:
    """The outcome of a watch. `checked` counts what was looked at, by its name."""

    site: str
    started_at: str
    manifest: dict[str, Any] = field(default_factory=dict)
    checked: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    copies: list[Copy] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def count(self, what: str, number: int = 1) -> None:
        """So many more of this were looked at."""
        self.checked[what] = self.checked.get(what, 0) + number

    def find(self, kind: str, address: str, detail: str) -> None:
        """Something is not as it should be; the same thing is said once."""
        finding = Finding(kind, address, detail[:400])
        if finding not in self.findings:
            self.findings.append(finding)

    @property
    def clean(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def by_kind(self) -> list[tuple[str, str, list[Finding]]]:
        """Findings grouped by kind in the order of their gravity: label, what to do, findings."""
        groups = [(label, advice, [f for f in self.findings if f.kind == kind]) for kind, (label, advice) in KINDS.items()]
        return [group for group in groups if group[2]]

    def to_json(self) -> dict[str, Any]:
        """The report as JSON; each finding says its label too."""
        findings = [{**asdict(f), "label": f.label} for f in self.findings]
        return {**asdict(self), "clean": self.clean, "findings": findings}
