"""USPS as LIBSVM's page has it: a line a picture, `label index:value ...`, packed with bzip2 or not."""

from __future__ import annotations

import bz2
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from ..errors import FormatError
from .classes import DIGIT_LABELS, as_characters
from .contents import UPRIGHT, Contents, Orientation
from .inflate import Packed
from .parts import Found

if TYPE_CHECKING:
    from numpy.typing import NDArray

NAME = "USPS in LIBSVM's format"
BZIP2 = b"BZh"

USPS_OFFSET = 1
"""LIBSVM's USPS counts its classes 1..10, the digit 0 being 1."""

SIDE = 16
"""Pictures are 16x16, their values -1 (paper) to 1 (ink); a value that is not told is 0."""

MAX_TEXT = 1 << 28
"""Bytes that the text may have; USPS' train part has 22 million."""

_PIECE = 1 << 13
_MOST = 1 << 22
"""Bytes unpacked at once, from and to."""

_LINE = re.compile(rb"\d{1,2}(?:\.0+)? +1:-?\d|\d{1,2}(?:\.0+)? +\d+:-?[\d.]+ ")


def begins_as_libsvm(head: bytes) -> bool:
    """Whether a text begins like a line of labelled features."""
    return bool(_LINE.match(head.lstrip()))


def find_libsvm(file: Packed) -> Found:
    """The pictures of a file; the part is `test` where its name says so (`usps.t.bz2`). :class:`FormatError` for other sets."""
    part = "test" if ".t." in f"{file.name}." else ("train" if file.name.startswith("usps") else "")

    def take(_: int, as_stored: bool) -> Contents:
        pictures, labels = _parsed(_text(file), file.path)
        characters = as_characters(labels - USPS_OFFSET, DIGIT_LABELS, file.path)
        return Contents(NAME, Orientation(UPRIGHT, "being LIBSVM's USPS"), pictures=pictures, labels=characters, part=part)

    return Found(file.path, NAME, (part,), take)


def _text(file: Packed) -> bytes:
    data = file.whole(MAX_TEXT)
    if not data.startswith(BZIP2):
        return data
    pieces = []
    held = 0
    try:
        for piece in _unpacked(data):
            held += len(piece)
            if held > MAX_TEXT:
                raise FormatError(f"the bzip2 file unpacks to more than {MAX_TEXT >> 20} MiB: {file.path}")
            pieces.append(piece)
    except FormatError:
        raise
    except EOFError as error:
        raise FormatError(f"the bzip2 file ends too early: {file.path}", "an interrupted copy? fetch it again") from error
    except (OSError, ValueError) as error:
        raise FormatError(f"the bzip2 file is damaged: {file.path}", "fetch it again") from error
    return b"".join(pieces)


def _unpacked(data: bytes) -> Iterator[bytes]:
    """The text of all streams, of which parallel packers write several; zeros may follow the last.

    :class:`EOFError` where one is cut short, :class:`OSError` where one is damaged or something else follows.
    """
    at = 0
    while data.startswith(BZIP2, at):
        engine = bz2.BZ2Decompressor()
        while not engine.eof:
            packed = data[at : at + _PIECE] if engine.needs_input else b""
            if engine.needs_input and not packed:
                raise EOFError
            yield engine.decompress(packed, _MOST)
            at += len(packed) - len(engine.unused_data)
    if data[at:].strip(b"\0"):
        raise OSError("something follows the last stream")


def _parsed(text: bytes, path: str) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Pictures uint8 (N,16,16) and labels as stored."""
    lines = [line for line in text.split(b"\n") if line.strip()]
    features = np.array([line.count(b":") for line in lines], np.int64)
    try:
        numbers = np.array(text.replace(b":", b" ").split(), np.float64)
    except ValueError as error:
        raise FormatError(f"not a label and numbered values in every line: {path}") from error
    starts = np.concatenate([[0], np.cumsum(1 + 2 * features)])
    if len(numbers) != starts[-1] or not lines:
        raise FormatError(f"not a label and numbered values in every line: {path}")
    is_label = np.zeros(len(numbers), np.bool_)
    is_label[starts[:-1]] = True
    pairs = numbers[~is_label].reshape(-1, 2)
    at, values = pairs[:, 0], pairs[:, 1]
    if not ((at >= 1) & (at <= SIDE * SIDE) & (at == np.round(at))).all():
        raise FormatError(f"pictures of {SIDE}x{SIDE} have values 1 to {SIDE * SIDE}: {at.min():g} to {at.max():g}: {path}")
    if not (np.abs(values) <= 1).all():
        raise FormatError(f"USPS' values lie from -1 to 1: {values.min():g} to {values.max():g}: {path}")
    grey = np.zeros((len(lines), SIDE * SIDE), np.float64)
    grey[np.repeat(np.arange(len(lines)), features), at.astype(np.int64) - 1] = values
    labels = numbers[is_label]
    if not (labels == np.round(labels)).all():
        raise FormatError(f"labels must be whole numbers: {path}")
    return np.rint((grey + 1) * 127.5).astype(np.uint8).reshape(-1, SIDE, SIDE), labels.astype(np.int64)
