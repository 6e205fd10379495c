"""How often `inkread doctor` cries wolf, and how often it notices: pictures as they are, and altered on purpose.

photo-62 and cards-15, on which its margins were chosen, read by a bundle that was not trained on them, and drawn pictures.
A twin judges by the reader's own left-out pictures, as the reader does: its own may come from kinder sources.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from figures import command, run, say, show, write
from numpy.typing import NDArray
from sources import SOURCES, bundles_of, hand_out, reading_options, stranger

from inkread import Reader
from inkread.bundle import Bundle
from inkread.datasets import GlyphSet
from inkread.datasets.drawn import drawn
from inkread.evaluation import wilson
from inkread.reading import Diagnosis, diagnose, turned_together

Picture = NDArray[np.uint8]
FALSE_ALARMS = ("turned", "strange", "several", "blank")
DOUBTS = ("unsure", "look_alikes")
GROUP = 10
"""Pictures that are judged together."""


@dataclass(frozen=True)
class Row:
    """``share``: percent of the pictures (or groups of ten) of which it was told; ``low`` and ``high``: its 95 % interval."""

    figure: str
    source: str
    altered: str
    told: str
    pictures: int
    share: float
    low: float
    high: float
    note: str = ""


def abreast(picture: Picture, other: Picture) -> Picture:
    """Two pictures side by side, the second brought to the paper and the height of the first."""
    paper = int(np.median(picture))
    shifted = np.clip(other.astype(np.int16) - int(np.median(other)) + paper, 0, 255).astype(np.uint8)
    tall = max(len(picture), len(other))
    padded = [np.pad(each, ((0, tall - len(each)), (0, 0)), constant_values=paper) for each in (picture, shifted)]
    return np.concatenate(padded, axis=1)


ALTERED: dict[str, tuple[str, Callable[[Picture, Picture], Picture]]] = {
    "transposed": ("turned", lambda picture, other: np.ascontiguousarray(picture.T)),
    "turned a quarter": ("turned", lambda picture, other: np.ascontiguousarray(np.rot90(picture))),
    "upside down": ("turned", lambda picture, other: np.ascontiguousarray(picture[::-1, ::-1])),
    "mirrored": ("turned", lambda picture, other: np.ascontiguousarray(picture[:, ::-1])),
    "two side by side": ("several", abreast),
    "paper alone": ("blank", lambda picture, other: np.full_like(picture, int(np.median(picture)))),
}
"""What is done to a picture, given another one of its source, and what the doctor should say of it."""


def row(source: str, altered: str, told: str, hits: list[bool], note: str) -> Row:
    """One row of counts."""
    low, high = wilson(sum(hits), len(hits))
    shares = (round(100 * each, 2) for each in (sum(hits) / len(hits), low, high))
    return Row(f"{source}, {altered}: {told}", source, altered, told, len(hits), *shares, note)


def rows_of(source: str, glyphs: GlyphSet, reader: Reader, note: str) -> Iterator[Row]:
    """Every figure of one source."""
    pictures = [np.asarray(glyphs.pictures[at]) for at in range(len(glyphs))]
    upright = [diagnose(each, reader, occluded=False) for each in pictures]
    for code in FALSE_ALARMS:
        yield row(source, "as given", code, [code in codes(each) for each in upright], note)
    yield row(source, "as given", "anything suspicious", [each.suspicious for each in upright], note)
    others = [any(finding.suspicious and finding.code not in DOUBTS for finding in each.findings) for each in upright if each.sure]
    yield row(source, "as given and sure", "anything suspicious", others, note)
    yield row(source, "as given, ten together", "turned", together(upright), note)
    for altered, (code, change) in ALTERED.items():
        found = [diagnose(change(each, pictures[at - 1]), reader, occluded=False) for at, each in enumerate(pictures)]
        yield row(source, altered, code, [code in codes(each) for each in found], note)
        if code == "turned":
            yield row(source, f"{altered}, ten together", code, together(found), note)


def codes(diagnosis: Diagnosis) -> set[str]:
    """The names of what was found."""
    return {finding.code for finding in diagnosis.findings}


def together(diagnoses: list[Diagnosis]) -> list[bool]:
    """Whether each group of neighbours in a shuffled row is called turned."""
    order = np.random.default_rng(0).permutation(len(diagnoses))
    groups = [order[start : start + GROUP] for start in range(0, len(order) - GROUP + 1, GROUP)]
    return [turned_together([diagnoses[at] for at in group]) is not None for group in groups]


def sources(given: argparse.Namespace, bundles: list[Bundle]) -> Iterator[tuple[str, GlyphSet, Bundle, str]]:
    """Name, pictures, the bundle to read them with, and a note."""
    for name in ("photo-62", "cards-15"):
        bundle = stranger(bundles, given.data / SOURCES[name].path)
        if bundle is None:
            say(f"left out, every bundle was trained on it: {name}")
        else:
            yield name, hand_out(SOURCES[name], given.data, command(), given.results, given.most), bundle, "selected on"
    yield "drawn", drawn("byclass", -(-given.most // 62), seed=9), bundles[0], "no handwriting"


def main() -> None:
    """Measures, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    reading_options(parser, most=500)
    given = parser.parse_args()
    bundles = bundles_of(given)
    rows = []
    for name, glyphs, bundle, note in sources(given, bundles):
        manifest = replace(bundle.manifest, risk=bundles[0].manifest.risk)
        reader = Reader(replace(bundle, manifest=manifest), threads=given.threads)
        rows += [(each, bundle) for each in rows_of(name, glyphs, reader, note)]
        say(f"done: {name}")
    show([each for each, _ in rows], ("figure", "pictures", "share", "low", "high", "note"))
    print(write(rows, "doctor", bundles[0].manifest.name, given.results))


if __name__ == "__main__":
    run(main)
