"""Names of organs (机关): what looks like one, and which ones a title or signature names."""

from __future__ import annotations

import re

from gongkai.text.blanks import squeeze

_SUFFIX = (
    "人民政府|国务院|政务院|办公厅|办公室|委员会|常务委员会|常委会|军委|中央|局|部|厅|委|院|署|社|会|行|处|中心|总队|支队|大队|公司|集团|"
    "医院|学校|中学|小学|大学|学院|法院|检察院|军区|指挥部|领导小组|专班|联席会议|党组|党委|团委|工会|站|所|馆|银行|办|基金会|办事处|"
    "政府|秘书处|司|海关|兵团|园区|开发区|区委|县委|市委|省委|街道|组织|事务所|电视台|报社|出版社|厂"
)
_NOT_INSIDE = re.compile(
    r"[，。；：！？、《》“”\d]|关于|印发|通知|根据|按照|如下|现将|以及|其他|各(?!级)|本(?=[县市省区镇办级通条规局机单行院部人地月年])|负责|第[一二三四五六七八九十百]|有关|什么|怎么|如何|申请|注意|联系|附"
)
ORGAN = re.compile(rf"[一-鿿（）()·]{{1,38}}?(?:{_SUFFIX})(?:[（(][一-鿿]{{2,40}}[)）])?")
_LEADER = re.compile(
    r"^(?:国务院)?(?:代)?(?:总理|主席|省长|市长|县长|区长|州长|旗长|盟长|部长|局长|主任|署长|行长|厅长|委员长|会长|关长|审计长|院长|检察长)\s*[:：]?\s*"
    r"[一-鿿·]{1,2}\s?[一-鿿·]{1,6}$"
)
_JOINT = re.compile(r"等\s*[一二三四五六七八九十\d]+\s*(?:个)?(?:部门|单位|部委|机关)$")
_PLACED = re.compile(
    r"(?P<name>[一-鿿]{1,8}?[省市县区州旗镇乡][一-鿿]{0,14}?(?:人民政府办公[厅室]|人民政府(?!办公)|局|厅|委员会|办公室|管委会))(?!长|部|内|机关|所属|系统)(?=.{2,})"
)
_TITLE_VERB = re.compile(r"关于|转发|批转|印发|对(?!外|口|台)|公布|发布|废止|修改|就|令(?=\s|$)|公告|通告")


def is_organ(text: str) -> bool:
    """Whether `text` as a whole reads like the name of one organ."""
    name = squeeze(text)
    return 2 <= len(name) <= 60 and not _NOT_INSIDE.search(re.sub(r"[（(].*?[)）]", "", name)) and bool(ORGAN.fullmatch(name))


def is_leader(text: str) -> bool:
    """Whether `text` is the signature of a head of government: 总理 李克强."""
    return bool(_LEADER.match(text.strip()))


def split(text: str) -> list[str]:
    """The organs that `text` consists of, separated by blanks, 、 or commas; [] when any part is none.

    Names set with wide letter-spacing (国 务 院) count as one.
    """
    text = _JOINT.sub("", text.strip(" 　（）()"))
    if not text:
        return []
    parts = [p for p in re.split(r"[\s、，,;；]+", text) if p]
    if all(len(p) == 1 for p in parts):
        parts = ["".join(parts)]
    merged = _merge_spaced(parts)
    return merged if all(is_organ(p) for p in merged) else []


def _merge_spaced(parts: list[str]) -> list[str]:
    """`广州市 财政局` is two pieces of one name where the first alone is no organ."""
    out: list[str] = []
    pending = ""
    for part in parts:
        pending += part
        if is_organ(pending):
            out.append(pending)
            pending = ""
    return [*out, pending] if pending else out


def of_title(title: str) -> tuple[list[str], int]:
    """The organs a title opens with, and how many of its characters they take; ([], 0) if none."""
    for match in _TITLE_VERB.finditer(title):
        if match.start() > 150:
            break
        found = split(title[: match.start()])
        if found:
            return found, match.start()
        if match[0] == "关于":
            break
    return [], 0


def opening(title: str) -> str | None:
    """The organ a title opens with where no 关于 sets it off: 青禾县国土资源局征地公告."""
    match = _PLACED.match(title)
    return match["name"] if match and is_organ(match["name"]) else None


def canonical(name: str) -> str:
    """A name for comparing: without blanks and without the country's name in front."""
    return squeeze(name).removeprefix("中华人民共和国")
