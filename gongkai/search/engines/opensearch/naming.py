"""How a collection lies in OpenSearch: its indices, its fields there, a prepared document as JSON, and what fails."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import accumulate, pairwise
from typing import Any

from opensearchpy.exceptions import ConnectionError as Unreachable
from opensearchpy.exceptions import NotFoundError, TransportError

from gongkai.search.analysis.grams import stream
from gongkai.search.analysis.prepare import ANALYSIS, Prepared
from gongkai.search.port import Collection, EngineUnreachable, IndexDamaged, IndexFull, IndexMissing, Kind

PAIRS, WORDS, GROUP, TIE = "g", "w", "family", "tie"
FORMAT = 1
_FULL = (403, 429, 507)


def pairs_of(name: str) -> str:
    """The field with the pairs of one text field."""
    return f"g_{name}"


def values_of(name: str) -> str:
    """The field with the values of a keyword, the ordinals of a date, or the numbers of a number."""
    return f"v_{name}"


def years_of(name: str) -> str:
    """The field with the years of a date."""
    return f"y_{name}"


def key_of(document: str) -> str:
    """An id for OpenSearch, which takes none longer than 512 bytes."""
    return hashlib.blake2b(document.encode(), digest_size=16).hexdigest()


def about(collection: Collection) -> dict[str, Any]:
    """What an index made now is, kept in its mapping and compared when it is opened."""
    return {"format": FORMAT, "analysis": ANALYSIS, "fields": [[field.name, field.kind.value] for field in collection.fields]}


def definition(collection: Collection, shards: int) -> dict[str, Any]:
    """Settings and mapping of a new generation: no plugin, no refresh but ours, no replicas while it is filled."""
    text = {"type": "text", "analyzer": "whitespace"}
    fields: dict[str, Any] = {
        PAIRS: text,
        WORDS: text | {"index_options": "freqs"},
        GROUP: {"type": "keyword"},
        TIE: {"type": "long"},
        "kept": {"type": "object", "enabled": False},
    }
    for field in collection.fields:
        if field.kind is Kind.TEXT:
            fields[pairs_of(field.name)] = text
        elif field.kind is Kind.KEYWORD:
            fields[values_of(field.name)] = {"type": "keyword", "ignore_above": 8_000}
        elif field.kind is Kind.DATE:
            fields |= {values_of(field.name): {"type": "integer"}, years_of(field.name): {"type": "integer"}}
        else:
            fields[values_of(field.name)] = {"type": "double"}
    settings = {"number_of_shards": shards, "number_of_replicas": 0, "refresh_interval": "-1"}
    return {"settings": settings, "mappings": {"dynamic": "strict", "_meta": about(collection), "properties": fields}}


def source_of(prepared: Prepared, collection: Collection) -> dict[str, Any]:
    """A prepared document as JSON; what is only shown lies in `kept`, which is not indexed."""
    source: dict[str, Any] = {
        PAIRS: prepared.pairs,
        WORDS: prepared.words,
        GROUP: key_of(prepared.group),
        TIE: int(key_of(prepared.id)[:15], 16),
        "kept": {"folded": prepared.folded, "quality": prepared.quality, **_shown(prepared)},
    }
    source |= {pairs_of(f.name): stream([h]) for f, h in zip(collection.of_kind(Kind.TEXT), prepared.heads, strict=True)}
    source |= {values_of(name): list(values) for name, values in prepared.keywords}
    source |= {values_of(name): number for name, number in (*prepared.days, *prepared.numbers)}
    return source | {years_of(name): date.fromordinal(day).year for name, day in prepared.days}


def _shown(prepared: Prepared) -> dict[str, Any]:
    told = json.loads(prepared.shown)
    ends = list(accumulate((size for _, size, _ in told["passages"]), initial=0))
    texts = [prepared.text[start:end].decode("utf-16-le") for start, end in pairwise(ends)]
    return {"told": told, "texts": texts}


@contextmanager
def failures(name: str) -> Iterator[None]:
    """What a server says when it cannot, told so that a person can act on it."""
    try:
        yield
    except NotFoundError as error:
        raise IndexMissing(f"OpenSearch 上还没有索引“{name}”。请先建立索引。") from error
    except Unreachable as error:
        raise EngineUnreachable(f"连不上 OpenSearch（{error.error}）。请检查服务是否运行、地址是否正确。") from error
    except TransportError as error:
        if error.status_code in _FULL:
            raise IndexFull(f"OpenSearch 拒绝写入索引“{name}”（{error.error}）：磁盘已满或过载。请处理后重试。") from error
        raise IndexDamaged(f"OpenSearch 处理索引“{name}”时出错：{error.status_code} {error.error}。") from error
