"""Bytes over HTTP, or a stretch of them, into a file that outlives every interruption."""

from __future__ import annotations

import errno
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ..errors import FetchError, MissingExtra

if TYPE_CHECKING:
    import httpx

Result = TypeVar("Result")

ATTEMPTS = 5
"""How often in a row an address may fail without a new byte before the next one is tried."""

PAUSES = (0.5, 1.0, 2.0, 4.0)
"""Seconds before each further attempt."""

LONGEST_PAUSE = 30.0
"""Seconds that a server may ask for (Retry-After) and be obeyed."""

_AGAIN = (408, 425, 429, 500, 502, 503, 504)
_PAGES = ("text/html", "application/xhtml+xml")
_PAGE_BEGINS = (b"<!doctype", b"<html", b"<head", b"<?xml")


class Changed(FetchError):
    """What the server has is another file than the one that was begun."""


class NoRanges(FetchError):
    """The server sends whole files only."""


@dataclass(frozen=True)
class Remote:
    """What a server says of a file: its ``size`` in bytes, and its ``mark`` (ETag or time of change), "" where it has none.

    ``ranges``: whether it sends parts of it. ``head``: the file's first bytes.
    """

    address: str
    size: int
    mark: str
    ranges: bool
    head: bytes


@dataclass(frozen=True)
class Stretch:
    """Bytes ``start`` to ``end`` (exclusive, None for the last) of the file at ``address``, as ``mark`` has it."""

    address: str
    start: int = 0
    end: int | None = None
    mark: str = ""


@contextmanager
def client() -> Iterator[httpx.Client]:
    """An HTTP client; :class:`MissingExtra` where httpx is not installed."""
    try:
        import httpx
    except ImportError as error:
        raise MissingExtra("httpx, which fetches files,", "data") from error
    from .. import __version__

    headers = {"User-Agent": f"inkread/{__version__}", "Accept-Encoding": "identity"}
    with httpx.Client(headers=headers, follow_redirects=True, timeout=httpx.Timeout(30, connect=15)) as session:
        yield session


def look(session: httpx.Client, address: str) -> Remote:
    """What the server says of a file, and whether it sends parts; :class:`FetchError` for a web page or no file."""

    def once() -> Remote:
        with session.stream("GET", address, headers={"Range": "bytes=0-31"}) as answer:
            refuse(answer, address)
            head = b""
            for piece in answer.iter_raw(32):
                head += piece
                if len(head) >= 32:
                    break
            refuse_page(answer.headers, head, address)
            return Remote(address, _size(answer), _mark(answer), answer.status_code == 206, head[:32])

    return _persistently(address, once)


def read_range(session: httpx.Client, remote: Remote, start: int, end: int) -> bytes:
    """Bytes ``start`` to ``end`` (exclusive) of a file; :class:`Changed` where it is another one by now."""

    def once() -> bytes:
        answer = session.get(remote.address, headers={"Range": f"bytes={start}-{end - 1}", **_if_range(remote.mark)})
        refuse(answer, remote.address)
        if answer.status_code != 206 or _mark(answer) != remote.mark or len(answer.content) != end - start:
            raise Changed(f"the file changed while it was fetched: {remote.address}", "start again")
        return answer.content

    return _persistently(remote.address, once)


def download(session: httpx.Client, stretch: Stretch, part: Path, advance: Callable[[int], object]) -> None:
    """Fetch a stretch into the file ``part``, going on where it ends; what is there stays there whatever happens.

    Beside it a `.json` says what it is a part of; where the server has another file by now, or sends whole files only,
    it begins anew. ``advance`` is told bytes as they come, and those that were there. :class:`FetchError`.
    """
    note = part.with_name(part.name + ".json")
    told = furthest = failures = 0
    while True:
        have = _begun(part, note, stretch)
        advance(have - told)
        told = have
        try:
            for reached in _receive(session, stretch, part, note, have):
                advance(reached - told)
                told = reached
                if reached > furthest:  # a server that begins anew and is cut at the same byte each time brings nothing
                    furthest, failures = reached, 0
            return
        except Changed:
            part.unlink(missing_ok=True)
            if stretch.start or stretch.end is not None:
                raise
            failures += 1
            if failures >= ATTEMPTS:
                raise
        except Exception as error:
            if isinstance(error, OSError) and error.errno == errno.ENOSPC:
                raise _full(part.parent, error) from error
            if not _passing(error):
                raise
            failures = _pause(error, failures, stretch.address)


def _receive(session: httpx.Client, stretch: Stretch, part: Path, note: Path, have: int) -> Iterator[int]:
    """One answer of the server, written behind the ``have`` bytes that are there; gives how many there are, piece by piece."""
    noted = _noted(note)
    if stretch.end is not None and stretch.start + have >= stretch.end:
        return
    if stretch.end is None and have and have == noted.get("size"):
        return  # it came whole before, and what was made of it was interrupted
    mark = stretch.mark or noted.get("mark", "")
    last = "" if stretch.end is None else str(stretch.end - 1)
    wanted = {"Range": f"bytes={stretch.start + have}-{last}", **_if_range(mark)} if have or stretch.start or last else {}
    with session.stream("GET", stretch.address, headers=wanted) as answer:
        if answer.status_code == 416 and have:
            raise Changed(f"the file became shorter while it was fetched: {stretch.address}")
        refuse(answer, stretch.address)
        if wanted and not _continues(answer, stretch.start + have, mark):
            if stretch.start or stretch.end is not None:
                raise Changed(f"the file changed while it was fetched: {stretch.address}", "start again")
            have = 0  # the whole file again
        size = _size(answer)
        told = asdict(Stretch(stretch.address, stretch.start, stretch.end, _mark(answer)))
        note.write_text(json.dumps({**told, "size": size}), encoding="utf-8")
        with open(part, "r+b" if part.exists() else "wb") as file:
            file.truncate(have)
            file.seek(have)
            got = 0
            for piece in answer.iter_raw():  # as they come: what was gathered first would be lost when the line is cut
                if not have and not got:
                    refuse_page(answer.headers, piece, stretch.address)
                file.write(piece)
                file.flush()
                got += len(piece)
                yield have + got
    missing = (stretch.end or size) - stretch.start - have - got if (stretch.end or size) else 0
    if missing > 0:
        raise ConnectionError(f"{missing:,} bytes are missing")


def _continues(answer: httpx.Response, start: int, mark: str) -> bool:
    """Whether an answer goes on at byte ``start`` of the file that was begun."""
    told = answer.headers.get("Content-Range", "")
    return answer.status_code == 206 and told.startswith(f"bytes {start}-") and (not mark or _mark(answer) == mark)


def refuse(answer: httpx.Response, address: str) -> None:
    """:class:`FetchError` for an answer that is no file; for some of them another attempt may help."""
    if answer.status_code in (200, 206):
        return
    if answer.status_code in _AGAIN:
        raise Busy(f"the server answers {answer.status_code}: {address}", wait=answer.headers.get("Retry-After", ""))
    raise FetchError(f"the server answers {answer.status_code} {answer.reason_phrase}: {address}".replace(" :", ":"))


def refuse_page(headers: Mapping[str, str], head: bytes, address: str) -> None:
    """:class:`FetchError` where a web page comes instead of a file."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in _PAGES or head.lstrip()[:16].lower().startswith(_PAGE_BEGINS):
        raise FetchError(f"the server sent a web page, not a file: {address}", "open it in a browser; what you get there, give with --from")


class Busy(FetchError):
    """The server asks to come again; ``wait``: seconds, as it writes them."""

    def __init__(self, message: str, wait: str = "") -> None:
        super().__init__(message)
        self.wait = float(wait) if wait.isascii() and wait.isdigit() else None


def _persistently(address: str, once: Callable[[], Result]) -> Result:
    failures = 0
    while True:
        try:
            return once()
        except Exception as error:
            if not _passing(error):
                raise
            failures = _pause(error, failures, address)


def _passing(error: Exception) -> bool:
    """Whether trying again may help: the line was cut, nobody answered in time, the server is busy."""
    import httpx

    return isinstance(error, httpx.TransportError | ConnectionError | TimeoutError | Busy)


def _pause(error: Exception, failures: int, address: str) -> int:
    """Wait before the next attempt; :class:`FetchError` where there were enough of them."""
    if failures + 1 >= ATTEMPTS:
        if isinstance(error, Busy):
            raise error
        told = str(error).split("\n")[0] or type(error).__name__
        raise FetchError(f"the connection fails ({told}): {address}", "the same command goes on where it stopped") from error
    asked = error.wait if isinstance(error, Busy) else None
    time.sleep(min(PAUSES[min(failures, len(PAUSES) - 1)] if asked is None else asked, LONGEST_PAUSE))
    return failures + 1


def _begun(part: Path, note: Path, stretch: Stretch) -> int:
    """Bytes of this very stretch that are there already."""
    told = _noted(note)
    same = all(told.get(key) == getattr(stretch, key) for key in ("address", "start", "end"))
    if same and (not stretch.mark or told.get("mark") == stretch.mark) and part.is_file():
        return part.stat().st_size
    part.unlink(missing_ok=True)
    return 0


def _noted(note: Path) -> dict[str, Any]:
    try:
        found = json.loads(note.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _if_range(mark: str) -> dict[str, str]:
    """A weak ETag cannot vouch for bytes (RFC 9110, section 13.1.5): then the checksum alone has to."""
    return {"If-Range": mark} if mark and not mark.startswith("W/") else {}


def _mark(answer: httpx.Response) -> str:
    return str(answer.headers.get("ETag") or answer.headers.get("Last-Modified") or "")


def _size(answer: httpx.Response) -> int:
    """Bytes of the whole file; 0 where the server does not say."""
    whole = answer.headers.get("Content-Range", "").rpartition("/")[2] or answer.headers.get("Content-Length", "")
    return int(whole) if whole.isascii() and whole.isdigit() else 0


def _full(folder: Path, error: OSError) -> FetchError:
    return FetchError(f"the disk is full: {os.fspath(folder)}", "make room; the same command goes on where it stopped")
