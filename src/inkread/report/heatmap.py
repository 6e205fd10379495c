"""The confusion matrix as one drawing that stays readable at 62 characters."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from html import escape
from itertools import pairwise

from ..evaluation import Confusion
from .charts import drawing, element, text
from .contact import NO_BREAK, kind_of

LEVELS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.25)
"""Shares of a character's pictures between which the colour changes, roughly doubling."""

NUMBERED = 30
"""Characters up to which the counts stand in the cells."""

MARGIN = 24
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
        top = text("read as", self.width / 2, 12, text_anchor="middle", class_="axis")
        body = element("g", "".join([*self._cells(), *self._lines(), *self._labels()]), transform="translate(0 18)")
        return drawing(top + body, self.width, self.height, says, "chart heat", style=self._size())

    def _size(self) -> str:
        """Never so small that names cannot be read: a narrow page scrolls; and not larger than a few characters need."""
        return f"min-width:{min(12 * len(self.columns), 640)}px;max-width:{round(1.45 * self.width)}px"

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
        right, bottom = self.width - MARGIN / 2, 2 * MARGIN + self.cell * len(self.rows)
        yield text("is", MARGIN / 2, MARGIN - 7, text_anchor="middle", class_="axis")
        for at, name in enumerate(self.columns):
            x = MARGIN + (at + 0.5) * self.cell
            yield text(name, x, MARGIN - 7, text_anchor="middle", class_="name") + text(
                name, x, bottom - 9, text_anchor="middle", class_="name"
            )
        for at, name in enumerate(self.rows):
            y = MARGIN + (at + 0.5) * self.cell + 3.5
            yield text(name, MARGIN / 2, y, text_anchor="middle", class_="name") + text(name, right, y, text_anchor="middle", class_="name")
