"""What a source holds, upright and with its labels as characters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .strokes import Strokes

UPRIGHT = "upright"
TRANSPOSED = "transposed"
"""How NIST's own EMNIST files keep every picture: rows are columns (a stored picture's transpose is upright)."""


@dataclass(frozen=True)
class Orientation:
    """How pictures are stored and how that is known.

    ``stored``: ``"upright"`` or ``"transposed"``. ``known_by``: a phrase such as "its name begins with emnist-".
    """

    stored: str
    known_by: str

    def __str__(self) -> str:
        return f"stored {self.stored}, known by {self.known_by}"


@dataclass(frozen=True, eq=False)
class Contents:
    """What :func:`inkread.formats.read` gives. Exactly one of ``pictures``, ``encoded`` and ``strokes`` is not None.

    ``format``: the layout it was taken for. ``orientation``: how the pictures are stored in the source. ``pictures``:
    uint8 (N,H,W), upright (or as stored, where that was asked for). ``encoded``: N still encoded pictures, read when
    asked for. ``strokes``: N characters as pen strokes. ``labels``: a string a picture: one character, or several
    where it is known only up to them (``Cc``); None where nothing is told. ``names``: a path a picture, in natural
    order, bytes that are no UTF-8 as lone surrogates. ``writer``: str (N,), "" where one is not known. ``part``: which
    part of the source this is, "" where it has none. ``skipped``: files and members that are no pictures, or that a
    list of labels does not name. ``turn``: the decoded pictures have still to be transposed (only ever with
    ``encoded``, whose pixels this room does not see).
    """

    format: str
    orientation: Orientation
    pictures: NDArray[np.uint8] | None = None
    encoded: Sequence[bytes] | None = None
    strokes: Strokes | None = None
    labels: tuple[str, ...] | None = None
    names: tuple[str, ...] | None = None
    writer: NDArray[np.str_] | None = None
    part: str = ""
    skipped: int = 0
    turn: bool = False

    def __len__(self) -> int:
        held = next(each for each in (self.pictures, self.encoded, self.strokes) if each is not None)
        return len(held)
