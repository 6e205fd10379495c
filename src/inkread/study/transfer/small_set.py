"""The small set as networks see it, and what a body says of it; both are made once for all rows that ask for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ...alphabet import alphabet, conversion
from ...datasets import GlyphSet, file_digest, load, path_digest, places
from ...errors import DataError
from ...evaluation import softmax
from ...picture import stretched
from ...preparation import Preparation
from .asked import Transfer

if TYPE_CHECKING:
    from ...networks import Size
    from ...training import Run

MARGIN = 0.2
"""Paper added at each edge, as a share of the longer side: a letter that fills its picture then fills five sevenths."""


@dataclass(frozen=True, eq=False)
class SmallSet:
    """``pictures`` uint8 (N,28,28) and ``labels`` int64 (N,), indices into ``characters``."""

    pictures: NDArray[np.uint8]
    labels: NDArray[np.int64]
    characters: str

    def targets(self) -> NDArray[np.bool_]:
        """Bool (N,K), one true a row."""
        return np.eye(len(self.characters), dtype=np.bool_)[self.labels]


@dataclass(frozen=True, eq=False)
class Body:
    """A trained network on the small set: ``probabilities`` float64 (N,K) over its alphabet, ``features`` float32 (N,D)."""

    run: Run
    probabilities: NDArray[np.float64]
    features: NDArray[np.float32]
    size: Size


def small_set(asked: Transfer) -> SmallSet:
    """The pictures of ``asked``, prepared as it says and as its body wants them.

    :class:`DataError` where a picture has no label or several, or a class fewer pictures than there are folds.
    """
    digests = tuple(path_digest(each.path) for each in places(asked.data))
    return _small_set(asked.data, digests, asked.alphabet, asked.preparation, _preparation(asked.body), asked.folds)


def body_on(asked: Transfer, shown: SmallSet) -> Body:
    """What the body of ``asked`` says of the set."""
    assert asked.body is not None, "every method but one has a body"
    return _body(asked.body, file_digest(asked.body / "weights.safetensors"), shown)


def _preparation(body: Path | None) -> Preparation:
    from ...training import Run

    return Run(body).recipe.preparation if body else Preparation()


# keyed by what the files hold, so that nothing of an earlier content is ever given
@lru_cache(maxsize=4)
def _small_set(data: str, digests: tuple[str, ...], answers: str, how: str, preparation: Preparation, folds: int) -> SmallSet:
    told = alphabet(answers)
    if how == "prepared":
        glyphs = load(data, alphabet=told, preparation=preparation, unknown="leave out")
    else:
        raw = load(data, alphabet=told, preparation=None, unknown="leave out")
        given = [np.asarray(each) for each in raw.pictures]
        glyphs = _padded(raw, given, preparation) if how == "padded" else _stretched(raw, given, preparation.side)
    labels = glyphs.single_labels()
    if (labels < 0).any():
        raise DataError(f"pictures that are of no class or of several: {int((labels < 0).sum())} in {data}")
    counts = np.bincount(labels, minlength=len(told))
    fewest = int(counts[counts > 0].min())
    if fewest < folds:
        raise DataError(f"{folds} folds need as many pictures of each class, one has {fewest}: {data}", "ask for fewer folds")
    return SmallSet(np.ascontiguousarray(glyphs.pictures), labels, told.characters)


def _padded(raw: GlyphSet, given: Sequence[NDArray[np.uint8]], preparation: Preparation) -> GlyphSet:
    """With a margin in the grey that most of the set's pixels have, which is the paper's; then prepared."""
    paper = np.bincount(np.concatenate([each.ravel() for each in given]), minlength=256).argmax()
    padded = [np.pad(each, round(MARGIN * max(each.shape)), constant_values=paper) for each in given]
    return replace(raw, pictures=padded).prepared(preparation)


def _stretched(raw: GlyphSet, given: Sequence[NDArray[np.uint8]], side: int) -> GlyphSet:
    return replace(raw, pictures=np.stack([stretched(each, side) for each in given]))


@lru_cache(maxsize=8)
def _body(folder: Path, digest: str, shown: SmallSet) -> Body:
    from ...networks import size
    from ...training import Run, logits_and_features_of

    run = Run(folder)
    network = run.network()
    logits, features = logits_and_features_of(network, shown.pictures)
    return Body(run, softmax(logits.astype(np.float64)), features, size(network))


def restricted(probabilities: NDArray[np.float64], told: str, wanted: str) -> NDArray[np.float64]:
    """Probabilities (N,K) over the alphabet ``wanted`` of those over ``told``: mass outside is left out, then they are normalised."""
    return conversion(told, wanted).restrict(probabilities)[0]
