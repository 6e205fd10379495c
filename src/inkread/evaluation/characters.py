"""How well each character is read, and how evenly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .accuracy import wilson
from .view import View


@dataclass(frozen=True)
class CharacterScore:
    """One character: of its ``count`` pictures ``right`` were read right.

    ``accuracy``: their share, also called recall, with its 95 % interval ``low`` to ``high`` (Wilson). ``precision``: the
    share of right ones among the ``answered`` pictures that were read as this character, NaN for none. ``f1``: the
    harmonic mean of the two. Of a picture that may be several characters each gets its part where it was not read right.
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
    """

    spread: float
    gini: float
    lowest: float
    highest: float
    range: float
    best: str
    worst: str


def characters(seen: View) -> tuple[CharacterScore, ...]:
    """The score of every character that occurs, lowest accuracy first."""
    classes = np.arange(len(seen.alphabet))
    shares = seen.targets / seen.targets.sum(axis=1, keepdims=True)
    shares[seen.right] = 0.0
    shares[seen.right, seen.answers[seen.right]] = 1.0
    counts, right = shares.sum(axis=0), np.bincount(seen.answers[seen.right], minlength=len(classes))
    answered = np.bincount(seen.answers[seen.answers >= 0], minlength=len(classes))
    found = [_score(seen.alphabet[at], float(counts[at]), float(right[at]), int(answered[at])) for at in classes.tolist() if counts[at] > 0]
    return tuple(sorted(found, key=lambda each: (each.accuracy, -each.count)))


def _score(character: str, count: float, right: float, answered: int) -> CharacterScore:
    low, high = wilson(round(right), max(round(count), 1))
    precision = right / answered if answered else float("nan")
    return CharacterScore(character, count, right, right / count, low, high, answered, precision, 2 * right / (count + answered))


def evenness(scores: tuple[CharacterScore, ...], most: int = 5) -> Evenness:
    """How evenly these characters are read. ``scores``: as :func:`characters` gives them."""
    values = np.array([each.accuracy for each in scores])
    best = "".join(each.character for each in sorted(scores, key=lambda each: (-each.accuracy, -each.count))[:most])
    worst = "".join(each.character for each in scores[:most])
    low, high = float(values.min()), float(values.max())
    return Evenness(float(values.std()), gini(values), low, high, high - low, best, worst)


def gini(values: NDArray[np.float64]) -> float:
    """The Gini coefficient of values of 0 and above (half of the mean difference of any two, over the mean); 0 where all are 0."""
    ordered, count = np.sort(values), len(values)
    if not ordered.sum():
        return 0.0
    return float((2 * np.arange(1, count + 1) - count - 1) @ ordered / (count * ordered.sum()))
