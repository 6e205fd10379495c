"""What an evaluation starts from: pictures whose characters are known, and what a model says of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..alphabet import Alphabet, conversion
from ..errors import DataError
from .truth import as_targets

Pictures: TypeAlias = "NDArray[np.uint8] | Sequence[NDArray[np.uint8]]"
"""N prepared pictures uint8 (28,28), as one array or one after another."""


@dataclass(frozen=True, eq=False)
class Labelled:
    """N pictures whose characters are known.

    ``targets``: bool (N,K), the classes of ``alphabet`` that a picture may be, at least one. ``name``: of the source, for
    people. ``pictures``: prepared, or None: then everything that looks at pictures is left out. ``sources``, ``writers``:
    str (N,), or None where not known (an empty string where one is not). ``names``: one a picture, or None.
    :class:`DataError` where lengths disagree or a picture may be nothing.
    """

    targets: NDArray[np.bool_]
    alphabet: Alphabet
    name: str = ""
    pictures: Pictures | None = None
    sources: NDArray[np.str_] | None = None
    writers: NDArray[np.str_] | None = None
    names: Sequence[str] | None = None

    def __post_init__(self) -> None:
        as_targets(self.targets, len(self.alphabet))
        if not len(self.targets):
            raise DataError(f"there is no picture to evaluate on: {self.name or 'an empty source'}")
        for what in ("pictures", "sources", "writers", "names"):
            values = getattr(self, what)
            if values is not None and len(values) != len(self.targets):
                raise DataError(f"{what} must have one entry a picture ({len(self.targets)}): {len(values)}")

    def __len__(self) -> int:
        return len(self.targets)

    def label(self, at: int) -> str:
        """What a picture is: its character, or several where it is known up to them."""
        return "".join(self.alphabet[each] for each in np.flatnonzero(self.targets[at]).tolist())


@dataclass(frozen=True)
class Model:
    """What is known of a model beside its answers; empty or None where it is not.

    ``kind``: ``run``, ``bundle`` or ``predictions``. ``pictures_per_second``: on the machine that evaluated.
    ``views``: of each picture whose probabilities were averaged (test-time augmentation), 1 for none. ``prior``:
    how frequent the characters were expected to be. ``trained_on``: files of this test that trained it.
    """

    name: str = ""
    kind: str = ""
    parameters: int | None = None
    multiply_adds: int | None = None
    pictures_per_second: float | None = None
    views: int = 1
    prior: str = "flat"
    trained_on: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Answered:
    """What a model says of N pictures.

    ``probabilities``: float64 (N,K) over ``alphabet``, rows summing to 1; a row of zeros is no answer. ``sure``: False
    where only classes were given (rows of one 1): then nothing that needs probabilities is told. ``temperature``: what
    its logits are divided by in use, fitted on other pictures; ``before``: the probabilities without that.
    ``case_weight``: how much of a letter counts towards its other case where an alphabet leaves its own case out.
    """

    alphabet: Alphabet
    probabilities: NDArray[np.float64]
    sure: bool = True
    temperature: float | None = None
    before: NDArray[np.float64] | None = None
    case_weight: float = 0.0
    model: Model = Model()

    def __post_init__(self) -> None:
        for given in (self.probabilities, self.before):
            if given is not None:
                _check(given, len(self.alphabet))

    def __len__(self) -> int:
        return len(self.probabilities)

    def told_in(self, target: Alphabet) -> Answered:
        """The same answers over another alphabet, by mass and before normalisation; :class:`AlphabetError` where it cannot be."""
        if target == self.alphabet:
            return self
        way = conversion(self.alphabet, target, self.case_weight if self.sure else 0.0)
        restricted = way.restrict(self.probabilities)[0] if self.sure else way.mass(self.probabilities)
        before = None if self.before is None else way.restrict(self.before)[0]
        return replace(self, alphabet=target, probabilities=restricted, before=before)


def answered_by_classes(answers: NDArray[np.integer], alphabet: Alphabet, model: Model = Model()) -> Answered:
    """What a model says that tells classes only: int (N,), -1 for no answer."""
    given = np.asarray(answers)
    if given.ndim != 1 or (given.size and not np.issubdtype(given.dtype, np.integer)):
        raise DataError(f"answers must be integers (N,): {given.dtype} {given.shape}")
    if given.size and (given.min() < -1 or given.max() >= len(alphabet)):
        raise DataError(f"answers must lie in -1..{len(alphabet) - 1}: {given.min()}..{given.max()}")
    rows = np.zeros((len(given), len(alphabet)))
    told = np.flatnonzero(given >= 0)
    rows[told, given[told]] = 1.0
    return Answered(alphabet, rows, sure=False, model=model)


def _check(probabilities: NDArray[np.float64], classes: int) -> None:
    given = np.asarray(probabilities)
    if given.ndim != 2 or given.shape[1] != classes:
        raise DataError(f"probabilities must be (N,{classes}): {given.shape}")
    sums = given.sum(axis=1)
    if not np.isfinite(sums).all() or (given.size and given.min() < -1e-9):
        raise DataError("probabilities must be numbers of 0 and above")
    wrong = np.flatnonzero((np.abs(sums - 1.0) > 1e-3) & (sums > 0))
    if len(wrong):
        raise DataError(
            f"rows of probabilities must sum to 1: row {wrong[0]} sums to {sums[wrong[0]]:.4g}", "apply a softmax to logits first"
        )
