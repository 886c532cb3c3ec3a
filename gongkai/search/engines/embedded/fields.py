"""How a collection lies in tantivy: its fields there, and a prepared document as one of tantivy's."""

from __future__ import annotations

import hashlib
from datetime import date

import tantivy

from gongkai.search.analysis.grams import apart, stream
from gongkai.search.analysis.prepare import Prepared
from gongkai.search.port import Collection, Kind

PAIRS, WORDS, CHARACTERS, ID, PLACE, GROUP = "g", "w", "c", "id", "place", "family"


def pairs_of(name: str) -> str:
    """The field with the pairs of one text field."""
    return f"g_{name}"


def characters_of(name: str) -> str:
    """The field with the single characters of one text field."""
    return f"c_{name}"


def values_of(name: str) -> str:
    """The field with the values of a keyword, the ordinals of a date, or the numbers of a number."""
    return f"v_{name}"


def years_of(name: str) -> str:
    """The field with the years of a date."""
    return f"y_{name}"


def schema_of(collection: Collection) -> tantivy.Schema:
    """The schema of a collection. All texts stand together in the field of pairs, each text field in one of its own too."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(ID, tokenizer_name="raw", index_option="basic")
    builder.add_text_field(PAIRS, tokenizer_name="whitespace", index_option="position")
    builder.add_text_field(WORDS, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field(CHARACTERS, tokenizer_name="whitespace", index_option="basic")
    builder.add_unsigned_field(PLACE, fast=True)
    builder.add_unsigned_field(GROUP, fast=True)
    for field in collection.fields:
        if field.kind is Kind.TEXT:
            builder.add_text_field(pairs_of(field.name), tokenizer_name="whitespace", index_option="position")
            builder.add_text_field(characters_of(field.name), tokenizer_name="whitespace", index_option="basic")
        elif field.kind is Kind.KEYWORD:
            builder.add_text_field(values_of(field.name), tokenizer_name="raw", index_option="basic", fast=True)
        elif field.kind is Kind.DATE:
            builder.add_integer_field(values_of(field.name), indexed=True, fast=True)
            builder.add_integer_field(years_of(field.name), indexed=True, fast=True)
        else:
            builder.add_float_field(values_of(field.name), indexed=True, fast=True)
    return builder.build()


def document_of(prepared: Prepared, collection: Collection, place: int) -> tantivy.Document:
    """A prepared document whose texts lie at `place`."""
    document = tantivy.Document()
    document.add_text(ID, prepared.id)
    document.add_text(PAIRS, prepared.pairs)
    document.add_text(WORDS, prepared.words)
    document.add_text(CHARACTERS, apart(prepared.folded))
    document.add_unsigned(PLACE, place)
    document.add_unsigned(GROUP, group_number(prepared.group))
    for field, head in zip(collection.of_kind(Kind.TEXT), prepared.heads, strict=True):
        document.add_text(pairs_of(field.name), stream([head]))
        document.add_text(characters_of(field.name), apart(head))
    for name, values in prepared.keywords:
        for value in values:
            document.add_text(values_of(name), value)
    for name, day in prepared.days:
        document.add_integer(values_of(name), day)
        document.add_integer(years_of(name), date.fromordinal(day).year)
    for name, number in prepared.numbers:
        document.add_float(values_of(name), number)
    return document


def group_number(group: str) -> int:
    """A group as a number; two groups share one less than once in 10^18."""
    return int.from_bytes(hashlib.blake2b(group.encode(), digest_size=8).digest(), "little")
