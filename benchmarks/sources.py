"""The handwriting that readers are measured on, and who has seen it."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

import numpy as np
from figures import RESULTS

from inkread.bundle import Bundle, load
from inkread.datasets import GlyphSet, Handout, load_test

DATA = Path(os.path.relpath(Path(__file__).parents[2] / "shared" / "data"))

TWINS = "runs/*-without-*.onnx"
"""Where twins of the reader lie that left some sources out: `python -m inkread.training pack --name RUN --out runs/RUN.onnx`."""


@dataclass(frozen=True)
class Source:
    """Labelled pictures: ``path`` and, where they lie apart, ``labels``, in the folder of the data.

    ``selected_on``: something of the shipped reader was chosen by it, so that its figures flatter a little.
    """

    name: str
    path: str
    labels: str = ""
    selected_on: bool = False


SOURCES = {
    each.name: each
    for each in (
        Source("emnist-test", "emnist/emnist-byclass-test.npz", "emnist/contest-hidden-labels.csv"),
        Source("mnist-test", "mnist/t10k-images-idx3-ubyte.gz"),
        Source("photo-62", "pools/photo-62.zip", selected_on=True),
        Source("cards-15", "pools/cards-15.zip", selected_on=True),
        Source("digilets", "pens/digilets.npz"),
        Source("scan-26", "pools/scan-26.zip"),
        Source("cursive-62", "pools/cursive-62.zip"),
        Source("alphadigits", "pools/alphadigits/binaryalphadigs.mat"),
    )
}


def hand_out(source: Source, data: Path, reason: str, record: Path, most: int | None = None) -> GlyphSet:
    """The pictures of a source as they are whose character is told for certain; a row in `test-reads.csv` of the folder ``record`` says so.

    ``most``: not more than so many of them, chosen by chance, always the same ones.
    """
    folder = Path(os.path.relpath(data))  # the record is published: no folders of this machine in it
    labels = folder / source.labels if source.labels else None
    glyphs = load_test(folder / source.path, Handout(record, reason, labels), preparation=None)
    glyphs = glyphs.take(glyphs.single_labels() >= 0)
    if most is None or most >= len(glyphs):
        return glyphs
    return glyphs.take(np.sort(np.random.default_rng(0).permutation(len(glyphs))[:most]))


def bundles_of(given: argparse.Namespace) -> list[Bundle]:
    """The reader, then its twins."""
    twins = given.strangers if given.strangers is not None else sorted(Path().glob(TWINS))
    return [load(given.bundle), *map(load, twins)]


def stranger(bundles: Sequence[Bundle], path: Path) -> Bundle | None:
    """The first of the bundles that was not trained on this file, by its digest; None where all of them were."""
    return next((each for each in bundles if not saw(each, path)), None)


def saw(bundle: Bundle, path: Path) -> bool:
    """Whether the file is among what influenced the bundle."""
    return any(_digest(path) in told.split("+") for told in bundle.manifest.data.values())


@cache
def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def reading_options(parser: argparse.ArgumentParser, most: int | None = None) -> None:
    """Adds the options of every command that reads these sources; ``most``: how many pictures a source by default."""
    told = "all" if most is None else str(most)
    parser.add_argument("--bundle", help="the reader (default: the embedded one)")
    parser.add_argument(
        "--strangers",
        action="append",
        type=Path,
        metavar="BUNDLE",
        help=f"a twin that left sources out of its training; may be given again (default: {TWINS})",
    )
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the data (default: ../shared/data)")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder to write to (default: results)")
    parser.add_argument(
        "--most", type=int, default=most, metavar="N", help=f"at most N pictures a source, chosen by chance (default: {told})"
    )
    parser.add_argument(
        "--selected-on", action="store_true", help="only the sources that chose something: the others stay unread while a reader is made"
    )
    parser.add_argument("--threads", type=int, default=2)


def asked(given: argparse.Namespace) -> dict[str, Source]:
    """The sources that the options of :func:`reading_options` ask for, by name."""
    return {name: source for name, source in SOURCES.items() if source.selected_on or not given.selected_on}
