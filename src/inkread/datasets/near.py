"""Near duplicates: which pictures of two large sets are the same but for recompression, noise or a shift of one pixel.

Comparing all with all would take weeks, so candidates are found first. A picture's low frequencies are measured from
its centre of mass (the phases of its Fourier transform are turned back by it): that changes by nothing when the ink
moves and by little when it is recompressed. Neighbours in that space are looked up in cells (an inverted file with
several cells probed: Jégou, Douze and Schmid 2011, "Product quantization for nearest neighbor search", section IV),
and every candidate is then compared pixel by pixel.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from ..errors import PictureError
from .cells import Cells
from .parallel import in_parallel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .lazy import Pictures

    Floats: TypeAlias = NDArray[np.float32]

MOST = 8.0
"""Grey levels that two near duplicates differ by at most, on the average of their pixels."""

SHIFT = 1
"""Pixels by which one of them may be moved."""

FLOOR = 24
"""Grey levels beside the paper's (the median of a picture's edge) that count as noise when candidates are looked for."""

FREQUENCIES = 3.2
"""Waves over the longer side up to which a picture is described."""

RADIUS = 18.0
"""How far apart two descriptions of near duplicates may lie, in grey levels (root mean square over the picture)."""

CANDIDATES = 24
"""How many of the nearest are compared pixel by pixel, so that a thousand ones, all alike, do not become a million pairs."""

BLOCK = 4096


@dataclass(frozen=True, eq=False)
class Pairs:
    """P pairs of near duplicates: ``first`` and ``second`` int64 (P,), places in either set; ``distance`` float32 (P,), 0..8."""

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    distance: Floats

    def __len__(self) -> int:
        return len(self.first)


def near(pictures: Pictures, others: Pictures | None = None, *, advance: Callable[[int], None] = lambda count: None) -> Pairs:
    """Pairs of pictures of one size that differ by at most :data:`MOST` grey levels in the mean, one of them moved by at
    most :data:`SHIFT` pixels (its edge repeated).

    ``others``: a second set; without it pairs within the first, each once with ``first < second``. Of very many that are
    alike only some pairs are given: for each picture those with its :data:`CANDIDATES` nearest. ``advance`` is told
    how many of ``pictures`` are done. One that cannot be decoded is near to none.
    """
    found: list[tuple[NDArray[np.int64], NDArray[np.int64], Floats]] = []
    theirs = None if others is None else _by_size(others)
    for size, places in _by_size(pictures).items():
        beside = None if theirs is None else theirs.get(size)
        if len(places) and (theirs is None or (beside is not None and len(beside))):
            ours = _Group(pictures, places)
            first, second = _candidates(ours, None if others is None or beside is None else _Group(others, beside))
            source = pictures if others is None else others
            distance = _distances(pictures, places[first], source, (places if beside is None else beside)[second])
            kept = distance <= MOST
            found.append((places[first[kept]], (places if beside is None else beside)[second[kept]], distance[kept]))
        advance(len(places))
    empty = (np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.float32))
    return Pairs(*(np.concatenate(each) for each in zip(*found, strict=True)) if found else empty)


def distance(picture: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """The mean absolute difference in grey levels of two pictures uint8 (H,W), the other moved by up to :data:`SHIFT` pixels."""
    return float(_compare(picture[None], other[None])[0])


@dataclass(frozen=True, eq=False)
class _Group:
    """The pictures of one size of a set, which are read in blocks: a set may be larger than the memory."""

    pictures: Pictures
    places: NDArray[np.int64]

    def blocks(self) -> Iterator[NDArray[np.uint8]]:
        for start in range(0, len(self.places), BLOCK):
            yield taken(self.pictures, self.places[start : start + BLOCK])

    def described(self) -> Floats:
        return np.concatenate(list(in_parallel(describe, self.blocks())))


def taken(pictures: Pictures, places: NDArray[np.int64]) -> NDArray[np.uint8]:
    """The pictures at these places, all of one size, as one array uint8 (n,H,W)."""
    return np.asarray(pictures[places]) if isinstance(pictures, np.ndarray) else np.stack([pictures[int(at)] for at in places])


def _by_size(pictures: Pictures) -> dict[tuple[int, ...], NDArray[np.int64]]:
    if isinstance(pictures, np.ndarray):
        return {pictures.shape[1:]: np.arange(len(pictures))}
    groups: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for at in range(len(pictures)):
        with suppress(PictureError):
            groups[pictures[at].shape].append(at)
    return {size: np.array(places) for size, places in groups.items()}


def describe(pictures: NDArray[np.uint8]) -> Floats:
    """What stays the same when the ink moves, float32 (n,D): Euclidean distances are in grey levels, root mean square."""
    count, height, width = pictures.shape
    flat = pictures.reshape(count, -1).astype(np.int16)
    edge = np.concatenate([pictures[:, 0], pictures[:, -1], pictures[:, :, 0], pictures[:, :, -1]], axis=1)
    paper = np.partition(edge, edge.shape[1] // 2, axis=1)[:, edge.shape[1] // 2]
    ink = np.maximum(np.abs(flat - paper[:, None]), FLOOR).astype(np.float32) - np.float32(FLOOR)
    waves, moments = _waves(height, width)
    total, across, down = (ink @ moments).T
    safe = np.maximum(total, 1.0)
    u, v = waves.frequencies
    angle = 2 * np.pi * (np.outer(across / safe, u) / width + np.outer(down / safe, v) / height)
    real, imaginary = ink @ waves.cosines, ink @ waves.sines
    cosine, sine = np.cos(angle), np.sin(angle)
    pixels = height * width
    turned = (real * cosine - imaginary * sine, real * sine + imaginary * cosine)
    # Each wave stands for its twin of opposite frequency too, hence the root of two (Parseval).
    return np.hstack([total[:, None] / pixels, *(each * np.float32(np.sqrt(2) / pixels) for each in turned)]).astype(np.float32)


@dataclass(frozen=True, eq=False)
class _Waves:
    frequencies: tuple[Floats, Floats]
    cosines: Floats
    sines: Floats


def _waves(height: int, width: int) -> tuple[_Waves, Floats]:
    """Cosines and sines (H*W,M) of every wave in half of the plane (the other half mirrors it), and 1, x, y (H*W,3)."""
    reach = int(FREQUENCIES)
    pairs = [(u, v) for v in range(reach + 1) for u in range(-reach, reach + 1) if 0 < np.hypot(u, v) <= FREQUENCIES and (v > 0 or u > 0)]
    u, v = np.array(pairs, np.float32).T
    y, x = (each.ravel().astype(np.float32) for each in np.mgrid[:height, :width])
    angle = 2 * np.pi * (np.outer(x, u) / width + np.outer(y, v) / height)
    waves = _Waves((u, v), np.cos(angle).astype(np.float32), -np.sin(angle).astype(np.float32))
    return waves, np.stack([np.ones_like(x), x, y], axis=1)


def _candidates(ours: _Group, theirs: _Group | None) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Places in the two groups that are worth comparing; within one group each pair once, the lower place first."""
    described = ours.described()
    cells = Cells.of(described if theirs is None else theirs.described())
    first, second = cells.within(described, RADIUS, CANDIDATES)
    if theirs is None:
        low, high = np.minimum(first, second), np.maximum(first, second)
        keys = np.unique((low * len(described) + high)[low != high])
        first, second = np.divmod(keys, len(described))
    return first, second


def _distances(pictures: Pictures, first: NDArray[np.int64], others: Pictures, second: NDArray[np.int64]) -> Floats:
    starts = range(0, len(first), BLOCK)

    def work(start: int) -> Floats:
        rows = slice(start, start + BLOCK)
        return _compare(taken(pictures, first[rows]), taken(others, second[rows]))

    parts: Sequence[Floats] = list(in_parallel(work, starts))
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)


def _compare(pictures: NDArray[np.uint8], others: NDArray[np.uint8]) -> Floats:
    """The smallest mean absolute difference over all shifts, float32 (n,), of uint8 (n,H,W) each."""
    import cv2

    count, height, width = pictures.shape
    flat = np.ascontiguousarray(pictures).reshape(count, -1)
    edged = np.pad(others, ((0, 0), (SHIFT, SHIFT), (SHIFT, SHIFT)), mode="edge")
    least = np.full(count, np.inf, np.float32)
    for y in range(2 * SHIFT + 1):
        for x in range(2 * SHIFT + 1):
            moved = np.ascontiguousarray(edged[:, y : y + height, x : x + width]).reshape(count, -1)
            total = cv2.reduce(cv2.absdiff(flat, moved), 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S)
            np.minimum(least, total[:, 0].astype(np.float32) / np.float32(height * width), out=least)
    return least
