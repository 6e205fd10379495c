"""Finding pictures: files, folders, zips, patterns and standard input become one row of sources in path order."""

from __future__ import annotations

import glob
import io
import os
import stat
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field

from ..errors import InkreadError, PictureError, PictureTooLarge, SourceNotFound, nearest, reason
from ..formats import Archive, natural_key
from ..picture import MAX_BYTES, PICTURE_SUFFIXES, is_picture

STDIN = "-"
_HEAD = 64


@dataclass(frozen=True, slots=True)
class Source:
    """One thing that may be a picture.

    ``path``: how it is told (``ZIP/member`` inside a zip, ``-`` for standard input). ``certain``: it counts as a picture
    whatever its bytes are, because the user or its suffix says so. ``archive``, ``index``: the zip and its member.
    """

    path: str
    certain: bool
    archive: Archive | None = None
    index: int = -1

    @property
    def is_zip(self) -> bool:
        """Whether its name is that of a zip: one that nobody named is not looked into."""
        return _named_zip(self.path)

    def read(self, limit: int = MAX_BYTES) -> bytes | None:
        """Its bytes, or None where neither its suffix nor its first bytes say that it is a picture.

        :class:`PictureTooLarge` beyond ``limit`` bytes, :class:`PictureError` where it cannot be read (a zip's member:
        :class:`FormatError` for both).
        """
        if self.archive is not None:
            data = self.archive.read(self.index, limit)
        elif self.path == STDIN:
            data = sys.stdin.buffer.read(limit + 1)
        else:
            data = _bytes_of(self.path, limit, _HEAD if not self.certain else 0)
        if len(data) > limit:
            raise _too_large(limit)
        return data if self.certain or is_picture(data) else None


@dataclass
class Found:
    """What a search gave: ``sources`` in path order, ``troubles`` on the way (path, error), how many ``subfolders`` were
    left alone, and how many things were ``skipped`` that can be no pictures (hidden files, pipes).
    """

    sources: list[Source] = field(default_factory=list)
    troubles: list[tuple[str, InkreadError]] = field(default_factory=list)
    subfolders: int = 0
    skipped: int = 0


def find(paths: Sequence[str | os.PathLike[str]], recursive: bool = False) -> Found:
    """Everything under ``paths`` that may be a picture, each path once, in natural path order (``2.png`` before ``10.png``).

    A path is a file, a folder (with ``recursive`` its subfolders too; links to folders are not followed), a zip (read
    whole, subfolders included), a pattern such as ``scans/*.png`` where no such file is there, or ``-`` for one picture
    on standard input. :class:`SourceNotFound` for a path that is not there, :class:`FormatError` for a broken zip.
    """
    found = Found()
    for path in paths:
        _add(found, os.fspath(path), recursive)
    unique = {source.path: source for source in reversed(found.sources)}
    found.sources = sorted(unique.values(), key=lambda source: natural_key(source.path))
    return found


def _add(found: Found, path: str, recursive: bool) -> None:
    if path == STDIN:
        found.sources.append(Source(STDIN, certain=True))
        return
    if not path:
        raise SourceNotFound("an empty name is no file and no folder", "a variable of the shell that is not set?")
    try:
        mode = os.stat(path).st_mode
    except OSError as error:
        _add_matches(found, path, recursive, error)
        return
    if stat.S_ISDIR(mode):
        try:
            _add_tree(found, path, recursive)
        except OSError as error:
            raise SourceNotFound(f"the folder cannot be opened ({reason(error)}): {path}") from error
    elif stat.S_ISREG(mode) and _is_zip(path):
        _add_zip(found, path)
    else:
        found.sources.append(Source(path, certain=True))


def _add_matches(found: Found, path: str, recursive: bool, error: OSError) -> None:
    """Add what a pattern matches; where ``path`` is none or matches nothing, say what is there instead."""
    matches = sorted(glob.glob(path, recursive=True)) if glob.has_magic(path) else []
    archive = "" if matches else _zip_above(path)
    if archive:
        _add_zip(found, archive, only=path[len(archive) :].strip("/"))
        return
    if not matches and isinstance(error, FileNotFoundError):
        what = "nothing matches the pattern" if glob.has_magic(path) else "no such file or folder"
        raise SourceNotFound(f"{what}: {path}", _neighbours(path)) from error
    if not matches:
        raise SourceNotFound(f"cannot be opened ({reason(error)}): {path}") from error
    for match in matches:
        if os.path.isdir(match):
            found.subfolders += not recursive
            if recursive:
                _add(found, match, recursive)
        elif os.path.isfile(match) and _is_zip(match):
            _add_zip(found, match)
        elif os.path.isfile(match) or not os.path.exists(match):
            _add_file(found, match)
        else:
            found.skipped += 1


def _add_tree(found: Found, folder: str, recursive: bool) -> None:
    """Add a folder, however deep its subfolders lie. One that cannot be opened is a trouble; the first raises :class:`OSError`."""
    waiting = _add_folder(found, folder, recursive)
    while waiting:
        path = waiting.pop()
        try:
            waiting += _add_folder(found, path, recursive)
        except OSError as error:
            found.troubles.append((path, SourceNotFound(f"the folder cannot be opened ({reason(error)})")))


def _add_folder(found: Found, folder: str, recursive: bool) -> list[str]:
    """Add the files of a folder; gives the subfolders that are to be read too."""
    inside = []
    with os.scandir(folder) as entries:
        for entry in entries:
            path = os.path.join(folder, entry.name)
            if _is_folder(entry):
                found.subfolders += not recursive
                if recursive and not entry.is_symlink() and not entry.name.startswith("."):
                    inside.append(path)
            elif _may_be_file(entry):
                _add_file(found, path)
            else:
                found.skipped += 1
    return inside


def _add_file(found: Found, path: str) -> None:
    """Add a file that nobody named: its suffix counts, else its first bytes will."""
    if os.path.basename(path).startswith("."):
        found.skipped += 1
    else:
        found.sources.append(Source(path, _promises(path)))


def _add_zip(found: Found, path: str, only: str = "") -> None:
    """Add the members of a zip, or those that are ``only`` or lie in it."""
    archive = Archive(path)
    chosen = [at for at, name in enumerate(archive.names) if not only or name == only or name.startswith(f"{only}/")]
    if only and not chosen:
        raise SourceNotFound(f"no such member in the zip: {path}/{only}", nearest(only, archive.names[:10_000]))
    found.sources += [Source(f"{path}/{archive.names[at]}", _promises(archive.names[at]), archive, at) for at in chosen]


def _promises(name: str) -> bool:
    return os.path.splitext(name)[1].lower() in PICTURE_SUFFIXES


def _zip_above(path: str) -> str:
    """The zip that ``path`` leads into, such as ``a.zip`` for ``a.zip/folder/1.png``; empty where there is none."""
    above = os.path.dirname(path)
    while above and not os.path.exists(above) and os.path.dirname(above) != above:
        above = os.path.dirname(above)
    return above if above and os.path.isfile(above) and _is_zip(above) else ""


def _is_zip(path: str) -> bool:
    """Whether the first bytes or the suffix say that this file is a zip."""
    try:
        with open(path, "rb") as file:
            return file.read(4) in (b"PK\x03\x04", b"PK\x05\x06") or _named_zip(path)
    except OSError:
        return False


def _named_zip(path: str) -> bool:
    return path.lower().endswith(".zip")


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _may_be_file(entry: os.DirEntry[str]) -> bool:
    """Whether this is a file, or a link that leads nowhere (its name may still promise a picture); never a pipe."""
    try:
        return entry.is_file() or (entry.is_symlink() and not os.path.exists(entry.path))
    except OSError:
        return True


def _bytes_of(path: str, limit: int, head: int) -> bytes:
    """The file's bytes; with ``head`` only so many where they are those of no picture."""
    try:
        with open(path, "rb", buffering=0) as file:
            first = file.read(head) if head else b""
            if head and not is_picture(first):
                return first
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                return first + io.BufferedReader(file).read(limit + 1)
            if status.st_size > limit:
                raise _too_large(limit)
            return first + file.readall()
    except OSError as error:
        raise PictureError(f"the file cannot be opened: {reason(error)}") from error


def _too_large(limit: int) -> PictureTooLarge:
    return PictureTooLarge(f"the file is larger than {limit >> 20} MiB", "cut the page into single characters first")


def _neighbours(path: str) -> str:
    """The names nearest to a path that is not there, in the folder where it should be."""
    folder, name = os.path.split(path.rstrip("/"))
    try:
        with os.scandir(folder or ".") as entries:
            names = [entry.name for _, entry in zip(range(10_000), entries, strict=False)]
    except OSError:
        return _neighbours(folder) if folder and folder != path else ""
    hint = nearest(name, names) if names else ""
    return hint if hint.startswith("did") else ""
