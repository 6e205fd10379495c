"""Which way many pictures lie: the evidence of all eight views, for data whose orientation nobody told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError
from .orientation import CERTAINTY, FEWEST, MARGIN_TOGETHER, VIEWS, doubts, familiarity, views
from .reader import Reader

MARGIN_RIGHT = 0.1
"""The share by which more pictures must be read as they are labelled in the best view than in the second best."""


@dataclass(frozen=True)
class Facing:
    """What a reader makes of pictures in the eight views, which are named in ``views`` ("as given" first).

    ``best``: the view they are read best in; ``sure``: whether no other view comes near it. ``gains``: how much more
    familiar they look in each view than as given, in spreads (:func:`familiarity`), None where the bundle has no measure.
    ``right``: the share read as it is labelled in each view, None without labels. ``answers``: what each picture is
    read as in the best view.
    """

    views: tuple[str, ...]
    best: int
    sure: bool
    gains: tuple[float, ...] | None
    right: tuple[float, ...] | None
    answers: tuple[str, ...]

    @property
    def says(self) -> str:
        """The best view in words."""
        return self.views[self.best]


def facing(prepared: NDArray[np.uint8], labels: Sequence[str] | None, reader: Reader) -> Facing:
    """The evidence of prepared pictures uint8 (N, 28, 28), none of them blank.

    ``labels``: of one or more characters each; they tell far more than the look alone, and decide where they are given
    and most are read right in some view. :class:`DataError` for no picture.
    """
    if not len(prepared):
        raise DataError("there is no picture with ink to judge by")
    familiar = familiarity(prepared, reader)
    probabilities = reader.probabilities(views(prepared).reshape(-1, *prepared.shape[1:])).reshape(len(prepared), len(VIEWS), -1)
    answers = probabilities.argmax(axis=2)
    right = None if labels is None else _right(answers, labels, reader)
    best, sure = _by_look(familiar)
    if right is not None and right.mean(axis=0).max() > 0.5:
        best, sure = _by_labels(right)
    return Facing(
        tuple(each.says for each in VIEWS),
        best,
        sure and len(prepared) >= FEWEST,
        None if familiar is None else tuple((familiar - familiar[:, :1]).mean(axis=0).tolist()),
        None if right is None else tuple(right.mean(axis=0).tolist()),
        tuple(reader.alphabet[int(at)] for at in answers[:, best]),
    )


def _right(answers: NDArray[np.int64], labels: Sequence[str], reader: Reader) -> NDArray[np.bool_]:
    """Whether each picture (N, 8) is read as it is labelled, whatever its case."""
    folded = [set(label.casefold()) for label in labels]
    told = [{member.casefold() for member in members} for members in reader.alphabet.stands_for]
    return np.array([[bool(told[at] & label) for at in row] for row, label in zip(answers.tolist(), folded, strict=True)], np.bool_)


def _by_look(familiar: NDArray[np.float64] | None) -> tuple[int, bool]:
    if familiar is None:
        return 0, False
    best = int((familiar.mean(axis=0) - doubts() / len(familiar)).argmax())
    return best, _ahead(familiar, best, MARGIN_TOGETHER)


def _by_labels(right: NDArray[np.bool_]) -> tuple[int, bool]:
    best = int(right.mean(axis=0).argmax())
    return best, _ahead(right.astype(np.float64), best, MARGIN_RIGHT)


def _ahead(scores: NDArray[np.float64], best: int, margin: float) -> bool:
    """Whether one view's scores (N, 8) lie above those of every other by more than chance and the margin."""
    ahead = scores[:, [best]] - np.delete(scores, best, axis=1)
    error = ahead.std(axis=0) / np.sqrt(len(scores)) + 1e-9
    return bool(((ahead.mean(axis=0) > margin) & (ahead.mean(axis=0) > CERTAINTY * error)).all())
