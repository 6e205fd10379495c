"""Line charts of plain characters: braille dots, an axis, and each line named where it ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import floor, log10

import numpy as np
from numpy.typing import NDArray

Span = tuple[str, int]
"""A piece of a row and the number of the line that it belongs to, -1 for none."""

BITS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]])
"""The bit of each dot of a braille character, row by row (Unicode, block U+2800)."""
MARK = "●"
LEAST = 12
"""Columns of dots below which names are left out rather than the chart."""


@dataclass(frozen=True)
class Line:
    """A line: its name, its points, every which dot of it is drawn (1: all of them), and the x of a point that is marked."""

    name: str
    x: Sequence[float]
    y: Sequence[float]
    every: int = 1
    marked: float | None = None


def chart(lines: Sequence[Line], width: int, height: int = 12, share: bool = False) -> list[list[Span]]:
    """The rows of a chart at most ``width`` columns wide, ``height`` of them dots, one more the axis.

    ``share``: y are shares and told in percent. Points that are no numbers are left out; lines without any are too.
    """
    drawn = [(number, *_finite(line), line) for number, line in enumerate(lines)]
    drawn = [each for each in drawn if len(each[1])]
    if not drawn:
        return [[("nothing to draw", -1)]]
    xs, ys = np.concatenate([each[1] for each in drawn]), np.concatenate([each[2] for each in drawn])
    low, high, ticks = scale(float(ys.min()), float(ys.max()), max(2, height // 3))
    labels = [(f"{100 * tick:.{places(ticks, 100)}f} %" if share else f"{tick:.{places(ticks)}f}", tick) for tick in ticks]
    left = max(len(text) for text, _ in labels)
    names = max(len(line.name) for *_, line in drawn) + 1
    columns = width - left - 2 - names
    if columns < LEAST:
        columns, names = max(width - left - 2, 2), 0
    field = _Field(columns, height, (float(xs.min()), float(xs.max())), (low, high))
    for number, x, y, line in drawn:
        field.draw(number, x, y, line.every)
    for number, x, y, line in drawn:
        at = np.ones(1, np.bool_) if len(x) == 1 else x == line.marked
        field.mark(number, x[at], y[at])
    marks = {field.row(tick): text for text, tick in labels}
    ends = _ends([(field.row(float(y[-1])), number, line.name) for number, _, y, line in drawn], height) if names else {}
    rows = []
    for row in range(height):
        edge = f"{marks.get(row, ''):>{left}} {'┤' if row in marks else '│'}"
        rows.append([(edge, -1), *field.spans(row), *([(f" {ends[row][1]}", ends[row][0])] if row in ends else [])])
    return [*rows, *_axis(left, columns, float(xs.min()), float(xs.max()))]


def scale(low: float, high: float, steps: int) -> tuple[float, float, list[float]]:
    """The bounds of an axis that holds ``low`` to ``high``, and some ``steps`` round numbers on it (1, 2, 5 times a power of ten)."""
    if high <= low:
        low, high = low - max(abs(low) * 0.05, 0.005), high + max(abs(high) * 0.05, 0.005)
    ticks: list[float] = []
    while len(ticks) < 2:
        rough = (high - low) / steps
        power = 10.0 ** floor(log10(rough))
        step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)
        first, last = int(np.ceil(low / step - 1e-9)), int(np.floor(high / step + 1e-9))
        ticks, steps = [number * step for number in range(first, last + 1)], steps + 1
    return low, high, ticks


def places(ticks: Sequence[float], times: float = 1.0) -> int:
    """Decimals that tell these numbers apart, ``times`` as large."""
    step = min((b - a for a, b in pairwise(ticks)), default=abs(ticks[0]) or 1.0) if ticks else 1.0
    return max(0, -floor(log10(step * times) + 1e-9))


class _Field:
    """A field of dots, two across and four down in each character; the line drawn last owns a character."""

    def __init__(self, columns: int, rows: int, x: tuple[float, float], y: tuple[float, float]) -> None:
        self.dots = np.zeros((4 * rows, 2 * columns), np.bool_)
        self.owner = np.full((rows, columns), -1)
        self.marks: dict[tuple[int, int], int] = {}
        self.x, self.y = x, y

    def draw(self, number: int, x: NDArray[np.float64], y: NDArray[np.float64], every: int) -> None:
        across, down = self._across(x), self._down(y)
        so_far = 0
        for at in range(len(x) - 1):
            count = int(max(abs(across[at + 1] - across[at]), abs(down[at + 1] - down[at]))) + 1
            columns = np.rint(np.linspace(across[at], across[at + 1], count))
            rows = np.rint(np.linspace(down[at], down[at + 1], count))
            kept = np.arange(so_far, so_far + count) % every == 0
            self._dots(columns[kept], rows[kept], number)
            so_far += count - 1

    def mark(self, number: int, x: NDArray[np.float64], y: NDArray[np.float64]) -> None:
        """Points that stand out from whatever line."""
        for row, column in zip((self._down(y) // 4).astype(int).tolist(), (self._across(x) // 2).astype(int).tolist(), strict=True):
            self.marks[row, column] = number
            self.owner[row, column] = number

    def row(self, y: float) -> int:
        """The row of characters in which a value lies."""
        return int(self._down(np.array([y]))[0]) // 4

    def spans(self, row: int) -> list[Span]:
        """A row of characters, cut where the owner changes."""
        cells = (self.dots[4 * row : 4 * row + 4].reshape(4, -1, 2) * BITS[:, None]).sum(axis=(0, 2))
        found: list[Span] = []
        for column, (bits, owner) in enumerate(zip(cells.tolist(), self.owner[row].tolist(), strict=True)):
            character = MARK if (row, column) in self.marks else chr(0x2800 + bits) if bits else " "
            if found and found[-1][1] == owner:
                found[-1] = (found[-1][0] + character, owner)
            else:
                found.append((character, owner))
        return found

    def _dots(self, columns: NDArray[np.float64], rows: NDArray[np.float64], number: int) -> None:
        at = rows.astype(int).clip(0, len(self.dots) - 1), columns.astype(int).clip(0, self.dots.shape[1] - 1)
        self.dots[at] = True
        self.owner[at[0] // 4, at[1] // 2] = number

    def _across(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        low, high = self.x
        return np.rint((x - low) / max(high - low, 1e-12) * (self.dots.shape[1] - 1))

    def _down(self, y: NDArray[np.float64]) -> NDArray[np.float64]:
        low, high = self.y
        return np.rint((high - y) / max(high - low, 1e-12) * (len(self.dots) - 1)).clip(0, len(self.dots) - 1)


def _finite(line: Line) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    x, y = np.asarray(line.x, np.float64), np.asarray(line.y, np.float64)
    known = np.isfinite(y)
    return x[known], y[known]


def _ends(wanted: list[tuple[int, int, str]], height: int) -> dict[int, tuple[int, str]]:
    """Row -> (number, name) of the line that is named there: as near to its end as the others leave room."""
    found: dict[int, tuple[int, str]] = {}
    for row, number, name in sorted(wanted):
        free = sorted((each for each in range(height) if each not in found), key=lambda each: (abs(each - row), each))
        if free:
            found[free[0]] = (number, name)
    return found


def _axis(left: int, columns: int, first: float, last: float) -> list[list[Span]]:
    start, end = (f"{each:g}" for each in (first, last))
    middle = "epoch" if columns >= len(start) + len(end) + 9 else ""
    text = f"{start}{middle:^{max(columns - len(start) - len(end), 1)}}{end if first < last else ''}"
    return [[(" " * (left + 1) + "└" + "─" * columns, -1)], [(" " * (left + 2) + text, -1)]]
