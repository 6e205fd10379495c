"""The contest's file of right answers: `Id,Category,Usage`."""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..errors import FormatError, SourceNotFound, reason
from .classes import BYCLASS_LABELS, as_characters

if TYPE_CHECKING:
    from numpy.typing import NDArray

HEADER = ("Id", "Category", "Usage")


@dataclass(frozen=True, eq=False)
class Answers:
    """``labels``: the character of row i of the test pictures. ``usage``: str (N,), `Public` or `Private` of each."""

    labels: tuple[str, ...]
    usage: NDArray[np.str_]


def read_answers(path: str | os.PathLike[str]) -> Answers:
    """The answers in the order of their ids, which must be 0..N-1, each once; :class:`FormatError` with the line that is wrong."""
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
    except OSError as error:
        raise SourceNotFound(f"the file cannot be opened ({reason(error)}): {path}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise FormatError(f"not a CSV in UTF-8: {path}") from error
    if not rows or tuple(rows[0]) != HEADER:
        raise FormatError(f"the header must be {','.join(HEADER)}: {path}")
    body = rows[1:]
    category = np.full(len(body), -1, np.int64)
    usage = np.full(len(body), "", "U16")
    for line, row in enumerate(body, 2):
        if len(row) != len(HEADER) or not all(each.isascii() and each.isdigit() and len(each) < 10 for each in row[:2]):
            raise FormatError(f"not an id, a class and a usage: line {line} of {path}")
        at = int(row[0])
        if at >= len(body) or category[at] >= 0:
            raise FormatError(f"ids must be 0..{len(body) - 1}, each once: {at} in line {line} of {path}")
        category[at], usage[at] = int(row[1]), row[2]
    return Answers(as_characters(category, BYCLASS_LABELS, os.fspath(path)), usage)
