"""A test as one label space sees it: answers and truth over the same characters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..alphabet import Alphabet
from ..errors import DataError
from .given import Answered, Labelled
from .truth import answers_of

SHOWN = 12
"""Labels that an error names."""


@dataclass(frozen=True, eq=False)
class View:
    """M of the test's pictures over K characters.

    ``probabilities``: float64 (M,K). ``answers``: int64 (M,), -1 for none. ``targets``: bool (M,K). ``rows``: int64 (M,),
    the pictures' places in the test. ``outside``: labels that this alphabet leaves out -> how many pictures.
    """

    alphabet: Alphabet
    answered: Answered
    targets: NDArray[np.bool_]
    rows: NDArray[np.int64]
    outside: Mapping[str, int]

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def probabilities(self) -> NDArray[np.float64]:
        return self.answered.probabilities

    @cached_property
    def answers(self) -> NDArray[np.int64]:
        """The most probable class of each picture; none where all classes are equally probable, which says nothing."""
        return answers_of(self.probabilities)

    @cached_property
    def confidence(self) -> NDArray[np.float64]:
        """The probability of each answer, float64 (M,)."""
        return np.asarray(self.probabilities.max(axis=1))

    @cached_property
    def right(self) -> NDArray[np.bool_]:
        """Which answers are right, bool (M,): one of the classes that the picture may be."""
        return (self.answers >= 0) & self.targets[np.arange(len(self)), np.maximum(self.answers, 0)]

    @cached_property
    def truth(self) -> NDArray[np.int64]:
        """One class a picture, int64 (M,): the answer where that is right, else the most probable of those it may be."""
        return np.asarray(np.where(self.targets, self.probabilities, -1.0).argmax(axis=1))

    @cached_property
    def single(self) -> NDArray[np.bool_]:
        """Which pictures are known to be one class and no other, bool (M,)."""
        return np.asarray(self.targets.sum(axis=1) == 1)

    def label(self, at: int) -> str:
        """What the picture is: its character, or several where it is known up to them."""
        return "".join(self.alphabet[each] for each in np.flatnonzero(self.targets[at]).tolist())

    def answer(self, at: int) -> str:
        """What the picture is read as; empty for no answer."""
        return self.alphabet[int(self.answers[at])] if self.answers[at] >= 0 else ""


def view(answered: Answered, labelled: Labelled, target: Alphabet | None = None, *, wholly: bool = False) -> View:
    """The test over ``target`` (None: all that the model answers), without pictures whose label lies outside of it.

    A picture that may be several characters stays where one of them lies inside; ``wholly``: only where all of them do.
    :class:`DataError` where lengths disagree, where no label lies inside, or, for None, where any lies outside;
    :class:`AlphabetError` where the model cannot answer the alphabet.
    """
    if len(answered) != len(labelled):
        raise DataError(f"answers to {len(answered):,} pictures, but the test has {len(labelled):,}: {labelled.name or 'the labels'}")
    told = answered if target is None else answered.told_in(target)
    targets = targets_in(labelled, told.alphabet)
    inside = wholly_in(labelled, told.alphabet) if wholly else targets.any(axis=1)
    outside = Counter(labelled.label(at) for at in np.flatnonzero(~inside).tolist())
    if not inside.any() or (target is None and outside):
        raise DataError(_told(outside, told.alphabet), "evaluate over fewer characters: --alphabet leaves the others out")
    rows = np.flatnonzero(inside)
    before = None if told.before is None else _voiced(told.before[rows])
    given = _voiced(told.probabilities[rows]) if told.sure else told.probabilities[rows]
    kept = Answered(told.alphabet, given, told.sure, told.temperature, before, told.case_weight, told.model)
    return View(told.alphabet, kept, targets[rows], rows, dict(outside.most_common()))


def targets_in(labelled: Labelled, target: Alphabet) -> NDArray[np.bool_]:
    """Targets bool (N,K) over another alphabet: the answers that stand for what a picture may be; none where no answer does."""
    standing = np.zeros((len(labelled.alphabet), len(target)), np.bool_)
    for row, members in enumerate(labelled.alphabet.stands_for):
        for each in members:
            at = target.find(each)
            if at is not None:
                standing[row, at] = True
    return np.asarray(labelled.targets.astype(np.uint8) @ standing.astype(np.uint8) > 0)


def wholly_in(labelled: Labelled, target: Alphabet) -> NDArray[np.bool_]:
    """Which pictures can be nothing but what the answers of ``target`` stand for, bool (N,)."""
    leaving = [any(target.find(each) is None for each in members) for members in labelled.alphabet.stands_for]
    return np.asarray(~(labelled.targets & np.array(leaving)).any(axis=1))


def _voiced(probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """The rows, those of no answer with all classes equally probable."""
    return np.where(probabilities.any(axis=1, keepdims=True), probabilities, 1.0 / probabilities.shape[1])


def _told(outside: Mapping[str, int], alphabet: Alphabet) -> str:
    shown = ", ".join(f"{label} ({count:,})" for label, count in list(outside.items())[:SHOWN])
    more = f" and {len(outside) - SHOWN} more" if len(outside) > SHOWN else ""
    return f"{sum(outside.values()):,} labels are not among the answers ({alphabet}): {shown}{more}"
