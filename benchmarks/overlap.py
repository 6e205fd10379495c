"""Near duplicates among hundreds of thousands of pictures: how many planted copies `datasets.near` finds, how fast, in what memory.

The pictures are made from drawn characters, each of them slanted, stretched and moved anew, so that all differ; every
hundredth is a copy of another: recompressed as JPEG, moved by a pixel, with noise, or all of these.
"""

from __future__ import annotations

import argparse
import resource
import time
from dataclasses import dataclass

import numpy as np
from figures import run, show
from numpy.typing import NDArray

from inkread.alphabet import BALANCED_CHARACTERS
from inkread.datasets import near
from inkread.datasets.drawn import drawn
from inkread.preparation import Preparation

KINDS = ("jpeg", "shift", "noise", "all")


@dataclass(frozen=True)
class Row:
    """``value`` in ``unit``; ``target``: at most, for shares at least."""

    figure: str
    pictures: int
    value: float
    unit: str
    target: float | None = None


def many(count: int, characters: str, seed: int = 0) -> NDArray[np.uint8]:
    """``count`` different pictures uint8 (count,28,28)."""
    import cv2

    rng = np.random.default_rng(seed)
    base = np.asarray(drawn(characters, 20, seed).prepared(Preparation()).pictures)
    pictures = np.empty((count, 28, 28), np.uint8)
    for at in range(count):
        slant, wide, tall, turn = rng.uniform((-0.35, 0.75, 0.85, -0.25), (0.35, 1.15, 1.1, 0.25))
        matrix = np.array([[wide, slant], [0, tall]]) @ np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
        offset = np.array([13.5, 13.5]) - matrix @ np.array([13.5, 13.5]) + rng.uniform(-1, 1, 2)
        pictures[at] = cv2.warpAffine(base[at % len(base)], np.hstack([matrix, offset[:, None]]).astype(np.float32), (28, 28))
    return pictures


def copy(picture: NDArray[np.uint8], kind: str, rng: np.random.Generator) -> NDArray[np.uint8]:
    """A near duplicate of one picture."""
    import cv2

    if kind in ("shift", "all"):
        y, x = rng.integers(-1, 2, 2)
        picture = cv2.warpAffine(picture, np.array([[1, 0, x], [0, 1, y]], np.float32), (28, 28))
    if kind in ("jpeg", "all"):
        quality = int(rng.integers(70, 96))
        picture = cv2.imdecode(cv2.imencode(".jpg", picture, (cv2.IMWRITE_JPEG_QUALITY, quality))[1], cv2.IMREAD_GRAYSCALE)
    if kind in ("noise", "all"):
        picture = np.clip(picture + rng.normal(0, 8, picture.shape), 0, 255).astype(np.uint8)
    return picture


def planted(count: int, share: float, characters: str) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64]]:
    """Pictures, the places of the copies among them, and the place that each is a copy of; the kinds take turns."""
    rng = np.random.default_rng(1)
    copies = int(count * share)
    pictures = many(count, characters)
    where = rng.permutation(count)
    places, originals = where[:copies], where[copies : 2 * copies]
    for turn, (place, original) in enumerate(zip(places.tolist(), originals.tolist(), strict=True)):
        pictures[place] = copy(pictures[original], KINDS[turn % len(KINDS)], rng)
    return pictures, places, originals


def measure(count: int) -> list[Row]:
    """Everything, in the order of the file."""
    pictures, places, originals = planted(count, 0.01, BALANCED_CHARACTERS)
    before = resource.getrusage(resource.RUSAGE_SELF)
    began = time.perf_counter()
    pairs = near(pictures)
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_SELF)
    found = set((np.minimum(pairs.first, pairs.second) * count + np.maximum(pairs.first, pairs.second)).tolist())
    hits = np.array([int(min(a, b) * count + max(a, b)) in found for a, b in zip(places.tolist(), originals.tolist(), strict=True)])
    rows = [
        Row("near duplicates, wall", count, round(wall, 1), "s", 300),
        Row("near duplicates, processor time", count, round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 1), "s"),
        Row("memory of the process, pictures included", count, round(after.ru_maxrss / 1e6, 2), "GB", 4),
        Row("planted pairs found", count, round(float(hits.mean()), 5), "share", 0.95),
        Row("pairs found in all", count, len(pairs), "pairs"),
    ]
    return rows + [
        Row(f"planted pairs found: {kind}", count, round(float(hits[at :: len(KINDS)].mean()), 5), "share") for at, kind in enumerate(KINDS)
    ]


def main() -> None:
    """Measures, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=800_000)
    given = parser.parse_args()
    show(measure(given.pictures), ("figure", "pictures", "value", "unit", "target"))


if __name__ == "__main__":
    run(main)
