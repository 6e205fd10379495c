"""Published sets onto this machine: the only place from which inkread reaches the network."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ..errors import FetchError, InkreadError, SourceNotFound, UsageError, reason
from .cache import made_folder
from .cards import UNVERIFIED, Card, File
from .fetch_http import Changed, NoRanges, Remote, Stretch, client, download, look
from .fetch_zip import list_remote, members_in, read_member, unpacked
from .files import file_digest
from .locked import locked
from .store import PART, folder_of, is_whole

if TYPE_CHECKING:
    import httpx

FACTS = ".fetched.json"
_CHUNK = 1 << 20
_UNPACKING = ".unpacking"
_CHANGES = 3
"""How often a zip may change under our hands before its address is given up."""


class Watch(Protocol):
    """Who is told how it goes."""

    def begin(self, name: str, size: int | None) -> None:
        """A file of ``size`` bytes (None: not known) is being fetched now."""

    def advance(self, count: int) -> None:
        """So many bytes of it more; fewer than none where it begins again."""

    def say(self, line: str) -> None:
        """Something to know that stops nothing."""


class Quiet:
    """Tells nobody."""

    def begin(self, name: str, size: int | None) -> None:
        """Nothing."""

    def advance(self, count: int) -> None:
        """Nothing."""

    def say(self, line: str) -> None:
        """Nothing."""


@dataclass(frozen=True)
class Wish:
    """How to fetch. ``mirrors``: addresses instead of the card's, each of the file or archive, or of a folder (ends with `/`).

    ``given``: a copy fetched by hand: the archive, the file, or a folder with the files. ``whole``: a server that sends
    no parts may send the whole archive.
    """

    mirrors: tuple[str, ...] = ()
    given: Path | None = None
    whole: bool = False


@dataclass(frozen=True)
class Fetched:
    """``folder``: where the set lies; ``names``: the files that were fetched now; ``size``: their bytes."""

    folder: Path
    names: tuple[str, ...]
    size: int


def fetch(card: Card, wish: Wish | None = None, watch: Watch | None = None) -> Fetched:
    """Bring the files of a set here that are not here yet, each checked before it takes its place.

    Interrupted at any moment it goes on where it stopped; a second process waits for the first. Of a set that inkread
    draws itself there is nothing to fetch. :class:`FetchError` where no address has a file as it was published, or the
    disk is full; :class:`SourceNotFound` for a copy that is not there; :class:`MissingExtra` without httpx or remotezip.
    """
    if card.drawn:
        return Fetched(folder_of(card), (), 0)
    fetching = _Fetching(card, wish or Wish(), watch or Quiet())
    with _disk_errors(card.name):
        folder = made_folder("data", *card.name.split("/"))
        with locked(folder, lambda: fetching.watch.say(f"another inkread fetches {card.name}; waiting for it")):
            return fetching.run(folder)


class _Fetching:
    """One set being fetched."""

    def __init__(self, card: Card, wish: Wish, watch: Watch) -> None:
        self.card, self.wish, self.watch = card, wish, watch
        self.origin: dict[str, str] = {}

    def run(self, folder: Path) -> Fetched:
        missing = [each for each in self.card.files if not is_whole(folder, each)]
        if missing:
            self._warn()
            _need_room(folder, missing, unpacking=self.wish.given is None)
            if self.wish.given is not None:
                self._take_given(self.wish.given, missing, folder)
            else:
                self._take_published(missing, folder)
            _write_facts(self.card, self.origin, folder)
        if lacking := [each.name for each in missing if not is_whole(folder, each)]:
            self.watch.say(f"still missing of {self.card.name}: {', '.join(lacking)}")
        else:
            _forget_begun(folder)
        names = tuple(each.name for each in missing if each.name in self.origin)
        return Fetched(folder, names, sum((folder / name).stat().st_size for name in names))

    def _warn(self) -> None:
        if told := self.card.unverified:
            self.watch.say(f"unverified in the card of {self.card.name}: {', '.join(told)}")

    def _take_published(self, missing: Sequence[File], folder: Path) -> None:
        plain = [each for each in missing if not each.member]
        packed = [each for each in missing if each.member]
        with client() as session:
            for file in plain:
                addresses = _addresses(file.addresses, self.wish.mirrors, several=len(self.card.files) > 1)
                self._first_that_works(addresses, partial(self._take_file, session, file, folder))
            if packed:
                addresses = _addresses(packed[0].addresses, self.wish.mirrors, several=False)
                self._first_that_works(addresses, partial(self._take_members, session, packed, folder))

    def _first_that_works(self, addresses: Sequence[str], take: Callable[[str], None]) -> None:
        """Try the addresses in their order."""
        from httpx import HTTPError, InvalidURL

        faults: list[FetchError] = []
        for address in addresses:
            try:
                take(address)
                return
            except FetchError as error:
                faults.append(error)
            except (HTTPError, InvalidURL) as error:
                faults.append(FetchError(f"the address cannot be fetched ({type(error).__name__}): {address}"))
            if address != addresses[-1]:
                self.watch.say(f"{faults[-1].message}; trying the next address")
        if len(faults) == 1:
            raise faults[0]
        hint = next((each.hint for each in faults if each.hint), "")
        told = "; ".join(each.message for each in faults)
        raise FetchError(f"none of {len(faults)} addresses has {self.card.name}: {told}", hint)

    def _take_file(self, session: httpx.Client, file: File, folder: Path, address: str) -> None:
        part = folder / (file.name + PART)
        begun = part.exists()
        self.watch.begin(file.name, file.size)
        download(session, Stretch(address), part, self.watch.advance)
        found = file_digest(part)
        if file.sha256 not in (UNVERIFIED, found):
            _forget(part)
            if begun:  # what was there may have been the fault
                return self._take_file(session, file, folder, address)
            raise _differs(file, address)
        self._put(part, folder / file.name, file, found, address)
        return None

    def _take_members(self, session: httpx.Client, files: Sequence[File], folder: Path, address: str) -> None:
        for _ in range(_CHANGES):
            remote = look(session, address)
            try:
                return self._members_of(session, remote, [each for each in files if not is_whole(folder, each)], folder)
            except Changed as error:
                fault = error
        raise fault

    def _members_of(self, session: httpx.Client, remote: Remote, files: Sequence[File], folder: Path) -> None:
        try:
            listed = list_remote(session, remote)
        except NoRanges:
            if not self.wish.whole:
                raise
            return self._take_whole(session, remote, files, folder)
        for file in files:
            member = listed.get(file.member)
            if member is None:
                raise FetchError(f"the zip does not hold {file.member}: {remote.address}", f"it holds {len(listed):,} others")
            part = folder / (file.name + PART)
            self.watch.begin(file.name, member.end - member.start)
            download(session, Stretch(remote.address, member.start, member.end, remote.mark), part, self.watch.advance)
            with _until_used(part):
                self._unpack(unpacked(part, member), file, remote.address, folder)
        return None

    def _take_whole(self, session: httpx.Client, remote: Remote, files: Sequence[File], folder: Path) -> None:
        part = folder / f"archive.zip{PART}"
        self.watch.begin("the whole archive", remote.size or None)
        download(session, Stretch(remote.address, mark=remote.mark), part, self.watch.advance)
        with _until_used(part):
            self._from_zip(part, files, folder, remote.address)

    def _take_given(self, given: Path, files: Sequence[File], folder: Path) -> None:
        if not given.exists():
            raise SourceNotFound(f"no such file or folder: {given}")
        if given.is_file() and zipfile.is_zipfile(given):
            return self._from_zip(given, files, folder, str(given))
        if given.is_file() and len(self.card.files) > 1 and given.name not in {each.name for each in self.card.files}:
            wanted = ", ".join(each.name for each in files)
            raise FetchError(f"neither a zip nor a file of {self.card.name}: {given}", f"wanted: {wanted}")
        for file in files:
            place = given / file.name if given.is_dir() else given
            if given.is_dir() and not place.is_file():
                raise FetchError(f"the folder does not hold {file.name}: {given}")
            if place.name == file.name or len(self.card.files) == 1:
                self._unpack(_pieces(place), file, str(place), folder)
        return None

    def _from_zip(self, path: Path, files: Sequence[File], folder: Path, origin: str) -> None:
        from ..formats import Archive

        Archive(path)  # refuses bombs, names that lead out of the folder and zips cut short
        found = members_in(path, [each.name for each in files])
        if lacking := [each.name for each in files if each.name not in found]:
            raise FetchError(f"the zip does not hold {', '.join(lacking)}: {path}")
        for file in files:
            self.watch.begin(file.name, found[file.name].file_size)
            self._unpack(read_member(path, found[file.name]), file, origin, folder, self.watch.advance)

    def _unpack(
        self, pieces: Iterable[bytes], file: File, origin: str, folder: Path, advance: Callable[[int], object] = lambda _: None
    ) -> None:
        """Write a file beside its place, check it, and put it there."""
        place = folder / (file.name + _UNPACKING)
        digest = hashlib.sha256()
        written = 0
        try:
            with open(place, "wb") as out:
                for piece in pieces:
                    written += len(piece)
                    if file.size is not None and written > file.size:
                        raise _differs(file, origin)
                    digest.update(piece)
                    out.write(piece)
                    advance(len(piece))
            if file.sha256 not in (UNVERIFIED, digest.hexdigest()):
                raise _differs(file, origin)
            self._put(place, folder / file.name, file, digest.hexdigest(), origin)
        finally:
            place.unlink(missing_ok=True)

    def _put(self, whole: Path, place: Path, file: File, sha256: str, origin: str) -> None:
        if file.sha256 == UNVERIFIED:
            self.watch.say(f"unverified: what came as {file.name} has the sha256 {sha256}")
        with open(whole, "rb+") as out:
            os.fsync(out.fileno())
        whole.replace(place)
        _forget(whole)
        self.origin[file.name] = origin


def _addresses(published: Sequence[str], mirrors: Sequence[str], *, several: bool) -> tuple[str, ...]:
    """Where a file may come from: the mirrors where some are named, else where it is published."""
    if not mirrors:
        return tuple(published)
    name = published[0].rpartition("/")[2]
    for each in mirrors:
        if not each.startswith(("http://", "https://")):
            raise UsageError(f"a mirror has to begin with http:// or https://: {each}", "a copy that is here is given with --from")
        if several and not each.endswith("/"):
            raise UsageError(f"the set has several files, so a mirror has to be a folder: {each}", f"{each}/")
    return tuple(each + name if each.endswith("/") else each for each in mirrors)


def _differs(file: File, origin: str) -> FetchError:
    return FetchError(
        f"not the file that was published, its checksum differs: {file.name} from {origin}", "fetch it from elsewhere: --mirror"
    )


def _need_room(folder: Path, files: Sequence[File], *, unpacking: bool) -> None:
    """:class:`FetchError` before a byte is fetched where the disk cannot hold what is still to come.

    ``unpacking``: members of a zip lie there twice, one at a time, while they are unpacked.
    """
    twice = max((each.size or 0 for each in files if each.member), default=0) if unpacking else 0
    begun = sum(part.stat().st_size for each in files if (part := folder / (each.name + PART)).is_file())
    needed = sum(each.size or 0 for each in files) + twice - begun
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise FetchError(f"not enough room, {needed / 1e6:,.0f} MB are needed and {free / 1e6:,.0f} MB are free: {folder}")


def _pieces(path: Path) -> Iterator[bytes]:
    try:
        with open(path, "rb") as file:
            while piece := file.read(_CHUNK):
                yield piece
    except OSError as error:
        raise FetchError(f"cannot be read ({reason(error)}): {path}") from error


def _forget_begun(folder: Path) -> None:
    """Of a set that is whole: what was begun at other addresses."""
    for each in folder.glob(f"*{PART}"):
        _forget(each)


def _forget(part: Path) -> None:
    part.unlink(missing_ok=True)
    part.with_name(part.name + ".json").unlink(missing_ok=True)


@contextmanager
def _until_used(part: Path) -> Iterator[None]:
    """Forget what was fetched once it is unpacked or turned out to be wrong; a full disk or Ctrl-C leaves it to the next attempt."""
    try:
        yield
    except InkreadError:
        _forget(part)
        raise
    _forget(part)


def _write_facts(card: Card, origin: dict[str, str], folder: Path) -> None:
    """Beside the files: when and from where they came."""
    when = datetime.now(UTC).isoformat(timespec="seconds")
    files = [{"name": name, "from": address, "when": when} for name, address in origin.items()]
    place = folder / FACTS
    try:
        before = json.loads(place.read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError, TypeError):
        before = []
    making = place.with_name(FACTS + _UNPACKING)
    making.write_text(json.dumps({"name": card.name, "files": [*before, *files]}, indent=1), encoding="utf-8")
    making.replace(place)


@contextmanager
def _disk_errors(name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if isinstance(error, FetchError | SourceNotFound):
            raise
        if error.errno == errno.ENOSPC:
            raise FetchError(f"the disk is full: {name}", "make room; the same command goes on where it stopped") from error
        where = error.filename if isinstance(error.filename, str) else name
        raise FetchError(f"cannot be written ({reason(error)}): {where}", "INKREAD_CACHE names another folder") from error
