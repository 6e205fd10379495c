"""A linear network looked into: each class's weights as a picture, and what of a picture spoke for which answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from ..evaluation import Example
from ..picture import encode_png, sheet
from .diagnosis import heat

CELL = 84
SHOWN = 6
"""Pictures whose evidence is drawn."""

Evidence = Callable[[NDArray[np.uint8]], NDArray[np.floating]]
"""Of a picture uint8 (28,28) what each of its pixels adds to each logit, float (K,28,28)."""


def weights_picture(weights: NDArray[np.floating], characters: str) -> bytes:
    """A PNG with the weights of each class, float (K,28,28), as a picture: red where ink speaks for it, blue where against it.

    Each is drawn after its own largest weight, the mean over the classes taken off: what all classes share decides nothing.
    """
    apart = weights - weights.mean(axis=0)
    empty = np.zeros(weights.shape[1:], np.uint8)
    return encode_png(sheet([heat(empty, each) for each in apart], list(characters), cell=CELL, title="Where ink speaks for each class"))


def evidence_picture(examples: Sequence[Example], evidence: Evidence, characters: str) -> bytes:
    """A PNG, a row a picture: what it shows, what spoke for its answer, for the truth or else the next best, and for one over the other.

    ``examples``: with their pictures, of answers and truths among ``characters``; at least one.
    """
    pictures: list[NDArray[np.uint8]] = []
    captions: list[str] = []
    for each in examples[:SHOWN]:
        assert each.picture is not None
        spoken = evidence(each.picture)
        sums = spoken.sum(axis=(1, 2))
        first = characters.index(each.answer)
        ranked = [int(at) for at in np.argsort(-sums) if at != first]
        second = characters.index(each.truth) if each.truth != each.answer and each.truth in characters else ranked[0]
        told = f"read as {each.answer}" if each.truth == each.answer else f"{each.truth} read as {each.answer}"
        pictures += [each.picture, *(heat(each.picture, part) for part in (spoken[first], spoken[second], spoken[first] - spoken[second]))]
        captions += [told, f"for {each.answer}\n{sums[first]:+.1f}", f"for {characters[second]}\n{sums[second]:+.1f}"]
        captions += [f"{each.answer} over {characters[second]}\n{sums[first] - sums[second]:+.1f}"]
    return encode_png(sheet(pictures, captions, columns=4, cell=CELL, title="What spoke for each answer"))
