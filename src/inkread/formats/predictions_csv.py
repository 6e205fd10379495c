"""A CSV of predictions: probabilities a column a character, or one column of classes or characters, with ids before them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from ..errors import FormatError
from .inflate import Packed
from .listed import LABEL_COLUMNS, NAME_COLUMNS

if TYPE_CHECKING:
    from numpy.typing import NDArray

ID_NAMES = frozenset(("", "id", "ids", "index", "image_id", "imageid", *NAME_COLUMNS))
CHARACTER_NAMES = frozenset(("character", "characters", "char", "letter", "text", "symbol"))
CLASS_NAMES = frozenset(("prediction", "predicted", "pred", "answer", "y", "y_pred", "labels", "classes", *LABEL_COLUMNS))
"""What the columns of ids, of characters, and of classes or characters are called in headers, in lower case."""

MAX_BYTES = 2 << 30
_BLOCK = 4096
_MARKS = (",", ";", "\t")
_HINT = "a header names the character of each column, after a column `id` where there is one; or one column `class` or `character`"


@dataclass(frozen=True, eq=False)
class Table:
    """What stands in the CSV, the rows as they come; see ``Predictions``. ``ids`` are kept as they are written."""

    probabilities: NDArray[np.float64] | None
    classes: NDArray[np.int64] | None
    characters: tuple[str, ...] | None
    ids: tuple[str, ...] | None


@dataclass(frozen=True)
class Layout:
    """``mark``: between cells. ``width``: cells a row. ``ids``: whether they come first. ``header``: whether there is one.

    ``characters``: of the columns of probabilities. ``spelt``: a single column of characters, even where they are digits.
    """

    mark: str
    width: int
    ids: bool = False
    header: bool = True
    characters: tuple[str, ...] | None = None
    spelt: bool = False


def read_csv(file: Packed) -> Table:
    """The predictions of a CSV in UTF-8; :class:`FormatError` with the line that is wrong."""
    try:
        text = file.whole(MAX_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormatError(f"no file of predictions (npz, npy, or CSV in UTF-8): {file.path}") from error
    lines = text.splitlines()
    while lines and not lines[-1].strip():
        lines.pop()
    if not lines:
        raise FormatError(f"there is no prediction in the file: {file.path}")
    layout = _layout(lines[0], file.path)
    rows = _rows(lines[layout.header :], layout, file.path)
    if layout.width - layout.ids == 1:
        return _classes(rows, layout, file.path)
    ids: list[str] = []
    blocks = []
    while block := list(islice(rows, _BLOCK)):
        ids += [row[0].strip() for _, row in block] if layout.ids else []
        blocks.append(_numbers(block, layout, file.path))
    found = np.concatenate(blocks) if blocks else np.empty((0, layout.width - layout.ids))
    return Table(found, None, layout.characters, tuple(ids) if layout.ids else None)


def _layout(line: str, path: str) -> Layout:
    mark, cells = max(((each, next(csv.reader([line], delimiter=each))) for each in _MARKS), key=lambda found: len(found[1]))
    cells = [each.strip() for each in cells]
    if all(_is_number(each, mark) for each in cells) and not _is_digits(cells):
        return Layout(mark, len(cells), header=False)
    ids = len(cells) > 1 and cells[0].lower() in ID_NAMES
    rest = cells[ids:]
    if len(rest) == 1:
        name = rest[0].lower()
        if name in CLASS_NAMES | CHARACTER_NAMES:
            return Layout(mark, len(cells), ids, spelt=name in CHARACTER_NAMES)
        if len(rest[0]) == 1 and not ids:
            return Layout(mark, 1, header=False)
        raise FormatError(f"no known header of predictions: {line[:60]!r}: {path}", _HINT)
    if rest == [str(at) for at in range(len(rest))] and len(rest) != 10:  # what pandas writes above columns without names
        return Layout(mark, len(cells), ids)
    if wrong := [each for each in rest if len(each) != 1]:
        raise FormatError(f"a column of probabilities is headed by no character: {wrong[0][:20]!r}: {path}", _HINT)
    return Layout(mark, len(cells), ids, characters=tuple(rest))


def _is_digits(cells: list[str]) -> bool:
    """Whether these numbers are a header: several digits, each once, or class numbers from 0, which no probabilities are."""
    return len(cells) > 2 and (
        cells == [str(at) for at in range(len(cells))] or (len(set(cells)) == len(cells) and set(cells) <= set("0123456789"))
    )


def _is_number(cell: str, mark: str) -> bool:
    try:
        float(cell.replace(",", ".") if mark == ";" else cell)
    except ValueError:
        return False
    return True


def _rows(lines: Iterable[str], layout: Layout, path: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with its line; :class:`FormatError` for one of another width."""
    try:
        for line, row in enumerate(csv.reader(lines, delimiter=layout.mark), 1 + layout.header):
            if len(row) != layout.width:
                raise FormatError(f"a row has {len(row):,} columns, not {layout.width:,}: line {line:,} of {path}")
            yield line, row
    except csv.Error as error:
        raise FormatError(f"the CSV cannot be read ({error}): {path}") from error


def _numbers(block: list[tuple[int, list[str]]], layout: Layout, path: str) -> NDArray[np.float64]:
    cells = np.array([row[layout.ids :] for _, row in block])
    if layout.mark == ";":  # where the comma stands before decimals
        cells = np.char.replace(cells, ",", ".")
    try:
        return cells.astype(np.float64)
    except ValueError:
        line, cell = next((line, cell) for line, row in block for cell in row[layout.ids :] if not _is_number(cell, layout.mark))
        raise FormatError(f"no number: {cell[:20]!r} in line {line:,} of {path}") from None


def _classes(rows: Iterator[tuple[int, list[str]]], layout: Layout, path: str) -> Table:
    ids: list[str] = []
    cells: list[str] = []
    lines: list[int] = []
    for line, row in rows:
        ids += [row[0].strip()] if layout.ids else []
        cells.append(row[-1].strip() or row[-1])
        lines.append(line)
    told = tuple(ids) if layout.ids else None
    if not layout.spelt and all(_is_whole(each) for each in cells):
        return Table(None, np.array([int(float(each)) for each in cells], np.int64), None, told)
    wrong = next(((at, each) for at, each in enumerate(cells) if len(each) != 1), None)
    if wrong:
        raise FormatError(f"neither a class number nor a character: {wrong[1][:20]!r} in line {lines[wrong[0]]:,} of {path}", _HINT)
    characters = tuple(sorted(set(cells)))
    place = {each: at for at, each in enumerate(characters)}
    return Table(None, np.array([place[each] for each in cells], np.int64), characters, told)


def _is_whole(cell: str) -> bool:
    return _is_number(cell, ",") and float(cell).is_integer() and abs(float(cell)) < 2**31
