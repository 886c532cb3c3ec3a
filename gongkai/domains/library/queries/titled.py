"""Documents asked for by words of their titles, or by a part of their document number."""

from __future__ import annotations

from functools import reduce
from operator import and_

from django.db.models import Q, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from gongkai.text.keys import number_key

_WORDS, _LONGEST_NUMBER = 8, 60


def titled(written: str) -> Q:
    """Every word stands in the title, or the whole is part of the document number; all documents where nothing is written."""
    plain = written.replace("\x00", "")
    in_title = reduce(and_, (_holds("title", word) for word in plain.split()[:_WORDS]), Q())
    number = number_key(plain[:_LONGEST_NUMBER])
    return in_title | _holds("number_key", number) if number else in_title


def _holds(column: str, word: str) -> Q:
    """Words that have no capitals are looked for as they are: quicker than LIKE."""
    if word.lower() == word.upper():
        return Q(GreaterThan(StrIndex(column, Value(word)), 0))
    return Q(**{f"{column}__icontains": word})
