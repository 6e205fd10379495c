"""What a document is made of: words, lists, tables and figures under headings, as plain values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .vector import NARROW, WIDE

ALIGNMENTS = {"l": "left", "w": "left wrap", "r": ""}
"""Of a table's columns: at the left, at the left and broken into lines, and numbers at the right."""


@dataclass(frozen=True)
class Code:
    """Words as they are typed."""

    words: str


@dataclass(frozen=True)
class Strong:
    """Words that weigh more."""

    words: str


@dataclass(frozen=True)
class Link:
    """Words that lead to a relative path, an ``#anchor`` or an address."""

    words: str
    to: str


Piece = str | Code | Strong | Link
Text = Piece | tuple[Piece, ...]
"""Plain words, which mean nothing but themselves, or such words with :class:`Code`, :class:`Strong` and :class:`Link` between."""


@dataclass(frozen=True)
class Paragraph:
    """Some sentences. ``tone``: empty, ``lead`` (the answer, large), ``note`` (small) or ``warn`` (what must not be missed)."""

    text: Text
    tone: str = ""


@dataclass(frozen=True)
class Items:
    """A list; ``numbered`` where the order matters."""

    items: tuple[Text, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Listing:
    """Lines as they are typed or stand in a file: commands, a TOML, a formula."""

    text: str


@dataclass(frozen=True)
class Table:
    """Rows of as many cells as the ``header`` has; the first cell of a row names it.

    ``align``: a letter a column, one of :data:`ALIGNMENTS`; left empty the first is ``l`` and all others ``r``.
    ``best``: the numbers of the rows that stand out, from 0. :class:`ValueError` where the shapes differ.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[Text, ...], ...]
    align: str = ""
    caption: Text = ""
    best: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        wrong = [len(row) for row in self.rows if len(row) != len(self.header)]
        if wrong or len(self.columns) != len(self.header) or set(self.columns) - set(ALIGNMENTS):
            told = f"a table of {len(self.header)} columns cannot have rows of {wrong or 'that length'} aligned as {self.columns!r}"
            raise ValueError(told)

    @property
    def columns(self) -> str:
        """The alignment of each column, a letter of :data:`ALIGNMENTS`."""
        return self.align or "l" + "r" * (len(self.header) - 1)


@dataclass(frozen=True)
class Figure:
    """A drawing: SVG text or a PNG. ``name``: of its file, without suffix, unique in a document. ``says``: what it shows, for
    those who do not see it. ``narrow``: SVG text for phones, where the drawing itself would have to be scrolled."""

    name: str
    drawing: str | bytes
    caption: Text
    says: str
    narrow: str = ""

    @classmethod
    def drawn(cls, name: str, draw: Callable[[float], str], caption: Text, says: str) -> Figure:
        """A chart that is drawn for a desktop and for a phone; ``draw``: inches -> SVG."""
        return cls(name, draw(WIDE), caption, says, draw(NARROW))

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"{self.name}.{'svg' if isinstance(self.drawing, str) else 'png'}"

    @property
    def content(self) -> bytes:
        """What its file holds."""
        return self.drawing.encode() if isinstance(self.drawing, str) else self.drawing


Block = Paragraph | Items | Listing | Table | Figure


@dataclass(frozen=True)
class Section:
    """A heading with what stands below it."""

    heading: str
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True)
class Placed:
    """A section with its place: ``anchor`` and ``level``, 2 for those of the document itself."""

    section: Section
    anchor: str
    level: int
    sections: tuple[Placed, ...]


def pieces(text: Text) -> Sequence[Piece]:
    """The pieces of a text in order."""
    return text if isinstance(text, tuple) else (text,)
