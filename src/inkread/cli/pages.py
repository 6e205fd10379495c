"""Where the doctor's pages go: a file each, or one long page; never over a picture that was given."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import UsageError
from .commands import count

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..report import Examined

MANY = 12
"""Pages that are put into the current folder unasked, and on one long page."""

LONGEST_NAME = 200


class Pages:
    """Writes the pages of the pictures at ``paths`` to ``out``: a PNG, a folder (made where its name has no suffix), or the
    current folder.

    :class:`UsageError` before any work for a place that cannot be written, that is one of the pictures, or for too many.
    """

    def __init__(self, out: Path | None, paths: list[str]) -> None:
        self._given = {os.path.realpath(path) for path in paths}
        self._used: set[str] = set()
        self._held: list[NDArray[np.uint8]] = []
        self._file = out if out is not None and not out.is_dir() and out.suffix else None
        self._folder = (self._file.parent if self._file else out) or Path()
        self._paths = iter(paths)
        if self._file and self._file.suffix.lower() != ".png":
            raise UsageError(f"the page is a PNG, or a folder of them: {out}", f"{self._file.with_suffix('.png')}")
        if len(paths) > MANY and (out is None or self._file):
            hint = "--out FOLDER takes a page for each; --no-page tells in words alone"
            raise UsageError(f"too many pictures to put their pages here unasked: {count(len(paths), 'picture')}", hint)
        if self._file:
            self._refuse_given(self._file)
        elif out is not None:
            out.mkdir(parents=True, exist_ok=True)
        if not os.access(self._folder, os.W_OK):
            raise UsageError(f"the page cannot be written there: {self._folder}", "name a place with --out, or --no-page")

    def add(self, examined: Examined) -> Path:
        """Draw a page, write or keep it; gives its file."""
        from ..report import diagnosis_page

        if self._file:
            self._held.append(diagnosis_page(examined))
            return self._file
        path = self._folder / self._name(examined.name)
        self._refuse_given(path)
        _write(path, diagnosis_page(examined))
        return path

    def close(self) -> None:
        """Write the long page, where that is wanted."""
        from ..report import stacked

        if self._file and self._held:
            _write(self._file, stacked(self._held))

    def _name(self, path: str) -> str:
        """``doctor-NAME.png``, with a number where another picture of this run has that name."""
        stem = os.fsencode(Path(path).stem if path != "-" else "stdin")[:LONGEST_NAME].decode("utf-8", "ignore") or "picture"
        names = (f"doctor-{stem}{number}.png" for number in ("", *(f"-{at}" for at in range(2, len(self._used) + 3))))
        name = next(each for each in names if each not in self._used)
        self._used.add(name)
        return name

    def _refuse_given(self, path: Path) -> None:
        if os.path.realpath(path) in self._given:
            raise UsageError(f"the page would be written over the picture itself: {path}", "name another file with --out")


def _write(path: Path, page: NDArray[np.uint8]) -> None:
    """The page as a PNG, whole or not at all."""
    from ..picture import encode_png

    part = path.with_name(f".doctor.{os.getpid()}.part")
    try:
        part.write_bytes(encode_png(page))
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
