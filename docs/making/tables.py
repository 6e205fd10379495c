"""Tables of figures in the pages, made from the files in `results/`."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from . import ROOT

RESULTS = ROOT / "results"
TABLE = re.compile(r"(<!-- table ([\w.-]+)(?: where (\w+))?: ([\w ]+) -->\n)(.*?)(<!-- end of table -->)", re.DOTALL)
"""`<!-- table WHAT where COLUMN: COLUMN ... -->` ... `<!-- end of table -->`: filled from the newest `results/WHAT-*.csv`.

With `where`, rows in which that column is empty are left out."""


def renewed(text: str, results: Path = RESULTS) -> str:
    """The page with its tables made anew; a table without a file stays as it is."""

    def filled(match: re.Match[str]) -> str:
        head, what, only, columns, old, end = match.groups()
        return head + (_table(what, columns.split(), only or "", results) or old) + end

    return TABLE.sub(filled, text)


def _table(what: str, columns: list[str], only: str, results: Path) -> str:
    files = sorted(results.glob(f"{what}-*.csv"), key=lambda file: file.stat().st_mtime)
    if not files:
        return ""
    sys.path.insert(0, str(ROOT / "benchmarks"))
    from figures import table

    return f"{table(files[-1], columns, only)}\n"
