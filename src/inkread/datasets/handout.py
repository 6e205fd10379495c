"""Test labels leave through one door, and each time a row of `test-reads.csv` says so."""

from __future__ import annotations

import csv
import io
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ..errors import DataError

FILE = "test-reads.csv"
COLUMNS = ("when", "source", "labels", "usage", "pictures", "reason")


@dataclass(frozen=True)
class Handout:
    """Why test labels are asked for and where that is written down.

    ``folder``: gets a row in its `test-reads.csv` (made where missing). ``reason``: for people, such as "evaluate
    run-7". ``labels``: the contest's file of right answers, where the source has none itself. ``usage``: only the rows
    of this usage (`Public`, `Private`); empty for all.
    """

    folder: Path
    reason: str
    labels: Path | None = None
    usage: str = ""


def record(handout: Handout, source: str, pictures: int) -> None:
    """Append a row; :class:`DataError` where it cannot be written, and then no label may be handed out."""
    when = datetime.now(UTC).isoformat(timespec="seconds")
    row = (when, source, str(handout.labels or ""), handout.usage, pictures, handout.reason)
    path = handout.folder / FILE
    try:
        handout.folder.mkdir(parents=True, exist_ok=True)
        _append(path, COLUMNS if not path.exists() else None, row)
    except OSError as error:
        told = error.strerror or error
        raise DataError(
            f"test labels are not handed out, the reading cannot be recorded ({told}): {path}", "name another folder"
        ) from error


def _append(path: Path, header: tuple[str, ...] | None, row: tuple[object, ...]) -> None:
    """In one write, so that rows of two processes do not mix."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if header:
        writer.writerow(header)
    writer.writerow(row)
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
    try:
        os.write(file, text.getvalue().encode("utf-8", "surrogateescape"))
    finally:
        os.close(file)
