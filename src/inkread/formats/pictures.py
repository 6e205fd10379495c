"""Folders, zips and single files of pictures that stay encoded: which files they are, in which order, what their names tell."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import overload

from ..errors import FormatError, SeveralParts, SourceNotFound, reason
from .archive import MAX_MEMBER, Archive, is_hidden
from .contents import TRANSPOSED, UPRIGHT, Contents, Orientation
from .names import labels_of, natural_key

SUFFIXES = frozenset((".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".bmp", ".dib", ".tif", ".tiff", ".webp", ".gif"))

HEAD = 32
"""How many of a file's first bytes tell whether it is a picture."""

_BEGINNINGS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
_BMP_HEADER_SIZES = (12, 16, 40, 52, 56, 64, 108, 124)

PARTS = {
    "train": "train",
    "training": "train",
    "validation": "validation",
    "validate": "validation",
    "valid": "validation",
    "val": "validation",
    "test": "test",
    "testing": "test",
}
"""Folders that are parts of a source, by the names people give them."""

LETTERS_LAB_NAME = re.compile(r"[a-z]_[0-9]{5}\.jpe?g")
"""File names of the letters lab: its JPEGs are EMNIST's pictures as stored, and its letters are both cases joined."""


class Encoded(Sequence[bytes]):
    """N still encoded pictures; each is read when it is asked for, by ``read(place)``, from any thread."""

    def __init__(self, read: Callable[[int], bytes], places: Sequence[int]) -> None:
        self._read = read
        self._places = places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, index: int) -> bytes: ...
    @overload
    def __getitem__(self, index: slice) -> Encoded: ...
    def __getitem__(self, index: int | slice) -> bytes | Encoded:
        if isinstance(index, slice):
            return Encoded(self._read, self._places[index])
        return self._read(self._places[index])


@dataclass(frozen=True)
class Listing:
    """Pictures found: ``names`` in natural order, ``read`` by place, ``places`` of the names, how many files were ``skipped``."""

    format: str
    names: tuple[str, ...]
    places: tuple[int, ...]
    read: Callable[[int], bytes]
    skipped: int

    def contents(self, path: Path, part: str | None, *, as_stored: bool) -> Contents:
        """The pictures of one part with the labels that their folders or names tell."""
        chosen, told = choose_part(str(path), [part_of(each) for each in self.names], part)
        names = tuple(self.names[at] for at in chosen)
        labels, orientation, turn = _told_by(names)
        return Contents(
            format=self.format,
            orientation=orientation,
            encoded=Encoded(self.read, [self.places[at] for at in chosen]),
            labels=labels,
            names=names,
            part=told,
            skipped=self.skipped,
            turn=turn and not as_stored,
        )


def is_picture(name: str, head: bytes) -> bool:
    """Whether the suffix or the first bytes say that a file is a picture."""
    return os.path.splitext(name)[1].lower() in SUFFIXES or begins_as_picture(head)


def begins_as_picture(head: bytes) -> bool:
    """Whether a file that begins with these bytes (32 are enough) is a picture in one of the formats that are decoded."""
    webp = head[:4] == b"RIFF" and head[8:12] == b"WEBP"
    bmp = head[:2] == b"BM" and len(head) >= 18 and int.from_bytes(head[14:18], "little") in _BMP_HEADER_SIZES
    return head.startswith(_BEGINNINGS) or webp or bmp


def list_folder(path: Path) -> Listing:
    """The pictures in a folder and its subfolders, hidden ones and links to folders left out."""
    found: list[str] = []
    skipped = 0
    for folder, inner, files in os.walk(path):
        inner[:] = [each for each in inner if not is_hidden(each)]
        for file in files:
            full = os.path.join(folder, file)
            if is_hidden(file) or not os.path.isfile(full):
                continue
            if is_picture(file, b"") or begins_as_picture(_head_of(full)):
                found.append(Path(full).relative_to(path).as_posix())
            else:
                skipped += 1
    names = tuple(sorted(found, key=natural_key))
    if not names:
        raise SourceNotFound(f"no picture in the folder: {path}", f"{skipped} files are no pictures" if skipped else "")
    return Listing("folder of pictures", names, tuple(range(len(names))), lambda at: read_file(str(path / names[at])), skipped)


def list_archive(path: Path) -> Listing:
    """The pictures in a zip; :class:`FormatError` as for :class:`Archive`."""
    archive = Archive(path)
    pictures = [at for at, name in enumerate(archive.names) if is_picture(name, b"") or begins_as_picture(archive.head(at, HEAD))]
    pictures.sort(key=lambda at: natural_key(archive.names[at]))
    names = tuple(archive.names[at] for at in pictures)
    skipped = len(archive) - len(pictures)
    if not names:
        raise FormatError(f"no picture in the zip: {path}", f"{skipped} members are no pictures" if skipped else "")
    return Listing("zip of pictures", names, tuple(pictures), archive.read, skipped)


def list_file(path: Path) -> Listing:
    """One file as a source of one picture."""
    return Listing("picture", (path.name,), (0,), lambda _: read_file(str(path)), 0)


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


def part_of(name: str) -> str:
    """The part that a picture belongs to, told by a folder above it; "" where none is told."""
    told = [PARTS[each.lower()] for each in PurePosixPath(name).parts[:-1] if each.lower() in PARTS]
    return told[0] if told else ""


def choose_part(path: str, parts: Sequence[str], part: str | None) -> tuple[list[int], str]:
    """Where in ``parts`` the asked one stands, and its name; without one asked there has to be only one.

    :class:`FormatError` where the part is not there or has to be told, with those that are there.
    """
    there = list(dict.fromkeys(parts))
    if part is None and len(there) > 1:
        named = [each for each in there if each]
        hint = "say which: " + ", ".join(f"{path}:{each}" for each in named)
        raise SeveralParts(f"the source has several parts: {path}", hint, tuple(named))
    wanted = there[0] if part is None else PARTS.get(part, part)
    chosen = [at for at, each in enumerate(parts) if each == wanted]
    if not chosen:
        known = ", ".join(each for each in there if each) or "none"
        raise FormatError(f"the source has no part of this name: {path}:{part}", f"its parts: {known}")
    return chosen, wanted


def _told_by(names: tuple[str, ...]) -> tuple[tuple[str, ...] | None, Orientation, bool]:
    """Labels, orientation and whether decoded pictures have to be transposed."""
    if all(LETTERS_LAB_NAME.fullmatch(PurePosixPath(each).name) and part_of(each) for each in names):
        letters = (PurePosixPath(each).name[0] for each in names)
        return tuple(each.upper() + each for each in letters), Orientation(TRANSPOSED, "the letters lab's layout and names"), True
    found = labels_of(names)
    return found[0] if found else None, Orientation(UPRIGHT, "being pictures in files"), False


def _head_of(path: str) -> bytes:
    try:
        with open(path, "rb", buffering=0) as file:
            return file.read(HEAD)
    except OSError:
        return b""
