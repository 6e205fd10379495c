"""One row an epoch: history.csv, history.jsonl, and for TensorBoard the parts train and val with the same tags."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import isfinite, nan
from pathlib import Path
from time import perf_counter, time
from typing import Any

from .events import Events
from .files import write_text

TIMES = ("pictures_per_second", "seconds", "ended")
"""What differs between two runs that are otherwise the same: told in history.jsonl and TensorBoard, not in history.csv."""


@dataclass(frozen=True)
class Row:
    """One epoch: what training saw (augmented pictures), the mean over the validation sources, and each of them.

    ``rate``: the learning rate at its end. ``pictures_per_second``: while it trained. ``seconds``: with its validation.
    ``ended``: when, in seconds since 1970. NaN where it is not known.
    """

    epoch: int
    train: Mapping[str, float]
    val: Mapping[str, float]
    sources: Mapping[str, Mapping[str, float]]
    rate: float = nan
    pictures_per_second: float = nan
    seconds: float = nan
    ended: float = nan

    def flat(self) -> dict[str, float]:
        """Columns: ``epoch``, ``rate``, ``train/loss``, ``val/loss`` ..., ``val/SOURCE/loss`` ..., then the times."""
        told: dict[str, float] = {"epoch": self.epoch, "rate": self.rate}
        told |= {f"train/{key}": value for key, value in self.train.items()}
        told |= {f"val/{key}": value for key, value in self.val.items()}
        told |= {f"val/{name}/{key}": value for name, of in self.sources.items() for key, value in of.items()}
        return told | {name: getattr(self, name) for name in TIMES}


class History:
    """The epochs of a run so far; each added row is on disk, whole, at once.

    history.csv is the same to the last byte for the same seed, whether the run was killed in between or not;
    history.jsonl has more digits, and how long each epoch took. ``events``: for whatever else TensorBoard is to show.
    ``tells``: whether this process writes; of several that train together one does.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.events = Events(folder / "events")
        self.rows: list[Row] = []
        self.tells = True

    def add(self, row: Row) -> None:
        """Adds an epoch, writes both files anew and tells TensorBoard."""
        self.rows.append(row)
        if not self.tells:
            return
        flat = [each.flat() for each in self.rows]
        write_text(self.folder / "history.csv", table([{key: of[key] for key in of if key not in TIMES} for of in flat]))
        write_text(self.folder / "history.jsonl", "".join(f"{_line(each)}\n" for each in flat))
        times = {"rate": row.rate, "pictures_per_second": row.pictures_per_second, "seconds": row.seconds}
        self.events.scalars("train", {**row.train, **times}, row.epoch)
        self.events.scalars("val", row.val, row.epoch)
        for name, of in row.sources.items() if len(row.sources) > 1 else ():
            self.events.scalars(f"val-{name}", of, row.epoch)

    def as_list(self) -> list[dict[str, Any]]:
        """The rows as plain values, for a checkpoint."""
        return [asdict(each) for each in self.rows]

    def restore(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Takes up the rows of a checkpoint."""
        self.rows = [Row(**each) for each in rows]

    def close(self) -> None:
        """Ends the event files."""
        self.events.close()


class Pace:
    """How fast an epoch goes: :meth:`begin` at its start, :meth:`add` after each step, :meth:`told` at its end."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """The epoch starts now."""
        self._began = self._last = perf_counter()
        self._pictures = 0

    def add(self, pictures: int) -> None:
        """So many more were trained on."""
        self._pictures += pictures
        self._last = perf_counter()

    def told(self) -> dict[str, float]:
        """Fields of a :class:`Row`: pictures per second up to the last step, seconds up to now, and when that is."""
        trained = self._last - self._began
        speed = self._pictures / trained if trained else nan
        return {"pictures_per_second": speed, "seconds": perf_counter() - self._began, "ended": time()}


def table(rows: Sequence[Mapping[str, object]]) -> str:
    """Rows as CSV with the columns of the first row, floats to six digits, what is not known left empty."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: _cell(value) for key, value in row.items()})
    return text.getvalue()


def _cell(value: object) -> object:
    if not isinstance(value, float):
        return value
    return f"{value:.6g}" if isfinite(value) else ""


def _line(row: Mapping[str, float]) -> str:
    return json.dumps({key: value if isfinite(value) else None for key, value in row.items()})
