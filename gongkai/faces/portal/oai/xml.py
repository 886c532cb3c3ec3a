"""Building XML: names with their namespaces, text freed of what XML forbids."""

from __future__ import annotations

import re
from typing import cast

from lxml import etree

OAI = "http://www.openarchives.org/OAI/2.0/"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
DC = "http://purl.org/dc/elements/1.1/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
Element = etree._Element  # noqa: SLF001 - lxml gives its class no public name


def allowed(text: str) -> str:
    """The text without the characters that XML 1.0 has no way to write."""
    return _FORBIDDEN.sub("", text)


def root(namespace: str, name: str, prefixes: dict[str | None, str], schema: str) -> Element:
    """An outermost element that tells where its schema is (`namespace address`)."""
    made = etree.Element(f"{{{namespace}}}{name}", nsmap=cast("dict[str, str]", prefixes))  # None stands for no prefix
    made.set(f"{{{XSI}}}schemaLocation", allowed(schema))
    return made


def put(parent: Element, name: str, text: object | None = None, /, **attributes: object | None) -> Element:
    """A child in its parent's namespace. Attributes that are None or '' are left out."""
    child = etree.SubElement(parent, f"{{{etree.QName(parent).namespace}}}{name}")
    if text is not None:
        child.text = allowed(str(text))
    for key, value in attributes.items():
        if value is not None and value != "":
            child.set(key, allowed(str(value)))
    return child
