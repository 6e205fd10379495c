"""Figures as files: rows to `results/<what>-<data>-<machine>.csv`, to the terminal, and to the README's tables.

python benchmarks/figures.py results/FILE.csv [COLUMN...]    prints a table for the README, marker included
"""

from __future__ import annotations

import argparse
import csv
import os
import re
import shlex
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from inkread.bundle import Bundle
from inkread.errors import InkreadError

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "results"
STAMP = ("bundle", "digest", "command", "date")
"""The last columns of every file: which reader (name, and how the SHA-256 of its file begins), which command, which day (UTC)."""


def machine() -> str:
    """The machine in a file's name: how many cores this process may use, and the processor's own name."""
    try:
        model = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    except OSError:
        model = None
    name = model[1] if model else os.uname().machine
    name = re.sub(r"\((r|tm)\)|\bcpu\b|\bprocessor\b|@.*", " ", name.lower())
    return "-".join([f"{len(os.sched_getaffinity(0))}-cores", *re.findall(r"[a-z0-9]+", name)])


def digest(bundle: Bundle) -> str:
    """How the SHA-256 of the bundle's file begins."""
    return sha256(bundle.model).hexdigest()[:16]


def stamp(bundle: Bundle) -> dict[str, str]:
    """The last columns of a row that was measured with this bundle."""
    when = datetime.now(UTC).date().isoformat()
    return dict(zip(STAMP, (bundle.manifest.name, digest(bundle), command(), when), strict=True))


def command() -> str:
    """What was typed, without the folders of this machine: of an absolute path the last part stays."""
    words = [Path(each).name if os.path.isabs(each) else each for each in sys.argv[1:]]
    return shlex.join([f"benchmarks/{Path(sys.argv[0]).name}", *words])


def write(rows: Sequence[tuple[Any, Bundle]], what: str, data: str, folder: Path) -> Path:
    """Writes rows (a dataclass whose first field is `figure`, and the bundle it was measured with); the file's path."""
    told = [{key: _cell(value) for key, value in asdict(row).items()} | stamp(bundle) for row, bundle in rows]
    path = folder / f"{what}-{data}-{machine()}.csv"
    folder.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    with open(beside, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(told[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(told)
    beside.replace(path)
    return path


def show(rows: Sequence[Any], columns: Sequence[str]) -> None:
    """Prints these columns of the rows as they stand in the file, one under the other."""
    told = [{key: _cell(value) for key, value in asdict(row).items()} for row in rows]
    width = {column: max(len(column), *(len(row[column]) for row in told)) for column in columns}
    first, *others = columns
    for row in ({column: column for column in columns}, *told):
        print("  ".join([row[first].ljust(width[first]), *(row[column].rjust(width[column]) for column in others)]).rstrip())


def say(text: str) -> None:
    """A line on standard error: standard output holds figures only."""
    sys.stderr.write(f"{text}\n")


def table(file: Path, columns: Sequence[str], only: str = "") -> str:
    """The README's table of a file: a marker, by which `tests/test_results.py` finds it, and these columns.

    ``only``: a column; rows in which it is empty are left out.
    """
    with open(file, encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if not only or row[only]]
    chosen = list(columns) or [key for key in rows[0] if key not in STAMP]
    head = [f"<!-- figures: results/{file.name} -->", _line(chosen), _line(["---"] * len(chosen))]
    return "\n".join([*head, *(_line([row[key] for key in chosen]) for row in rows)])


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cell(value: object) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) >= 100:
        return f"{value:.0f}"
    return "" if value is None else str(value)


def run(main: Callable[[], None]) -> None:
    """Runs a benchmark as a program: what a user can cause ends in a sentence with its hint and exit code 2."""
    try:
        main()
    except InkreadError as error:
        say(f"error: {error.message}" + (f"\n\nhint: {error.hint}" if error.hint else ""))
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)


def main() -> None:
    """Prints the README's table of a file."""
    parser = argparse.ArgumentParser(description="Print the README's table of a file of figures.")
    parser.add_argument("file", type=Path, help="a file in results/")
    parser.add_argument("column", nargs="*", help="columns, the first of them `figure` (default: all but the stamp)")
    parser.add_argument("--only", default="", metavar="COLUMN", help="leave rows out in which this column is empty, such as `target`")
    given = parser.parse_args()
    print(table(given.file, given.column, given.only))


if __name__ == "__main__":
    main()
