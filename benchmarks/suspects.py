"""How many wrong labels `inkread data suspects` finds: EMNIST's training part as it is, and with labels moved on purpose.

A share of all labels is moved to another class, each by chance. Small networks are trained on four fifths of the pictures
with these labels (recipe `audit`) and asked about the rest. `recall` is the share of the moved labels that is suspected;
`precision` the share of the suspects that was moved: EMNIST has wrong labels of its own, which count as false alarms
here. Finished folds are kept in --runs and not trained again.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from figures import RESULTS, run, say, show, write
from numpy.typing import NDArray
from sources import DATA

from inkread.alphabet import BYCLASS, look_alike
from inkread.bundle import load as load_bundle
from inkread.datasets import load
from inkread.evaluation import Audit, Suspect, audit, wilson
from inkread.recipes import load as load_recipe

SOURCE = "emnist/emnist-byclass-train.npz"
SHARE = 0.02
SEED = 1
"""Which labels are moved, and to what. How suspects are chosen was chosen with seed 0."""


@dataclass(frozen=True)
class Row:
    """``moved``: labels that were moved, ``suspects``: labels suspected, ``found``: moved ones among them. Shares in percent."""

    figure: str
    source: str
    pictures: int
    moved: int
    suspects: int
    found: int
    recall: float | None
    low: float | None
    high: float | None
    precision: float | None
    estimated: int


def moved(labels: NDArray[np.int64], classes: int, share: float, seed: int) -> NDArray[np.int64]:
    """The labels with this share of them moved to another class, each class as likely as any other."""
    rng = np.random.default_rng(seed)
    wrong = labels.copy()
    at = rng.choice(len(labels), round(share * len(labels)), replace=False)
    wrong[at] = (labels[at] + rng.integers(1, classes, len(at))) % classes
    return wrong


def rows_of(right: NDArray[np.int64], given: NDArray[np.int64], found: Audit, what: str) -> Iterator[Row]:
    """The figures of one audit: all suspects, those of another shape, the worst ones, and whether the suggestion was right."""
    changed = right != given
    apart = np.array([not look_alike(BYCLASS[a], BYCLASS[b]) for a, b in zip(right.tolist(), given.tolist(), strict=True)])
    for name, chosen, counted in (
        ("all", lambda each: True, changed),
        ("of another shape", lambda each: not each.look_alike, changed & apart),
    ):
        yield _row(f"{what}: {name}", given, counted, [each for each in found.suspects if chosen(each)], round(found.estimated))
    if changed.any():
        worst = found.suspects[: int(changed.sum())]
        yield _row(f"{what}: the first {len(worst):,} of the list", given, changed, worst, round(found.estimated))
        told = [each for each in found.suspects if BYCLASS.index(each.suggested) == right[each.index]]
        yield _row(f"{what}: suspected and the right label suggested", given, changed, told, round(found.estimated))


def _row(figure: str, given: NDArray[np.int64], changed: NDArray[np.bool_], suspects: Sequence[Suspect], estimated: int) -> Row:
    hits = int(changed[[each.index for each in suspects]].sum())
    total = int(changed.sum())
    recall, low, high, precision = None, None, None, None
    if total:
        recall, precision = round(100 * hits / total, 2), round(100 * hits / max(len(suspects), 1), 2)
        low, high = (round(100 * each, 2) for each in wilson(hits, total))
    return Row(figure, Path(SOURCE).stem, len(given), total, len(suspects), hits, recall, low, high, precision, estimated)


def audited(pictures: NDArray[np.uint8], given: NDArray[np.int64], folder: Path, folds: int, begun: Callable[[int], object]) -> Audit:
    """The audit of these labels by networks trained on them, out of fold."""
    from inkread.training import Circumstances, Pool, out_of_fold

    targets = np.eye(len(BYCLASS), dtype=np.bool_)[given]
    recipe = load_recipe("audit").changed({"alphabet": "byclass"})
    pool = Pool(Path(SOURCE).stem, pictures[None], targets)
    return audit(targets, out_of_fold(recipe, pool, folder, folds, 0, Circumstances(threads=1), begun), BYCLASS)


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, audit, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the real data")
    parser.add_argument("--runs", type=Path, default=Path("runs/suspects"), help="where the folds are kept")
    parser.add_argument("--share", type=float, default=SHARE, help="of all labels that is moved")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--out", type=Path, default=RESULTS)
    given = parser.parse_args(arguments)
    glyphs = load(given.data / SOURCE)
    pictures, right = np.asarray(glyphs.pictures), glyphs.single_labels()
    rows: list[Row] = []
    for what, share in ((f"{given.share:.0%} moved", given.share), ("as it is", 0.0)):
        labels = moved(right, len(BYCLASS), share, SEED)
        folder = given.runs / what.replace(" ", "-").replace("%", "")
        found = audited(pictures, labels, folder, given.folds, lambda fold, what=what: say(f"{what}: fold {fold + 1}"))  # type: ignore[misc]
        rows += rows_of(right, labels, found, what)
    show(rows, ("figure", "moved", "suspects", "found", "recall", "precision", "estimated"))
    bundle = load_bundle()  # only its name goes into the file, as in all of them
    write([(row, bundle) for row in rows], "suspects", "emnist", given.out)


if __name__ == "__main__":
    run(main)
