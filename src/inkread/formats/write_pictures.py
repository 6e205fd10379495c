"""Writers of folders and zips: a PNG a picture, in folders named by the code point of its character."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..errors import FormatError
from .png import png

if TYPE_CHECKING:
    from .write import Upright

_EPOCH = (1980, 1, 1, 0, 0, 0)


def write_folder(path: Path, parts: Sequence[Upright]) -> None:
    """`PART/0041/00000.png`: code points, since `A` and `a` are one name on many disks, numbers in the source's order."""
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
    for part in parts:
        above = f"{part.part}/" if part.part else ""
        joined = sorted({each for each in part.labels or () if len(each) != 1})
        if joined:
            raise FormatError(
                f"a folder stands for one character, these labels have more or none: {', '.join(joined[:12])}",
                "npz, parquet and mat keep them; or choose pictures by --alphabet",
            )
        width = max(5, len(str(len(part))))
        for at, picture in enumerate(part.pictures):
            folder = f"{ord(part.labels[at]):04x}/" if part.labels is not None else ""
            yield f"{above}{folder}{at:0{width}}.png", png(np.asarray(picture))
