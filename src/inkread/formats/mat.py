"""MATLAB files: Binary AlphaDigits."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..errors import FormatError, MissingExtra
from .contents import UPRIGHT, Contents, Orientation
from .pictures import choose_part

NAME = "Binary AlphaDigits mat"
BEGINNING = b"MATLAB 5.0 MAT-file"

CELLS = (36, 39)
"""`dat`: classes 0-9 and A-Z, each with 39 examples."""

CELL = (20, 16)
"""Height and width of a picture; 1 is ink."""

CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def read_mat(path: Path, part: str | None, *, as_stored: bool) -> Contents:
    """The 1,404 pictures of Binary AlphaDigits, 255 where its cells have 1; :class:`FormatError` for any other mat file."""
    choose_part(str(path), [""], part)
    cells = _cells(path)
    pictures = np.zeros((cells.size, *CELL), np.uint8)
    for at, cell in enumerate(cells.ravel()):
        if not isinstance(cell, np.ndarray) or cell.shape != CELL or cell.dtype.kind not in "buif":
            raise FormatError(f"a cell of `dat` is no picture of 20x16: the {at + 1:,}. in {path}")
        pictures[at] = np.where(cell != 0, 255, 0)
    labels = tuple(character for character in CHARACTERS for _ in range(CELLS[1]))
    return Contents(NAME, Orientation(UPRIGHT, "being Binary AlphaDigits"), pictures=pictures, labels=labels)


def _cells(path: Path) -> np.ndarray[tuple[int, int], np.dtype[np.object_]]:
    try:
        from scipy.io import loadmat
    except ImportError as error:
        raise MissingExtra("scipy, which reads .mat files,", "data") from error
    try:
        dat = loadmat(path, variable_names=["dat"]).get("dat")
    except Exception as error:  # scipy's reader lets any kind of exception out at a damaged file
        raise FormatError(f"the mat file cannot be read ({type(error).__name__}): {path}", "fetch it again") from error
    if not isinstance(dat, np.ndarray) or dat.dtype != object or dat.shape != CELLS:
        raise FormatError(f"a mat file without the 36x39 cells `dat` of Binary AlphaDigits: {path}")
    return dat
