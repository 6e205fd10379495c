"""``inkread data overlap``: which pictures of one source stand in another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...interrupt import ending_at_once
from ..commands import DONE, SOMETHING_TO_TELL, plain
from ..output import say
from ..progress import Progress

if TYPE_CHECKING:
    from ...datasets import Opened, Overlap


@click.command(
    epilog="The table: `near` are near duplicates, and `closest` those of them that are at most 2 levels apart, hardly ever anything but "
    "copies; two ones are often near without being one. JSON: `overlaps`, one a part of A and a part of B, each with source, beside, "
    "pictures, others, equal, near and closest (null without `--near`), agree, differ, untold, transposed; `written`, where the rest "
    "went and how many pictures it holds. Exit code: 0 nothing stands in both (or the rest was written), 1 something does, 2 nothing "
    "was done."
)
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@click.option(
    "--near", "nearly", is_flag=True, help="Also near duplicates: at most 8 grey levels apart in the mean, moved by at most 1 pixel."
)
@click.option(
    "--minus", type=click.Path(path_type=Path), metavar="DEST", help="Write A without what stands in B; the suffix chooses the format."
)
@click.option("--force", is_flag=True, help="Replace DEST where it is there.")
@click.option("--json", "as_json", is_flag=True, help="Everything as one JSON object.")
def overlap(first: str, second: str, nearly: bool, minus: Path | None, force: bool, as_json: bool) -> int:
    """Tell how many pictures of A stand in B.

    A and B are what `--data` takes: a path, PATH:PART, several joined by +. Every part of A is held against every part
    of B, upright, pixel by pixel. Labels agree where they have a character in common (`Cc` and `c`).
    """
    with ending_at_once():
        from ...datasets import open_parts
        from ...datasets import overlap as compared

    if minus:
        from .writing import refuse

        refuse(minus, (), force=force)
    with Progress(doing="opening") as progress:
        ours, theirs = (open_parts(each, progress=progress.reached) for each in (first, second))
    if minus:
        refuse(minus, ours, force=force)
    with Progress(sum(map(len, ours)) * len(theirs) if nearly else 0, doing="comparing") as progress:
        found = [compared(mine, other, nearly=nearly, advance=progress.advance) for mine in ours for other in theirs]
    written = _write_rest(ours, found, len(theirs), minus, force) if minus else None
    if as_json:
        from ..lines import written as as_text

        say(as_text({"overlaps": [each.facts() for each in found], "written": written}))
    else:
        say("\n".join([*_table(found, nearly), *_turned(found)]))
        if written:
            say(f"written: {written['pictures']:,} pictures to {written['path']}")
    return SOMETHING_TO_TELL if not minus and any(each.inside.any() for each in found) else DONE


def _write_rest(ours: list[Opened], found: list[Overlap], beside: int, dest: Path, force: bool) -> dict[str, object]:
    import numpy as np

    from .writing import write_parts

    rest = []
    for at, mine in enumerate(ours):
        held = found[at * beside : (at + 1) * beside]
        left_out = np.any([each.inside | each.unreadable for each in held], axis=0)
        rest.append(mine.take(np.flatnonzero(~left_out)))
        if broken := int(held[0].unreadable.sum()):
            click.echo(plain(f"left out, since they cannot be decoded: {broken:,} pictures of {mine.source}"), err=True)
    write_parts(dest, rest, force=force)
    return {"path": str(dest), "pictures": sum(map(len, rest))}


def _turned(found: list[Overlap]) -> list[str]:
    """A line for each pair that has nothing in common as it is, but has transposed."""
    return [
        plain(f"transposed, {each.transposed:,} pictures of {each.source} stand in {each.beside}: does one of them lie on its side?")
        for each in found
        if each.transposed
    ]


def _table(found: list[Overlap], nearly: bool) -> list[str]:
    head = [
        "pictures of",
        "",
        "that stand in",
        "",
        "equal",
        *(["near", "closest"] if nearly else []),
        "same label",
        "other label",
        "no label",
    ]
    rows = [head]
    for each in found:
        near = [f"{number:,}" for number in (each.near, each.closest) if number is not None]
        counts = [f"{each.equal:,}", *near, f"{each.agree:,}", f"{each.differ:,}", f"{each.untold:,}"]
        rows.append([each.source, f"{each.pictures:,}", each.beside, f"{each.others:,}", *counts])
    rows = [[plain(cell) for cell in row] for row in rows]
    widths = [max(len(row[at]) for row in rows) for at in range(len(head))]
    left = (0, 2)
    return [
        "  ".join(
            cell.ljust(width) if at in left else cell.rjust(width) for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
