"""The list of documents."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from gongkai.faces.api.asking import MOST_DOCUMENTS
from gongkai.faces.api.cursors import PATTERN
from gongkai.faces.api.shapes.parts import Address, Count, Issuer, KindOf, Number, Shape, Status, told


class DocumentBrief(Shape):
    """一份文件的要点。没有的项为 null。"""

    number: Annotated[Number, told("在本站的编号，永不改变。", 12)]
    index_number: Annotated[str, told("索引号，永不改变。", "11399928043982366X/2023-00007")]
    document_number: Annotated[str | None, told("发文字号。", "青政办发〔2023〕7号")]
    title: Annotated[str, told("标题。", "青禾县人民政府办公室关于印发《青禾县停车管理办法》的通知")]
    kind: KindOf
    topic: Annotated[str | None, told("国务院主题分类的大类。", "综合政务")]
    subtopic: Annotated[str | None, told("国务院主题分类的子类。", "政务公开")]
    organs: Annotated[list[Issuer], told("发文机关，按文件上的顺序。")]
    summary: Annotated[str, told("内容提要。")]
    issued_on: Annotated[date | None, told("成文日期。")]
    published_at: Annotated[datetime | None, told("在本站公开的时刻。")]
    changed_at: Annotated[datetime | None, told("公众能看到的最近一次变化的时刻。")]
    status: Status
    in_force_from: Annotated[date | None, told("施行的第一天。")]
    in_force_until: Annotated[date | None, told("不再有效的第一天；目前没有定的为 null。")]
    url: Annotated[Address, told("网页。")]
    api_url: Annotated[Address, told("本接口中的地址。")]


class Choice(Shape):
    """一个分面值。"""

    value: Annotated[str, told("用作参数的值。", "normative")]
    label: Annotated[str, told("名称。", "行政规范性文件")]
    count: Annotated[Count, told("在其他条件之下，选它会得到多少份。")]


class Facets(Shape):
    """各分面的计数，由多到少；为 0 的不列。"""

    status: Annotated[list[Choice], told("效力状态。")]
    kind: Annotated[list[Choice], told("文件类别。")]
    organ: Annotated[list[Choice], told("发文机关。")]
    topic: Annotated[list[Choice], told("主题分类。")]
    theme: Annotated[list[Choice], told("特色主题。")]
    year: Annotated[list[Choice], told("成文年份。")]


class PageLinks(Shape):
    """翻页。"""

    self: Annotated[Address, told("这一页。")]
    prev: Annotated[Address | None, told("上一页；没有的为 null。")]
    next: Annotated[Address | None, told("下一页；没有的为 null。")]


class PageCursors(Shape):
    """翻页，只有游标：与同样的其他条件一起，作为参数 `cursor`。"""

    prev: Annotated[str | None, told("上一页；没有的为 null。", pattern=PATTERN)]
    next: Annotated[str | None, told("下一页；没有的为 null。", pattern=PATTERN)]


class DocumentList(Shape):
    """文件列表的一页。"""

    total: Annotated[Count, told("符合条件的总数。")]
    items: Annotated[list[DocumentBrief], told("这一页的文件。", max_length=MOST_DOCUMENTS)]
    facets: Annotated[Facets | None, told("各分面的计数；没有要求时为 null。")]
    cursors: Annotated[PageCursors, told("翻页的游标。")]
    links: Annotated[PageLinks, told("翻页的地址。")]
