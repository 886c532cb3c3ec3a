"""A few papers, organs and a column, as domains would offer them, and an index of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from gongkai.core.finding.collection import NO_END, QUALITY, QUALITY_OF_INTERPRETATION, SITE
from gongkai.search.engines.embedded.engine import EmbeddedEngine
from gongkai.search.port import Document, Passage
from gongkai.search.understanding.vocabulary.build import VocabularyBuilder
from gongkai.search.understanding.vocabulary.store import Vocabulary

ORGANS = {
    "MZ": ("青禾县民政局", "县民政局", "0539-5550101", "青禾县清溪路1号"),
    "RS": ("青禾县人力资源和社会保障局", "县人社局", "0539-5550202", "青禾县清溪路2号"),
    "GA": ("青禾县公安局", "县公安局", "0539-5550110", "青禾县建设路9号"),
}


def paper(
    key: int, title: str, *clauses: str, organ: str = "MZ", number: str = "", on: date = date(2023, 7, 31), status: str = "in_force",
    group: str = "", kind: str = "document", paper: str = "normative", topic: str = "民政", until: date = NO_END,
) -> Document:  # fmt: skip
    """A paper, or with `kind` an interpretation."""
    name, short, *_ = ORGANS[organ]
    values = {
        "title": title, "number": number, "organs": f"{name}、{short}", "kind": kind, "paper": paper, "organ": (organ,),
        "topic": topic, "status": status, "address": f"/library/{key}/", "shown_number": number, "shown_organs": (name,),
        "day": on, "from": on, "until": until, "rank": float(list(ORGANS).index(organ)),
    }  # fmt: skip
    passages = [Passage(text, f"art-{n}") for n, text in enumerate(clauses, 1)]
    quality = QUALITY_OF_INTERPRETATION if kind == "interpretation" else QUALITY.get(status, 1.0)
    return Document(f"document:{key}", {k: v for k, v in values.items() if v != ""}, passages, group, quality)


def organ(key: int, code: str) -> Document:
    """An organ with its telephone."""
    name, short, telephone, place = ORGANS[code]
    values = {
        "title": name, "organs": f"{name}、{short}", "more": f"{telephone} {place}", "kind": "organ", "organ": (code,),
        "address": f"/organs/{code}/", "telephone": telephone, "hours": "工作日 8:30—17:30", "place": place,
        "rank": float(list(ORGANS).index(code)),
    }  # fmt: skip
    return Document(f"organ:{key}", values)


PAPERS = [
    paper(
        1, "青禾县民政局关于印发《青禾县高龄津贴发放管理办法》的通知", "第一条 为做好老年人福利工作，制定本办法。",
        "第四条 年满八十周岁的老年人，可以向户籍所在地的乡镇人民政府申请高龄津贴。", "第五条 津贴每月发放，标准为每人每月100元。",
        number="青民〔2023〕18号", group="work:1",
    ),
    paper(
        2, "青禾县高龄津贴发放办法（2016年）", "第三条 年满九十周岁的老年人可以领取高龄津贴。", "第四条 高龄津贴的老年人按月发放高龄津贴。",
        number="青民〔2016〕5号", on=date(2016, 3, 1), status="superseded", until=date(2023, 8, 1), group="work:1",
    ),
    paper(
        3, "《青禾县高龄津贴发放管理办法》政策解读", "一问：谁能领高龄津贴？答：年满八十周岁的老年人。",
        on=date(2023, 8, 2), kind="interpretation", paper="interpretation", status="none", group="work:1",
    ),
    paper(
        4, "青禾县临时救助实施细则", "第二条 因火灾、交通事故等意外事件，导致基本生活暂时出现严重困难的家庭，可以申请临时救助。",
        "第十二条 申请人应当向乡镇人民政府提出书面申请，填写《临时救助申请表》。", number="青民规〔2022〕3号", on=date(2022, 5, 6),
    ),
    paper(
        5, "失业保险金申领办事指南", "非因本人意愿中断就业、缴费满一年的失业人员，可以领取失业保险金。", "社会保险费减免按照规定办理。",
        organ="RS", on=date(2024, 1, 15), paper="guide", topic="就业", status="none",
    ),
    paper(
        6, "青禾县养犬管理通告", "城区内禁止饲养烈性犬。养犬应当注射狂犬病疫苗。", organ="GA", number="青公通〔2012〕9号",
        on=date(2012, 9, 1), status="repealed", until=date(2019, 9, 1), topic="治安", paper="announcement",
    ),
    paper(
        7, "青禾县养犬管理规定", "第八条 城区内禁止饲养烈性犬，携犬外出应当束犬链。", "第十条 青公通〔2012〕9号同时废止。", organ="GA",
        number="青政办规〔2019〕23号", on=date(2019, 9, 1), topic="治安",
    ),
    *(
        paper(n, f"青禾县第{n}批公租房分配结果公告", f"公租房第{n}批摇号分配结果予以公布，申请人可以查询。", on=date(2000 + n, 6, 1),
              paper="announcement", topic="住房", number=f"青民公〔{2000 + n}〕{n}号")
        for n in range(10, 26)
    ),
    organ(1, "MZ"), organ(2, "RS"), organ(3, "GA"),
]  # fmt: skip


def fill(root: Path, documents: Iterable[Document] = PAPERS) -> EmbeddedEngine:
    """An index of these documents in a folder."""
    engine = EmbeddedEngine(root, SITE, names=[name for names in ORGANS.values() for name in names[:2]])
    indexer = engine.indexer()
    indexer.index(documents)
    indexer.commit()
    indexer.close()
    return engine


def write_vocabulary(path: Path, documents: Iterable[Document] = PAPERS) -> Vocabulary:
    """The vocabulary of these documents."""
    builder = VocabularyBuilder()
    for one in documents:
        if one.values["kind"] == "organ":
            builder.add_organ(*str(one.values["organs"]).split("、"))
        else:
            numbers = filter(None, [str(one.values.get("number", ""))])
            builder.add_paper(str(one.values["title"]), "\n".join(p.text for p in one.passages), *numbers)
    builder.write(path)
    return Vocabulary(path)
