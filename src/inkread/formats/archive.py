"""Zips whose members are read in place: nothing is unpacked, and nothing that their headers promise is believed."""

from __future__ import annotations

import io
import os
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock
from typing import IO

from ..errors import FormatError
from .inflate import DEFLATE_LIMIT, GZIP, MAX_RATIO, MAX_UNPACKED, Packed

MAX_MEMBER = 256 << 20
"""Bytes that one picture in a zip may unpack to."""

_SLACK = 64
"""Bytes read beyond a member's name, so that its header's own extra field and its data come in one go."""

_LOCAL_HEADER = struct.Struct("<4s22xHH")
_MEMBER = b"PK\x03\x04"
"""What a member begins with."""

_ENCRYPTED = 0x1
_NAME_IS_UTF8 = 0x800


class Archive:
    """A zip of files: ``names`` in the order of its directory, ``read(index)`` the bytes of one, from any thread.

    Folders, hidden files and what macOS adds (`__MACOSX`) are no members. :class:`FormatError` for a file that is no
    zip, a broken or encrypted one, a bomb, or one with names that lead out of a folder. ``held``: the zip's bytes,
    where it lies in another one; ``path`` then only tells where.
    """

    def __init__(self, path: str | os.PathLike[str], held: bytes | None = None) -> None:
        self.path = os.fspath(path)
        self._held = held
        self._file: int | None = None
        self._lock = Lock()
        with zip_errors(self.path), self._opened() as file:
            every = [each for each in zip_of(file).infolist() if not each.is_dir()]
        infos = [(member_name(each), each) for each in every]
        refuse_unsafe(self.path, infos, self.size)
        members = [(name, info) for name, info in infos if not is_hidden(name)]
        self.names = tuple(name for name, _ in members)
        self._infos = [info for _, info in members]

    def __len__(self) -> int:
        return len(self._infos)

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "_file": None, "_lock": None}

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state)
        self._lock = Lock()

    def __del__(self) -> None:
        if getattr(self, "_file", None) is not None:
            os.close(self._file or 0)
            self._file = None

    @property
    def size(self) -> int:
        """Bytes of the zip itself."""
        return os.path.getsize(self.path) if self._held is None else len(self._held)

    def packed(self, index: int) -> Packed:
        """One member as a stream that may be gzipped; nothing is unpacked to disk."""
        info = self._infos[index]
        gzipped = self.head(index, 2) == GZIP

        def opened() -> IO[bytes]:
            return zipfile.ZipFile(self._opened()).open(info)

        return Packed(f"{self.path}/{self.names[index]}", info.file_size, gzipped, opened, on_disk=False)

    def read(self, index: int, limit: int = MAX_MEMBER) -> bytes:
        """The bytes of one member; :class:`FormatError` where it is damaged, encrypted or larger than ``limit``."""
        info = self._infos[index]
        where = f"{self.path}/{self.names[index]}"
        if max(info.file_size, info.compress_size) > limit:
            raise FormatError(f"the zip member is larger than {limit >> 20} MiB: {where}")
        with zip_errors(where):
            data = self._unpacked(info)
        if len(data) != info.file_size or zlib.crc32(data) != info.CRC:
            raise FormatError(f"the zip member is damaged, its checksum differs: {where}")
        return data

    def head(self, index: int, count: int) -> bytes:
        """The first ``count`` bytes of one member, unchecked; empty where it cannot be read."""
        info = self._infos[index]
        try:
            return self._unpacked(info, count)[:count]
        except (*ZIP_FAULTS, FormatError):
            return b""

    def _unpacked(self, info: zipfile.ZipInfo, count: int | None = None) -> bytes:
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or info.flag_bits & _ENCRYPTED:
            with zipfile.ZipFile(self._opened()) as archive, archive.open(info) as member:
                return member.read(-1 if count is None else count)
        packed = self._packed(info, None if count is None else 4 * count)
        if info.compress_type == zipfile.ZIP_STORED:
            return packed
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, info.file_size + 1 if count is None else count)

    def _packed(self, info: zipfile.ZipInfo, count: int | None) -> bytes:
        """The member's bytes as they lie in the zip, at most ``count`` of them."""
        wanted = info.compress_size if count is None else min(count, info.compress_size)
        guess = _LOCAL_HEADER.size + len(info.filename) + _SLACK
        data = self._bytes(info.header_offset, guess + wanted)
        mark, name, extra = _LOCAL_HEADER.unpack_from(data)
        if mark != _MEMBER:
            raise zipfile.BadZipFile("no member begins where its directory says")
        start = _LOCAL_HEADER.size + name + extra
        if start > guess:
            return self._bytes(info.header_offset + start, wanted)
        return data[start : start + wanted]

    def _bytes(self, start: int, count: int) -> bytes:
        if self._held is not None:
            return self._held[start : start + count]
        if not hasattr(os, "pread"):
            with open(self.path, "rb", buffering=0) as file:
                file.seek(start)
                return file.read(count)
        with self._lock:
            if self._file is None:
                self._file = os.open(self.path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
        return os.pread(self._file, count, start)

    def _opened(self) -> IO[bytes]:
        return open(self.path, "rb") if self._held is None else io.BytesIO(self._held)


ZIP_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    RuntimeError,  # and with it NotImplementedError
    ValueError,
    EOFError,
    OSError,
    IndexError,
    OverflowError,
)
"""What the standard library raises at zips that are damaged, encrypted or packed in ways it does not know."""


@contextmanager
def zip_errors(where: str) -> Iterator[None]:
    """Turn the faults of a zip into a :class:`FormatError` that names the place."""
    try:
        yield
    except ZIP_FAULTS as error:
        told = error.strerror if isinstance(error, OSError) and error.strerror else str(error) or type(error).__name__
        raise FormatError(f"the zip cannot be read ({one_line(told)}): {where}", "an interrupted copy? fetch or pack it again") from error


def zip_of(file: IO[bytes]) -> zipfile.ZipFile:
    """An opened file as a zip; :class:`zipfile.BadZipFile` where the directory is that of a zip which lies whole in one cut short.

    The directory stands at the end, and the standard library takes the last that it finds.
    """
    archive = zipfile.ZipFile(file)
    file.seek(0)
    if file.read(len(_MEMBER)) == _MEMBER and all(each.header_offset for each in archive.infolist()):
        raise zipfile.BadZipFile("it ends too early, in or after a zip inside it")
    return archive


def one_line(text: str) -> str:
    """What a library says, cut to one short line."""
    return text.strip().split("\n")[0][:120]


def member_name(info: zipfile.ZipInfo) -> str:
    """The member's name with ``/`` between folders; bytes in no known encoding as lone surrogates, as in file names.

    A zip says of a name that it is UTF-8, or says nothing; of the latter most are UTF-8 all the same.
    """
    name = info.filename
    if not info.flag_bits & _NAME_IS_UTF8:
        with suppress(UnicodeEncodeError):  # a newer Python took the name from the extra field that is UTF-8
            name = name.encode("cp437").decode("utf-8", "surrogateescape")
    return name.replace("\\", "/")


def is_hidden(name: str) -> bool:
    """Whether a path is hidden, lies in a hidden folder, or is what macOS adds to zips."""
    return any((part.startswith(".") and part not in (".", "..")) or part == "__MACOSX" for part in name.split("/"))


def refuse_unsafe(path: str, infos: list[tuple[str, zipfile.ZipInfo]], size: int) -> None:
    """:class:`FormatError` for a zip whose names lead out of a folder or that unpacks to more than it can honestly hold."""
    for name, _ in infos:
        if name.startswith("/") or ".." in name.split("/") or _DRIVE.match(name):
            raise FormatError(f"the zip holds a name that leads out of its folder: {path}: {name!r}", "unpack it by hand if you trust it")
    unpacked = sum(info.file_size for _, info in infos)
    packed = sum(info.compress_size for _, info in infos)
    if packed > size:
        raise FormatError(f"the zip's members overlap, as in a decompression bomb: {path}")
    lying = any(info.file_size > DEFLATE_LIMIT * info.compress_size + 64 and info.compress_type in _DEFLATES for _, info in infos)
    if lying or (unpacked > MAX_UNPACKED and unpacked > MAX_RATIO * packed):
        told = f"{packed:,} bytes unpack to {unpacked:,}"
        raise FormatError(f"the zip looks like a decompression bomb: {told}: {path}", "unpack it by hand if you trust it")


_DRIVE = re.compile("[A-Za-z]:/")
_DEFLATES = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
