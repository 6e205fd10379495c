"""``inkread data show``: pictures of a source under their labels, and how many there are of each."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...interrupt import ending_at_once
from ..commands import DONE, count, plain
from ..output import say
from ..progress import Progress
from .judging import faced, orientation_option

if TYPE_CHECKING:
    from ...datasets import Opened, Showing


@click.command(
    epilog="JSON: `parts`, each with source, format, stored, known_by, part, pictures, labels (counts by label), unlabelled, shown (places "
    "of the pictures on the page), page."
)
@click.argument("source")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE.png", help="Write the page; of several parts each to its own file.")
@click.option("--by-class", is_flag=True, help="One row a label.")
@click.option("--count", "number", type=click.IntRange(min=1), metavar="N", help="Pictures, or pictures a row.  [default: 80, 12 a row]")
@click.option("--seed", type=int, default=0, show_default=True, help="Chooses the pictures.")
@click.option("--part", metavar="NAME", help="Only this part of the source.  [default: all of them]")
@orientation_option
@click.option("--json", "as_json", is_flag=True, help="What there is as one JSON object.")
def show(
    source: str, out: Path | None, by_class: bool, number: int | None, seed: int, part: str | None, orientation: str | None, as_json: bool
) -> int:
    """Show pictures of SOURCE upright under their labels, and how many there are of each.

    In a terminal the page itself is shown where the terminal can, else as block characters.
    """
    with ending_at_once():
        from ...datasets import open_parts
        from ...datasets import show as showing

    with Progress(doing="opening") as progress:
        opened_parts = open_parts(source, part, progress.reached)
    parts = [each for each, _ in faced(opened_parts, orientation)]
    facts = []
    pages = _pages(out, [each.part for each in parts]) if out else [None] * len(parts)
    for opened, page in zip(parts, pages, strict=True):
        found = showing(opened, count=number, by_class=by_class, seed=seed)
        if page:
            _write(found, page)
        facts.append(_facts(opened, found, page))
        if not as_json:
            _tell(opened, found, page)
    if as_json:
        from ..lines import written

        say(written({"parts": facts}))
    return DONE


def _pages(out: Path, parts: Sequence[str]) -> list[Path]:
    """A file for the page of each part: named by the part where that tells them apart, else by its place from 1."""
    told = [each.replace("/", "-") for each in parts]
    if len(parts) == 1:
        return [out]
    if "" in told or len(set(told)) < len(told):
        told = ["-".join(filter(None, (str(at), each))) for at, each in enumerate(told, 1)]
    return [out.with_name(f"{out.stem}-{each}{out.suffix}") for each in told]


def _write(found: Showing, page: Path) -> None:
    from ...picture import encode_png

    page.write_bytes(encode_png(found.page))


def _facts(opened: Opened, found: Showing, page: Path | None) -> dict[str, object]:
    return {
        "source": opened.source,
        "format": opened.format,
        "stored": opened.orientation.stored,
        "known_by": opened.orientation.known_by,
        "part": opened.part,
        "pictures": len(opened),
        "labels": found.counts,
        "unlabelled": found.unlabelled,
        "shown": found.shown,
        "page": None if page is None else str(page),
    }


def _tell(opened: Opened, found: Showing, page: Path | None) -> None:
    told = f"{plain(opened.source)}: {count(len(opened), 'picture')}"
    if found.counts:
        told += f", {count(len(found.counts), 'label')}"
    if found.unlabelled:
        told += f", {found.unlabelled:,} without a label"
    say(f"{told}\n    {opened.format}, {opened.orientation}")
    if sys.stdout.isatty() and page is None:
        from ...picture import terminal_image, terminal_of

        say(terminal_image(found.page, terminal_of(os.environ), columns=min(shutil.get_terminal_size().columns, 160)).rstrip("\n"))
    if found.counts:
        say("\n".join(f"    {line}" for line in map(plain, found.histogram())))
    if page:
        click.echo(f"page: {plain(str(page))}", err=True)
