"""A small collection that all engines are tried with."""

from __future__ import annotations

from datetime import date

from gongkai.search.port import Collection, Document, Field, Kind, Passage

COLLECTION = Collection(
    "papers",
    (
        Field("title", Kind.TEXT, 2.0),
        Field("number", Kind.TEXT, 3.0),
        Field("organ", Kind.KEYWORD, facet=True),
        Field("topic", Kind.KEYWORD, facet=True),
        Field("issued", Kind.DATE, facet=True),
        Field("rank", Kind.NUMBER),
    ),
)


def paper(
    key: str, title: str, *clauses: str, organ: str = "县民政局", topic: str = "民政", on: date | None = None, **more
) -> Document:
    """A paper; `more` are number, rank, group and quality."""
    values = {"title": title, "organ": organ, "topic": topic}
    values |= {"issued": on} if on else {}
    values |= {name: more[name] for name in ("number", "rank") if name in more}
    passages = [Passage(text, f"art-{n}") for n, text in enumerate(clauses, 1)]
    return Document(key, values, passages, more.get("group", ""), more.get("quality", 1.0))


PAPERS = [
    paper(
        "age", "关于发放高龄津贴的通知", "年满八十周岁的老年人，可以向户籍所在地的乡镇人民政府申请高龄津贴。",
        "津贴每月发放，标准为每人每月100元，由县级财政承担。", "死亡的，自次月起停发。",
        number="青民发〔2023〕18号", on=date(2023, 7, 31), rank=3, group="age",
    ),
    paper(
        "age-read", "《关于发放高龄津贴的通知》政策解读", "一问：谁能领高龄津贴？答：年满八十周岁的老年人。",
        topic="解读", on=date(2023, 8, 2), group="age", quality=0.8,
    ),
    paper(
        "age-old", "关于发放高龄津贴的通知（2015年）", "年满九十周岁的老年人可以领取高龄津贴。",
        on=date(2015, 3, 1), group="age", quality=0.4,
    ),
    paper(
        "relief", "临时救助实施细则", "因火灾、交通事故等意外事件，导致基本生活暂时出现严重困难的家庭，可以申请临时救助。",
        "第十二条 申请人应当向乡镇人民政府（街道办事处）提出书面申请。", number="青民规〔2022〕3号", on=date(2022, 5, 6), rank=2,
    ),
    paper(
        "jobless", "失业保险金申领办事指南", "非因本人意愿中断就业、缴费满一年的失业人员，可以领取失业保险金。",
        "可在线上办理，也可到县人力资源和社会保障局窗口办理。", organ="县人社局", topic="就业", on=date(2024, 1, 15), rank=1,
    ),
    paper(
        "dogs", "养犬管理通告", "城区内禁止饲养烈性犬。养犬应当注射狂犬病疫苗，携犬外出应当束犬链。",
        organ="县公安局", topic="治安", on=date(2012, 9, 1),
    ),
    paper(
        "water", "關於調整居民用水價格的通知", "自２０２４年５月１日起，居民用水第一階梯水價調整為每立方米３.２０元。",
        organ="县发改局", topic="价格", on=date(2024, 4, 20), rank=5,
    ),
    paper(
        "net", "政务外网WiFi管理规定", "办公场所的Wi-Fi应当实名认证。第三方运维人员离岗后，应当在二十四小时内注销账号。", organ="县大数据中心", topic="政务", rank=4,
    ),
]  # fmt: skip
