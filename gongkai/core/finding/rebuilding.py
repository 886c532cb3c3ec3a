"""Making the whole index anew beside the one that answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from gongkai.core.finding.feeding import RECORDS_AT_ONCE, Feeder, parts, strike
from gongkai.core.finding.models import Change
from gongkai.core.finding.offers import offers
from gongkai.core.finding.opening import Home
from gongkai.core.finding.words import make_words
from gongkai.search.port import Indexer, Progress


def rebuild(home: Home, indexer: Indexer, today: date, progress: Progress, *, answers: bool, go_on: Callable[[], None]) -> int:
    """Index all that is public, with a vocabulary where there is none; returns how many records.

    While the present index `answers`, changes go on being taken into it, and so into the new one. `go_on` is called now
    and then and may raise to give up: then nothing has changed.
    """
    feeder = Feeder(indexer)
    if answers:
        while feeder.feed_changes(today):
            go_on()
        covered = feeder.take_rounds()
    else:
        home.begin_anew()
        covered = list(Change.objects.values_list("pk", flat=True))

    def meanwhile() -> None:
        go_on()
        if answers:
            feeder.feed_changes(today)

    number = _fill(indexer, today, progress, meanwhile)
    strike(covered)
    if not home.has_words():
        make_words(home, today, meanwhile)
    home.completed()
    return number


def _fill(indexer: Indexer, today: date, progress: Progress, meanwhile: Callable[[], None]) -> int:
    offered, number = [(offer, offer.keys()) for offer in offers()], 0
    with indexer.rebuild(sum(len(keys) for _, keys in offered), progress) as new:
        for offer, keys in offered:
            for part in parts(keys, RECORDS_AT_ONCE):
                number += new.add(offer.documents(part, today))
                meanwhile()
    return number
