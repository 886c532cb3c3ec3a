"""Under which keys a term is found: digests of itself, of how it is read, and of what is left when one character is dropped."""

from __future__ import annotations

from array import array

from gongkai.search.understanding.syllables import initial, loose
from gongkai.search.understanding.vocabulary.sounds import term_sounds
from gongkai.search.understanding.vocabulary.terms import HAN, LONGEST_DELETED, LONGEST_SOUND, deletions, digest


def keys_of(term: str) -> array[int]:
    """The digests of a term: how many readings it has, itself, then of each reading three, and those of what is left of it."""
    said = term_sounds(term) if len(term) <= LONGEST_SOUND and HAN.fullmatch(term) else []
    found = array("I", (len(said), digest(term)))
    for syllables in said:
        whole = "".join(syllables)
        found.extend((digest(whole), digest(loose(whole)), digest("".join(map(initial, syllables)))))
    if len(term) <= LONGEST_DELETED:
        found.extend(map(digest, deletions(term)))
    return found
