"""A CSV of predictions: probabilities a column a character, or one column of classes, characters or code points; ids before them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from ..alphabet import BYCLASS
from ..errors import FormatError
from .inflate import Packed
from .listed import LABEL_COLUMNS, NAME_COLUMNS

if TYPE_CHECKING:
    from numpy.typing import NDArray

ID_NAMES = frozenset(("", "id", "ids", "index", "image_id", "imageid", *NAME_COLUMNS))
CHARACTER_NAMES = frozenset(("character", "characters", "char", "letter", "text", "symbol"))
CLASS_NAMES = frozenset(("prediction", "predicted", "pred", "answer", "y", "y_pred", "labels", "classes", *LABEL_COLUMNS))
"""What the columns of ids, of characters, and of classes or characters are called in headers, in lower case."""

READ_HEADER = ("path", "character", "probability", "sure")
"""What the CSV of ``inkread read`` begins with; its first two columns are the answers."""

LONGEST = 64
"""Characters of a cell that is a number."""

MAX_BYTES = 2 << 30
_BLOCK = 4096
_MARKS = (",", ";", "\t")
_CODE_POINT = re.compile(r"(?:U\+)?(00[0-9A-F]{2})", re.IGNORECASE)
_PREFIX = re.compile(r"(?:p|prob|proba|probability|class)_(.{1,3})", re.IGNORECASE)
_HINT = "a header names the character of each column, after a column `id` where there is one; or one column `class` or `character`"


@dataclass(frozen=True, eq=False)
class Table:
    """What stands in the CSV, the rows as they come; see ``Predictions``. ``characters`` of answers are those that occur."""

    probabilities: NDArray[np.float64] | None
    classes: NDArray[np.int64] | None
    characters: tuple[str, ...] | None
    ids: tuple[str, ...] | None
    remark: str = ""


@dataclass(frozen=True)
class Layout:
    """``mark``: between cells. ``width``: cells a row. ``ids``: whether they come first. ``header``: whether there is one.

    ``characters``: of the columns of probabilities. ``spelt``: a column of characters, even where they are digits, of which
    one may be empty where ``more`` columns follow: those that ``inkread read`` writes.
    """

    mark: str
    width: int
    ids: bool = False
    header: bool = True
    characters: tuple[str, ...] | None = None
    spelt: bool = False
    more: bool = False


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
    _check_header(lines[:_BLOCK], file.path)
    layout = _layout(lines[0], file.path)
    rows = _rows(lines[layout.header :], layout, file.path)
    if layout.width - layout.ids == 1 or layout.more:
        return _classes(rows, layout, file.path)
    ids: list[str] = []
    blocks = []
    while block := list(islice(rows, _BLOCK)):
        ids += [row[0].strip() for _, row in block] if layout.ids else []
        blocks.append(_numbers(block, layout, file.path))
    found = np.concatenate(blocks) if blocks else np.empty((0, layout.width - layout.ids))
    return Table(found, None, layout.characters, tuple(ids) if layout.ids else None)


def _split(line: str) -> tuple[str, list[str]]:
    """The mark between the cells of a line, and the cells."""
    mark, cells = max(((each, next(csv.reader([line], delimiter=each), [])) for each in _MARKS), key=lambda found: len(found[1]))
    return mark, [each.strip() for each in cells]


def _unprefixed(headers: list[str]) -> list[str]:
    """`p_A`, `prob_A` and `class_A` of every column as `A`."""
    found = [_PREFIX.fullmatch(each) for each in headers]
    bare = [each[1] for each in found if each]
    return bare if len(bare) == len(headers) > 1 else headers


def _check_header(lines: list[str], path: str) -> None:
    """:class:`FormatError` for two columns that are an id and an answer without a header, and no probabilities of two characters."""
    mark, cells = _split(lines[0])
    if len(cells) != 2 or cells[0].lower() in ID_NAMES:
        return
    try:
        rows = [[each.strip() for each in row] for row in csv.reader(lines, delimiter=mark) if row]
    except csv.Error:
        return  # told with its line where the rows are read
    answers = all(len(row) == 2 and (len(row[1]) == 1 or _is_whole(row[1]) or _CODE_POINT.fullmatch(row[1])) for row in rows)
    told = rows[not all(_is_number(each, mark) for each in cells) :]
    if answers and not all(_sums_to_one(row, mark) for row in told):
        raise FormatError(f"an id and an answer without a header? {lines[0][:60]!r}: {path}", "put `id,class` above")


def _layout(line: str, path: str) -> Layout:
    mark, cells = _split(line)
    if all(_is_number(each, mark) for each in cells) and not _is_digits(cells):
        return Layout(mark, len(cells), header=False)
    if tuple(each.lower() for each in cells[: len(READ_HEADER)]) == READ_HEADER:
        return Layout(mark, len(cells), ids=True, spelt=True, more=True)
    ids = len(cells) > 1 and cells[0].lower() in ID_NAMES
    rest = _unprefixed(cells[ids:])
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
    """Each row with its line, empty lines left out; :class:`FormatError` for one of another width."""
    try:
        for line, row in enumerate(csv.reader(lines, delimiter=layout.mark), 1 + layout.header):
            if not row:
                continue
            if len(row) != layout.width:
                raise FormatError(f"a row has {len(row):,} columns, not {layout.width:,}: line {line:,} of {path}")
            yield line, row
    except csv.Error as error:
        raise FormatError(f"the CSV cannot be read ({error}): {path}") from error


def _numbers(block: list[tuple[int, list[str]]], layout: Layout, path: str) -> NDArray[np.float64]:
    long = next(((line, each) for line, row in block for each in row[layout.ids :] if len(each) > LONGEST), None)
    if long:  # an array of texts is as wide as its longest
        raise FormatError(f"no number: {long[1][:20]!r} in line {long[0]:,} of {path}")
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
        cells.append(row[layout.ids].strip() or row[layout.ids])
        lines.append(line)
    told = tuple(ids) if layout.ids else None
    spelt, remark = _from_code_points(cells)
    if spelt:
        return _answers(spelt, told, remark)
    if not layout.spelt and all(_is_whole(each) for each in cells):
        return Table(None, np.array([int(float(each)) for each in cells], np.int64), None, told)
    wrong = next(((at, each) for at, each in enumerate(cells) if len(each) != 1 and (each or not layout.more)), None)
    if wrong:
        raise FormatError(f"neither a class number nor a character: {wrong[1][:20]!r} in line {lines[wrong[0]]:,} of {path}", _HINT)
    return _answers(cells, told)


def _answers(cells: list[str], ids: tuple[str, ...] | None, remark: str = "") -> Table:
    characters = tuple(sorted(set(filter(None, cells))))
    place = {each: at for at, each in enumerate(characters)} | {"": -1}
    return Table(None, np.array([place[each] for each in cells], np.int64), characters, ids, remark)


def _from_code_points(cells: list[str]) -> tuple[list[str], str]:
    """The characters, where every cell is a code point as folders are named by it (`0049`, `U+0049`), and that they were taken so."""
    found = [_CODE_POINT.fullmatch(each) for each in cells]
    spelt = [chr(int(each[1], 16)) for each in found if each]
    if not cells or len(spelt) < len(cells) or not all(each in BYCLASS for each in spelt):
        return [], ""
    return spelt, f"the answers are taken for code points in hexadecimal ({cells[0]} is {spelt[0]})"


def _sums_to_one(row: list[str], mark: str) -> bool:
    return all(_is_number(each, mark) for each in row) and abs(sum(float(each.replace(",", ".")) for each in row) - 1.0) < 0.01


def _is_whole(cell: str) -> bool:
    return _is_number(cell, ",") and float(cell).is_integer() and abs(float(cell)) < 2**31
