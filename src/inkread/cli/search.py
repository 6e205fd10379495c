"""The search of every command that reads pictures, and in one place what is told of the things that it could not or did not read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..errors import InkreadError, SourceNotFound
from ..interrupt import ending_at_once
from .commands import count, plain

if TYPE_CHECKING:
    from ..reading import Found, Source

SHOWN = 3
"""Paths that are named in a message; of the others the number is told."""


@dataclass
class LeftAlone:
    """What was found and not read: ``files`` that are no pictures, those ``zips`` among them, and ``subfolders``."""

    files: int = 0
    subfolders: int = 0
    zips: list[Source] = field(default_factory=list)

    def add(self, source: Source) -> None:
        """Count a source that turned out to be no picture."""
        self.files += 1
        if source.is_zip:
            self.zips.append(source)

    def told(self) -> str:
        """The counts in a few words, empty where nothing was left alone."""
        parts = [f"{count(self.files, 'other file')} skipped"] if self.files else []
        return "; ".join(parts + ([f"{count(self.subfolders, 'subfolder')} left alone"] if self.subfolders else []))

    def ways(self) -> list[str]:
        """For the zips that lie in folders and for those that lie in zips a sentence each: which they are, how to read them."""
        loose = [each.path for each in self.zips if each.archive is None]
        nested = [each.path for each in self.zips if each.archive is not None]
        return [*_way(loose, "in a folder", "give"), *_way(nested, "inside a zip", "take out and give")]

    def lines(self) -> list[str]:
        """Everything as lines for people."""
        return [*filter(None, [self.told()]), *self.ways()]

    def hints(self) -> list[str]:
        """Why there may have been nothing to read, with the way out."""
        hints = []
        if self.subfolders:
            hints.append(f"{count(self.subfolders, 'subfolder')} left alone: give one by itself (`inkread read --recursive` reads all)")
        if self.files:
            hints.append(f"{count(self.files, 'file')} skipped: no pictures by suffix or content")
        return hints + self.ways()

    def nothing(self, paths: Sequence[str]) -> SourceNotFound:
        """The error where no picture was found."""
        return SourceNotFound(f"no pictures in: {', '.join(paths[:SHOWN])}{' ...' * (len(paths) > SHOWN)}", "; ".join(self.hints()))


def search(paths: Sequence[str], recursive: bool = False) -> tuple[Found, LeftAlone]:
    """What lies under ``paths`` (see :func:`inkread.reading.find`), and what of it was left alone already."""
    with ending_at_once():
        from ..reading import find

    found = find(paths, recursive)
    return found, LeftAlone(found.skipped, found.subfolders)


def unreadable(path: str, error: InkreadError) -> str:
    """The line on standard error for what could not be read, with the way out where there is one."""
    hint = f" ({plain(error.hint)})" if error.hint else ""
    return f"unreadable: {plain(path)}: {plain(error.message)}{hint}"


def shown(paths: Sequence[str], limit: int = SHOWN) -> str:
    """The first of the paths for the eyes, and how many more there are."""
    return f"{', '.join(map(plain, paths[:limit]))}{f' and {len(paths) - limit:,} more' if len(paths) > limit else ''}"


def _way(zips: Sequence[str], where: str, what: str) -> list[str]:
    if not zips:
        return []
    return [f"{count(len(zips), 'zip')} {where} not read, {what} {'each' if len(zips) > 1 else 'it'} by itself: {shown(zips)}"]
