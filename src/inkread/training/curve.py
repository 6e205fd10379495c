"""Loss and accuracy on the test part by epoch, computed from the kept weights when training has ended and all is chosen."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..alphabet import alphabet, log_prior_of
from ..errors import DataError, RunError
from .events import Events
from .files import write_text
from .history import table
from .run import Run, logits_of
from .scores import scores, totals

FILE = "test.csv"


@dataclass(frozen=True)
class Scored:
    """What the weights of one epoch make of a test part: ``source`` names it, ``pictures`` is how many it has."""

    epoch: int
    source: str
    pictures: int
    scores: Mapping[str, float]

    def flat(self) -> dict[str, object]:
        """Columns of test.csv: ``epoch``, ``source``, ``pictures``, ``test/loss``, ``test/accuracy`` ..."""
        return {"epoch": self.epoch, "source": self.source, "pictures": self.pictures} | {
            f"test/{key}": value for key, value in self.scores.items()
        }


def by_epoch(
    run: Run,
    pictures: NDArray[np.uint8],
    targets: NDArray[np.bool_],
    source: str = "test",
    origins: Sequence[str] | None = None,
    epochs: Sequence[int] | None = None,
    told: Callable[[int, int], object] | None = None,
) -> list[Scored]:
    """A row for each epoch whose weights the run kept, in order, or for these ``epochs`` only.

    ``pictures`` uint8 (N,28,28) prepared as the run's were, ``targets`` bool (N,K). ``source``: what the rows call them.
    ``origins``: of each picture the training source it belongs to, whose class frequencies its scores use as its validation
    does, "" where it belongs to none: those of the main source, as without ``origins``. The scores are the mean of the
    origins, each counting the same, as those of validation are the mean of the sources.
    ``told``: called with epochs done and in all. :class:`RunError` where no weights were kept, :class:`DataError` for
    other classes than the run's. Nothing is chosen by what it gives.
    """
    classes = len(alphabet(run.recipe.alphabet))
    if targets.ndim != 2 or targets.shape[1] != classes or len(pictures) != len(targets) or not len(targets):
        raise DataError(f"the run reads {classes} classes, these are {len(pictures)} pictures with targets {targets.shape}")
    kept = sorted(int(each.stem) for each in (run.folder / "epochs").glob("[0-9]*.safetensors"))
    if not kept:
        raise RunError(f"the run kept no weights of its epochs: {run.folder / 'epochs'}")
    of = np.array(origins if origins is not None else [""] * len(targets))
    priors = {origin: _prior(run, origin) for origin in np.unique(of).tolist()}
    wanted = kept if epochs is None else epochs
    rows = []
    for epoch in wanted:
        logits = logits_of(run.network(epoch), pictures)
        each = {origin: scores(logits[of == origin], targets[of == origin], prior) for origin, prior in priors.items()}
        rows.append(Scored(epoch, source, len(targets), totals(each)))
        if told:
            told(len(rows), len(wanted))
    return rows


def read_test(folder: Path) -> list[Scored]:
    """What :func:`write_test` put beside the history of a run, none where it was never scored."""
    if not (folder / FILE).is_file():
        return []
    with (folder / FILE).open(encoding="utf-8", newline="") as file:
        return [
            Scored(
                int(row["epoch"]),
                row["source"],
                int(row["pictures"]),
                {key.removeprefix("test/"): float(value) for key, value in row.items() if key.startswith("test/")},
            )
            for row in csv.DictReader(file)
        ]


def write_test(folder: Path, rows: Sequence[Scored]) -> None:
    """Puts test scores of one source beside the history of a run: into test.csv, and as the part `test` of TensorBoard.

    Rows of other sources and epochs stay in test.csv; those of this source are the last ones there, and alone on the charts.
    """
    if not rows:
        return
    before = read_test(folder)
    others = [each for each in before if each.source != rows[0].source]
    ours = {each.epoch: each for each in (*before, *rows) if each.source == rows[0].source}
    rows = [ours[epoch] for epoch in sorted(ours)]
    write_text(folder / FILE, table([each.flat() for each in (*others, *rows)]))
    shutil.rmtree(folder / "events" / "test", ignore_errors=True)
    events = Events(folder / "events")
    for row in rows:
        events.scalars("test", row.scores, row.epoch)
    events.close()


def _prior(run: Run, source: str) -> NDArray[np.float64]:
    """What the scores of this source's validation add to the logits: its log prior; of "" the prior `training`, of the main source."""
    counts = run.metrics["counts"]
    if source and source not in counts:
        raise RunError(f"the run has no counts of this source: {source}", f"it has {', '.join(counts)}")
    return log_prior_of(list(counts[source or run.recipe.main_source].values()))
