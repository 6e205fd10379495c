"""The blocks of a document as Markdown of GitHub's kind; words stay words, whatever signs they hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from .blocks import Block, Code, Figure, Items, Link, Listing, Paragraph, Placed, Strong, Table, Text, pieces
from .contact import Fact

SIGNS = re.compile(r"[\\`*_\[\]<>|~$&]")
"""What Markdown would take for more than itself, wherever it stands."""
AT_START = re.compile(r"^(?:([-+#=])(?=[-+#=\s]|$)|(\d+)([.)])(?=\s|$))")
"""What it would take for a list or a heading at the start of a line."""


def escaped(plain: str) -> str:
    """Plain words on one line, which mean nothing but themselves."""
    told = SIGNS.sub(r"\\\g<0>", " ".join(plain.split()))
    return AT_START.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", told)


def words(text: Text, cell: bool = False) -> str:
    """A text on one line; ``cell``: of a table, where a bar within code is escaped too."""
    return "".join(_piece(piece, cell) for piece in pieces(text)).strip()


def _piece(piece: object, cell: bool) -> str:
    match piece:
        case Code(typed):
            ticks = "`" * (1 + max((len(run) for run in re.findall("`+", typed)), default=0))
            space = " " if typed.startswith("`") or typed.endswith("`") else ""
            told = f"{ticks}{space}{typed}{space}{ticks}"
            return told.replace("|", "\\|") if cell else told
        case Strong(strong):
            return f"**{escaped(strong)}**"
        case Link(says, to):
            return f"[{escaped(says)}](<{to}>)" if re.search(r"[\s()]", to) else f"[{escaped(says)}]({to})"
    told = str(piece)
    before, after = told[: len(told) - len(told.lstrip())], told[len(told.rstrip()) :] if told.strip() else ""
    return (" " if before else "") + escaped(told) + (" " if after else "")


def facts(these: Sequence[Fact]) -> Iterator[str]:
    """The head's facts as one list, where there are any."""
    told = [(escaped(each.name), escaped(each.value), "**" if each.large else "") for each in these]
    if told:
        yield "\n".join(f"- {name}: {strong}{value}{strong}" for name, value, strong in told)


def contents(placed: Sequence[Placed], depth: int = 0) -> str:
    """The headings as links."""
    lines = []
    for each in placed:
        lines.append(f"{'  ' * depth}- [{escaped(each.section.heading)}](#{each.anchor})")
        if each.sections:
            lines.append(contents(each.sections, depth + 1))
    return "\n".join(lines)


def section(placed: Placed, figures: str) -> Iterator[str]:
    """A section with all below it, block by block; ``figures``: the folder of its figures."""
    yield f"{'#' * min(placed.level, 6)} {escaped(placed.section.heading)}"
    before: Block | None = None
    for each in placed.section.blocks:
        if isinstance(before, Items) and isinstance(each, Items):
            yield "<!-- -->"  # else two lists are one
        yield from _block(each, figures)
        before = each
    for below in placed.sections:
        yield from section(below, figures)


def _block(block: Block, figures: str) -> Iterator[str]:
    match block:
        case Paragraph(text, tone):
            yield f"> {words(text)}" if tone == "warn" else words(text)
        case Items(items, numbered):
            yield "\n".join(f"{f'{at}.' if numbered else '-'} {words(item)}" for at, item in enumerate(items, 1))
        case Listing(text):
            fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
            yield f"{fence}\n{text.rstrip()}\n{fence}"
        case Table():
            yield from filter(None, [words(block.caption), _table(block)])
        case Figure():
            folder = f"{figures.rstrip('/')}/" if figures else ""
            yield f"![{escaped(block.says)}]({folder}{block.file})"
            yield words(block.caption)


def _table(table: Table) -> str:
    """Rows whose columns line up as they are read, too; the best in bold type."""
    rows = [[escaped(name) for name in table.header]]
    for number, told in enumerate(table.rows):
        cells = [words(cell, cell=True) for cell in told]
        rows.append([f"**{cell.replace('**', '')}**" if cell and number in table.best else cell for cell in cells])
    widths = [max(3, *map(len, column)) for column in zip_longest(*rows, fillvalue="")]
    right = [letter == "r" for letter in table.columns]
    rule = [f"{'-' * (width - 1)}:" if end else "-" * width for width, end in zip(widths, right, strict=True)]
    lines = []
    for row in (rows[0], rule, *rows[1:]):
        cells = [cell.rjust(width) if end else cell.ljust(width) for cell, width, end in zip(row, widths, right, strict=True)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
