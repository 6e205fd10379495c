"""How well each character is read, and how evenly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .accuracy import wilson
from .chance import Chance, accuracies_by_chance
from .view import View


@dataclass(frozen=True)
class CharacterScore:
    """One character: of its ``count`` pictures ``right`` were read right.

    ``accuracy``: their share, also called recall, with its 95 % interval ``low`` to ``high`` (Wilson). ``precision``: the
    share of right ones among the ``answered`` pictures that were read as this character, NaN for none. ``f1``: the
    harmonic mean of the two. A picture that may be several characters counts for each of them in equal parts, right or wrong, as in
    :func:`inkread.evaluation.by_class`; an answer among them is a right one to ``precision``.
    """

    character: str
    count: float
    right: float
    accuracy: float
    low: float
    high: float
    answered: int
    precision: float
    f1: float


@dataclass(frozen=True)
class Evenness:
    """How evenly the characters are read, from their accuracies.

    ``spread``: standard deviation. ``gini``: Gini coefficient, 0 where all are equal, towards 1 where few have all.
    ``lowest``, ``highest`` and ``range`` between them. ``best``, ``worst``: up to five characters each, most extreme first.
    ``range_by_chance``, ``spread_by_chance``: what they would be in tests of this size were all characters read equally well.
    """

    spread: float
    gini: float
    lowest: float
    highest: float
    range: float
    best: str
    worst: str
    range_by_chance: Chance
    spread_by_chance: Chance

    @property
    def beyond_chance(self) -> bool:
        """Whether the spread is larger than in 95 % of the tests of a reader that reads all characters equally well."""
        return self.spread > self.spread_by_chance.high


def characters(seen: View) -> tuple[CharacterScore, ...]:
    """The score of every character that occurs, lowest accuracy first."""
    classes = np.arange(len(seen.alphabet))
    shares = seen.targets / seen.targets.sum(axis=1, keepdims=True)
    counts, right = shares.sum(axis=0), shares[seen.right].sum(axis=0)
    answered, rightly = (np.bincount(seen.answers[which], minlength=len(classes)) for which in (seen.answers >= 0, seen.right))
    found = [
        _score(seen.alphabet[at], float(counts[at]), float(right[at]), int(answered[at]), int(rightly[at]))
        for at in classes.tolist()
        if counts[at] > 0
    ]
    return tuple(sorted(found, key=lambda each: (each.accuracy, -each.count)))


def _score(character: str, count: float, right: float, answered: int, rightly: int) -> CharacterScore:
    low, high = wilson(right, count)
    precision, recall = rightly / answered if answered else float("nan"), right / count
    f1 = 2 * precision * recall / (precision + recall) if rightly and right else 0.0
    return CharacterScore(character, count, right, recall, low, high, answered, precision, f1)


def evenness(scores: tuple[CharacterScore, ...], most: int = 5, seed: int = 0) -> Evenness:
    """How evenly these characters are read. ``scores``: as :func:`characters` gives them; ``seed``: of what chance would make."""
    values = np.array([each.accuracy for each in scores])
    best = "".join(each.character for each in sorted(scores, key=lambda each: (-each.accuracy, -each.count))[:most])
    worst = "".join(each.character for each in scores[:most])
    low, high = float(values.min()), float(values.max())
    by_chance = accuracies_by_chance(np.array([each.count for each in scores]), sum(each.right for each in scores), seed)
    return Evenness(float(values.std()), gini(values), low, high, high - low, best, worst, *by_chance)


def gini(values: NDArray[np.float64]) -> float:
    """The Gini coefficient of values of 0 and above (half of the mean difference of any two, over the mean); 0 where all are 0."""
    ordered, count = np.sort(values), len(values)
    if not ordered.sum():
        return 0.0
    return float((2 * np.arange(1, count + 1) - count - 1) @ ordered / (count * ordered.sum()))
