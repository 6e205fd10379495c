"""What commands have in common that write data sets."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ...datasets import Opened
    from ...formats import Upright


def refuse(dest: Path, parts: Sequence[Opened], format: str | None = None, *, force: bool = False) -> None:
    """Before the work, what :func:`write_parts` would refuse after it without looking at a picture."""
    from ...formats import refuse as refused

    refused(dest, _upright(parts), format, force=force)


def write_parts(dest: Path, parts: Sequence[Opened], format: str | None = None, *, force: bool = False) -> str:
    """Write sources as the parts of one; gives the format, and says on stderr where it drops who wrote a picture."""
    from ...formats import write, writers

    written = write(dest, _upright(parts), format, force=force)
    if not writers()[written].people and any(each.writer is not None and each.writer.astype(bool).any() for each in parts):
        kept = ", ".join(name for name, each in writers().items() if each.people)
        click.echo(f"not kept by {written}: who wrote each picture ({kept} keeps it)", err=True)
    return written


def _upright(parts: Sequence[Opened]) -> list[Upright]:
    from ...formats import Upright

    return [Upright(each.pictures, each.labels, each.writer, each.part) for each in parts]
