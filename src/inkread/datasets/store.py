"""Where fetched sets lie on this machine, which are here, and how they leave again."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from .cache import cache_folder, entries
from .cards import Card, File

PART = ".part"
"""The suffix of a file that is still being fetched, or was left when fetching it was interrupted."""


@dataclass(frozen=True)
class Holding:
    """What is here of a set: its ``folder``, the ``files`` that are whole, and bytes ``begun`` of others."""

    folder: Path
    files: tuple[Path, ...]
    begun: int
    complete: bool

    @property
    def size(self) -> int:
        """Bytes of the files that are whole."""
        return sum(each.stat().st_size for each in self.files)

    def arrays(self) -> list[tuple[Path, int]]:
        """The entries of the cache that were made of it, each with its bytes."""
        return [(each, bytes_in(each)) for each in made_of(self.folder)]


def folder_of(card: Card) -> Path:
    """Where a set is or would be kept; of one that inkread draws itself, the code that draws it."""
    if card.drawn:
        return Path(__file__).parent / card.name
    return cache_folder().joinpath("data", *card.name.split("/"))


def holding(card: Card) -> Holding:
    """What is here of a set. A file counts as whole by its size, where that is known: it was checked when it was fetched."""
    folder = folder_of(card)
    whole = tuple(folder / each.name for each in card.files if is_whole(folder, each))
    begun = sum(each.stat().st_size for each in folder.glob(f"*{PART}")) if folder.is_dir() else 0
    return Holding(folder, whole, begun, len(whole) == len(card.files))


def is_whole(folder: Path, file: File) -> bool:
    """Whether this file of a set lies in the folder, with the size that it should have."""
    try:
        size = (folder / file.name).stat().st_size
    except OSError:
        return False
    return size > 0 and file.size in (None, size)


def made_of(path: Path) -> tuple[Path, ...]:
    """The entries of the cache that were made of a file or of what a folder holds."""
    root = path.resolve()
    return tuple(folder for folder, source in entries() if source and (Path(source) == root or root in Path(source).parents))


def remove(card: Card) -> int:
    """Remove a set and all arrays that were made of it; gives the bytes that this freed. :class:`OSError`."""
    folder = folder_of(card)
    gone = [*made_of(folder), *(() if card.drawn else (folder,))]
    freed = sum(bytes_in(each) for each in gone)
    for each in gone:
        if each.exists():
            shutil.rmtree(each)
    return freed


def remove_arrays() -> int:
    """Remove every array of the cache (each is made again when it is needed); gives the bytes that this freed."""
    gone = [folder for folder, _ in entries()]
    freed = sum(bytes_in(each) for each in gone)
    for each in gone:
        shutil.rmtree(each)
    return freed


def bytes_in(folder: Path) -> int:
    """Bytes of all files in a folder and its subfolders; 0 where it is not there."""
    return sum(each.stat().st_size for each in folder.rglob("*") if each.is_file()) if folder.is_dir() else 0
