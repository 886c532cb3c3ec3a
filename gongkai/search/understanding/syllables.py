"""The syllables of Mandarin as letters: which exist, how letters divide into them, and which are taken for one another. Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

_INVENTORY = """
a ai an ang ao ba bai ban bang bao bei ben beng bi bian biao bie bin bing bo bu ca cai can cang cao ce cen ceng cha chai
chan chang chao che chen cheng chi chong chou chu chua chuai chuan chuang chui chun chuo ci cong cou cu cuan cui cun cuo
da dai dan dang dao de dei den deng di dia dian diao die ding diu dong dou du duan dui dun duo e ei en eng er fa fan fang
fei fen feng fo fou fu ga gai gan gang gao ge gei gen geng gong gou gu gua guai guan guang gui gun guo ha hai han hang hao
he hei hen heng hong hou hu hua huai huan huang hui hun huo ji jia jian jiang jiao jie jin jing jiong jiu ju juan jue jun
ka kai kan kang kao ke kei ken keng kong kou ku kua kuai kuan kuang kui kun kuo la lai lan lang lao le lei leng li lia lian
liang liao lie lin ling liu lo long lou lu luan lun luo lv lve ma mai man mang mao me mei men meng mi mian miao mie min
ming miu mo mou mu na nai nan nang nao ne nei nen neng ni nian niang niao nie nin ning niu nong nou nu nuan nuo nv nve o ou
pa pai pan pang pao pei pen peng pi pian piao pie pin ping po pou pu qi qia qian qiang qiao qie qin qing qiong qiu qu quan
que qun ran rang rao re ren reng ri rong rou ru ruan rui run ruo sa sai san sang sao se sen seng sha shai shan shang shao
she shei shen sheng shi shou shu shua shuai shuan shuang shui shun shuo si song sou su suan sui sun suo ta tai tan tang tao
te teng ti tian tiao tie ting tong tou tu tuan tui tun tuo wa wai wan wang wei wen weng wo wu xi xia xian xiang xiao xie
xin xing xiong xiu xu xuan xue xun ya yan yang yao ye yi yin ying yo yong you yu yuan yue yun za zai zan zang zao ze zei
zen zeng zha zhai zhan zhang zhao zhe zhei zhen zheng zhi zhong zhou zhu zhua zhuai zhuan zhuang zhui zhun zhuo zi zong zou
zu zuan zui zun zuo
"""
SYLLABLES: tuple[str, ...] = tuple(_INVENTORY.split())
NUMBER_OF = {syllable: index for index, syllable in enumerate(SYLLABLES)}
LONGEST = 6
_INITIALS = frozenset("bpmfdtnlgkhjqxrzcsywaeo")
_MOST_DIVISIONS = 6
_TONED = re.compile(r"(?:[a-zü:]{1,6}[1-5]['\s]*){2,}")
_SEPARATED = re.compile(r"(?<=[a-z])['’`·\s]+(?=[a-z])")
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def letters(text: str) -> str:
    """Pinyin as people write it, as bare letters: lǎo'rén, lao3 ren2 → laoren; nǚ, nu: → nv.

    Blanks and apostrophes go only from between letters; characters of the language stay where they are.
    """
    text = re.sub(r"u:", "ü", unicodedata.normalize("NFC", text.lower()))
    plain = "".join("v" if c in "üǖǘǚǜ" else unicodedata.normalize("NFD", c)[0] if c in _MARKED else c for c in text)
    if _TONED.fullmatch(plain.strip()):
        plain = re.sub(r"[1-5]", "", plain)
    return _SEPARATED.sub("", plain).strip()


_MARKED = frozenset("āáǎàēéěèīíǐìōóǒòūúǔùńňǹḿ")


def loose(text: str) -> str:
    """Letters with the sounds that many speakers do not tell apart made one: zh/z, ch/c, sh/s, n/l, -ng/-n.

    The same letters give the same result however they divide into syllables.
    """
    return text.replace("zh", "z").replace("ch", "c").replace("sh", "s").replace("ng", "n").replace("l", "n")


def looser(text: str) -> str:
    """`loose`, and f and h before u, r and l as one too, as in the south: fu/hu, hua/fa, ren/len."""
    return loose(re.sub(r"hu(?=[aeoi])|h(?=u)", "f", text.replace("r", "l")))


def initial(syllable: str) -> str:
    """The one letter that stands for a syllable when only initials are typed."""
    return syllable[:1]


@cache
def _known() -> frozenset[str]:
    return frozenset(SYLLABLES)


@lru_cache(maxsize=512)
def divisions(text: str, *, bare: bool = False) -> tuple[tuple[str, ...], ...]:
    """The ways to divide letters into syllables, fewest pieces first, six at most: xian → (xian), (xi, an).

    With `bare` a piece may also be an initial alone (zh, ch, sh or one letter): laorbz → (lao, r, b, z).
    """
    best: list[list[tuple[int, tuple[str, ...]]]] = [[] for _ in range(len(text) + 1)]
    best[0] = [(0, ())]
    known = _known()
    for at in range(len(text)):
        if not best[at]:
            continue
        for end in range(at + 1, min(len(text), at + LONGEST) + 1):
            piece = text[at:end]
            cost = 10 if piece in known else 25 if bare and _is_initial(piece) else 0
            if cost:
                merged = best[end] + [(spent + cost, (*pieces, piece)) for spent, pieces in best[at]]
                best[end] = sorted(merged, key=lambda way: way[0])[:_MOST_DIVISIONS]
    return tuple(pieces for _, pieces in best[-1])


def _is_initial(piece: str) -> bool:
    return piece in _INITIALS or piece in ("zh", "ch", "sh")


@cache
def beside(letter: str) -> str:
    """The keys that touch a letter's key."""
    row = next((r for r, keys in enumerate(_KEYS) if letter in keys), -1)
    if row < 0:
        return ""
    at = _KEYS[row].index(letter)
    near = [(row, at - 1), (row, at + 1), (row - 1, at), (row - 1, at + 1), (row + 1, at - 1), (row + 1, at)]
    return "".join(_KEYS[r][c] for r, c in near if 0 <= r < 3 and 0 <= c < len(_KEYS[r]))


@cache
def miskeyed(syllable: str) -> tuple[str, ...]:
    """The syllables that one wrong, missing, doubled or swapped key makes of a syllable, or makes into it."""
    return tuple(other for other in SYLLABLES if other != syllable and _one_key(syllable, other))


def _one_key(one: str, other: str) -> bool:
    if len(one) == len(other):
        wrong = [i for i, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
        if len(wrong) == 2 and wrong[1] == wrong[0] + 1:
            return one[wrong[0]] == other[wrong[1]] and one[wrong[1]] == other[wrong[0]]
        return len(wrong) == 1 and other[wrong[0]] in beside(one[wrong[0]])
    short, long = sorted((one, other), key=len)
    return len(long) - len(short) == 1 and any(long[:i] + long[i + 1 :] == short for i in range(len(long)))
