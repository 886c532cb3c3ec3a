"""A manifest as a watch reads it: opened with the public key, part after part."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from gongkai.core.signing import NotGenuine, opened
from gongkai.domains.monitor.tasks.reviewed import reviewed
from gongkai.text.fingerprint import WAY

Entry = Mapping[str, Any]

_CONSOLE = "/console/"


@dataclass(slots=True)
class Known:
    """What a manifest says. Parts stay packed; `numbers` are those of all papers in the parts taken in.

    `titles` are only those that hold a word of the reviewed lists, to tell them from a planted one.
    """

    index: dict[str, Any]
    single: frozenset[str]
    parts: dict[int, bytes] = field(default_factory=dict)
    numbers: set[int] = field(default_factory=set)
    titles: list[str] = field(default_factory=list)

    @classmethod
    def opened(cls, data: bytes, public: str) -> Known:
        """The manifest whose index this is. Raises NotGenuine."""
        index = opened(data, public)
        if index.get("format") != "gongkai-manifest/1" or index.get("fingerprint") != WAY:
            raise NotGenuine("清单的格式与本程序不符，请用同一版本的程序。")
        return cls(index, frozenset((*index["organs"], *index["assets"])))

    def take(self, data: bytes) -> None:
        """Take in a part. Raises NotGenuine when it is not one that the index vouches for."""
        sha256 = hashlib.sha256(data).hexdigest()
        vouched = next((p["number"] for p in self.index["parts"] if p["sha256"] == sha256), None)
        if vouched is None:
            raise NotGenuine("清单的一个部分与签名的摘要不符，已被改动或过时。")
        self.parts[vouched] = data
        suspect = (*reviewed().strong, *reviewed().weak)
        for entry in json.loads(data)["documents"]:
            self.numbers.add(entry["number"])
            if any(word in entry["title"] for word in suspect):
                self.titles.append(entry["title"])

    def lacking(self) -> list[int]:
        """The numbers of the parts not taken in yet."""
        return [p["number"] for p in self.index["parts"] if p["number"] not in self.parts]

    def entries(self) -> Iterator[Entry]:
        """All papers, one part unpacked at a time."""
        for _, data in sorted(self.parts.items()):
            yield from json.loads(data)["documents"]

    def gaps(self) -> list[int]:
        """Numbers between the first and the last that are not public: nothing may answer there."""
        return [n for n in range(1, int(self.index["last"]) + 1) if n not in self.numbers]

    @property
    def site_name(self) -> str:
        """The site's name as every page bears it."""
        return str(self.index["site"].get("name", ""))

    def plain_routes(self) -> list[str]:
        """Addresses of the public pages that need no number or code; the console's doors ask for passwords and are not opened."""
        plain = (r for r in self.index["routes"] if "(" not in r and r.endswith(r"\Z"))
        found = {re.sub(r"\\(.)", r"\1", r.removeprefix("^").removesuffix(r"\Z")) for r in plain}
        return sorted(address for address in found if not address.startswith(_CONSOLE))

    def document(self, number: int) -> str:
        """The address of a paper."""
        return str(self.index["addresses"]["document"]).replace("{number}", str(number))

    def file(self, number: int, sha256: str) -> str:
        """The address of a paper's file."""
        return str(self.index["addresses"]["file"]).replace("{number}", str(number)).replace("{sha256}", sha256)

    def part_address(self, number: int) -> str:
        """The address of a part."""
        return str(self.index["addresses"]["part"]).replace("{number}", str(number))

    def file_in(self, path: str) -> tuple[int | None, str]:
        """The paper's number and the digest in a file's address; None where it is no file's address."""
        pattern = re.escape(str(self.index["addresses"]["file"]))
        pattern = pattern.replace(r"\{number\}", r"(\d{1,18})").replace(r"\{sha256\}", r"([^/]+)")
        match = re.fullmatch(pattern, path)
        return (int(match[1]), match[2]) if match else (None, "")

    def number_in(self, path: str) -> int | None:
        """The number of the paper that an address belongs to; None where it belongs to none."""
        before, _, _ = str(self.index["addresses"]["document"]).partition("{number}")
        match = re.match(re.escape(before) + r"(\d{1,18})(?:/|$)", path)
        return int(match[1]) if match else None

    def answers(self, path: str) -> bool:
        """Whether our site has something at this address, so far as the manifest can tell."""
        number = self.number_in(path)
        if number is not None and number not in self.numbers:
            return False
        plain = unquote(path)
        if plain in self.single or path in self.single or (number is not None and path == self.document(number)):
            return True
        return any(re.match(route, plain) for route in self.index["routes"])

    def is_ours(self, host: str) -> bool:
        """Whether a host is one under which the public knows the site."""
        return host in self.index["own"]

    def may_link(self, host: str, paper: Entry | None) -> bool:
        """Whether a page, of this paper where it shows one, may lead to this host."""
        return host in self.index["hosts"] or host in reviewed().hosts or (paper is not None and host in paper["hosts"])


def load(lines: Iterable[bytes], public: str) -> Known:
    """A manifest from its file: the index in the first line, parts (or none) in those after it. Raises NotGenuine."""
    rest = iter(lines)
    known = Known.opened(next(rest, b"").rstrip(b"\n"), public)
    for line in rest:
        known.take(line.rstrip(b"\n"))
    return known
