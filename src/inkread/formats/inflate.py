"""Files that may be gzipped, whatever their names say, and wherever they lie: on a disk or in a zip."""

from __future__ import annotations

import io
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import IO

from ..errors import FormatError, SourceNotFound, reason

GZIP = b"\x1f\x8b"
DEFLATE_LIMIT = 1032
"""The largest ratio that deflate can reach: a header that announces more is lying."""

MAX_UNPACKED = 1 << 30
"""Bytes above which what is unpacked has to look like what people pack (MAX_RATIO)."""

MAX_RATIO = 200
"""How much smaller people's pictures get when they are packed; deflate's own limit, 1,032, is what bombs live on."""

MAX_WHOLE = 2 << 30
"""Bytes of one file in a zip that are held in memory where a format has to be read back and forth (EMNIST's largest .mat: 270 MB)."""

_CHUNK = 1 << 18


@dataclass(frozen=True)
class Packed:
    """A file that may be gzipped.

    ``path``: how it is told, ``ZIP/member`` in a zip. ``size``: its bytes as it lies there. ``gzipped``: told by content.
    ``opened``: gives it from its beginning, as it lies there. ``on_disk``: it is a file of its own.
    """

    path: str
    size: int
    gzipped: bool
    opened: Callable[[], IO[bytes]] = field(repr=False, compare=False)
    on_disk: bool = True

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.path.replace(os.sep, "/").rpartition("/")[2]

    @property
    def at_most(self) -> int:
        """The most bytes it can unpack to."""
        return min(self.size * DEFLATE_LIMIT, max(MAX_UNPACKED, self.size * MAX_RATIO)) if self.gzipped else self.size

    def head(self, count: int) -> bytes:
        """Its first unpacked bytes, fewer where it ends before or is damaged."""
        found = b""
        try:
            for chunk in self.chunks():
                found += chunk
                if len(found) >= count:
                    break
        except FormatError:
            pass
        return found[:count]

    def chunks(self, size: int = _CHUNK) -> Iterator[bytes]:
        """Its unpacked bytes, piece by piece (of ``size`` where it is not gzipped).

        :class:`FormatError` where it is cut short, damaged or a bomb.
        """
        given = 0
        try:
            with self.opened() as file:
                for piece in _inflated(file) if self.gzipped else iter(lambda: file.read(size), b""):
                    given += len(piece)
                    if given > self.at_most:
                        told = f"{self.size:,} bytes unpack to more than {given:,}"
                        raise FormatError(f"it looks like a decompression bomb: {told}: {self.path}")
                    yield piece
        except (zlib.error, zipfile.BadZipFile) as error:
            what = "gzip file" if self.gzipped else "zip member"
            raise FormatError(f"the {what} is damaged: {self.path}", "fetch or pack it again") from error
        except EOFError as error:
            what = "gzip file" if self.gzipped else "zip member"
            raise FormatError(f"the {what} ends too early: {self.path}", "an interrupted copy? fetch it again") from error
        except RuntimeError as error:  # and with it NotImplementedError
            raise FormatError(f"the zip member cannot be read ({str(error)[:120]}): {self.path}") from error

    def whole(self, limit: int = MAX_WHOLE) -> bytes:
        """All its unpacked bytes; :class:`FormatError` beyond ``limit``."""
        pieces = []
        held = 0
        for piece in self.chunks():
            held += len(piece)
            if held > limit:
                raise FormatError(f"the file unpacks to more than {limit >> 20} MiB: {self.path}", "unpack it to disk first")
            pieces.append(piece)
        return b"".join(pieces)

    def seekable(self) -> IO[bytes]:
        """The unpacked file for formats that are read back and forth: itself where it lies plainly on disk, else held in memory."""
        return self.opened() if self.on_disk and not self.gzipped else io.BytesIO(self.whole())


def packed(path: str | os.PathLike[str]) -> Packed:
    """The file at ``path``; :class:`SourceNotFound` where it cannot be opened."""
    try:
        with open(path, "rb", buffering=0) as file:
            size = os.fstat(file.fileno()).st_size
            return Packed(os.fspath(path), size, file.read(2) == GZIP, lambda: open(path, "rb", buffering=0))
    except OSError as error:
        raise SourceNotFound(f"the file cannot be opened ({reason(error)}): {path}") from error


def ahead(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same pieces, each made in a thread while the one before is worked on: unpacking leaves other threads their core."""
    with ThreadPoolExecutor(1) as pool:
        following = pool.submit(next, pieces, None)
        while (piece := following.result()) is not None:
            following = pool.submit(next, pieces, None)
            yield piece


def _inflated(file: IO[bytes]) -> Iterator[bytes]:
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
