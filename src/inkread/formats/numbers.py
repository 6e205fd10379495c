"""Characters as class numbers, for formats that hold nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..errors import FormatError, UsageError
from .classes import EMNIST_LABELS, as_characters, emnist_set, meaning_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .write import Upright

SETS = ("mnist", "letters", "balanced", "byclass")
"""The numberings that are tried, in this order: the first that has every label is taken."""


def set_of(parts: Iterable[Upright], what: str) -> str:
    """The set of EMNIST whose numbering has every label; :class:`FormatError` where none has. "" where nothing has a label."""
    kinds = {label for each in parts for label in each.labels or ()}
    if not kinds:
        return ""
    for name in SETS:
        if kinds <= set(EMNIST_LABELS[name]):
            return name
    unknown = sorted(kinds - set(EMNIST_LABELS["byclass"]))
    raise FormatError(
        f"{what} numbers its classes, and no known set has all of these labels: {', '.join(unknown[:12])}",
        "npz, parquet, folder and zip keep any character; `inkread data convert --alphabet ...` chooses pictures",
    )


def numbers_told_by(name: str, part: Upright, what: str) -> NDArray[np.uint8]:
    """The class numbers of a part, uint8 (N,), under which readers of a file of this name find the same labels.

    :class:`UsageError` offers another name where this one does not tell what the numbers mean, or tells something else;
    :class:`FormatError` for labels that the set it tells has not.
    """
    labels = part.labels or ()
    emnist = emnist_set(name)
    numbering = emnist or set_of([part], what) or "mnist"
    meaning = EMNIST_LABELS[numbering]
    if unknown := sorted(set(labels) - set(meaning)):
        raise FormatError(
            f"emnist-{numbering} has no such label: {', '.join(unknown[:12])}",
            "give it another name, or choose pictures by `inkread data convert --alphabet ...`",
        )
    numbers = numbers_of(labels, meaning)
    if not emnist and (numbering != "mnist" or as_characters(numbers, meaning_of(name, numbers, name), name) != labels):
        hint = f"call it emnist-{numbering}-{name}"
        raise UsageError(f"the name does not tell what the numbers of these labels mean: {name}", hint)
    return numbers


def numbers_of(labels: Sequence[str], meaning: Sequence[str]) -> NDArray[np.uint8]:
    """The class number of each label, uint8 (N,)."""
    place = {label: at for at, label in enumerate(meaning) if label}
    return np.array([place[each] for each in labels], np.uint8)
