"""A run's folder as one value, whether the run has ended, goes on or was killed."""

from __future__ import annotations

import csv
import json
import os
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from math import isfinite, nan
from pathlib import Path
from time import time
from typing import Any
from zipfile import BadZipFile
from zlib import error as Damaged

import numpy as np

from ..errors import RunError, SourceNotFound, nearest
from ..evaluation import Accuracy
from ..recipes import Training, judged_by, kept

RECIPE, METRICS, HISTORY = "recipe.toml", "metrics.json", "history.csv"
DEEPEST = 3
"""Folders below the one that is listed in which runs are looked for."""
QUIET, QUIET_EPOCHS = 300.0, 3
"""A run that has not ended counts as running while its folder was written to so many seconds, or epochs, ago."""


@dataclass(frozen=True)
class Record:
    """What stands in ``folder``: ``recipe`` and ``metrics`` as they were written (``metrics`` empty until the run has ended),
    ``rows`` the columns of history.csv, an epoch each (NaN where one is empty), ``times`` the lines of history.jsonl, which
    also tell how long each epoch took and when it ended, ``tested`` the rows of test.csv (as text)."""

    folder: Path
    recipe: Mapping[str, Any]
    metrics: Mapping[str, Any]
    rows: tuple[Mapping[str, float], ...]
    times: tuple[Mapping[str, Any], ...] = ()
    tested: tuple[Mapping[str, str], ...] = ()

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.resolve().name

    @property
    def planned(self) -> int:
        """The epochs that the recipe says."""
        return int(self.recipe.get("training", {}).get("epochs", 0))

    @property
    def state(self) -> str:
        """``finished``, ``running``, or ``killed`` for one that has not ended and is not written to any more."""
        if self.metrics:
            return "finished"
        waited = time() - max(_written(self.folder))
        return "running" if waited < max(QUIET, QUIET_EPOCHS * self.seconds / max(len(self.rows), 1)) else "killed"

    @property
    def data(self) -> tuple[str, ...]:
        """What each source was loaded from."""
        return tuple(str(each.get("data", "")) for each in self.recipe.get("sources", ()))

    @property
    def source(self) -> str:
        """The source that the run is judged by: the main one, where it was validated on, else the first that was."""
        names = list(self.metrics.get("scores", {})) or [key.split("/")[1] for key in self._columns() if key.count("/") == 2]
        main = str(self.recipe.get("main_source", ""))
        return main if main in names or not names else names[0]

    @property
    def best(self) -> int | None:
        """The epoch whose weights are kept; while the run goes on the one that would be if it ended now, None before the first."""
        if self.metrics:
            return int(self.metrics["best_epoch"])
        source, metric = judged_by(self.choose_by)
        value = f"val/{metric}" if source == "mean" else f"val/{source}/{metric}"
        known = [row for row in self.rows if isfinite(row.get(value, nan))]
        return int(known[kept([row[value] for row in known], self.choose_by)]["epoch"]) if known else None

    @property
    def choose_by(self) -> str:
        """The value whose best epoch is kept, as the recipe names it."""
        return str(self.recipe.get("training", {}).get("choose_by", Training.choose_by))

    @cached_property
    def validation(self) -> Accuracy | float | None:
        """The validation accuracy of that epoch on :attr:`source`, with its interval where the run has ended."""
        if self.metrics:
            value = float(self.metrics["scores"][self.source]["accuracy"])
            count = self._held()
            return Accuracy.of(round(value * count), count) if count else value
        row = next((each for each in self.rows if each["epoch"] == self.best), {})
        return row.get(f"val/{self.source}/accuracy", row.get("val/accuracy"))

    @property
    def parameters(self) -> int | None:
        """The weights of the network, known where the run has ended."""
        return self.metrics.get("parameters")

    @property
    def seconds(self) -> float:
        """What its epochs took together, of those that told it."""
        return float(sum(row.get("seconds") or 0.0 for row in self.times))

    @property
    def began(self) -> datetime:
        """When its first epoch began; before that has ended, when its recipe was written."""
        first = self.times[0] if self.times else {}
        ended, took = first.get("ended"), first.get("seconds")
        return datetime.fromtimestamp(ended - took if ended and took else (self.folder / RECIPE).stat().st_mtime, UTC)

    @cached_property
    def provenance(self) -> Mapping[str, Any]:
        """provenance.json; empty where there is none, :class:`RunError` where it cannot be read."""
        with readable(self.folder):
            return _json(self.folder / "provenance.json")

    def as_dict(self) -> dict[str, Any]:
        """What a list tells of it, as plain values."""
        validation = self.validation
        accuracy = validation.value if isinstance(validation, Accuracy) else validation
        interval = [validation.low, validation.high] if isinstance(validation, Accuracy) else None
        return {
            "run": str(self.folder),
            "recipe": self.recipe.get("name", ""),
            "data": list(self.data),
            "state": self.state,
            "epochs": len(self.rows),
            "planned": self.planned,
            "best_epoch": self.best,
            "source": self.source,
            "accuracy": accuracy,
            "interval": interval,
            "n": validation.count if isinstance(validation, Accuracy) else None,
            "choose_by": self.choose_by,
            "parameters": self.parameters,
            "seconds": round(self.seconds, 3),
            "began": self.began.isoformat(timespec="seconds"),
            "stopped": self.metrics.get("stopped", ""),
        }

    def _columns(self) -> tuple[str, ...]:
        return tuple(self.rows[0]) if self.rows else ()

    def _held(self) -> int:
        """How many pictures of the source were held back; 0 where that was not kept."""
        file = self.folder / "validation.npz"
        if not file.is_file():
            return 0
        with readable(self.folder), np.load(file, allow_pickle=False) as held:
            return int((held["sources"] == self.source).sum())


def record(folder: Path) -> Record:
    """The run in this folder. :class:`RunError` where it holds none, or what stands there cannot be read."""
    if not (folder / RECIPE).is_file():
        raise RunError(f"this is no run, it lacks {RECIPE}: {folder}")
    with readable(folder):
        recipe = tomllib.loads((folder / RECIPE).read_text(encoding="utf-8"))
        if not all(isinstance(each, dict) for each in (recipe.get("training", {}), *recipe.get("sources", ()))):
            raise ValueError(f"{RECIPE} is not whole")
        metrics = _json(folder / METRICS)
        if metrics and not {"best_epoch", "scores", "counts"} <= metrics.keys():
            raise ValueError(f"{METRICS} is not whole")
        rows = tuple({key: float(value) if value else nan for key, value in row.items()} for row in _table(folder / HISTORY))
        times = tuple(json.loads(line) for line in _lines(folder / "history.jsonl"))
        found = Record(folder, recipe, metrics, rows, times, tuple(_table(folder / "test.csv")))
        found.as_dict()  # whatever of it is damaged comes out here, not where a list is half told
        return found


@contextmanager
def readable(folder: Path) -> Iterator[None]:
    """Whatever is wrong with the files of a run becomes one :class:`RunError`."""
    try:
        yield
    except (ValueError, TypeError, AttributeError, KeyError, OSError, EOFError, BadZipFile, Damaged) as error:
        raise RunError(f"this run cannot be read: {folder}: {error}") from None


def find(which: str | os.PathLike[str], folder: Path = Path("runs")) -> Record:
    """The run at this path, or of this name in ``folder``. :class:`SourceNotFound` with the nearest names, :class:`RunError`."""
    path = Path(which)
    named = folder / path
    if not path.is_dir() and not named.is_dir():
        names = [each.name for each in folder.iterdir() if each.is_dir()] if folder.is_dir() else []
        raise SourceNotFound(f"no such run: {which}", nearest(path.name, names) if names else "")
    return record(path if path.is_dir() else named)


def listed(folder: Path, broken: Callable[[RunError], object] | None = None) -> list[Record]:
    """The runs in a folder and below it, the oldest first. :class:`SourceNotFound` where there is none.

    ``broken`` is told of those that cannot be read, and they are left out; without it they are errors.
    """
    if not folder.is_dir():
        raise SourceNotFound(f"no such folder: {folder}", "inkread train RECIPE --data SOURCE writes to runs/")
    places, found = list(_runs(folder, DEEPEST)), []
    for each in places:
        try:
            found.append(record(each))
        except RunError as error:
            if broken is None:
                raise
            broken(error)
    if not places:
        raise SourceNotFound(f"no runs in: {folder}", "inkread train RECIPE --data SOURCE writes to runs/")
    return sorted(found, key=lambda each: (each.began, each.name))


def _runs(folder: Path, deep: int) -> Iterator[Path]:
    if (folder / RECIPE).is_file():
        yield folder
    elif deep:
        for each in sorted(folder.iterdir()):
            if each.is_dir() and not each.name.startswith("."):
                yield from _runs(each, deep - 1)


def _written(folder: Path) -> Iterator[float]:
    """When the files that a training writes were last written."""
    for name in (RECIPE, HISTORY, "last.ckpt"):
        if (folder / name).is_file():
            yield (folder / name).stat().st_mtime


def _table(file: Path) -> list[dict[str, str]]:
    """The rows of a CSV file; none where it is not there."""
    return list(csv.DictReader(_lines(file)))


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines() if file.is_file() else []


def _json(file: Path) -> Mapping[str, Any]:
    told = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    if not isinstance(told, dict):
        raise ValueError(f"{file.name} is no table of keys and values")
    return told
