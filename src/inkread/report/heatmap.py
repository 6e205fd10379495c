"""The confusion matrix as one drawing that stays readable at 62 characters."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from html import escape
from itertools import pairwise
from math import ceil

from ..evaluation import Confusion
from .charts import drawing, element, text
from .contact import NO_BREAK, kind_of

LEVELS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.25)
"""Shares of a character's pictures between which the colour changes, roughly doubling."""

NUMBERED = 30
"""Characters up to which the counts stand in the cells."""

MARGIN = 24
PHONE, NAME = 350, 9
"""Pixels that a phone leaves for the map, and that a name on it needs."""
NO_ANSWER = "–"


def heat_map(found: Confusion) -> str:
    """Rows are what the pictures are, columns what they were read as; only mistakes are coloured, by their share of the row."""
    return _Map(found).drawn()


def legend() -> list[tuple[int, str]]:
    """The levels of colour and what they mean."""
    bounds = [f"{100 * each:g}" for each in LEVELS]
    words = [f"below {bounds[0]}{NO_BREAK}%", *(f"{a} to {b}{NO_BREAK}%" for a, b in pairwise(bounds))]
    return list(enumerate([*words, f"{bounds[-1]}{NO_BREAK}% and more"], 1))


class _Map:
    def __init__(self, found: Confusion) -> None:
        self.counts = found.counts
        self.rows = list(found.alphabet.characters)
        self.columns = self.rows + ([NO_ANSWER] if found.counts[:, -1].any() else [])
        self.cell = min(max(760 // len(self.columns), 12), 34)
        self.width = 2 * MARGIN + self.cell * len(self.columns)
        self.height = 2 * MARGIN + self.cell * len(self.rows) + 18

    def drawn(self) -> str:
        says = (
            f"Confusion matrix of {len(self.rows)} characters: rows are what the pictures are, columns what they were read as. "
            "The most frequent mistakes stand in the table below."
        )
        top = text("read as", self.width / 2, 9, text_anchor="middle", class_="axis")
        body = element("g", "".join([*self._cells(), *self._lines(), *self._labels()]), transform="translate(0 18)")
        return drawing(top + body, self.width, self.height, says, "chart heat", style=self._size())

    def _size(self) -> str:
        """Not larger than a few characters need; and how large names must be to be read where a phone makes the map small."""
        return f"max-width:{round(1.45 * self.width)}px;--name:{round(10 * max(self.width / PHONE, 1))}px"

    def _cells(self) -> Iterator[str]:
        totals, size = self.counts.sum(axis=1), self.cell
        for row, is_ in enumerate(self.rows):
            for column, answer in enumerate(self.columns):
                count = float(self.counts[row, column])
                if not count:
                    continue
                share = count / totals[row]
                level = "right" if row == column else f"h{1 + bisect_right(LEVELS, share)}"
                x, y = MARGIN + column * size, MARGIN + row * size
                way = "no answer" if answer == NO_ANSWER and column == len(self.rows) else f"read as {answer}"
                title = element("title", escape(f"{is_} {way}: {count:,.10g} of {totals[row]:,.10g} ({share:.1%})"))
                yield element("rect", title, x=x, y=y, width=size, height=size, class_=level)
                if len(self.rows) <= NUMBERED:
                    kind = "n-right" if row == column else f"n{level}"
                    yield text(f"{count:.0f}", x + size / 2, y + size / 2 + 3.5, text_anchor="middle", class_=kind)

    def _lines(self) -> Iterator[str]:
        """A fine line around every cell, a stronger one where digits, capitals and small letters part."""
        right, bottom = self.width - MARGIN, MARGIN + self.cell * len(self.rows)
        for strong in (False, True):
            down = [at for at in range(len(self.rows) + 1) if self._parts(self.rows, at) == strong]
            across = [at for at in range(len(self.columns) + 1) if self._parts(self.columns, at) == strong]
            path = "".join(f"M{MARGIN} {MARGIN + at * self.cell}H{right}" for at in down)
            path += "".join(f"M{MARGIN + at * self.cell} {MARGIN}V{bottom}" for at in across)
            yield element("path", d=path, class_="edge" if strong else "cell")

    @staticmethod
    def _parts(names: list[str], at: int) -> bool:
        return at in (0, len(names)) or kind_of(names[at - 1]) != kind_of(names[at])

    def _labels(self) -> Iterator[str]:
        """Names on all four sides; on a phone only those that are marked, every second or third of many."""
        low, right, bottom = MARGIN / 2, self.width - MARGIN / 2, 1.5 * MARGIN + self.cell * len(self.rows)
        every = ceil(NAME * self.width / PHONE / self.cell)
        yield text("is", low, low, text_anchor="middle", class_="axis")
        for names, is_row in ((self.columns, False), (self.rows, True)):
            for at, name in enumerate(names):
                along, kind = MARGIN + (at + 0.5) * self.cell, "name" if at % every else "name few"
                for x, y in ((low, along), (right, along)) if is_row else ((along, low), (along, bottom)):
                    yield text(name, x, y, text_anchor="middle", class_=kind)
