"""Single members of a zip on a server: its directory and the bytes of the members that are wanted, nothing else."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import FetchError, MissingExtra, reason
from .fetch_http import NoRanges, Remote, read_range

if TYPE_CHECKING:
    import httpx

DIRECTORY = 1 << 14
"""Bytes from the zip's end that are fetched first; EMNIST's directory takes 3 kB."""

_LOCAL = struct.Struct("<4s22xHH")
_BEGINS = b"PK\x03\x04"
_ENCRYPTED = 0x1
_CHUNK = 1 << 18

_FAULTS = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError, ValueError, struct.error, OSError)
"""What the standard library raises at damaged members; RuntimeError at encrypted ones and at packings that it does not know."""


@dataclass(frozen=True)
class Member:
    """Where a member lies: bytes ``start`` to ``end`` of the zip, its header and packed bytes; how it is ``packed``."""

    name: str
    start: int
    end: int
    packed: int
    method: int


def list_remote(session: httpx.Client, remote: Remote) -> dict[str, Member]:
    """The members of a zip on a server, by name; :class:`FetchError` where it is none, :class:`NoRanges` where it sends no parts."""
    if not remote.head.startswith(b"PK"):
        raise FetchError(f"what the server sent is no zip: {remote.address}", f"it begins with {remote.head[:8].hex(' ')}")
    if not remote.ranges or not remote.size:
        raise NoRanges(f"the server does not send parts of a file: {remote.address}", _whole(remote.size))
    try:
        from remotezip import RemoteZip
    except ImportError as error:
        raise MissingExtra("remotezip, which reads zips on servers,", "data") from error
    try:
        with RemoteZip(remote.address, initial_buffer_size=DIRECTORY, session=(session, remote), fetcher=_Ranges) as archive:
            infos, directory = archive.infolist(), archive.start_dir
    except FetchError:
        raise
    except Exception as error:  # the directory of a broken zip fails in as many ways as there are fields
        raise FetchError(f"the zip's directory cannot be read ({type(error).__name__}): {remote.address}") from error
    starts = sorted({each.header_offset for each in infos} | {directory})
    after = dict(pairwise(starts))
    return {each.filename: _member(each, after, remote) for each in infos}


def _whole(size: int) -> str:
    told = f" of {size / 1e6:,.0f} MB" if size else ""
    return f"fetch the whole zip{told} with --whole, or give your own copy with --from"


def _member(info: zipfile.ZipInfo, after: dict[int, int], remote: Remote) -> Member:
    most = info.header_offset + _LOCAL.size + (1 << 17) + info.compress_size  # a name and an extra field of 65,535 bytes each
    end = min(after.get(info.header_offset, most), most)
    if not 0 <= info.header_offset < end <= remote.size or info.flag_bits & _ENCRYPTED:
        raise FetchError(f"the zip's directory names a place that cannot be ({info.filename!r}): {remote.address}")
    return Member(info.filename, info.header_offset, end, info.compress_size, info.compress_type)


class _Ranges:
    """What remotezip asks for bytes: our client instead of its own, with the retries and checks that it has."""

    def __init__(self, address: str, session: tuple[Any, Remote], support_suffix_range: bool = True, **_: object) -> None:
        self.session, self.remote = session

    def fetch(self, data_range: tuple[int, int | None], stream: bool = False) -> Any:
        """A buffer of the bytes first..last, or of the last bytes for (-n, None)."""
        from io import BytesIO

        from remotezip import PartialBuffer

        first, last = data_range
        start = max(0, self.remote.size + first) if first < 0 else first
        end = min(self.remote.size, self.remote.size if last is None else last + 1)
        return PartialBuffer(BytesIO(read_range(self.session, self.remote, start, end)), start, end - start, False)


def unpacked(part: Path, member: Member) -> Iterator[bytes]:
    """The bytes of a member whose stretch of the zip lies in ``part``; :class:`FetchError` where it is damaged."""
    with open(part, "rb") as file:
        head = file.read(_LOCAL.size)
        if len(head) < _LOCAL.size or not head.startswith(_BEGINS):
            raise FetchError(f"no member begins where the zip's directory says: {member.name}")
        _, name, extra = _LOCAL.unpack(head)
        file.seek(_LOCAL.size + name + extra)
        left = member.packed
        if member.method not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise FetchError(f"the zip packs in a way that is not known ({member.method}): {member.name}")
        engine = zlib.decompressobj(-zlib.MAX_WBITS) if member.method == zipfile.ZIP_DEFLATED else None
        try:
            while left and (piece := file.read(min(_CHUNK, left))):
                left -= len(piece)
                while engine and piece:
                    yield engine.decompress(piece, _CHUNK)
                    piece = engine.unconsumed_tail
                if not engine:
                    yield piece
            if engine:
                yield engine.flush()
        except zlib.error as error:
            raise FetchError(f"the member of the zip is damaged: {member.name}") from error


def members_in(path: Path, names: Sequence[str]) -> dict[str, zipfile.ZipInfo]:
    """Which members of a zip here have these names, in whatever folder of it."""
    with zipfile.ZipFile(path) as archive:
        infos = [each for each in archive.infolist() if not each.is_dir()]
    return {name: info for name in names for info in infos if info.filename.replace("\\", "/").rpartition("/")[2] == name}


def read_member(path: Path, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes of a member of a zip here, piece by piece; :class:`FetchError` where it is damaged or encrypted."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(info) as member:
            while piece := member.read(_CHUNK):
                yield piece
    except _FAULTS as error:
        told = reason(error) if isinstance(error, OSError) else str(error).partition("\n")[0] or type(error).__name__
        raise FetchError(f"the zip's member {info.filename} cannot be read ({told}): {path}", "fetch the zip again") from error
