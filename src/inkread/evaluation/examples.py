"""Single pictures of a test, as they are shown: what each is, what it was read as, what it resembles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from ..alphabet import Alphabet
from .given import Labelled, Pictures
from .plain import fields_of
from .view import View, targets_in

SIDE = 28
MOST_SEARCHED = 100_000
"""Training pictures, at most, among which the nearest is looked for: of a larger set so many are drawn, seeded."""

CHUNK = 256

SAME = 1e-4
"""Squared distance at half resolution below which two pictures are one and the same: under a fifth of a grey level."""


@dataclass(frozen=True, eq=False)
class Nearest:
    """The training picture nearest to another. ``index``: its place in the training source. ``label``: what it is.
    ``distance``: root mean square over the pixels, in shares of full ink 0..1, both seen at half resolution.
    ``picture``: uint8 (28,28); not in JSON."""

    index: int
    label: str
    distance: float
    picture: NDArray[np.uint8] = field(repr=False)

    def as_dict(self) -> dict[str, object]:
        """As plain values, for JSON."""
        return fields_of(self)


@dataclass(frozen=True, eq=False)
class Example:
    """One picture of the test.

    ``index``: its place in the source. ``truth``: what it is, several characters where known up to them; ``answer``: what
    it was read as, empty for no answer. ``probability``: of the answer, ``truth_probability``: of the truth (None where
    the model gave classes only). ``name``, ``source``, ``writer``: empty where not known. ``picture``: uint8 (28,28) or
    None; not in JSON. ``nearest``: the nearest training picture, or None. ``blank``: there is a picture, and no ink on it.
    """

    index: int
    truth: str
    answer: str
    probability: float | None
    truth_probability: float | None
    name: str = ""
    source: str = ""
    writer: str = ""
    picture: NDArray[np.uint8] | None = field(default=None, repr=False)
    nearest: Nearest | None = None

    @property
    def blank(self) -> bool:
        return self.picture is not None and not self.picture.any()

    def as_dict(self) -> dict[str, object]:
        """As plain values, for JSON."""
        return {name: value for name, value in fields_of(self).items() if name != "picture"} | {"blank": self.blank}


def example(seen: View, labelled: Labelled, at: int) -> Example:
    """The picture at a place of the view."""
    row = int(seen.rows[at])
    sure = seen.answered.sure
    return Example(
        index=row,
        truth=seen.label(at),
        answer=seen.answer(at),
        probability=float(seen.confidence[at]) if sure else None,
        truth_probability=float(seen.probabilities[at, seen.targets[at]].sum()) if sure else None,
        name="" if labelled.names is None else labelled.names[row],
        source="" if labelled.sources is None else str(labelled.sources[row]),
        writer="" if labelled.writers is None else str(labelled.writers[row]),
        picture=None if labelled.pictures is None else np.asarray(labelled.pictures[row]),
    )


def surest_mistakes(seen: View, labelled: Labelled, most: int, without: NDArray[np.bool_] | None = None) -> tuple[Example, ...]:
    """The wrong answers of the highest probability, surest first; ``without``: bool (M,), pictures that are told elsewhere."""
    wrong = ~seen.right & (seen.answers >= 0)
    if without is not None:
        wrong &= ~without
    return surest(seen, labelled, np.flatnonzero(wrong), most)


def surest(seen: View, labelled: Labelled, places: NDArray[np.int64], most: int) -> tuple[Example, ...]:
    """Those of the pictures at these places whose answers have the highest probability, surest first."""
    order = places[np.argsort(-seen.confidence[places], kind="stable")[:most]]
    return tuple(example(seen, labelled, at) for at in order.tolist())


def taken(pictures: Pictures, rows: Sequence[int] | NDArray[np.integer]) -> NDArray[np.uint8]:
    """The pictures at these places as one array uint8 (n,28,28)."""
    if isinstance(pictures, np.ndarray):
        return np.asarray(pictures[np.asarray(rows, np.int64)])
    return np.stack([np.asarray(pictures[int(at)]) for at in rows]) if len(rows) else np.zeros((0, SIDE, SIDE), np.uint8)


def blank(labelled: Labelled, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of the pictures at these places have no ink, bool (n,); none where there are no pictures."""
    if labelled.pictures is None:
        return np.zeros(len(rows), np.bool_)
    found = [~taken(labelled.pictures, rows[at : at + 4096]).any(axis=(1, 2)) for at in range(0, len(rows), 4096)]
    return np.concatenate(found) if found else np.zeros(0, np.bool_)


def halved(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Pictures uint8 (n,28,28) at half resolution as rows float32 (n,196) in 0..1: a shift of a pixel then changes little."""
    small = pictures.reshape(len(pictures), SIDE // 2, 2, SIDE // 2, 2).mean(axis=(2, 4), dtype=np.float32)
    return np.asarray(small.reshape(len(pictures), (SIDE // 2) ** 2) / np.float32(255))


def squared_distances(first: NDArray[np.float32], second: NDArray[np.float32]) -> NDArray[np.float32]:
    """Squared Euclidean distances (n,m) of rows (n,D) and (m,D)."""
    cross = first @ second.T
    both = (first * first).sum(axis=1)[:, None] + (second * second).sum(axis=1)[None, :]
    return np.asarray(np.maximum(both - 2 * cross, 0), np.float32)


class Gallery:
    """The training pictures, ready to be searched by their looks. :data:`MOST_SEARCHED` of them at most."""

    def __init__(self, training: Labelled, seed: int = 0) -> None:
        assert training.pictures is not None
        rows = np.arange(len(training))
        if len(rows) > MOST_SEARCHED:
            rows = np.sort(np.random.default_rng(seed).choice(rows, MOST_SEARCHED, replace=False))
        self._training, self._rows = training, rows
        parts = [halved(taken(training.pictures, rows[at : at + 4096])) for at in range(0, len(rows), 4096)]
        self._small: NDArray[np.float32] = np.concatenate(parts)

    def with_nearest(self, examples: Sequence[Example], alphabet: Alphabet) -> tuple[Example, ...]:
        """The examples, each with the nearest training picture that is not the very same picture.

        Its label is told as ``alphabet`` has it, and as it is where that has none.
        """
        found: list[Example] = []
        for start in range(0, len(examples), CHUNK):
            some = examples[start : start + CHUNK]
            shown = [each.picture for each in some if each.picture is not None]
            if len(shown) < len(some):
                return tuple(examples)
            distances = squared_distances(halved(np.stack(shown)), self._small) if shown else np.zeros((0, 1), np.float32)
            distances[distances < SAME] = np.inf  # a picture that is in both would only show itself
            found += [replace(each, nearest=self._nearest(row, alphabet)) for each, row in zip(some, distances, strict=True)]
        return tuple(found)

    def _nearest(self, distances: NDArray[np.float32], alphabet: Alphabet) -> Nearest:
        assert self._training.pictures is not None
        at = int(distances.argmin())
        row = int(self._rows[at])
        picture = np.asarray(self._training.pictures[row])
        itself = Labelled(self._training.targets[row : row + 1], self._training.alphabet)
        told = "".join(alphabet[each] for each in np.flatnonzero(targets_in(itself, alphabet)[0]).tolist())
        return Nearest(row, told or itself.label(0), float(np.sqrt(distances[at] / self._small.shape[1])), picture)
