"""Writers of folders and zips: a PNG a picture, in folders named by the code point of its character."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..errors import FormatError
from .names import character_of
from .png import png
from .write import is_told

if TYPE_CHECKING:
    from .write import Upright

_EPOCH = (1980, 1, 1, 0, 0, 0)


LIST = "labels.csv"
"""Names and labels, where a label is known only up to its case (`Cc`) and no folder can be called so."""


def fits_folder(name: str, parts: Sequence[Upright]) -> None:
    """Refuse labels that no folder's name or list gives back."""
    listed = _listed(parts)
    kinds = {label for part in parts for label in part.labels or ()}
    unknown = sorted(
        each
        for each in kinds
        if not is_told(each) or (len(each) == 1 and character_of(f"{each if listed else _folder(each)}/_", "folder") != each)
    )
    if unknown:
        shown = ", ".join(map(repr, unknown[:12]))
        raise FormatError(f"a label in a folder is one printed character, or both cases of one: {shown}", "npz keeps them")


def write_folder(path: Path, parts: Sequence[Upright]) -> None:
    """`PART/0041/00000.png`: code points, since `A` and `a` are one name on many disks, numbers in the source's order.

    Where some characters are known only up to their case, `PART/00000.png` and a list `labels.csv`.
    """
    for name, data in _members(parts):
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)


def write_zip(path: Path, parts: Sequence[Upright]) -> None:
    """The same as :func:`write_folder` in a zip, the same bytes every time; PNGs are packed already and only stored."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, data in _members(parts):
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), data)


def _members(parts: Sequence[Upright]) -> Iterator[tuple[str, bytes]]:
    listed = _listed(parts)
    rows = [("file", "label")]
    for part in parts:
        width = max(5, len(str(len(part))))
        for at, picture in enumerate(part.pictures):
            label = part.labels[at] if part.labels is not None else ""
            folder = _folder(label) if label and not listed else ""
            name = "/".join(filter(None, (part.part, folder, f"{at:0{width}}.png")))
            rows.append((name, label))
            yield name, png(np.asarray(picture))
    if listed:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(rows)
        yield LIST, text.getvalue().encode("utf-8")


def _listed(parts: Sequence[Upright]) -> bool:
    return any(len(label) != 1 for part in parts for label in set(part.labels or ()))


def _folder(label: str) -> str:
    return f"{ord(label):04x}"
