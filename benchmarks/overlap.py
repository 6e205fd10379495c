"""Near duplicates among hundreds of thousands of pictures: how many planted copies `datasets.near` finds, how fast, in what memory.

The pictures are made from drawn characters, each of them slanted, stretched and moved anew, so that all differ; every
hundredth is a copy of another: recompressed as JPEG, moved by a pixel, with noise, or all of these.
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from figures import RESULTS, run, say, show, write
from numpy.typing import NDArray

from inkread.alphabet import BALANCED_CHARACTERS
from inkread.bundle import load
from inkread.datasets import near
from inkread.datasets.drawn import drawn
from inkread.preparation import Preparation

KINDS = ("jpeg", "shift", "noise", "all")
SHARE = "share"


@dataclass(frozen=True)
class Row:
    """``value`` in ``unit``; ``target``: at most, for shares at least."""

    figure: str
    pictures: int
    value: float
    unit: str
    target: float | None
    load: float


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
    worked = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    told: list[tuple[str, float, str, float | None]] = [
        ("near duplicates, wall", round(wall, 1), "s", 300),
        ("near duplicates, processor time", round(worked, 1), "s", None),
        ("memory of the process, pictures included", round(after.ru_maxrss * 1024 / 1e9, 2), "GB", 4),
        ("planted pairs found", round(float(hits.mean()), 5), SHARE, 0.95),
        ("pairs found in all", len(pairs), "pairs", None),
    ]
    told += [(f"planted pairs found: {kind}", round(float(hits[at :: len(KINDS)].mean()), 5), SHARE, None) for at, kind in enumerate(KINDS)]
    busy = round(os.getloadavg()[0], 1)
    return [Row(figure, count, value, unit, target, busy) for figure, value, unit, target in told]


def main() -> None:
    """Measures, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=800_000)
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder to write to (default: results)")
    given = parser.parse_args()
    bundle = load()  # only its name goes into the file, as in all of them
    rows = measure(given.pictures)
    show(rows, ("figure", "pictures", "value", "unit", "target"))
    write([(row, bundle) for row in rows], "overlap", "made", given.results)
    for row in rows:
        if row.target is not None and (row.value < row.target if row.unit == SHARE else row.value > row.target):
            say(f"missed: {row.figure}: {row.value} {row.unit}, asked for {row.target}")


if __name__ == "__main__":
    run(main)
