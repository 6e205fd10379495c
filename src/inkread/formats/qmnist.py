"""QMNIST's labels: an idx file of whole numbers, eight for each picture (Yadav and Bottou 2019)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import numpy as np

from ..errors import FormatError
from .classes import DIGIT_LABELS, as_characters
from .inflate import Packed

if TYPE_CHECKING:
    from numpy.typing import NDArray

LABELS = "idx2-int"
"""What stands in a labels file's name where other sets have `idx1-ubyte`."""

COLUMNS = 8
CLASS, SERIES, WRITER = 0, 1, 2
"""Columns that are used: the digit, the series of NIST's forms (hsf_0 to hsf_7), and the writer in it."""

_BEGINS = b"\0\0\x0c\2"  # 4-byte whole numbers in two dimensions
_HEADER = struct.Struct(">4sII")
_MAX_ROWS = 1 << 24


def begins_as_rows(file: Packed) -> bool:
    """Whether it begins as an idx file of whole numbers in two dimensions."""
    return file.head(4) == _BEGINS


def labels_and_writers(file: Packed, count: int) -> tuple[tuple[str, ...], NDArray[np.str_]]:
    """The digit of each of ``count`` pictures, and its writer as series and number; :class:`FormatError` for other contents."""
    head = file.head(_HEADER.size)
    _, rows, columns = _HEADER.unpack(head) if len(head) == _HEADER.size else (b"", 0, 0)
    if (rows, columns) != (count, COLUMNS) or rows > _MAX_ROWS:
        raise FormatError(f"{count:,} pictures but labels of shape ({rows:,}, {columns:,}): {file.path}")
    wanted = _HEADER.size + 4 * rows * columns
    data = file.whole(wanted)
    if len(data) < wanted:
        raise FormatError(f"the idx file ends too early, at {len(data):,} of {wanted:,} bytes: {file.path}", "fetch it again")
    numbers = np.frombuffer(data, ">i4", offset=_HEADER.size).reshape(rows, columns).astype(np.int64)
    writer = np.char.add(np.char.add(numbers[:, SERIES].astype(np.str_), "-"), numbers[:, WRITER].astype(np.str_))
    return as_characters(numbers[:, CLASS], DIGIT_LABELS, file.path), writer
