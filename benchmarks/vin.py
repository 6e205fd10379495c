"""Whole vehicle identification numbers: how many are right, read box by box and read together with the check digit.

The numbers are made up; each is written with the characters of one of DigiLeTs' 86 writers, drawn anew for each number. Half
of them begin with 1-5 or L and have their check digit, the others begin with S-Z, as Europe's do, and have none.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from figures import command, run, say, show, write
from sources import SOURCES, bundles_of, hand_out, reading_options, stranger

from inkread import Reader
from inkread.alphabet import NAMED
from inkread.bundle import Bundle
from inkread.datasets import GlyphSet
from inkread.errors import DataError
from inkread.evaluation import wilson
from inkread.picture import Prepared
from inkread.reading import VinReading, read_boxes
from inkread.reading.check_digit import CHECK_POSITION, DEMANDING, check_digit

SOURCE, NUMBERS = "digilets", 1000
CHARACTERS = NAMED["vin"].characters
BEGINNINGS = {"with a check digit": DEMANDING, "without": "STUVWXYZ"}


@dataclass(frozen=True)
class Row:
    """``right``: percent of ``numbers`` with all 17 characters right, ``low`` and ``high`` its 95 % interval (Wilson);
    ``characters``: percent of single characters; ``sure``: percent of numbers called sure; ``right_when_sure``: percent of those,
    empty for none; ``probability``: mean of what was told, in percent. The last three are empty for boxes read alone."""

    figure: str
    source: str
    numbers: int
    right: float
    low: float
    high: float
    characters: float
    sure: float | None = None
    right_when_sure: float | None = None
    probability: float | None = None


Hand = dict[str, list[Prepared]]
"""A writer's pictures, by character."""


def hands(glyphs: GlyphSet, reader: Reader) -> list[Hand]:
    """The writers who wrote every character of a VIN."""
    characters = np.array([glyphs.alphabet[at] for at in glyphs.single_labels().tolist()])
    if glyphs.writer is None:
        raise DataError(f"the source does not tell its writers: {glyphs.source}")
    found = []
    for name in np.unique(glyphs.writer):
        own = {each: np.flatnonzero((glyphs.writer == name) & (characters == each)) for each in CHARACTERS}
        if all(len(at) for at in own.values()):
            found.append({each: [reader.prepare(glyphs.pictures[int(at)]) for at in places] for each, places in own.items()})
    return found


def number(first: str, rng: np.random.Generator) -> str:
    """A made-up number that begins with one of ``first``, with its check digit where that is demanded."""
    text = str(rng.choice(list(first))) + "".join(rng.choice(list(CHARACTERS), 16))
    return text if first != DEMANDING else text[: CHECK_POSITION - 1] + check_digit(text) + text[CHECK_POSITION:]


def readings(written: list[Hand], reader: Reader, first: str, numbers: int) -> list[tuple[str, VinReading]]:
    """Numbers and how they were read."""
    rng = np.random.default_rng(0)
    found = []
    for _ in range(numbers):
        text, hand = number(first, rng), written[int(rng.integers(len(written)))]
        boxes = [hand[each][int(rng.integers(len(hand[each])))] for each in text]
        found.append((text, read_boxes(boxes, reader)))
    return found


def rows_of(kind: str, found: list[tuple[str, VinReading]]) -> Iterator[Row]:
    """Read alone, and read together."""
    sure = np.array([each.sure for _, each in found])
    together = np.array([each.text == text for text, each in found])
    judged: dict[str, Any] = {
        "sure": _percent(float(sure.mean()))[0],
        "right_when_sure": _percent(float(together[sure].mean()))[0] if sure.any() else None,
        "probability": _percent(float(np.mean([each.probability for _, each in found])))[0],
    }
    answers = {"each box alone": [each.read_as for _, each in found], "read together": [each.text for _, each in found]}
    for way, told in answers.items():
        right = np.array([answer == text for answer, (text, _) in zip(told, found, strict=True)])
        single = np.mean([a == b for answer, (text, _) in zip(told, found, strict=True) for a, b in zip(answer, text, strict=True)])
        row = Row(
            f"VIN {kind}, {way}", SOURCE, len(found), *_percent(float(right.mean()), *wilson(int(right.sum()), len(right)), float(single))
        )
        yield replace(row, **judged) if way == "read together" else row


def _percent(*shares: float) -> list[float]:
    return [round(100.0 * each, 2) for each in shares]


def measure(given: argparse.Namespace, bundle: Bundle) -> list[Row]:
    """All rows."""
    reader = Reader(bundle, alphabet="vin", threads=given.threads)
    glyphs = hand_out(SOURCES[SOURCE], given.data, command(), given.results, given.most)
    written = hands(glyphs, reader)
    say(f"{len(written)} writers")
    return [row for kind, first in BEGINNINGS.items() for row in rows_of(kind, readings(written, reader, first, given.numbers))]


def main() -> None:
    """Measures, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    reading_options(parser)
    parser.add_argument("--numbers", type=int, default=NUMBERS, help=f"how many numbers of each kind (default: {NUMBERS})")
    given = parser.parse_args()
    bundle = stranger(bundles_of(given), given.data / SOURCES[SOURCE].path)
    if bundle is None:
        raise DataError(f"every bundle was trained on it: {SOURCES[SOURCE].path}")
    rows = measure(given, bundle)
    show(rows, ("figure", "numbers", "right", "low", "high", "characters", "sure", "right_when_sure", "probability"))
    print(write([(row, bundle) for row in rows], "vin", SOURCE, given.results))


if __name__ == "__main__":
    run(main)
