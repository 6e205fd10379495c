"""Prepared pictures kept on disk as memory-mapped arrays, made again whenever anything they depend on changes."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

LAYOUT = 1
"""The layout of an entry; another number makes all of them anew."""

_FACTS = "facts.json"
_MAKING = ".making-"
_STALE = 24 * 3600.0


def cache_folder() -> Path:
    """`INKREAD_CACHE`, else `inkread` in the platform's cache folder of this user."""
    if told := os.environ.get("INKREAD_CACHE"):
        return Path(told)
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "inkread"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "inkread" / "Cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "inkread"


@dataclass(frozen=True)
class Entry:
    """One thing kept: a ``folder`` of arrays, and a digest of what they are ``made_from``.

    Several processes may make the same entry at once; a reader sees all of one making or nothing.
    """

    folder: Path
    made_from: str

    @classmethod
    def of(cls, name: str, wanted: Mapping[str, object], made_from: Mapping[str, object]) -> Entry:
        """The entry for ``wanted`` (which source, prepared how); it is made again when ``made_from`` (files, code) changes.

        Both are plain values; ``name`` is for people who look into the folder.
        """
        readable = "".join(each if each.isascii() and each.isalnum() else "-" for each in name)[:40]
        return cls(cache_folder() / "prepared" / f"{readable}-{_digest(wanted)}", _digest(made_from))

    def arrays(self) -> dict[str, NDArray[np.generic]] | None:
        """The arrays by name, memory-mapped and read-only; None where the entry is missing, damaged or out of date."""
        try:
            facts = json.loads((self.folder / _FACTS).read_text(encoding="utf-8"))
            sizes = facts["sizes"]
            if facts["made_from"] != self.made_from or not all(
                (self.folder / f"{name}.npy").stat().st_size == size for name, size in sizes.items()
            ):
                return None
            return {name: np.load(self.folder / f"{name}.npy", mmap_mode="r", allow_pickle=False) for name in sizes}
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None

    def make(self, write: Callable[[Path], None]) -> None:
        """Let ``write`` fill a folder with .npy files, then put it in place at once; an entry that is damaged or out of date gives way.

        :class:`OSError` where the cache cannot be written.
        """
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        _clear_stale(self.folder.parent)
        making = Path(tempfile.mkdtemp(prefix=_MAKING, dir=self.folder.parent))
        try:
            write(making)
            sizes = {each.stem: each.stat().st_size for each in sorted(making.glob("*.npy"))}
            (making / _FACTS).write_text(json.dumps({"made_from": self.made_from, "sizes": sizes}), encoding="utf-8")
            self._put(making)
        finally:
            shutil.rmtree(making, ignore_errors=True)

    def _put(self, making: Path) -> None:
        try:
            making.rename(self.folder)
        except OSError:
            if self.arrays() is not None:  # another process was first
                return
            aside = Path(tempfile.mkdtemp(prefix=_MAKING, dir=self.folder.parent))
            self.folder.rename(aside / "old")
            making.rename(self.folder)
            shutil.rmtree(aside, ignore_errors=True)


def code_digest(*folders: Path) -> str:
    """A digest of the Python files in these folders: what they made is made again when they change."""
    digest = blake2b(digest_size=16)
    for file in sorted(each for folder in folders for each in folder.glob("*.py")):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def _digest(values: Mapping[str, object]) -> str:
    told = json.dumps([LAYOUT, values], sort_keys=True, ensure_ascii=True)
    return blake2b(told.encode(), digest_size=16).hexdigest()


def _clear_stale(folder: Path) -> None:
    """Remove what a killed process began to make a day ago or earlier."""
    for each in folder.glob(f"{_MAKING}*"):
        try:
            if time.time() - each.stat().st_mtime > _STALE:
                shutil.rmtree(each, ignore_errors=True)
        except OSError:
            continue
