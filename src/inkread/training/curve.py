"""Loss and accuracy on a test part by epoch, computed from the kept weights when training has ended and all is chosen."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..alphabet import alphabet
from ..errors import DataError, RunError
from .events import Events
from .files import write_text
from .history import table
from .run import Run, logits_of
from .scores import METRICS, scores

FILE = "test.csv"


@dataclass(frozen=True)
class Tested:
    """What the weights of one epoch make of a test part: ``source`` names it, ``pictures`` is how many it has."""

    epoch: int
    source: str
    pictures: int
    scores: Mapping[str, float]

    def flat(self) -> dict[str, object]:
        """Columns of test.csv: ``epoch``, ``source``, ``pictures``, ``test/loss``, ``test/accuracy`` ..."""
        told: dict[str, object] = {"epoch": self.epoch, "source": self.source, "pictures": self.pictures}
        return told | {f"test/{key}": value for key, value in self.scores.items()}


def test_curve(
    run: Run,
    pictures: NDArray[np.uint8],
    targets: NDArray[np.bool_],
    source: str = "test",  # noqa: PT028  (no test of pytest's)
    epochs: Sequence[int] = (),  # noqa: PT028
    told: Callable[[int, int], object] | None = None,  # noqa: PT028
) -> list[Tested]:
    """What each epoch whose weights the run kept makes of a test part, or these ``epochs`` of them; nothing is chosen by it.

    ``pictures`` uint8 (N,28,28) prepared as the run's were, ``targets`` bool (N,K). ``source``: what the rows call them.
    ``told``: is called with epochs done and in all. The class frequencies are those of the run's main source, as in its
    validation. :class:`RunError` where no weights were kept, :class:`DataError` for other classes than the run's.
    """
    classes = len(alphabet(run.recipe.alphabet))
    if targets.ndim != 2 or targets.shape[1] != classes or len(pictures) != len(targets) or not len(targets):
        raise DataError(f"the run tells {classes} classes apart; given are {len(pictures)} pictures and targets {targets.shape}")
    kept = sorted(int(each.stem) for each in (run.folder / "epochs").glob("[0-9]*.safetensors"))
    if not kept:
        raise RunError(f"the run kept no weights of its epochs: {run.folder / 'epochs'}")
    wanted, prior, rows = epochs or kept, _prior(run), list[Tested]()
    for epoch in wanted:
        found = scores(logits_of(run.network(epoch), pictures), targets, prior)
        rows.append(Tested(epoch, source, len(targets), found))
        if told:
            told(len(rows), len(wanted))
    return rows


def write_test(folder: Path, rows: Sequence[Tested]) -> None:
    """Puts test scores beside the history of a run: test.csv, and the part `test` of TensorBoard; what stood there goes."""
    if not rows:
        return
    write_text(folder / FILE, table([each.flat() for each in rows]))
    shutil.rmtree(folder / "events" / "test", ignore_errors=True)
    events = Events(folder / "events")
    for row in rows:
        events.scalars("test", row.scores, row.epoch)
    events.close()


def test_scores(folder: Path) -> dict[str, Any] | None:
    """What the kept weights of a finished run make of the test part that they were scored on; None where they never were.

    Keys: ``epoch``, ``source``, ``pictures``, and the scores.
    """
    if not (folder / FILE).is_file():
        return None
    best = Run(folder).metrics["best_epoch"]
    with (folder / FILE).open(encoding="utf-8", newline="") as file:
        row = next((each for each in csv.DictReader(file) if int(each["epoch"]) == best), None)
    if row is None:
        return None
    told: dict[str, Any] = {"epoch": best, "source": row["source"], "pictures": int(row["pictures"])}
    return told | {metric: float(row[f"test/{metric}"]) for metric in METRICS}


def _prior(run: Run) -> NDArray[np.float64]:
    """The log prior of the run's main source, as its validation has it but for the rounding of counts."""
    counts = np.array(list(run.metrics["counts"][run.recipe.main_source].values()), np.float64) + 0.5
    return np.asarray(np.log(counts / counts.sum()))
