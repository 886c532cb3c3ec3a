"""From when and until when a paper says it holds (RULEBOOK E)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gongkai.text import dates
from gongkai.text.blanks import squeeze
from gongkai.text.compose import Line
from gongkai.text.model import Span, Validity
from gongkai.text.numerals import NUMERAL, to_int

_DAY = (
    r"[12][\d\s]{3,6}年[\d\s]{1,4}月[\d\s]{1,4}日"
    r"|[一二][〇一二三四五六七八九零○]{3}年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}日"
)
_FORCE = r"(?:起)?(?:正式)?(?:施\s*行|实\s*施|执\s*行|生\s*效|试\s*行|施\s*用)"
EFFECTIVE_ON = re.compile(rf"(?:从|自|于)\s*(?P<day>{_DAY})\s*(?:{_FORCE}|起，?(?=暂停|停止|恢复|取消))")
FROM_ISSUE = re.compile(
    rf"(?:从|自)?(?:本[一-鿿]{{1,6}})?(?:印发|发布|公布|颁布|下发|发文|签发|通过|批准|公告|发行)之?日起?(?:(?:满)?\s*(?P<n>[{NUMERAL}]{{1,4}})\s*(?P<unit>日|天|个月)(?:后|之后)(?:起)?)?{_FORCE}"
)
TERM = re.compile(
    rf"(?:有效期限?|试行期限?|施行期限?|实施期限?|执行期限?|暂行期限?|期限)\s*(?:为|：|:|暂定|暂定为|定为)?\s*(?P<n>[{NUMERAL}]{{1,3}})\s*(?P<unit>年|个月)(?:半)?|试行(?P<m>[{NUMERAL}]{{1,3}})(?P<munit>年|个月)"
)
UNTIL = re.compile(
    rf"(?:有效期限?|执行期限?|施行期限?|实施期限?|试行期限?|期限)(?:为|自|从|：|:|暂定|调整|延长|延续|统一)?[^。；]{{0,40}}?(?:至|到|截至)\s*(?P<day>{_DAY})|(?:至|到)\s*(?P<day2>{_DAY})\s*(?:止|起)?(?:自行)?(?:失效|止|废止|终止)"
)
SPAN = re.compile(
    rf"(?:自|从|为)?\s*(?P<from>{_DAY})\s*(?:起)?(?:施行|实施|执行|有效)?(?:，|,)?\s*(?:至|到)\s*(?P<day>{_DAY})\s*(?:止|期间)?(?=.{{0,8}}(?:有效|执行|施行|$|。|止)|.*失效)(?P<day2>)"
)
_ABOUT_ANOTHER = re.compile(r"解读|问答|一图读懂|图解|答记者问")
_VALID_WORD = re.compile(r"有效|施行|试行|实施|执行|生效|失效")
_OTHERS = re.compile(
    r"[》号）)][^。；，]{0,20}(?:有效期)|原[^。；]{0,20}有效期|许可证|证书|身份证|居住证|优待卡|合同|协议|资格|证明|报告|检验|凭证|公示期|承诺|登记证"
)


def read_validity(lines: Sequence[Line], title: str) -> Validity | None:
    """What the sentences about its own force say; None where there are none.

    The last such sentence counts: it stands in the closing article. A sentence about another
    paper, a licence or a contract does not, nor one that an amendment quotes, nor any in an
    interpretation of another paper.
    """
    if _ABOUT_ANOTHER.search(title):
        return None
    found = Validity()
    for sentence, span in _sentences(lines):
        found = _merge(found, _of_sentence(sentence, span, title))
    if found == Validity():
        return None
    return found


def _sentences(lines: Sequence[Line]) -> list[tuple[str, Span]]:
    out = []
    quoting = False
    for line in lines:
        quoting = quoting and "”" not in line.text
        if quoting or not _VALID_WORD.search(line.text):
            continue
        quoting = line.text.count("“") > line.text.count("”")
        text = _quoted_out(line.text)
        parts = re.finditer(r"[^。；]+[。；]?", text)
        out += [(m[0], line.span(m.start(), m.end())) for m in parts if _VALID_WORD.search(m[0])]
    return out


def _quoted_out(text: str) -> str:
    """Wording that an amendment quotes in “” is not this paper's own."""
    return re.sub(r"“[^“”]*(?:”|$)", lambda m: "＃" * len(m[0]), text)


def _of_sentence(text: str, span: Span, title: str) -> Validity | None:
    own = _without_quotes(text, title)
    effective = EFFECTIVE_ON.search(own)
    issue = None if effective else FROM_ISSUE.search(own)
    if effective and not _of_itself(own, effective.start()):
        effective = None
    if issue and not _of_itself(own, issue.start()):
        issue = None
    about_itself = bool(
        effective
        or issue
        or re.search(
            r"本(?!市|县|省|区|人|级|单位|行政|地|次|金|科|年|月|项|金)[一-鿿]{1,8}?(?:自|从|有效期|试行|执行期|于|适用于)|^[（(\s]*有效期|上述政策|执行期限|有效期调整|有效期(?:延长|延续)",
            own,
        )
    )
    if not about_itself or (_OTHERS.search(own) and not (effective or issue)):
        return None
    years, months = _term(own)
    until = (SPAN.search(own) if re.search("有效|执行|施行|实施|失效", own) else None) or UNTIL.search(own)
    expires = dates.parse(until["day"] or until["day2"]) if until else None
    effective_on = dates.parse(effective["day"]) if effective else None
    if effective_on is None and until is not None and until.groupdict().get("from"):
        effective_on = dates.parse(until["from"])
    if not (effective_on or issue or years or months or expires):
        return None
    return Validity(
        effective_on.isoformat() if effective_on else None,
        expires.isoformat() if expires else None,
        years,
        months,
        from_issue=bool(issue),
        days_after_issue=_delay(issue),
        source=span,
    )


def _without_quotes(text: str, title: str) -> str:
    """Other papers' titles become □; the name of what this paper prints becomes 本件."""

    def mask(match: re.Match[str]) -> str:
        own = squeeze(match[1]) in squeeze(title)
        return "本件".ljust(len(match[0]), "　") if own and len(match[0]) > 3 else "□" * len(match[0])

    return re.sub(r"《([^《》]*)》(?:[（(][^）)]*[)）])?", mask, text)


def _of_itself(text: str, at: int) -> bool:
    """Whether the commencement is this paper's: 本办法自…, or 现予公布，自…, or 自… alone."""
    clause = re.split(r"[，；：。]", text[:at])[-1]
    clause = clause.replace("　", "")
    clause = re.sub(
        r"^\s*(?:第[^条]{1,7}条\s*|\d{1,2}(?:[.．]\d{1,2}){1,3}\s*|[（(]?[一二三四五六七八九十\d]{1,3}[)）]?[、．.]?\s*)",
        "",
        clause,
    ).strip()
    if not clause:
        return len(text) < 50 or bool(re.search(r"本[一-鿿]{2,8}(?:自|由|，|共|有)|公布|发布|印发|通过|□", text))
    if re.search(r"的|标准|均$", clause):
        return False
    return bool(re.search(r"^本[一-鿿]{1,10}$|^(?:以上|上述)[一-鿿]{2,6}$|^(?:并|从而|现)$|公布$|发布$", clause))


def _term(text: str) -> tuple[int | None, int | None]:
    match = TERM.search(text)
    if not match:
        return None, None
    number = to_int(match["n"] or match["m"])
    unit = match["unit"] or match["munit"]
    if number is None or not 0 < number <= 120:
        return None, None
    if unit == "年":
        return (number, None) if not match[0].endswith("半") else (None, number * 12 + 6)
    return (number // 12, None) if number % 12 == 0 else (None, number)


def _delay(issue: re.Match[str] | None) -> int | None:
    if issue is None or not issue["n"]:
        return None
    number = to_int(issue["n"])
    return None if number is None else number * (30 if issue["unit"] == "个月" else 1)


def _merge(earlier: Validity, later: Validity | None) -> Validity:
    """The later sentence wins wherever it says something; what it leaves open stays."""
    if later is None:
        return earlier
    starts = later.effective_on is not None or later.from_issue
    return Validity(
        later.effective_on if starts else earlier.effective_on,
        later.expires_on or earlier.expires_on,
        later.term_years or earlier.term_years,
        later.term_months or earlier.term_months,
        later.from_issue if starts else earlier.from_issue,
        later.days_after_issue if starts else earlier.days_after_issue,
        later.source,
    )
