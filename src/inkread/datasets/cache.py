"""Pictures kept on disk as memory-mapped arrays, made again whenever anything they depend on changes."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

LAYOUT = 2
"""The layout of an entry; another number makes all of them anew."""

SHELVES = ("opened", "prepared")
"""The folders of entries: sources as they are, and prepared for a network."""

TAG = "CACHEDIR.TAG"
_SIGNATURE = "Signature: 8a477f597d28d172789f06886806bc55\n# Made by inkread; all of it can be made or fetched again. See https://bford.info/cachedir/\n"

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


def made_folder(*names: str) -> Path:
    """A folder inside the cache's, made where missing; the cache's is marked so that backups pass it by. :class:`OSError`."""
    root = cache_folder()
    folder = root.joinpath(*names)
    folder.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError), open(root / TAG, "x", encoding="ascii") as tag:
        tag.write(_SIGNATURE)
    return folder


@dataclass(frozen=True)
class Kept:
    """What an entry holds: ``arrays`` by name, memory-mapped and read-only, and plain ``values``."""

    arrays: Mapping[str, NDArray[np.generic]]
    values: Mapping[str, str]


@dataclass(frozen=True)
class Entry:
    """One thing kept: a folder of arrays on a ``shelf``, and a digest of what they are ``made_from``.

    ``path``: the source's, so that what was made of it can be found. Several processes may make the same entry at once;
    a reader sees all of one making or nothing.
    """

    shelf: str
    name: str
    made_from: str
    path: str = ""

    @classmethod
    def of(cls, shelf: str, path: Path, wanted: Mapping[str, object], made_from: Mapping[str, object]) -> Entry:
        """The entry for ``wanted`` (which part, prepared how) of the source at ``path``.

        It is made again when ``made_from`` (files, code) changes. Both are plain values.
        """
        source = str(path.resolve())
        readable = "".join(each if each.isascii() and each.isalnum() else "-" for each in path.name)[:40]
        return cls(shelf, f"{readable}-{_digest({'path': source, **wanted})}", _digest(made_from), source)

    @property
    def folder(self) -> Path:
        """Where it is kept."""
        return cache_folder() / self.shelf / self.name

    def kept(self) -> Kept | None:
        """What is kept; None where the entry is missing, damaged or out of date."""
        try:
            facts = json.loads((self.folder / _FACTS).read_text(encoding="utf-8"))
            sizes, values = facts["sizes"], facts["values"]
            if facts["made_from"] != self.made_from or not all(
                (self.folder / f"{name}.npy").stat().st_size == size for name, size in sizes.items()
            ):
                return None
            arrays = {name: np.load(self.folder / f"{name}.npy", mmap_mode="r", allow_pickle=False) for name in sizes}
            return Kept(arrays, {str(name): str(value) for name, value in values.items()})
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None

    def make(self, write: Callable[[Path], Mapping[str, str]]) -> None:
        """Let ``write`` fill a folder with .npy files and give plain values, then put it in place at once.

        An entry that is damaged or out of date gives way. :class:`OSError` where the cache cannot be written.
        """
        shelf = made_folder(self.shelf)
        _clear_stale(shelf)
        making = Path(tempfile.mkdtemp(prefix=_MAKING, dir=shelf))
        try:
            values = write(making)
            sizes = {each.stem: each.stat().st_size for each in sorted(making.glob("*.npy"))}
            facts = {"made_from": self.made_from, "path": self.path, "sizes": sizes, "values": dict(values)}
            (making / _FACTS).write_text(json.dumps(facts), encoding="utf-8")
            self._put(making)
        finally:
            shutil.rmtree(making, ignore_errors=True)

    def _put(self, making: Path) -> None:
        try:
            making.rename(self.folder)
        except OSError:
            if self.kept() is not None:  # another process was first
                return
            aside = Path(tempfile.mkdtemp(prefix=_MAKING, dir=self.folder.parent))
            self.folder.rename(aside / "old")
            making.rename(self.folder)
            shutil.rmtree(aside, ignore_errors=True)


def entries() -> Iterator[tuple[Path, str]]:
    """The folder of every entry that is kept, and the path of the source it was made of ("" where that cannot be told)."""
    for shelf in SHELVES:
        for folder in sorted((cache_folder() / shelf).glob("[!.]*")):
            try:
                path = json.loads((folder / _FACTS).read_text(encoding="utf-8"))["path"]
            except (OSError, ValueError, TypeError, KeyError):
                path = ""
            yield folder, str(path)


@cache
def code_digest(*folders: Path) -> str:
    """A digest of the Python files in these folders: what they made is made again when they change."""
    digest = blake2b(digest_size=16)
    for file in sorted(each for folder in folders for each in folder.rglob("*.py")):
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
