"""What commands have in common that write data sets."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...datasets import Opened

FORMATS = ("idx", "idx-folder", "csv", "npz", "contest", "folder", "zip", "parquet", "mat")


def refuse_taken(dest: Path, force: bool) -> None:
    """Before the work, what `formats` refuses after it."""
    from ...formats import refuse_taken

    refuse_taken(dest, force)


def write_parts(dest: Path, parts: Sequence[Opened], format: str | None = None, *, force: bool = False) -> str:
    """Write sources as the parts of one; gives the format."""
    from ...formats import Upright, write

    upright = [Upright(each.pictures, each.labels, each.writer, each.part) for each in parts]
    return write(dest, upright, format, force=force)
