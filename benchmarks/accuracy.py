"""How often the reader is right: EMNIST's and MNIST's test parts and the handwriting of strangers.

Reads the test labels once and says so in `test-reads.csv` beside the results. A figure about strangers is measured with
the first bundle that was not trained on that source, by the digests in its manifest; without one it is left out.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from figures import RESULTS, command, run, say, show, write
from sources import SOURCES, asked, bundles_of, hand_out, reading_options, stranger

from inkread import Reader
from inkread.alphabet import NAMED
from inkread.bundle import Bundle
from inkread.datasets import GlyphSet
from inkread.evaluation import accuracy, expected_calibration_error, macro_accuracy
from inkread.preparation import Preparation

MNIST_TRAIN = "mnist/train-images-idx3-ubyte.gz"


@dataclass(frozen=True)
class Wanted:
    """One figure: of ``source`` (only the characters ``only``, where given), read with these options.

    ``target``, ``aim``, ``first_trial``: accuracy in percent; ``ece_target``: largest calibration error in percent.
    ``unseen``: the file that the bundle must not have been trained on, where it is not the source itself.
    """

    figure: str
    source: str
    alphabet: str = "byclass"
    case: str = "keep"
    prior: str = "flat"
    only: str = ""
    target: float | None = None
    aim: float | None = None
    first_trial: float | None = None
    ece_target: float | None = None
    unseen: str = ""


DIGITS, VIN = NAMED["digits"].characters, NAMED["vin"].characters
EMNIST, MNIST, PHOTO, PEN = "EMNIST ByClass test, ", "MNIST test, ", "photo-62, ", "DigiLeTs, "
FIGURES = (
    Wanted(EMNIST + "62 classes", "emnist-test", prior="training", target=87.5, aim=88.5, first_trial=86.5, ece_target=2.0),
    Wanted(EMNIST + "47 classes", "emnist-test", case="fold", prior="training", target=91.0, first_trial=90.1),
    Wanted(EMNIST + "36 classes", "emnist-test", case="upper", prior="training", target=91.5, first_trial=90.7),
    Wanted(EMNIST + "VIN's 33 characters", "emnist-test", "vin", only=VIN, target=98.0, first_trial=97.6),
    Wanted(EMNIST + "digits", "emnist-test", "digits", only=DIGITS, target=99.75, first_trial=99.75),
    Wanted(EMNIST + "digits, MNIST not in training", "emnist-test", "digits", only=DIGITS, unseen=MNIST_TRAIN),
    Wanted(MNIST + "digits", "mnist-test", "digits", target=99.5),
    Wanted(MNIST + "digits, MNIST not in training", "mnist-test", "digits", unseen=MNIST_TRAIN),
    Wanted(PHOTO + "62 classes", "photo-62", target=78.0, aim=82.0, first_trial=72.9, ece_target=5.0),
    Wanted(PHOTO + "36 classes", "photo-62", case="upper", target=91.0, aim=94.0, first_trial=87.3),
    Wanted("cards-15, capitals", "cards-15", "upper", target=93.0),
    Wanted(PEN + "62 classes", "digilets", target=78.0, first_trial=64.9),
    Wanted(PEN + "36 classes", "digilets", case="upper", target=92.0, first_trial=82.5),
    Wanted("scan-26, capitals", "scan-26", "upper", target=94.0, first_trial=90.8),
    Wanted("cursive-62, 62 classes", "cursive-62"),
    Wanted("cursive-62, 36 classes", "cursive-62", case="upper"),
    Wanted("alphadigits, 36 characters", "alphadigits", "alnum36"),
)
"""The figures of the project's first issue; `first_trial`: a network of 0.34 M parameters trained 11 minutes on EMNIST alone."""


@dataclass(frozen=True)
class Row:
    """A figure as it stands in the file; accuracies and errors in percent, ``low`` and ``high`` the 95 % interval (Wilson)."""

    figure: str
    source: str
    alphabet: str
    case: str
    prior: str
    pictures: int
    blank: int
    accuracy: float
    low: float
    high: float
    target: float | None
    aim: float | None
    first_trial: float | None
    macro_accuracy: float
    ece: float | None
    ece_target: float | None
    note: str


def measured(wanted: Wanted, bundle: Bundle, glyphs: GlyphSet, threads: int) -> Row:
    """The figure, of these prepared pictures; a picture without ink has no answer and counts as wrong."""
    characters = [glyphs.alphabet[at] for at in glyphs.single_labels().tolist()]
    chosen = np.flatnonzero([not wanted.only or each in wanted.only for each in characters])
    reader = Reader(bundle, alphabet=wanted.alphabet, case=wanted.case, prior=wanted.prior, threads=threads)
    truth = np.array([reader.alphabet.index(characters[at]) for at in chosen])
    pictures = np.asarray(glyphs.pictures)[chosen]
    blank = ~pictures.any(axis=(1, 2))
    probabilities = reader.expecting(len(pictures)).probabilities(pictures)
    answers = np.where(blank, -1, probabilities.argmax(axis=1))
    found = accuracy(answers, truth)
    share, low, high = (round(100 * each, 2) for each in (found.value, found.low, found.high))
    macro = round(100 * macro_accuracy(answers, truth, len(reader.alphabet)), 2)
    error = None if blank.all() else round(100 * expected_calibration_error(probabilities[~blank], truth[~blank], bins=15), 2)
    asked = (wanted.figure, wanted.source, wanted.alphabet, wanted.case, wanted.prior, len(truth), int(blank.sum()))
    goals = (wanted.target, wanted.aim, wanted.first_trial)
    note = "selected on" if SOURCES[wanted.source].selected_on else ""
    return Row(*asked, share, low, high, *goals, macro, error, wanted.ece_target, note)


def measure(given: argparse.Namespace, bundles: list[Bundle]) -> Iterator[tuple[Row, Bundle]]:
    """Each figure that one of the bundles can answer honestly, and that bundle; sources are handed out once."""
    held: dict[tuple[str, Preparation], GlyphSet] = {}
    for name, source in asked(given).items():
        raw = None
        for wanted in (each for each in FIGURES if each.source == name):
            bundle = stranger(bundles, given.data / (wanted.unseen or source.path))
            if bundle is None:
                say(f"left out, every bundle was trained on it: {wanted.unseen or source.path} ({wanted.figure})")
                continue
            raw = raw or hand_out(source, given.data, command(), given.results, given.most)
            key = (name, bundle.manifest.preparation)
            held[key] = held[key] if key in held else raw.prepared(key[1])
            yield measured(wanted, bundle, held[key], given.threads), bundle
        held.clear()


def main() -> None:
    """Measures, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    reading_options(parser)
    given = parser.parse_args()
    if given.most is not None and given.results == RESULTS:
        parser.error("--most gives no figures for results/: name another folder with --results")
    bundles = bundles_of(given)
    rows = []
    for row, bundle in measure(given, bundles):
        rows.append((row, bundle))
        say(f"{row.figure}: {row.accuracy:.2f} %")
    show(
        [row for row, _ in rows],
        ("figure", "pictures", "accuracy", "low", "high", "target", "first_trial", "macro_accuracy", "ece", "note"),
    )
    print(write(rows, "accuracy", bundles[0].manifest.name, given.results))


if __name__ == "__main__":
    run(main)
