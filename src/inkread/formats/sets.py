"""Several files that make one source: idx files of a set, EMNIST's zips of sets, pieces of a table, pictures with a list of labels."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..errors import FormatError, SourceNotFound
from . import idx, leaf, mat, npz, parquet, rows
from .archive import Archive
from .classes import emnist_set
from .contents import Contents
from .holders import ZIP, Folder, Holder, Nest
from .inflate import Packed
from .listed import SUFFIXES as LIST_SUFFIXES
from .listed import characters, list_in, names_pictures
from .parts import Found, part_of, part_told_by
from .pictures import HEAD, Listing, begins_as_picture, is_picture, listing

_TEXTS = (".csv", ".csv.gz", ".json", ".json.gz")
_LOOK = 512


@dataclass
class Kinds:
    """The files of a holder by what they are: places of pictures, and of data by format."""

    pictures: dict[int, str] = field(default_factory=dict)
    data: dict[str, list[int]] = field(default_factory=dict)
    lists: list[int] = field(default_factory=list)
    seen: int = 0

    def add(self, kind: str, at: int) -> None:
        """One more file of this kind."""
        self.data.setdefault(kind, []).append(at)


def find_held(holder: Holder, only: str = "", beyond: str = "") -> Found:
    """What a folder or a zip holds as a source; ``only``: a folder inside it; ``beyond``: the part that its path tells.

    :class:`FormatError` where that is data in several formats, several sets that cannot be told apart, or nothing known.
    """
    kinds = _kinds(holder, only)
    zips = kinds.data.get("zip", [])
    if not kinds.pictures and len(kinds.data) == 1 and zips:
        if len(zips) > 1 and not all(part_told_by(holder.names[at]) for at in zips):
            names = ", ".join(holder.names[at] for at in zips[:5])
            raise FormatError(f"several zips: {holder.path}: {names}", "name one of them; parts of one set lie in folders train and test")
        holder = Nest(holder, zips)
        kinds = _kinds(holder, only)
    if "idx" in kinds.data:
        kinds.data.pop("zip", None)  # what the files were unpacked from
    if kinds.pictures and not kinds.data.keys() - {"zip"}:
        return _pictures(holder, kinds, beyond)
    if not kinds.data:
        raise _nothing(holder, kinds.seen)
    if len(kinds.data) > 1 or kinds.pictures:
        first = min(min(each) for each in kinds.data.values())
        others = [*kinds.pictures, *(at for each in kinds.data.values() for at in each if each[0] != first)]
        hint = f"name one of its files: {holder.names[first]}, {holder.names[min(others)]}"
        what = "folder" if isinstance(holder, Folder) else "zip"
        raise FormatError(f"the {what} holds data in several formats: {holder.path}", hint)
    ((kind, places),) = kinds.data.items()
    if kind in _JOINED:
        return _JOINED[kind]([holder.packed(at) for at in places], [holder.names[at] for at in places], holder.path)
    return _sets(holder, kind, places)


_JOINED: dict[str, Callable[[Sequence[Packed], Sequence[str], str], Found]] = {
    "parquet": parquet.find_parquet,
    "LEAF json": leaf.find_leaf,
}
"""Formats whose files are pieces of one table."""


def beside(holder: Holder, index: int) -> Callable[[str], Packed | None]:
    """Gives the file of a name that lies in the same folder as one of a holder's, or None."""
    folder = holder.names[index].rpartition("/")[0]
    by_name = {name: at for at, name in enumerate(holder.names)}

    def found(name: str) -> Packed | None:
        at = by_name.get(f"{folder}/{name}" if folder else name)
        return None if at is None else holder.packed(at)

    return found


def _nothing(holder: Holder, others: int) -> FormatError | SourceNotFound:
    if isinstance(holder, Archive):
        return FormatError(f"no picture in the zip: {holder.path}", f"{others} members are no pictures" if others else "")
    return SourceNotFound(f"no picture in the folder: {holder.path}", f"{others} files are no pictures" if others else "")


def _kinds(holder: Holder, only: str) -> Kinds:
    kinds = Kinds()
    names = set(holder.names)
    for at, name in enumerate(holder.names):
        if only and not name.startswith(f"{only}/"):
            continue
        kinds.seen += 1
        if is_picture(name, b""):
            kinds.pictures[at] = name
            continue
        if name.endswith(".gz") and name.removesuffix(".gz") in names:
            continue  # its unpacked twin lies beside it
        head = holder.head(at, max(HEAD, 132))
        if begins_as_picture(head):
            kinds.pictures[at] = name
        elif head.startswith(ZIP):
            kinds.add("npz" if name.lower().endswith(".npz") else "zip", at)
        elif head.startswith(mat.BEGINNING):
            kinds.add("mat", at)
        elif head.startswith(parquet.BEGINNING):
            kinds.add("parquet", at)
        elif name.lower().endswith(_TEXTS):
            _add_text(kinds, holder.packed(at), at)
        elif head[:2] in (b"\0\0", b"\x1f\x8b"):
            file = holder.packed(at)
            if idx.holds_images(file):
                kinds.add("idx", at)
        if name.lower().endswith(LIST_SUFFIXES):
            kinds.lists.append(at)
    return kinds


def _add_text(kinds: Kinds, file: Packed, at: int) -> None:
    """A CSV of pixels or a LEAF json; other texts, also broken ones, are no data."""
    head = file.head(_LOOK)
    if head.lstrip()[:1] == b"{":
        if leaf.begins_as_leaf(head):
            kinds.add("LEAF json", at)
        return
    try:
        if rows.layout_of(file) is not None:
            kinds.add("csv", at)
    except FormatError:
        return


def _pictures(holder: Holder, kinds: Kinds, beyond: str) -> Found:
    """Pictures, with the labels that the lists among the files give; several lists that name the same picture are refused."""
    found = _listing(holder, kinds.pictures, kinds.seen)
    labels: dict[str, str] = {}
    fitting: list[str] = []
    for at in kinds.lists:
        told = _told(holder.packed(at))
        where = f"{holder.path}/{holder.names[at]}"
        named = found.named_by(told, where, holder.names[at].rpartition("/")[0]) if told else {}
        if not named:
            continue
        fitting.append(where)
        if labels.keys() & named.keys():
            raise FormatError(f"several lists of labels: {', '.join(fitting)}", "leave one of them there")
        labels |= characters(named, where)
    return (found.only(labels) if labels else found).found(beyond)


def _told(file: Packed) -> dict[str, str] | None:
    """What a file that may be a list says; one that cannot be read and names no picture is none (notes, settings)."""
    try:
        return list_in(file)
    except FormatError:
        if names_pictures(file):
            raise
        return None


def find_listed(file: Packed, told: Mapping[str, str], beyond: str = "") -> Found:
    """A list of names and labels that was named itself: the pictures are in its folder."""
    holder = Folder(Path(file.path).parent)
    pictures = {at: name for at, name in enumerate(holder.names) if is_picture(name, holder.head(at, HEAD))}
    found = _listing(holder, pictures, len(holder.names))
    named = found.named_by(told, file.path)
    if not named:
        raise SourceNotFound(f"none of the {len(told):,} listed pictures lies in the folder of the list: {file.path}")
    return found.only(characters(named, file.path)).found(beyond)


def _listing(holder: Holder, pictures: Mapping[int, str], seen: int) -> Listing:
    what = "folder of pictures" if isinstance(holder, Folder) else "zip of pictures"
    return listing(holder.path, what, pictures, holder.read, seen - len(pictures))


def _sets(holder: Holder, kind: str, places: Sequence[int]) -> Found:
    """Files of one format as one source, whose parts are called `SET/PART` where there are several sets."""
    entries = []
    for at in places:
        found = _FIND[kind](holder.packed(at), beside(holder, at))
        if found is not None:
            name = holder.names[at]
            entries += [_Entry(emnist_set(name) or "", part or part_of(name), found, index) for index, part in enumerate(found.parts)]
    keys = [(each.set, each.part) for each in entries]
    nameless = [name for name in {each.set for each in entries} if (name, "") in keys and sum(each.set == name for each in entries) > 1]
    if len(set(keys)) < len(keys) or nameless:
        what = "folder" if isinstance(holder, Folder) else "zip"
        names = ", ".join(holder.names[at] for at in places)
        raise FormatError(f"the {what} holds several sets of {kind}: {holder.path}", f"name one of its files: {names}")
    several = len({each.set for each in entries}) > 1
    parts = tuple("/".join(filter(None, (each.set if several else "", each.part))) for each in entries)
    alone = "" if several else entries[0].set
    return Found(holder.path, entries[0].found.format, parts, lambda at, as_stored: entries[at].take(as_stored), alone)


@dataclass(frozen=True)
class _Entry:
    """One part of one set: the file's own source, and the part's place in it."""

    set: str
    part: str
    found: Found
    index: int

    def take(self, as_stored: bool) -> Contents:
        return replace(self.found.take(self.index, as_stored), part=self.part)


_FIND: dict[str, Callable[[Packed, Callable[[str], Packed | None]], Found | None]] = {
    "idx": idx.find_images,
    "mat": lambda file, _: mat.find_mat(file),
    "npz": lambda file, _: npz.find_npz(file),
    "csv": lambda file, _: rows.find_rows(file),
}
