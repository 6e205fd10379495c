"""Files that may be gzipped, whatever their names say."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import FileIO

from ..errors import FormatError, SourceNotFound, reason

GZIP = b"\x1f\x8b"
DEFLATE_LIMIT = 1032
"""The largest ratio that deflate can reach: a header that announces more is lying."""

_CHUNK = 1 << 18


@dataclass(frozen=True)
class Packed:
    """A file that may be gzipped: ``path``, its ``size`` on disk in bytes, and whether it is ``gzipped`` (told by content)."""

    path: str
    size: int
    gzipped: bool

    @property
    def at_most(self) -> int:
        """The most bytes it can unpack to."""
        return self.size * DEFLATE_LIMIT if self.gzipped else self.size

    def head(self, count: int) -> bytes:
        """Its first unpacked bytes, fewer where it ends before; empty where it is damaged."""
        try:
            return next(self.chunks(), b"")[:count]
        except FormatError:
            return b""

    def chunks(self) -> Iterator[bytes]:
        """Its unpacked bytes, piece by piece; :class:`FormatError` where it is cut short or damaged."""
        try:
            with open(self.path, "rb", buffering=0) as file:
                yield from _inflated(file) if self.gzipped else iter(lambda: file.read(_CHUNK), b"")
        except zlib.error as error:
            raise FormatError(f"the gzip file is damaged: {self.path}", "fetch or pack it again") from error
        except EOFError as error:
            raise FormatError(f"the gzip file ends too early: {self.path}", "an interrupted copy? fetch it again") from error


def packed(path: str | os.PathLike[str]) -> Packed:
    """The file at ``path``; :class:`SourceNotFound` where it cannot be opened."""
    try:
        with open(path, "rb", buffering=0) as file:
            return Packed(os.fspath(path), os.fstat(file.fileno()).st_size, file.read(2) == GZIP)
    except OSError as error:
        raise SourceNotFound(f"the file cannot be opened ({reason(error)}): {path}") from error


def _inflated(file: FileIO) -> Iterator[bytes]:
    """The content of all members of a gzip file, in pieces that stay small whatever the ratio is."""
    engine = zlib.decompressobj(zlib.MAX_WBITS | 16)
    waiting = b""
    while True:
        waiting = waiting or file.read(_CHUNK)
        if engine.eof:
            if not waiting.startswith(GZIP):  # the end, or padding after it
                return
            engine = zlib.decompressobj(zlib.MAX_WBITS | 16)
        elif not waiting:
            raise EOFError
        yield engine.decompress(waiting, 4 * _CHUNK)
        waiting = engine.unused_data if engine.eof else engine.unconsumed_tail
