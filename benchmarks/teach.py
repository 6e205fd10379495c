"""What teaching is worth: a few pictures per character of one writer, scored on the rest of that writer's pictures.

The writers are DigiLeTs' (86 hands, never trained on, and nothing was chosen by them); the settings of teaching were chosen
on UNIPEN's. The interval comes from drawing the writers anew (bootstrap), since pictures of one hand are not independent.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from figures import command, run, say, show, write
from numpy.typing import NDArray
from sources import SOURCES, bundles_of, hand_out, reading_options, stranger

from inkread import Reader
from inkread.bundle import Bundle
from inkread.datasets import GlyphSet
from inkread.errors import DataError
from inkread.reading import teach

SOURCE, SHOTS, WRITERS, DRAWS = "digilets", 3, 20, 10_000
AIM = 50.0
CASES = {"keep": "62 classes", "upper": "36 classes"}


@dataclass(frozen=True)
class Row:
    """Errors in percent of the ``pictures`` scored; ``gone``: the share of the errors that teaching took away, in percent,
    with its 95 % interval; ``told``: what `inkread teach` itself told of the new error, mean over the writers."""

    figure: str
    source: str
    case: str
    writers: int
    taught: int
    pictures: int
    error_before: float
    error_after: float
    gone: float
    low: float
    high: float
    aim: float
    told: float | None
    seconds: float


@dataclass(frozen=True, eq=False)
class Writer:
    """One writer: errors by case policy ``before`` and ``after``, of ``pictures``; how many were ``taught``; the error that
    teaching ``told``; and how many ``seconds`` it took."""

    before: dict[str, int]
    after: dict[str, int]
    pictures: int
    taught: int
    told: float
    seconds: float


def divided(labels: NDArray[np.int64], shots: int, rng: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where the pictures stand that teach, ``shots`` per class that has more, and those of the same classes that are left."""
    each = [rng.permutation(np.flatnonzero(labels == label)) for label in np.unique(labels)]
    enough = [own for own in each if len(own) > shots]
    if not enough:
        raise DataError(f"no character of this writer has more than {shots} pictures")
    return np.concatenate([own[:shots] for own in enough]), np.concatenate([own[shots:] for own in enough])


def measured(bundle: Bundle, glyphs: GlyphSet, rng: np.random.Generator, threads: int) -> Writer:
    """Teaches the pictures of one writer, prepared, and scores the rest."""
    labels, pictures = glyphs.single_labels(), np.asarray(glyphs.pictures)
    taught, rest = divided(labels, SHOTS, rng)
    began = perf_counter()
    found = teach(bundle, list(pictures[taught]), [glyphs.alphabet[at] for at in labels[taught].tolist()])
    seconds = perf_counter() - began
    truth = [glyphs.alphabet[at] for at in labels[rest].tolist()]
    before, after = (
        {case: _errors(Reader(each, case=case, threads=threads), pictures[rest], truth) for case in CASES}
        for each in (bundle, found.bundle)
    )
    told = 1.0 - found.after.accuracy if found.after else np.nan
    return Writer(before, after, len(rest), len(taught), told, seconds)


def _errors(reader: Reader, pictures: NDArray[np.uint8], truth: list[str]) -> int:
    answers = reader.probabilities(pictures).argmax(axis=1)
    return int(sum(answer != reader.alphabet.index(each) for answer, each in zip(answers.tolist(), truth, strict=True)))


def gone(before: NDArray[np.int64], after: NDArray[np.int64]) -> tuple[float, float, float]:
    """The share of errors (writers,) that went away, in percent, and its 95 % interval from drawing the writers anew."""
    drawn = np.random.default_rng(0).integers(0, len(before), (DRAWS, len(before)))
    shares = 100.0 * (1.0 - after[drawn].sum(axis=1) / np.maximum(before[drawn].sum(axis=1), 1))
    low, high = np.percentile(shares, (2.5, 97.5))
    return 100.0 * float(1.0 - after.sum() / max(int(before.sum()), 1)), float(low), float(high)


def rows_of(writers: list[Writer]) -> Iterator[Row]:
    """A row for each case policy."""
    pictures, taught = (sum(getattr(each, name) for each in writers) for name in ("pictures", "taught"))
    seconds = round(float(np.median([each.seconds for each in writers])), 2)
    for case, name in CASES.items():
        before, after = (np.array([getattr(each, when)[case] for each in writers]) for when in ("before", "after"))
        share, low, high = (round(each, 1) for each in gone(before, after))
        told = round(100.0 * float(np.mean([each.told for each in writers])), 2) if case == "keep" else None
        yield Row(
            figure=f"{SOURCE}, {SHOTS} pictures per character, {name}",
            source=SOURCE,
            case=case,
            writers=len(writers),
            taught=taught,
            pictures=pictures,
            error_before=round(100.0 * float(before.sum()) / pictures, 2),
            error_after=round(100.0 * float(after.sum()) / pictures, 2),
            gone=share,
            low=low,
            high=high,
            aim=AIM,
            told=told,
            seconds=seconds,
        )


def chosen(glyphs: GlyphSet, count: int) -> list[GlyphSet]:
    """The pictures of ``count`` writers, chosen by chance, always the same ones."""
    if glyphs.writer is None:
        raise DataError(f"the source does not tell its writers: {glyphs.source}")
    names = np.random.default_rng(0).permutation(np.unique(glyphs.writer))[:count]
    return [glyphs.take(glyphs.writer == name) for name in names]


def main() -> None:
    """Measures, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    reading_options(parser)
    parser.add_argument("--writers", type=int, default=WRITERS, help=f"how many writers, chosen by chance (default: {WRITERS})")
    given = parser.parse_args()
    source = SOURCES[SOURCE]
    bundle = stranger(bundles_of(given), given.data / source.path)
    if bundle is None:
        raise DataError(f"every bundle was trained on it: {source.path}")
    glyphs = hand_out(source, given.data, command(), given.results, given.most)
    writers = []
    for at, own in enumerate(chosen(glyphs, given.writers)):
        writers.append(measured(bundle, own.prepared(bundle.manifest.preparation), np.random.default_rng([0, at]), given.threads))
        say(f"writer {at + 1}: {writers[-1].before['keep']} errors before, {writers[-1].after['keep']} after, of {writers[-1].pictures}")
    rows = list(rows_of(writers))
    show(rows, ("figure", "writers", "pictures", "error_before", "error_after", "gone", "low", "high", "aim", "told", "seconds"))
    print(write([(row, bundle) for row in rows], "teach", SOURCE, given.results))


if __name__ == "__main__":
    run(main)
