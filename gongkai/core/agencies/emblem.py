"""Cleaning an uploaded emblem: what is kept can draw and do nothing else. Pure."""

from __future__ import annotations

import hashlib
import io
import re
import warnings
from dataclasses import dataclass

from lxml import etree
from PIL import Image

LARGEST = 200 * 1024  # bytes
_WIDEST = 2_000  # pixels each way
_PNG, _SVG = "image/png", "image/svg+xml"
_SPACE = "http://www.w3.org/2000/svg"
_DRAWING = frozenset(
    "svg g defs title desc path rect circle ellipse line polyline polygon text tspan use symbol clipPath mask pattern "
    "linearGradient radialGradient stop style".split()
)
_SAYING = frozenset(
    "id class d x y x1 y1 x2 y2 cx cy r rx ry fx fy width height viewBox points transform fill fill-rule fill-opacity stroke "
    "stroke-width stroke-linecap stroke-linejoin stroke-miterlimit stroke-dasharray stroke-opacity opacity clip-path clip-rule "
    "clipPathUnits mask maskUnits offset stop-color stop-opacity gradientUnits gradientTransform patternUnits patternTransform "
    "spreadMethod font-family font-size font-weight text-anchor dx dy letter-spacing preserveAspectRatio version href style "
    "color display visibility".split()
)
_POINTING_OUT = re.compile(r"url\s*\(\s*['\"]?(?!#)|expression|javascript:|@|\\", re.I)
_MOST_USES = 8  # each draws something again: nested, they multiply


class UnfitEmblem(Exception):
    """A picture that cannot be the emblem; `str()` says why and what to do."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that is safe to show."""

    media: str
    content: bytes

    @property
    def digest(self) -> str:
        """What the picture is known by."""
        return hashlib.sha256(self.content).hexdigest()[:32]


def cleaned(data: bytes) -> Picture:
    """The picture without anything that acts, loads or hides. Raises UnfitEmblem."""
    if len(data) > LARGEST:
        raise UnfitEmblem(f"徽标文件有 {len(data) / 1024:.0f} KB，最多 {LARGEST // 1024} KB。请缩小后再上传。")
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return Picture(_PNG, _png(data))
    if b"<svg" in data[:4096] or b":svg" in data[:4096]:
        return Picture(_SVG, _svg(data))
    raise UnfitEmblem("徽标应当是 SVG 或 PNG 图片。")


def _png(data: bytes) -> bytes:
    """Drawn anew, so that nothing but the pixels remains."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=["PNG"]) as picture:
                if max(picture.size) > _WIDEST:
                    raise UnfitEmblem(f"徽标有 {picture.width}×{picture.height} 像素，每边最多 {_WIDEST} 像素。请缩小后再上传。")
                drawn = picture.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Warning, Image.DecompressionBombError) as error:
        raise UnfitEmblem("PNG 图片已损坏，读不出来。请重新导出后再上传。") from error
    kept = io.BytesIO()
    drawn.save(kept, "PNG", optimize=True)
    return kept.getvalue()


def _svg(data: bytes) -> bytes:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnfitEmblem("SVG 图片已损坏，读不出来。请重新导出后再上传。") from error
    if b"<!ENTITY" in data:
        raise UnfitEmblem("SVG 图片里定义了实体，为安全起见没有收下。请用绘图软件另存为“普通 SVG”。")
    if root.tag != f"{{{_SPACE}}}svg":
        raise UnfitEmblem("这不是 SVG 图片。")
    _strip(root)
    if len(root.findall(f".//{{{_SPACE}}}use")) > _MOST_USES:
        raise UnfitEmblem("SVG 图片里重复引用太多。请用绘图软件把图形“展开”或“取消链接”后另存。")
    if not any(True for element in root.iter() if etree.QName(element).localname not in ("svg", "g", "defs", "title", "desc")):
        raise UnfitEmblem("SVG 图片里没有可以画的图形（脚本、外部图片等已经去掉）。请用绘图软件另存为“普通 SVG”。")
    etree.cleanup_namespaces(root, keep_ns_prefixes=[])
    return etree.tostring(root, encoding="utf-8", xml_declaration=False)


def _strip(root: etree._Element) -> None:
    """Take out every element and attribute that is not known to be harmless."""
    for element in list(root.iter()):
        known = str(element.tag).startswith(f"{{{_SPACE}}}")
        if not known or etree.QName(element).localname not in _DRAWING or _POINTING_OUT.search(str(element.text or "")):
            parent = element.getparent()
            if parent is not None:
                parent.remove(element)
            continue
        for name, told in list(element.attrib.items()):
            value = str(told)
            local = etree.QName(name).localname
            outside = local == "href" and not value.strip().startswith("#")
            if local not in _SAYING or outside or _POINTING_OUT.search(value):
                del element.attrib[name]
