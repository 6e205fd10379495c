"""The curves of runs, out of their history.csv and test.csv."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from math import nan

from ..errors import RunError
from ..report import Curve, Curves
from .record import Record, find


def curves(*runs: str | os.PathLike[str] | Record) -> Curves:
    """Loss and accuracy by epoch of these runs: paths, names in `runs/`, or records. A notebook shows what it gives.

    The part test is there where it was scored: the source that was last. Two runs of the same name are told apart by their folders.
    :class:`SourceNotFound` for a run that is not there, :class:`RunError` where none has an epoch yet.
    """
    found = [each if isinstance(each, Record) else find(each) for each in runs]
    names = _names(found)
    of = [curve for name, each in zip(names, found, strict=True) for curve in _curves(name, each)]
    if not of:
        raise RunError(f"no epoch has ended yet: {', '.join(str(each.folder) for each in found)}")
    best = {name: each.best for name, each in zip(names, found, strict=True) if each.metrics and each.best is not None}
    tested = {name: row["source"] for name, each in zip(names, found, strict=True) for row in each.tested[-1:]}
    return Curves(tuple(of), best, tested)


def _curves(name: str, run: Record) -> Iterator[Curve]:
    shown = [row for row in run.tested if row["source"] == run.tested[-1]["source"]]
    tested = [{key: float(value) if value else nan for key, value in row.items() if key != "source"} for row in shown]
    for part, rows in (("train", run.rows), ("val", run.rows), ("test", tested)):
        if any(f"{part}/loss" in row for row in rows):
            yield Curve(
                name,
                part,
                tuple(int(row["epoch"]) for row in rows),
                tuple(row.get(f"{part}/loss", nan) for row in rows),
                tuple(row.get(f"{part}/accuracy", nan) for row in rows),
            )


def _names(found: Sequence[Record]) -> list[str]:
    short = [each.name for each in found]
    return [name if short.count(name) == 1 else str(each.folder) for name, each in zip(short, found, strict=True)]
