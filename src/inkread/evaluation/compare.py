"""Two or more models on the same pictures: which is better, whether that can be told, and where they differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..alphabet import Alphabet
from ..errors import DataError, UsageError
from .accuracy import Accuracy, accuracy, macro_accuracy
from .given import Answered, Labelled, Model
from .paired import PairedTest, mcnemar
from .plain import fields_of
from .scores import calibrated
from .view import View, view

ROUNDS = 10_000
"""Resamplings of the bootstrap: its interval's ends then move by a hundredth of its width."""

BLOCK = 200
"""Rounds drawn at once: a few megabytes where there are thousands of writers."""

LEVEL = 0.05
"""How likely a difference may be by chance, all that are looked at together, before two models count as not told apart."""


@dataclass(frozen=True)
class Compared:
    """One model: accuracy with interval, ``macro_accuracy``, expected calibration error (None without probabilities)."""

    model: Model
    accuracy: Accuracy
    macro_accuracy: float
    ece: float | None


@dataclass(frozen=True)
class Changed:
    """One character, of ``pictures``: accuracy of both models, McNemar's ``p``, and ``corrected`` for all characters at once
    (Holm 1979): below 0.05 the change is told apart from chance though so many were looked at."""

    character: str
    pictures: int
    first: float
    second: float
    p: float
    corrected: float


@dataclass(frozen=True)
class Difference:
    """Two models side by side. ``test``: McNemar's, with the ``difference`` of accuracies, first minus second; ``low``,
    ``high``: its 95 % bootstrap interval, over writers where they are known (``over``: ``pictures`` or ``writers``).
    ``corrected``: ``test.p`` for all pairs of models at once (Holm). ``characters``: changed most first."""

    first: str
    second: str
    test: PairedTest
    low: float
    high: float
    over: str
    corrected: float
    characters: tuple[Changed, ...]

    @property
    def told_apart(self) -> bool:
        """Whether the better one is better by more than chance."""
        return self.corrected < LEVEL


@dataclass(frozen=True)
class Comparison:
    """Models on the same ``pictures`` of a ``test``, over ``alphabet``; the best first. ``differences``: of every two, in the
    models' order."""

    test: str
    pictures: int
    alphabet: Alphabet
    models: tuple[Compared, ...]
    differences: tuple[Difference, ...]

    def as_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        told = fields_of(self)
        for row, each in zip(told["differences"], self.differences, strict=True):
            row["told_apart"] = each.told_apart
        return told


def compare(
    answered: Sequence[Answered], labelled: Labelled, alphabet: Alphabet | None = None, seed: int = 0, *, case: str = "keep"
) -> Comparison:
    """What can be told of two or more models from the same pictures.

    ``alphabet``: the answers to score over; None for all, which must then be the same for every model. ``case``: ``keep``,
    ``fold`` or ``upper``, of either.
    :class:`UsageError` for fewer than two models, two of one name, or other alphabets; else as :func:`inkread.evaluation.evaluate`.
    """
    names = [each.model.name for each in answered]
    if len(answered) < 2:
        raise UsageError("two models at least are compared", "name another run, bundle or file of predictions")
    if len(set(names)) < len(names):
        raise UsageError(f"two models have the same name: {max(names, key=names.count)}")
    others = {each.alphabet.stands_for for each in answered}
    if alphabet is None and len({frozenset(each) for each in others}) > 1:
        told = " and ".join(dict.fromkeys(str(each.alphabet) for each in answered))
        raise UsageError(f"the models have different answers: {told}", "--alphabet names those to compare over")
    target = (alphabet or answered[0].alphabet).with_case(case)
    seen = sorted((view(each, labelled, target) for each in answered), key=lambda each: -each.right.mean())
    _check_inside(seen[0], alphabet)
    writers = None if labelled.writers is None else labelled.writers[seen[0].rows]
    pairs = [_difference(first, second, writers, seed) for first, second in combinations(seen, 2)]
    corrected = holm([each.test.p for each in pairs])
    differences = tuple(replace(each, corrected=p) for each, p in zip(pairs, corrected, strict=True))
    return Comparison(labelled.name, len(seen[0]), target, tuple(_compared(each) for each in seen), differences)


def holm(p: ArrayLike) -> list[float]:
    """p values (M,) corrected for being M at once, in their order (Holm 1979, "A simple sequentially rejective ... procedure")."""
    given = np.asarray(p, np.float64)
    order = np.argsort(given, kind="stable")
    stepped = np.maximum.accumulate(given[order] * np.arange(len(given), 0, -1))
    corrected = np.empty_like(given)
    corrected[order] = np.minimum(stepped, 1.0)
    return [float(each) for each in corrected]


def bootstrap(
    first: ArrayLike, second: ArrayLike, groups: ArrayLike | None = None, seed: int = 0, rounds: int = ROUNDS
) -> tuple[float, float]:
    """The 95 % percentile interval of the difference of two accuracies (Efron 1979), seeded.

    ``first``, ``second``: which pictures each got right, bool (N,). ``groups``: (N,), pictures drawn together, such as those of one
    writer: what one hand does to both models is then no evidence a hundred times over.
    """
    change = np.asarray(first, np.int8) - np.asarray(second, np.int8)
    rng = np.random.default_rng(seed)
    if groups is None:
        shares = np.array([(change > 0).mean(), (change < 0).mean(), (change == 0).mean()])
        drawn = rng.multinomial(len(change), shares, size=rounds)
        means = (drawn[:, 0] - drawn[:, 1]) / len(change)
    else:
        _, number = np.unique(np.asarray(groups), return_inverse=True)
        totals, sizes = np.bincount(number, change), np.bincount(number)
        means = np.empty(rounds)
        for start in range(0, rounds, BLOCK):
            drawn = rng.integers(0, len(sizes), (min(BLOCK, rounds - start), len(sizes)))
            means[start : start + BLOCK] = totals[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    low, high = np.quantile(means, [LEVEL / 2, 1 - LEVEL / 2])
    return float(low), float(high)


def _check_inside(seen: View, alphabet: Alphabet | None) -> None:
    if alphabet is None and seen.outside:
        shown = "".join(list(seen.outside)[:20])
        raise DataError(f"{sum(seen.outside.values()):,} labels are not among the answers: {shown}", "--alphabet leaves them out")


def _compared(seen: View) -> Compared:
    ece = calibrated(seen).after.error if seen.answered.sure else None
    scores = accuracy(seen.answers, seen.targets), macro_accuracy(seen.answers, seen.targets, len(seen.alphabet))
    return Compared(seen.answered.model, *scores, ece)


def _difference(first: View, second: View, writers: NDArray[np.str_] | None, seed: int) -> Difference:
    known = writers is not None and len(np.unique(writers)) > 1 and bool((writers != "").all())
    low, high = bootstrap(first.right, second.right, writers if known else None, seed)
    names = (first.answered.model.name, second.answered.model.name)
    test = mcnemar(first.right, second.right)
    return Difference(*names, test, low, high, "writers" if known else "pictures", test.p, _changed(first, second))


def _changed(first: View, second: View) -> tuple[Changed, ...]:
    """Every character that occurs; a picture that may be several counts for each."""
    there = [at for at in range(len(first.alphabet)) if first.targets[:, at].any()]
    rows = [first.targets[:, at] for at in there]
    tests = [mcnemar(first.right[each], second.right[each]).p for each in rows]
    found = [
        Changed(first.alphabet[at], int(each.sum()), float(first.right[each].mean()), float(second.right[each].mean()), p, corrected)
        for at, each, p, corrected in zip(there, rows, tests, holm(tests), strict=True)
    ]
    return tuple(sorted(found, key=lambda each: (each.p, -abs(each.first - each.second))))
