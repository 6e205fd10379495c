"""CSV of pixels, as Kaggle hands out EMNIST and MNIST: a label and then the pixels of one picture a row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..errors import FormatError
from .classes import as_characters, emnist_set, meaning_of
from .contents import TRANSPOSED, UPRIGHT, Contents, Orientation
from .inflate import Packed, ahead
from .parts import Found, part_told_by

if TYPE_CHECKING:
    from numpy.typing import NDArray

NAME = "CSV of pixels"
TRIED = "a label and a square of pixels a row; a square of pixels without labels; a header with `label` or with pixels named 1x1 to 28x28"

LABEL_NAMES = frozenset(("label", "labels", "class", "target", "y", "character"))
"""What the column of labels is called in headers, in lower case."""

_CELL = re.compile(r"([0-9]+)x([0-9]+)")
_LARGEST_HEADER = 1 << 20
_BLOCK = 1 << 17
"""Bytes parsed at once: what is made of them stays in the processor's cache."""

_LONGEST_ROW = 1 << 24
_SIDES = range(4, 1025)
_ZERO = np.uint8(ord("0"))


@dataclass(frozen=True)
class Layout:
    """``columns`` in a row; ``label``: which of them it is, or None; ``shape`` of a picture; whether a ``header`` comes first."""

    columns: int
    label: int | None
    shape: tuple[int, int]
    header: bool


def find_rows(file: Packed) -> Found | None:
    """A CSV of pixels as a source; None where the first line is none of a CSV of numbers.

    :class:`FormatError` where it is one, but in no known layout.
    """
    layout = layout_of(file)
    if layout is None:
        return None
    part = part_told_by(file.name)
    stored, by = (TRANSPOSED, "its name beginning with emnist-") if emnist_set(file.name) else (UPRIGHT, "being a CSV that is not EMNIST's")

    def take(_: int, as_stored: bool) -> Contents:
        pictures, numbers = read_rows(file, layout, turn=stored == TRANSPOSED and not as_stored)
        labels = None
        if numbers is not None:
            labels = as_characters(numbers, meaning_of(file.name, numbers, file.path), file.path)
        return Contents(NAME, Orientation(stored, by), pictures=pictures, labels=labels, part=part)

    return Found(file.path, NAME, (part,), take)


def layout_of(file: Packed) -> Layout | None:
    """The layout that the first line tells; None where it is no line of a CSV with pixels."""
    head = file.head(_LARGEST_HEADER).removeprefix(b"\xef\xbb\xbf")
    line = head.partition(b"\n")[0].rstrip(b"\r")
    if b"," not in line or not line.isascii() or len(line) == _LARGEST_HEADER:
        return None
    cells = [each.strip().strip('"').strip() for each in line.decode("ascii").split(",")]
    numbers = all(each.isdigit() for each in cells)
    if len(cells) <= min(_SIDES) ** 2 and not numbers:
        return None
    found = _headerless(len(cells)) if numbers else _with_header([each.lower() for each in cells])
    if found is None:
        told = f"{len(cells):,} columns beginning with {', '.join(cells[:3])}"
        raise FormatError(f"no known layout of a CSV: {file.path}: {told}", f"tried: {TRIED}")
    return found


def _headerless(columns: int) -> Layout | None:
    for label in (0, None):
        shape = _square(columns - (label is not None))
        if shape:
            return Layout(columns, label, shape, header=False)
    return None


def _with_header(names: list[str]) -> Layout | None:
    labels = [at for at, each in enumerate(names) if each in LABEL_NAMES]
    if len(labels) > 1 or (labels and labels[0] not in (0, len(names) - 1)):
        return None
    label = labels[0] if labels else None
    cells = [found for each in names if (found := _CELL.fullmatch(each))]
    pixels = len(names) - len(labels)
    if cells and len(cells) == pixels:
        base = int(cells[0][1])
        shape = int(cells[-1][1]) - base + 1, int(cells[-1][2]) - base + 1
        in_order = [(int(each[1]) - base, int(each[2]) - base) for each in cells] == list(np.ndindex(shape)) if min(shape) > 0 else False
        return Layout(len(names), label, shape, header=True) if in_order else None
    square = _square(pixels)
    return Layout(len(names), label, square, header=True) if square else None


def _square(pixels: int) -> tuple[int, int] | None:
    side = round(max(pixels, 0) ** 0.5)
    return (side, side) if side in _SIDES and side * side == pixels else None


def read_rows(file: Packed, layout: Layout, *, turn: bool) -> tuple[NDArray[np.uint8], NDArray[np.uint8] | None]:
    """Pictures uint8 (N,H,W) and class numbers uint8 (N,), parsed in blocks; ``turn`` transposes each picture.

    :class:`FormatError` with the line of the first row that is not ``layout.columns`` whole numbers from 0 to 255.
    """
    height, width = layout.shape
    pictures = np.empty((4096, *((width, height) if turn else (height, width))), np.uint8)
    labels: list[NDArray[np.uint8]] = []
    last_pixel = 0
    count = 0
    for block in _without_end(_blocks(file, header=layout.header), file.path):
        rows = _parsed(block, layout.columns)
        if rows is None:
            raise FormatError(_fault(block, layout, count, file.path), "pixels and labels are whole numbers from 0 to 255")
        pixels = rows[:, 1:] if layout.label == 0 else rows[:, : height * width]
        if count + len(rows) > len(pictures):
            # realloc moves pages, not bytes: memory does not double
            pictures.resize((max(len(pictures) * 3 // 2, count + len(rows)), *pictures.shape[1:]), refcheck=False)
        upright = pixels.reshape(-1, height, width)
        pictures[count : count + len(rows)] = upright.swapaxes(1, 2) if turn else upright
        if layout.label is not None:
            labels.append(rows[:, layout.label].copy())
        last_pixel = max(last_pixel, int(pixels[:, -1].max()))
        count += len(rows)
    pictures.resize((count, *pictures.shape[1:]), refcheck=False)
    numbers = np.concatenate(labels) if labels else np.empty(0, np.uint8)
    if layout.label is None:
        return pictures, None
    if not layout.header and count > 1 and last_pixel and not numbers.any():
        message = f"the labels of the CSV may be its first column or its last: {file.path}: the first is 0 in all {count:,} rows"
        raise FormatError(message, "a header that names the column `label` tells")
    return pictures, numbers


def _blocks(file: Packed, *, header: bool) -> Iterator[bytes]:
    """Whole rows, plain: digits, commas and one newline after each row, without the header."""
    rest = b""
    skip = header
    first = True
    for chunk in ahead(file.chunks()):
        data = rest + (chunk.removeprefix(b"\xef\xbb\xbf") if first else chunk)
        first = first and not chunk
        if skip:
            _, newline, data = data.partition(b"\n") if b"\n" in data else (data, b"", data)
            skip = not newline
            if skip:
                rest = data
                continue
        start = 0
        while (end := data.rfind(b"\n", start, start + _BLOCK) + 1 or data.find(b"\n", start) + 1) > start:
            yield _plain(data[start:end])
            start = end
        rest = data[start:]
        if len(rest) > _LONGEST_ROW:
            raise FormatError(f"a row of the CSV does not end after {_LONGEST_ROW >> 20} MiB: {file.path}")
    if (left := _plain(rest).strip()) and not skip:
        yield left + b"\n"


def _without_end(blocks: Iterator[bytes], path: str) -> Iterator[bytes]:
    """The same blocks without the empty lines after the last row; those before a row stay, and are refused with their line."""
    empty = 0
    for block in blocks:
        if not empty and not block.endswith(b"\n\n"):
            yield block
            continue
        body = block.rstrip(b"\n")
        if body:
            yield b"\n" * empty + body + b"\n"
        empty = len(block) - len(body) - 1 if body else empty + len(block)
        if empty > _LONGEST_ROW:
            raise FormatError(f"the CSV has more than {_LONGEST_ROW:,} empty lines: {path}")


def _plain(block: bytes) -> bytes:
    for byte in (b"\r", b'"', b" ", b"\t"):
        if byte in block:
            block = block.replace(byte, b"")
    return block


def _parsed(block: bytes, columns: int) -> NDArray[np.uint8] | None:
    """The numbers of whole rows, uint8 (n, columns); None where anything in them is not as it should be.

    Every byte's value as the last digit of a number is computed, all at once and in 8 bits, and those before a comma
    or a newline are taken: a few passes over memory that lies in the cache, instead of a decision a character.
    """
    data = np.frombuffer(b",,," + block, np.uint8)
    digit = data - _ZERO
    is_digit = digit < 10
    digit *= is_digit
    hundreds = digit[1:-2] * is_digit[2:-1]
    hundreds *= is_digit[3:]
    tens = digit[2:-1] * np.uint8(10)
    tens += digit[3:]
    ends = np.flatnonzero(~is_digit[3:])
    if len(ends) % columns or not is_digit[2:-1].take(ends).all():
        return None
    marks = data[3:].take(ends).reshape(-1, columns)
    if (marks[:, :-1] != ord(",")).any() or (marks[:, -1] != ord("\n")).any():
        return None
    if (is_digit[:-3] & is_digit[1:-2] & is_digit[2:-1] & is_digit[3:]).any():  # four digits
        return None
    value = hundreds * np.uint8(100)
    value += tens
    if hundreds.max(initial=0) > 2 or ((hundreds == 2) & (value < 200)).any():  # 256..299 have gone round
        return None
    return value[:-1].take(ends - 1).reshape(-1, columns)


def _fault(block: bytes, layout: Layout, count: int, path: str) -> str:
    """The sentence about the first line of a block that is wrong."""
    for at, line in enumerate(block.split(b"\n")[:-1]):
        cells = line.split(b",")
        told = f"line {count + at + 1 + layout.header:,} of {path}"
        if len(cells) != layout.columns:
            return f"a row of the CSV has {len(cells):,} columns, not {layout.columns:,}: {told}"
        wrong = next((each for each in cells if not (each.isdigit() and len(each) < 4 and int(each) < 256)), None)
        if wrong is not None:
            return f"no whole number from 0 to 255: {wrong[:20].decode('ascii', 'replace')!r} in {told}"
    return f"the rows of the CSV are no numbers: {path}"
