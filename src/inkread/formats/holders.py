"""What holds several files: a folder, a zip (:class:`Archive`), or either with further zips in it, all looked at alike."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from ..errors import FormatError, SourceNotFound, reason
from .archive import MAX_MEMBER, Archive, is_hidden
from .inflate import MAX_WHOLE, Packed, packed

ZIP = b"PK\x03\x04"


class Holder(Protocol):
    """Files by number: ``names`` (paths inside it, with ``/``), and ways to look at one; ``path`` is how it is told."""

    path: str

    @property
    def names(self) -> Sequence[str]: ...
    def read(self, index: int, limit: int = MAX_MEMBER) -> bytes:
        """All bytes of one, as they lie there."""

    def head(self, index: int, count: int) -> bytes:
        """Its first bytes, as they lie there; empty where it cannot be read."""

    def packed(self, index: int) -> Packed:
        """One as a stream that may be gzipped."""


def empty_folders(path: Path) -> list[str]:
    """The folders under ``path`` in which there is nothing, as people name them: relative to it, sorted; hidden ones do not count."""
    found = []
    for folder, inner, files in os.walk(path):
        inner[:] = [each for each in inner if not is_hidden(each)]
        if not inner and not any(not is_hidden(each) for each in files):
            found.append(Path(folder).relative_to(path).as_posix())
    return sorted(found)


class Folder:
    """The files in a folder and its subfolders, without hidden ones and without links to folders."""

    def __init__(self, path: Path) -> None:
        self.path = str(path)
        found = []
        for folder, inner, files in os.walk(path):
            inner[:] = [each for each in inner if not is_hidden(each)]
            found += [os.path.join(folder, each) for each in files if not is_hidden(each)]
        start = len(os.path.join(self.path, ""))
        self.names: Sequence[str] = sorted(each[start:].replace(os.sep, "/") for each in found if os.path.isfile(each))

    def read(self, index: int, limit: int = MAX_MEMBER) -> bytes:
        """A file's bytes; :class:`FormatError` beyond ``limit``, :class:`SourceNotFound` where it cannot be opened."""
        return read_file(os.path.join(self.path, self.names[index]), limit)

    def head(self, index: int, count: int) -> bytes:
        """The first ``count`` bytes of a file; empty where it cannot be read."""
        try:
            with open(os.path.join(self.path, self.names[index]), "rb", buffering=0) as file:
                return file.read(count)
        except OSError:
            return b""

    def packed(self, index: int) -> Packed:
        """A file as a stream that may be gzipped."""
        return packed(os.path.join(self.path, self.names[index]))


class Nest:
    """A folder or a zip together with what is in the zips inside it, which are named as if they were folders."""

    def __init__(self, outer: Holder, zips: Sequence[int]) -> None:
        self.path = outer.path
        held = 0
        places: list[tuple[str, Holder, int]] = [(name, outer, at) for at, name in enumerate(outer.names) if at not in set(zips)]
        for at in zips:
            path = f"{outer.path}/{outer.names[at]}"
            inner = Archive(path) if isinstance(outer, Folder) else Archive(path, outer.read(at, MAX_WHOLE))
            held += 0 if isinstance(outer, Folder) else inner.size
            if held > MAX_WHOLE:
                raise FormatError(f"the zips inside the zip take more than {MAX_WHOLE >> 20} MiB: {outer.path}", "unpack it by one step")
            places += [(f"{outer.names[at]}/{name}", inner, index) for index, name in enumerate(inner.names)]
        self.names: Sequence[str] = [name for name, _, _ in places]
        self._places = [(holder, index) for _, holder, index in places]

    def read(self, index: int, limit: int = MAX_MEMBER) -> bytes:
        """All bytes of one file."""
        holder, at = self._places[index]
        return holder.read(at, limit)

    def head(self, index: int, count: int) -> bytes:
        """The first bytes of one file."""
        holder, at = self._places[index]
        return holder.head(at, count)

    def packed(self, index: int) -> Packed:
        """One file as a stream that may be gzipped."""
        holder, at = self._places[index]
        return holder.packed(at)


def read_file(path: str, limit: int = MAX_MEMBER) -> bytes:
    """A file's bytes; :class:`FormatError` beyond ``limit``, :class:`SourceNotFound` where it cannot be opened."""
    try:
        with open(path, "rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise SourceNotFound(f"the file cannot be opened ({reason(error)}): {path}") from error
    if len(data) > limit:
        raise FormatError(f"the file is larger than {limit >> 20} MiB: {path}")
    return data
