"""One row an epoch: as history.csv, and for TensorBoard with two writers so that train and val share a chart."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .files import write_text

if TYPE_CHECKING:
    from torch.utils.tensorboard import SummaryWriter


@dataclass(frozen=True)
class Row:
    """One epoch: what training saw (augmented pictures), the mean over the validation sources, and each of them."""

    epoch: int
    train: Mapping[str, float]
    val: Mapping[str, float]
    sources: Mapping[str, Mapping[str, float]]

    def flat(self) -> dict[str, float]:
        """Columns of history.csv: ``epoch``, ``train/loss``, ``val/loss`` ..., ``val/SOURCE/loss`` ..."""
        told: dict[str, float] = {"epoch": self.epoch}
        told |= {f"train/{key}": value for key, value in self.train.items()}
        told |= {f"val/{key}": value for key, value in self.val.items()}
        return told | {f"val/{name}/{key}": value for name, of in self.sources.items() for key, value in of.items()}


class History:
    """The epochs of a run so far; each added row is on disk at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rows: list[Row] = []
        self._writers: dict[str, SummaryWriter] = {}

    def add(self, row: Row) -> None:
        """Adds an epoch, rewrites history.csv and tells TensorBoard."""
        self.rows.append(row)
        write_text(self.folder / "history.csv", table([each.flat() for each in self.rows]))
        self._tell("train", row.train, row.epoch)
        self._tell("val", row.val, row.epoch)
        for name, of in row.sources.items():
            self._tell(f"val-{name}", of, row.epoch)

    def as_list(self) -> list[dict[str, Any]]:
        """The rows as plain values, for a checkpoint."""
        return [asdict(each) for each in self.rows]

    def restore(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Takes up the rows of a checkpoint."""
        self.rows = [Row(**each) for each in rows]

    def close(self) -> None:
        """Ends the event files."""
        for writer in self._writers.values():
            writer.close()
        self._writers = {}

    def _tell(self, where: str, values: Mapping[str, float], epoch: int) -> None:
        from torch.utils.tensorboard import SummaryWriter

        if where not in self._writers:
            # what a killed run wrote of this epoch and later ones is not to be shown beside the new values
            self._writers[where] = SummaryWriter(str(self.folder / "events" / where), purge_step=epoch)
        for key, value in values.items():
            self._writers[where].add_scalar(key, value, epoch)
        self._writers[where].flush()


def table(rows: Sequence[Mapping[str, float]]) -> str:
    """Rows as CSV with the columns of the first row, floats to six digits."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: value if isinstance(value, int) else f"{value:.6g}" for key, value in row.items()})
    return text.getvalue()
