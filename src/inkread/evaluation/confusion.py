"""What is taken for what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..alphabet import Alphabet
from .truth import as_targets, check_length


@dataclass(frozen=True, eq=False)
class Confusion:
    """``counts``: float64 (K,K+1), row = true class, column = answer, the last column = no answer.

    A picture that may be several classes counts for the answer where that is one of them, else for each in equal parts.
    """

    alphabet: Alphabet
    counts: NDArray[np.float64]

    def worst(self, most: int = 10) -> list[tuple[str, str, float]]:
        """The pairs (true, answer, pictures) most often confused, both directions apart, most frequent first."""
        off = self.counts[:, : len(self.alphabet)].copy()
        np.fill_diagonal(off, 0.0)
        order = np.argsort(-off, axis=None, kind="stable")[:most]
        rows, columns = np.unravel_index(order, off.shape)
        pairs = zip(rows.tolist(), columns.tolist(), strict=True)
        return [(self.alphabet[a], self.alphabet[b], float(off[a, b])) for a, b in pairs if off[a, b] > 0]

    def as_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        counts = [[int(each) if each.is_integer() else each for each in row] for row in self.counts.tolist()]
        return {"characters": self.alphabet.characters, "counts": counts}


def confusion(answers: ArrayLike, truth: ArrayLike, alphabet: Alphabet) -> Confusion:
    """Counts of answers int (N,), -1 for none, against the truth int (N,) or bool (N,K)."""
    given = np.asarray(answers, np.int64)
    classes = len(alphabet)
    targets = as_targets(truth, classes)
    check_length("answers", given, targets)
    column = np.where(given < 0, classes, given)
    hit = (given >= 0) & targets[np.arange(len(given)), np.maximum(given, 0)]
    shares = targets / targets.sum(axis=1, keepdims=True)
    shares[hit] = 0.0
    shares[hit, given[hit]] = 1.0
    counts = np.zeros((classes, classes + 1))
    np.add.at(counts.T, column, shares)
    return Confusion(alphabet, counts)
