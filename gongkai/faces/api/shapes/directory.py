"""Organs, topics, themes, and the list of resources."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from gongkai.faces.api.shapes.parts import Address, Count, Keeper, Shape, ThemeName, told
from gongkai.text.topics import scheme


class OrganBrief(Keeper):
    """机关目录中的一个机关。"""

    short_name: Annotated[str, told("简称。", "县政府办")]
    kind: Annotated[str, told("类型。", "部门")]
    parent: Annotated[str | None, told("上级机关的统一代码。")]
    documents: Annotated[Count, told("以它的各个名称发布、已公开的文件数。")]
    url: Annotated[Address, told("网页。")]


class OrganList(Shape):
    """今天存在的全部机关，上级在前。"""

    total: Annotated[Count, told("总数。")]
    items: Annotated[list[OrganBrief], told("各机关。")]


class NameBorne(Shape):
    """用过的一个名称。"""

    name: Annotated[str, told("名称。")]
    since: Annotated[date | None, told("第一天；null 表示不详。")]
    until: Annotated[date | None, told("不再使用的第一天；null 表示现在还用。")]


class OrganLinks(Shape):
    """这个机关的其他资源。"""

    self: Annotated[Address, told("它自己。")]
    documents: Annotated[Address, told("它发布的文件。")]


class Organ(Keeper):
    """一个机关，已撤销的也在。"""

    kind: Annotated[str, told("类型。", "部门")]
    names: Annotated[list[NameBorne], told("历来的名称。")]
    abolished_on: Annotated[date | None, told("撤销的第一天。")]
    parent: Annotated[Keeper | None, told("上级机关。")]
    successor: Annotated[Keeper | None, told("撤销后由谁接续。")]
    below: Annotated[list[Keeper], told("下级机关。")]
    predecessors: Annotated[list[Keeper], told("由它接续的、已撤销的机关。")]
    telephone: Annotated[str | None, told("电话。")]
    fax: Annotated[str | None, told("传真。")]
    address: Annotated[str | None, told("地址。")]
    hours: Annotated[str | None, told("办公时间。")]
    duties: Annotated[str | None, told("职责。")]
    documents: Annotated[Count, told("以它的各个名称发布、已公开的文件数。")]
    url: Annotated[Address, told("网页。")]
    links: Annotated[OrganLinks, told("其他资源的地址。")]


class Subtopic(Shape):
    """主题分类的子类。"""

    name: Annotated[str, told("名称。", "政务公开")]
    documents: Annotated[Count, told("已公开的文件数。")]


class Topic(Subtopic):
    """主题分类的大类。"""

    children: Annotated[list[Subtopic], told("子类。")]
    api_url: Annotated[Address, told("这一类的文件。")]


class TopicList(Shape):
    """国务院主题分类的全部大类。"""

    items: Annotated[list[Topic], told("按分类的顺序。", min_length=len(scheme()), max_length=len(scheme()))]


class Theme(ThemeName):
    """本地自设的一个特色主题。"""

    documents: Annotated[Count, told("已公开的文件数。")]
    url: Annotated[Address, told("网页。")]
    api_url: Annotated[Address, told("这一主题的文件。")]


class ThemeList(Shape):
    """本地自设的特色主题。"""

    items: Annotated[list[Theme], told("各主题，按本地的顺序。")]


class Root(Shape):
    """本接口有哪些资源。"""

    government: Annotated[str, told("本级政府。", "青禾县人民政府")]
    version: Annotated[Literal["1"], told("接口的版本。")]
    documents: Annotated[Address, told("文件列表。")]
    organs: Annotated[Address, told("机关目录。")]
    topics: Annotated[Address, told("国务院主题分类。")]
    themes: Annotated[Address, told("特色主题。")]
    openapi: Annotated[Address, told("本接口的 OpenAPI 文档。")]
    guide: Annotated[Address, told("给人看的说明。")]
