"""What the numbers in files mean: class numbers of each known label space, as the characters they stand for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..alphabet import BYCLASS, DIGITS, NAMED
from ..errors import FormatError

if TYPE_CHECKING:
    from numpy.typing import NDArray

LETTERS_OFFSET = 1
"""EMNIST Letters counts its classes 1..26 (Cohen et al. 2017; `emnist-letters-mapping.txt`); all others count from 0."""

CAPITALS_OFFSET = 0
"""Kaggle's `A_Z Handwritten Data.csv` counts the capitals 0..25."""

ONE_HOT_OFFSET = 1
"""The course's one-hot labels have 27 places for 26 letters, of which the first is never used (SPEC D1)."""

BYCLASS_LABELS = BYCLASS.stands_for
BALANCED_LABELS = NAMED["balanced"].stands_for
LETTERS_LABELS = ("",) * LETTERS_OFFSET + NAMED["letters"].stands_for
DIGIT_LABELS = tuple(DIGITS)
CAPITAL_LABELS = ("",) * CAPITALS_OFFSET + tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")

EMNIST_LABELS: dict[str, tuple[str, ...]] = {
    "byclass": BYCLASS_LABELS,
    "bymerge": BALANCED_LABELS,
    "balanced": BALANCED_LABELS,
    "letters": LETTERS_LABELS,
    "digits": DIGIT_LABELS,
    "mnist": DIGIT_LABELS,
}
"""Label number -> characters, per set of EMNIST; two characters where a class joins both cases, "" where there is none."""


EMNIST_NAME = re.compile(r"emnist-(byclass|bymerge|balanced|letters|digits|mnist)(?![a-z])", re.IGNORECASE)
"""NIST's own file names, which tell the label space and that the pictures are stored transposed."""

CAPITALS_NAME = re.compile(r"a_z[ _]handwritten", re.IGNORECASE)


def emnist_set(name: str) -> str | None:
    """The set of EMNIST that a file's name tells, in lower case; None where it tells none."""
    found = EMNIST_NAME.search(name)
    return found[1].lower() if found else None


def meaning_of(name: str, numbers: NDArray[np.generic], path: str) -> Sequence[str]:
    """The label space of class numbers: told by a file's name, else by the range where only one known set has it.

    :class:`FormatError` where several sets have it.
    """
    emnist = emnist_set(name)
    if emnist:
        return EMNIST_LABELS[emnist]
    if CAPITALS_NAME.search(name):
        return CAPITAL_LABELS
    highest = int(numbers.max()) if numbers.size else 0
    if highest < len(DIGIT_LABELS):
        return DIGIT_LABELS
    if len(EMNIST_LABELS["balanced"]) <= highest < len(BYCLASS_LABELS):
        return BYCLASS_LABELS
    known = ", ".join(f"emnist-{each}-" for each in EMNIST_LABELS)
    raise FormatError(f"labels from 0 to {highest} could be several sets: {path}", f"a file name beginning with one of {known} tells")


def as_characters(numbers: NDArray[np.generic], meaning: Sequence[str], path: str) -> tuple[str, ...]:
    """The characters that class numbers (N,), of any type, stand for; :class:`FormatError` for one without a meaning."""
    flat = whole_numbers(numbers, path)
    table = np.array(["", *meaning])
    found = table[np.where((flat >= 0) & (flat < len(meaning)), flat + 1, 0)]
    if (unknown := found == "").any():
        at = int(unknown.argmax())
        first = next(index for index, each in enumerate(meaning) if each)
        message = f"labels must be {first}..{len(meaning) - 1}: the {at + 1:,}. is {flat[at]}: {path}"
        raise FormatError(message, f"{int(unknown.sum()):,} of {len(flat):,} are outside")
    return tuple(found.tolist())


def whole_numbers(numbers: NDArray[np.generic], path: str) -> NDArray[np.int64]:
    """Class numbers (N,) or (N,1) as int64 (N,); :class:`FormatError` for other shapes and for numbers that are not whole."""
    if numbers.ndim == 2 and numbers.shape[1] == 1:
        numbers = numbers[:, 0]
    if numbers.ndim != 1 or numbers.dtype.kind not in "biuf":
        raise FormatError(f"labels must be one number a picture: {numbers.dtype} {numbers.shape}: {path}")
    if numbers.dtype.kind == "f":
        fractions = numbers.astype(np.float64)
        doubtful = ~((fractions == np.round(fractions)) & (np.abs(fractions) < 2**31))
        if doubtful.any():
            raise FormatError(f"labels must be whole numbers: the {int(doubtful.argmax()) + 1:,}. is {numbers[doubtful.argmax()]}: {path}")
    return np.asarray(numbers, np.int64)
