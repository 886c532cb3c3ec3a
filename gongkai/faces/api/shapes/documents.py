"""One document, its clauses and its legal life."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from gongkai.faces.api.shapes.lists import DocumentBrief
from gongkai.faces.api.shapes.parts import Address, Count, Keeper, Named, Number, Shape, Status, StatusOn, ThemeName, told


class Attachment(Shape):
    """附件。"""

    name: Annotated[str, told("名称。")]
    anchor: Annotated[str | None, told("在网页上的锚点。", "attachment-1")]


class File(Shape):
    """一个可以下载的文件。"""

    sha256: Annotated[str, told("内容的 SHA-256。", pattern="^[0-9a-f]{64}$")]
    format: Annotated[str, told("格式。", "docx")]
    size: Annotated[Count, told("字节数。")]
    main: Annotated[bool, told("正文是否取自它。")]
    url: Annotated[Address, told("下载地址。")]


Way = Literal["repeals", "amends", "based_on", "forwards", "implements", "interprets"]


class RelationTo(Shape):
    """与另一份文件的关系。"""

    kind: Annotated[
        Way,
        told("关系：`repeals` 废止；`amends` 修改；`based_on` 依据；`forwards` 转发；`implements` 贯彻落实；`interprets` 解读。"),
    ]
    document: Annotated[Named, told("对方。")]


class DocumentLinks(Shape):
    """这份文件的其他资源。"""

    self: Annotated[Address, told("它自己。")]
    clauses: Annotated[Address, told("条款和全文。")]
    timeline: Annotated[Address, told("效力沿革。")]


class Document(DocumentBrief):
    """一份文件。没有的项为 null。"""

    registration_number: Annotated[str | None, told("规范性文件登记号。")]
    keeper: Annotated[Keeper, told("公开（持有）这份文件的机关。")]
    revision: Annotated[int, told("现行公开文本是第几版。", ge=1)]
    published_elsewhere_on: Annotated[date | None, told("最早公开的日期，若早于本站。")]
    term_ends_on: Annotated[date | None, told("有效期的最后一日。")]
    audience: Annotated[
        list[Literal["citizens", "enterprises", "organs"]],
        told("面向对象：`citizens` 公民；`enterprises` 企业；`organs` 机关。"),
    ]
    themes: Annotated[list[ThemeName], told("特色主题。")]
    addressees: Annotated[list[str], told("主送。")]
    attachments: Annotated[list[Attachment], told("附件。")]
    files: Annotated[list[File], told("原件和同一内容的其他格式，第一个是正文所取自的。")]
    relations: Annotated[list[RelationTo], told("这份文件对别的文件。")]
    related_from: Annotated[list[RelationTo], told("本站公开的别的文件对这份文件；`document` 是对方。")]
    versions: Annotated[list[Named], told("同一部法律历年的各个文本，由近到远；只有一个的为空。")]
    source_url: Annotated[str | None, told("采集自哪里。")]
    links: Annotated[DocumentLinks, told("其他资源的地址。")]


class Clause(Shape):
    """一个条款。"""

    anchor: Annotated[str, told("锚点，不随修订改变；加在网页地址的 `#` 之后可以直接打开。", "art-3")]
    label: Annotated[str, told("编号。", "第三条")]
    level: Annotated[
        str, told("层级：如 `chapter` 章、`section` 节、`article` 条、`paragraph` 款、`item` 项、`heading1` 一、", "article")
    ]
    heading: Annotated[str | None, told("标题。")]
    text: Annotated[str, told("自己的文字，不含下级条款。")]
    children: Annotated[list[Clause], told("下级条款。")]


class Clauses(Shape):
    """一份文件的条款和全文。"""

    number: Annotated[Number, told("编号。")]
    title: Annotated[str, told("标题。")]
    revision: Annotated[int, told("第几版。", ge=1)]
    text: Annotated[str, told("全文，逐段换行。")]
    items: Annotated[list[Clause], told("条款。没有条款的文件为空。")]
    url: Annotated[Address, told("网页。")]


class Happening(Shape):
    """效力上发生的一件事。"""

    on: Annotated[date, told("哪一天。")]
    event: Annotated[
        Literal["issued", "commenced", "amended", "superseded", "repealed", "voided", "expired"],
        told(
            "`issued` 成文；`commenced` 施行；`amended` 修改；`superseded` 修订，改用新文本；`repealed` 废止；"
            "`voided` 宣布失效；`expired` 有效期届满。"
        ),
    ]
    by: Annotated[Named | None, told("由哪份文件引起；不是由别的文件引起，或者那份文件没有在本站公开的为 null。")]


class Span(Shape):
    """一段时间里的效力状态。"""

    status: Status
    since: Annotated[date | None, told("第一天；null 表示一直以来。")]
    until: Annotated[date | None, told("结束后的第一天；null 表示至今没有定。")]


class Timeline(Shape):
    """一份文件的效力沿革。"""

    number: Annotated[Number, told("编号。")]
    title: Annotated[str, told("标题。")]
    today: Annotated[StatusOn, told("最近一次核定的状态，和核定所在的那一天。")]
    asked: Annotated[StatusOn | None, told("参数 `on` 那一天的状态；没有问的为 null。")]
    events: Annotated[list[Happening], told("按日期先后。")]
    spans: Annotated[list[Span], told("首尾相接、不重叠的各段，由此可知任何一天的状态。")]
    url: Annotated[Address, told("网页。")]
