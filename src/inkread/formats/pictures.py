"""Folders, zips and single files of pictures that stay encoded: which files they are, in which order, what their names tell."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import overload

from ..errors import FormatError
from .contents import TRANSPOSED, UPRIGHT, Contents, Orientation
from .names import labels_of, natural_key
from .parts import Found, part_of

SUFFIXES = frozenset((".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".bmp", ".dib", ".tif", ".tiff", ".webp", ".gif"))

MAX_PICTURE = 256 << 20
"""Bytes of one encoded picture."""

HEAD = 32
"""How many of a file's first bytes tell whether it is a picture."""

_BEGINNINGS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
_BMP_HEADER_SIZES = (12, 16, 40, 52, 56, 64, 108, 124)

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
    """Pictures found: ``path`` and ``format`` of the source, ``names`` in natural order, ``read`` by place, ``places`` of the names.

    ``skipped``: how many files are no pictures. ``listed``: name -> label where a file beside the pictures says so.
    """

    path: str
    format: str
    names: tuple[str, ...]
    places: tuple[int, ...]
    read: Callable[[int], bytes]
    skipped: int
    listed: Mapping[str, str] | None = None

    def found(self, beyond: str = "") -> Found:
        """The pictures as a source with the parts that folders above them tell; ``beyond``: the one told by the path of all of them."""
        told = [part_of(each) or beyond for each in self.names]
        parts = tuple(dict.fromkeys(told))
        return Found(self.path, self.format, parts, lambda at, as_stored: self._contents(told, parts[at], as_stored))

    def _contents(self, told: Sequence[str], part: str, as_stored: bool) -> Contents:
        chosen = [at for at, each in enumerate(told) if each == part]
        names = tuple(self.names[at] for at in chosen)
        labels: tuple[str, ...] | None
        if self.listed is not None:
            labels, orientation, turn = tuple(self.listed[each] for each in names), _IN_FILES, False
        else:
            labels, orientation, turn = _told_by(names, part)
        return Contents(
            format=self.format,
            orientation=orientation,
            encoded=Encoded(self.read, [self.places[at] for at in chosen]),
            labels=labels,
            names=names,
            part=part,
            skipped=self.skipped,
            turn=turn and not as_stored,
        )

    def named_by(self, listed: Mapping[str, str], where: str, folder: str = "") -> dict[str, str]:
        """Name -> label of the pictures that a list in ``folder`` names, by path or by a file name that occurs once; empty for none.

        Paths begin at the list or at the source. A list in a part's folder names pictures of this part. :class:`FormatError`
        where some of those that it names are not there.
        """
        part = part_of(f"{folder}/")
        within = [name for name in self.names if not part or part_of(name) == part]
        by_path = {name: name for name in within}
        by_file: dict[str, str | None] = {}
        for name in within:
            file = name.rpartition("/")[2]
            by_file[file] = None if file in by_file else name
        found: dict[str, str] = {}
        missing = []
        for told, label in listed.items():
            wanted = told.replace("\\", "/").removeprefix("./")
            place = by_path.get(f"{folder}/{wanted}") or by_path.get(wanted) or by_file.get(wanted.rpartition("/")[2])
            if place is None:
                missing.append(told)
            else:
                found[place] = label
        if found and missing:
            raise FormatError(f"{len(missing):,} of {len(listed):,} listed pictures are not there: {where}: {missing[0]}")
        return found

    def only(self, labels: Mapping[str, str]) -> Listing:
        """Only the pictures of these names, with these labels."""
        chosen = [at for at, name in enumerate(self.names) if name in labels]
        names, places = tuple(self.names[at] for at in chosen), tuple(self.places[at] for at in chosen)
        left_out = self.skipped + len(self.names) - len(chosen)
        return Listing(self.path, f"{self.format} with a list", names, places, self.read, left_out, labels)


def is_picture(name: str, head: bytes) -> bool:
    """Whether the suffix or the first bytes say that a file is a picture."""
    return os.path.splitext(name)[1].lower() in SUFFIXES or begins_as_picture(head)


def begins_as_picture(head: bytes) -> bool:
    """Whether a file that begins with these bytes (32 are enough) is a picture in one of the formats that are decoded."""
    webp = head[:4] == b"RIFF" and head[8:12] == b"WEBP"
    bmp = head[:2] == b"BM" and len(head) >= 18 and int.from_bytes(head[14:18], "little") in _BMP_HEADER_SIZES
    return head.startswith(_BEGINNINGS) or webp or bmp


def listing(path: str, format: str, pictures: Mapping[int, str], read: Callable[[int], bytes], skipped: int) -> Listing:
    """Pictures (place -> name) in the order in which people count."""
    places = tuple(sorted(pictures, key=lambda at: natural_key(pictures[at])))
    return Listing(path, format, tuple(pictures[at] for at in places), places, read, skipped)


def _told_by(names: tuple[str, ...], part: str) -> tuple[tuple[str, ...] | None, Orientation, bool]:
    """Labels, orientation and whether decoded pictures have to be transposed."""
    if part and all(LETTERS_LAB_NAME.fullmatch(each.rpartition("/")[2]) for each in names):
        letters = (each.rpartition("/")[2][0] for each in names)
        return tuple(each.upper() + each for each in letters), Orientation(TRANSPOSED, "the letters lab's layout and names"), True
    found = labels_of(names)
    return found[0] if found else None, _IN_FILES, False


_IN_FILES = Orientation(UPRIGHT, "being pictures in files")
