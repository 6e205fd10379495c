"""What was tried in training and what it gave: one row a run folder, to results/trainings-embedded-<machine>.csv.

python benchmarks/trainings.py RUN... [--keep]    `--keep` leaves the rows of other runs that the file already holds
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

import figures
import numpy as np

from inkread.alphabet import alphabet, conversion
from inkread.evaluation import softmax
from inkread.training import Answers, Run


@dataclass(frozen=True)
class Tried:
    """One run: what it was, how it validated (accuracies in percent), and how it read the sources that it never saw.

    ``emnist``: 62 classes with EMNIST's own prior; ``unipen`` likewise with its own; ``photo`` and ``cards``: flat prior,
    62 classes and case folded over 36, empty where the run had seen them; ``others_left_out``: the same of other sources.
    """

    run: str
    network: str
    parameters: int
    sources: str
    started_from: str
    epochs: int
    rate: float
    augmented: float
    train_loss: float
    validation_loss: float
    emnist: str
    unipen: str
    photo_62: str
    photo_36: str
    cards_62: str
    cards_36: str
    others_left_out: str
    code: str
    date: str


def tried(run: Run) -> Tried:
    """The row of one run folder."""
    recipe, scores, left_out = run.recipe, run.metrics["scores"], run.left_out()
    started = run.provenance.get("started_from")
    return Tried(
        run.folder.name,
        f"{recipe.network.name} " + " ".join(f"{key}={value}" for key, value in recipe.network.settings.items()),
        int(run.metrics["parameters"]),
        "+".join(source.name for source in recipe.sources),
        Path(str(started)).name if isinstance(started, str) else "yes" if started else "",
        recipe.training.epochs,
        recipe.training.rate,
        recipe.augmentation.share if recipe.augmentation.changes else 0.0,
        round(float(run.metrics["train"]["loss"]), 4),
        round(float(np.mean([each["loss"] for each in scores.values()])), 4),
        *(_percent(scores[name]["accuracy"]) if name in scores else "" for name in ("emnist", "unipen")),
        *(_stranger(left_out, source, case) for source in ("photo", "cards") for case in ("keep", "upper")),
        _others(left_out),
        str(run.provenance["code"])[:16],
        datetime.now(UTC).date().isoformat(),
    )


def _percent(share: float) -> str:
    return f"{100 * share:.2f}"


def _stranger(answers: Answers | None, source: str, case: str) -> str:
    """Accuracy on a source that was left out, flat prior, under a case policy; empty where it was not left out."""
    if answers is None or source not in answers.sources:
        return ""
    chosen = answers.take(answers.sources == source)
    told = alphabet("byclass")
    to = conversion(told, told.with_case(case))
    answer = to.mass(softmax(chosen.logits)).argmax(axis=1)
    # a label may be several characters: case unknown
    allowed = (chosen.targets @ (to.weights > 0)) > 0
    return _percent(float(np.mean(allowed[np.arange(len(answer)), answer])))


def _others(answers: Answers | None) -> str:
    names = sorted(set(answers.sources) - {"photo", "cards"}) if answers else []
    return "; ".join(f"{name} {_stranger(answers, name, 'keep')} / {_stranger(answers, name, 'upper')}" for name in names)


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes the file and prints it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", nargs="+", type=Path, metavar="RUN", help="folder of a finished run")
    parser.add_argument("--keep", action="store_true", help="keep the rows of other runs")
    given = parser.parse_args(arguments)
    rows = [{key: str(value) for key, value in asdict(tried(Run(folder))).items()} for folder in given.runs]
    path = figures.RESULTS / f"trainings-embedded-{figures.machine()}.csv"
    if given.keep and path.is_file():
        fresh = {row["run"] for row in rows}
        with open(path, encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["run"] not in fresh] + rows
    path.parent.mkdir(exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [each.name for each in fields(Tried)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    sys.stdout.write(path.read_text(encoding="utf-8"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
