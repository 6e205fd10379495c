"""Whether pictures look more like characters when they are turned, transposed or mirrored."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .reader import Reader


@dataclass(frozen=True)
class View:
    """One of the eight orientations. ``says``: what has to be done to the picture as given, as the start of a sentence.

    ``doubt``: how much rarer such pictures are than transposed ones, as all of EMNIST's files are, in spreads of familiarity.
    """

    says: str
    doubt: float = 0.0


VIEWS = (
    View("as given"),
    View("turned a quarter to the left", 0.5),
    View("turned upside down", 0.5),
    View("turned a quarter to the right", 0.5),
    View("transposed (rows and columns exchanged)"),
    View("mirrored top to bottom", 0.9),
    View("transposed and turned upside down", 1.2),
    View("mirrored left to right", 0.9),
)

MARGIN = 1.5
"""Spreads by which one picture must look more familiar in another view to be called turned, beyond that view's doubt.

Chosen on 1,000 pictures of each source with a reader that had seen neither: of upright ones 2.8 % of photo-62, 1.2 % of
cards-15 and 3.0 % of drawn ones are called turned, of transposed ones 55-61 % (`benchmarks/doctor.py` measures it anew).
"""

MARGIN_TOGETHER, CERTAINTY, FEWEST = 0.3, 2.2, 5
"""The same for several pictures: their mean gain in spreads, that over its standard error, and how many it takes.

In 4,000 samples each of ten upright pictures none was called turned, of five at most 0.1 %; of ten transposed ones 87-96 %
were.
"""

FEWEST_LEFT_OUT = 100


def views(pictures: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The eight views uint8 (N, 8, 28, 28) of prepared pictures uint8 (N, 28, 28), in the order of :data:`VIEWS`."""
    transposed = pictures.transpose(0, 2, 1)
    return np.stack([np.rot90(each, turns, (1, 2)) for each in (pictures, transposed) for turns in range(4)], axis=1)


def familiarity(pictures: NDArray[np.uint8], reader: Reader) -> NDArray[np.float64] | None:
    """How much each view looks like a character: float64 (N, 8); ``None`` where there is no measure for it.

    The largest logit (Hendrycks et al. 2022, "Scaling out-of-distribution detection", MaxLogit), which told turned
    from upright pictures twice as often as the probability did, in spreads (standard deviations) of the largest logits
    of the bundle's left-out pictures.
    """
    measured = _largest(reader)
    if measured is None:
        return None
    largest = reader.logits(views(pictures).reshape(-1, *pictures.shape[1:])).max(axis=1)
    return np.asarray(largest.reshape(len(pictures), len(VIEWS)) / measured.std(), np.float64)


def least_familiar(reader: Reader) -> float:
    """What one in a hundred of the bundle's left-out pictures does not reach, in spreads; minus infinity where there are none."""
    largest = _largest(reader)
    return -np.inf if largest is None else float(np.quantile(largest, 0.01) / largest.std())


def _largest(reader: Reader) -> NDArray[np.float64] | None:
    """The largest logits of the left-out pictures; ``None`` where there are too few to tell their spread."""
    left_out = reader.bundle.manifest.left_out
    if left_out is None or len(left_out) < FEWEST_LEFT_OUT:
        return None
    largest = left_out.logits.astype(np.float64).max(axis=1)
    return largest if largest.std() > 0 else None


def better_view(familiar: NDArray[np.float64]) -> int:
    """The view in which one picture looks far more familiar, of float64 (8,); 0 where it is as given."""
    gains = familiar - familiar[0] - doubts()
    best = int(gains.argmax())
    return best if gains[best] > MARGIN else 0


def common_view(familiar: NDArray[np.float64]) -> int:
    """The view in which several pictures together look more familiar, of float64 (N, 8); 0 where it is as given."""
    if len(familiar) < FEWEST:
        return 0
    # They were turned all at once, so the doubt counts once, not for each.
    gains = familiar - familiar[:, :1] - doubts() / len(familiar)
    best = int(gains.mean(axis=0).argmax())
    mean, error = float(gains[:, best].mean()), max(float(gains[:, best].std(ddof=1)), 0.5) / np.sqrt(len(gains))
    return best if mean > MARGIN_TOGETHER and mean > CERTAINTY * error else 0


def doubts() -> NDArray[np.float64]:
    """The doubt of each view, float64 (8,)."""
    return np.array([view.doubt for view in VIEWS])
