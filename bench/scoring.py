"""What a list of answers is worth beside graded judgements."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence


def ndcg(found: Sequence[str], grades: Mapping[str, int], at: int = 10) -> float:
    """nDCG: gains of 2^grade − 1, discounted by the logarithm of the place, beside the best order there could be."""
    best = sorted(grades.values(), reverse=True)
    return _gained([grades.get(name, 0) for name in found[:at]]) / _gained(best[:at])


def success(found: Sequence[str], grades: Mapping[str, int], at: int = 3) -> bool:
    """Whether one of the best-graded papers stands among the first."""
    best = max(grades.values())
    return any(grades.get(name) == best for name in found[:at])


def _gained(grades: Sequence[int]) -> float:
    return sum((2.0**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))
