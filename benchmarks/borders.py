"""What a printed box round the character costs: strangers' pictures with borders of 0-6 % drawn on, in both polarities.

The same pictures are read as they are and with each border, so the loss is a paired one. A source that every bundle was
trained on is left out (see `accuracy.py`).
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from figures import command, run, say, show, write
from numpy.typing import NDArray
from sources import SOURCES, asked, bundles_of, hand_out, reading_options, stranger

from inkread import Reader
from inkread.bundle import Bundle
from inkread.datasets import GlyphSet
from inkread.datasets.drawn import with_border
from inkread.evaluation import mcnemar
from inkread.picture import prepare

PERCENTS = (0, 1, 2, 3, 4, 5, 6)
POLARITIES = ("as it is", "inverted")
COUNTED = {"photo-62": "byclass", "digilets": "byclass", "scan-26": "upper", "cards-15": "upper"}
"""The sources that count for the target, with the alphabet of their figure."""
REPORTED = {"cursive-62": "byclass", "alphadigits": "alnum36"}
TARGET = 1.0
NORMAL_95 = 1.959963984540054


@dataclass(frozen=True)
class Row:
    """``loss``: accuracy as they are minus accuracy with the border, in points; ``low`` and ``high``: its 95 % interval.

    ``border``: percent of the picture's longer side; ``polarity``: `as it is` or `inverted`; both empty for the mean over all.
    """

    figure: str
    source: str
    alphabet: str
    pictures: int
    without: float
    with_border: float
    loss: float
    low: float
    high: float
    border: int | None = None
    polarity: str = ""
    p: float | None = None
    target: float | None = None
    note: str = ""


@dataclass(frozen=True, eq=False)
class Hits:
    """Which pictures of a source were read right: ``clean`` bool (N,), ``bordered`` bool (borders x 2 polarities, N)."""

    source: str
    alphabet: str
    clean: NDArray[np.bool_]
    bordered: NDArray[np.bool_]


def hits(reader: Reader, glyphs: GlyphSet, source: str, threads: int) -> Hits:
    """Reads every picture as it is and with each border in each polarity."""
    truth = np.array([reader.alphabet.index(glyphs.alphabet[at]) for at in glyphs.single_labels().tolist()])

    def prepared(at: int) -> NDArray[np.uint8]:
        picture = np.asarray(glyphs.pictures[at])
        framed = [with_border(picture, np.random.default_rng([at, percent]), percent / 100) for percent in PERCENTS]
        seen = [picture, *framed, *(255 - each for each in framed)]
        return np.stack([prepare(each, reader.preparation).picture for each in seen])

    with ThreadPoolExecutor(threads) as pool:
        pictures = np.stack(list(pool.map(prepared, range(len(glyphs)))), axis=1)
    answers = [np.where(each.any(axis=(1, 2)), reader.probabilities(each).argmax(axis=1), -1) for each in pictures]
    right = np.stack(answers) == truth
    return Hits(source, str(reader.alphabet), right[0], right[1:])


def loss(clean: NDArray[np.bool_], bordered: NDArray[np.bool_]) -> dict[str, Any]:
    """The numbers of a row: ``clean`` bool (N,) against ``bordered`` bool (conditions, N), paired by picture.

    The interval is that of a mean of paired differences after Bonett & Price (2012): as if two more pictures had gone
    one either way, so that it is not empty where nothing differs.
    """
    lost = clean.astype(np.float64) - bordered.mean(axis=0)
    more = np.append(lost, (1.0, -1.0))
    half = NORMAL_95 * float(more.std()) / len(more) ** 0.5
    middle = float(more.mean())
    shares = {"without": clean.mean(), "with_border": bordered.mean(), "loss": lost.mean(), "low": middle - half, "high": middle + half}
    return {"pictures": len(clean)} | {name: round(100 * float(share), 2) for name, share in shares.items()}


def rows_of(found: Hits) -> Iterator[Row]:
    """A row for each border and polarity, and one for all of them."""
    common: dict[str, Any] = {
        "source": found.source,
        "alphabet": found.alphabet,
        "note": "selected on" if SOURCES[found.source].selected_on else "",
    }
    for at, bordered in enumerate(found.bordered):
        percent, polarity = PERCENTS[at % len(PERCENTS)], POLARITIES[at // len(PERCENTS)]
        name = f"{found.source}, border {percent} %, {polarity}"
        numbers = loss(found.clean, bordered[None]) | {"p": round(mcnemar(found.clean, bordered).p, 4)}
        yield Row(name, border=percent, polarity=polarity, **common, **numbers)
    target = TARGET if found.source in COUNTED else None
    yield Row(f"{found.source}, all borders", target=target, **common, **loss(found.clean, found.bordered))


def together(every: list[Hits]) -> Iterator[Row]:
    """The row over all pictures of the sources that count for the target."""
    counted = [each for each in every if each.source in COUNTED]
    if counted:
        clean, bordered = np.concatenate([each.clean for each in counted]), np.concatenate([each.bordered for each in counted], axis=1)
        names = "+".join(each.source for each in counted)
        note = "each by the bundle of its own rows"
        yield Row("these strangers together, all borders", names, "", target=TARGET, note=note, **loss(clean, bordered))


def measure(given: argparse.Namespace, bundles: list[Bundle]) -> Iterator[tuple[Row, Bundle]]:
    """All rows, each with the bundle that it was measured with; the last ones with the first of the bundles."""
    every = []
    for source, alphabet in (COUNTED | REPORTED).items():
        if source not in asked(given):
            continue
        bundle = stranger(bundles, given.data / SOURCES[source].path)
        if bundle is None:
            say(f"left out, every bundle was trained on it: {source}")
            continue
        glyphs = hand_out(SOURCES[source], given.data, command(), given.results, given.most)
        every.append(hits(Reader(bundle, alphabet=alphabet, threads=given.threads), glyphs, source, given.threads))
        for row in rows_of(every[-1]):
            yield row, bundle
        say(f"{row.figure}: {row.loss:.2f} points lost of {row.without:.2f} %")
    for row in together(every):
        yield row, bundles[0]


def main() -> None:
    """Measures, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    reading_options(parser, most=2000)
    given = parser.parse_args()
    bundles = bundles_of(given)
    rows = list(measure(given, bundles))
    show([row for row, _ in rows], ("figure", "pictures", "without", "with_border", "loss", "low", "high", "target", "note"))
    print(write(rows, "borders", bundles[0].manifest.name, given.results))


if __name__ == "__main__":
    run(main)
