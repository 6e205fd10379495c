"""What the numbers in files mean: class numbers of each known label space, as the characters they stand for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..alphabet import BYCLASS, DIGITS, NAMED
from ..errors import FormatError

if TYPE_CHECKING:
    from numpy.typing import NDArray

LETTERS_OFFSET = 1
"""EMNIST Letters counts its classes 1..26 (Cohen et al. 2017; `emnist-letters-mapping.txt`); all others count from 0."""

BYCLASS_LABELS = BYCLASS.stands_for
BALANCED_LABELS = NAMED["balanced"].stands_for
LETTERS_LABELS = ("",) * LETTERS_OFFSET + NAMED["letters"].stands_for
DIGIT_LABELS = tuple(DIGITS)

EMNIST_LABELS: dict[str, tuple[str, ...]] = {
    "byclass": BYCLASS_LABELS,
    "bymerge": BALANCED_LABELS,
    "balanced": BALANCED_LABELS,
    "letters": LETTERS_LABELS,
    "digits": DIGIT_LABELS,
    "mnist": DIGIT_LABELS,
}
"""Label number -> characters, per set of EMNIST; two characters where a class joins both cases, "" where there is none."""


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
