"""One way in: which format a path holds, found by content and layout."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ..errors import FormatError, InkreadError, SourceNotFound, nearest
from . import idx, leaf, libsvm, listed, mat, npz, parquet, pictures, rows
from .archive import ZIP_FAULTS, Archive, zip_of
from .contents import TRANSPOSED, Contents, Orientation
from .holders import ZIP, Folder
from .inflate import Packed, packed
from .parts import Found, part_told_by_path, told_by_path
from .pictures import Listing
from .sets import beside, find_held, find_listed

TRIED = (
    "idx, idx.gz, npz, MATLAB, CSV of pixels, LEAF json, parquet, LIBSVM's USPS, a list of names and labels, "
    "a picture, a zip or a folder of pictures or of such files"
)
_LOOK = 512
_NAME = 30
"""Where the name of a zip's first member begins; four bytes before it stands its length."""


def read(
    path: str | os.PathLike[str], part: str | None = None, *, as_stored: bool = False, orientation: Orientation | None = None
) -> Contents:
    """What a file or a folder holds, upright and with its labels as characters.

    ``path``: also `ZIP/member`, and `ZIP/folder` for what lies in it. ``part``: ``train``, ``test`` or what the source
    calls its parts (``letters/train`` where it holds several sets, ``rest`` for what lies beside them); it has to be told
    where there are several. What has no part of its own has the one that its path tells (``lab/train``, ``test.zip``).
    ``as_stored``: leave pictures as the file stores them, also where that is transposed. ``orientation``: how they are
    stored, where the caller knows it (by a checksum); it goes before what layout and name say. Names and suffixes decide
    nothing about the format; labels beside idx images are found by name. :class:`SourceNotFound` where nothing is
    there, :class:`FormatError` where it is nothing that is known, damaged, or not certain, with what was tried.
    """
    with _opening(path):
        found = _find(path)
        contents = found.read(part, as_stored=as_stored)
        if orientation is None:
            return contents
        if contents.orientation.stored != orientation.stored and not as_stored:
            contents = _turned(found.read(part, as_stored=True), orientation)
        return replace(contents, orientation=orientation)


def parts_of(path: str | os.PathLike[str]) -> tuple[str, ...]:
    """What :func:`read` accepts as ``part`` of this path; `("",)` where it has no parts. Errors as for :func:`read`."""
    with _opening(path):
        return _find(path).parts


def is_there(path: str | os.PathLike[str]) -> bool:
    """Whether there is such a file or folder, on disk or in a zip."""
    try:
        disk, inner = place_of(path)
        if not inner:
            return bool(os.fspath(path)) and disk.exists()
        return any(each == inner or each.startswith(f"{inner}/") for each in Archive(disk).names)
    except (OSError, ValueError):
        return False


def place_of(path: str | os.PathLike[str]) -> tuple[Path, str]:
    """The file or folder on disk, and what is named inside it: `("gzip.zip", "gzip/emnist-...")`; "" where it is itself meant."""
    whole = Path(path)
    for disk in (whole, *whole.parents):
        if disk.exists():
            return (disk, whole.relative_to(disk).as_posix()) if disk != whole and disk.is_file() else (whole, "")
    return whole, ""


def files_of(path: str | os.PathLike[str]) -> tuple[Path, ...]:
    """Every file that :func:`read` may look at for this path, in order: what its contents depend on."""
    place, _ = place_of(path)
    if place.is_dir():
        return _files_below(place)
    if place.name.lower().endswith(listed.SUFFIXES) and _list_at(packed(place)) is not None:
        return _files_below(place.parent)
    labels = (place.with_name(each) for each in idx.labels_names(place.name))
    return (place, *[each for each in labels if each.is_file()][:1])


def _turned(contents: Contents, orientation: Orientation) -> Contents:
    """Pictures that were read as stored, upright."""
    if orientation.stored != TRANSPOSED or contents.strokes is not None:
        return contents
    if contents.pictures is None:
        return replace(contents, turn=True)
    return replace(contents, pictures=idx.transposed(contents.pictures))


def _files_below(place: Path) -> tuple[Path, ...]:
    return tuple(sorted(Path(folder) / each for folder, _, files in os.walk(place) for each in files if (Path(folder) / each).is_file()))


class _opening:
    """Turns what the operating system says of a path into a :class:`SourceNotFound`."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = path

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError | ValueError) and not isinstance(error, InkreadError):
            told = error.strerror if isinstance(error, OSError) else str(error)
            raise SourceNotFound(f"cannot be opened ({told or type(error).__name__}): {self.path}") from error


def _find(path: str | os.PathLike[str]) -> Found:
    place, inner = place_of(path)
    beyond = part_told_by_path(place, inner)
    return told_by_path(_found(place, inner, beyond), beyond)


def _found(place: Path, inner: str, beyond: str) -> Found:
    if inner:
        return _find_member(place, inner, beyond)
    if place.is_dir():
        return find_held(Folder(place), beyond=beyond)
    if not place.exists():
        raise SourceNotFound(f"no such file or folder: {place}")
    if not place.is_file():
        raise FormatError(f"neither a file nor a folder: {place}")
    file = packed(place)

    def on_disk(name: str) -> Packed | None:
        return packed(place.with_name(name)) if place.with_name(name).is_file() else None

    return _find_file(file, on_disk, beyond)


def _find_member(place: Path, inner: str, beyond: str) -> Found:
    archive = Archive(place)
    if inner in archive.names:
        at = archive.names.index(inner)
        return _find_file(archive.packed(at), beside(archive, at), beyond)
    if any(each.startswith(f"{inner}/") for each in archive.names):
        return find_held(archive, inner, beyond)
    raise SourceNotFound(f"no such member in the zip: {place}/{inner}", nearest(inner, archive.names[:10_000]))


def _find_file(file: Packed, by_name: Callable[[str], Packed | None], beyond: str) -> Found:
    if idx.begins_as_idx(file):
        return idx.find_images(file, by_name)
    head = file.head(_LOOK)
    if head.startswith(mat.BEGINNING):
        return mat.find_mat(file)
    if not file.gzipped and (head.startswith(ZIP[:2]) or (file.on_disk and zipfile.is_zipfile(file.path))):
        return _find_zip(file, head, beyond)
    if pictures.begins_as_picture(head):
        return Listing(file.path, "picture", (file.name,), (0,), lambda _: file.whole(pictures.MAX_PICTURE), 0).found(beyond)
    if head.startswith(parquet.BEGINNING):
        return parquet.find_parquet([file], [file.name], file.path)
    if head.startswith(libsvm.BZIP2) or libsvm.begins_as_libsvm(head):
        return libsvm.find_libsvm(file)
    return _find_text(file, head, beyond)


def _find_zip(file: Packed, head: bytes, beyond: str) -> Found:
    if _holds_arrays(file, head):
        return npz.find_npz(file)
    archive = Archive(file.path) if file.on_disk else Archive(file.path, file.whole())
    return find_held(archive, beyond=beyond)


def _find_text(file: Packed, head: bytes, beyond: str) -> Found:
    """JSON or CSV: LEAF's, pixels in rows, or a list of names and labels; anything else is refused."""
    if leaf.begins_as_leaf(head):
        return leaf.find_leaf([file], [file.name], file.path)
    told = _list_at(file) if file.on_disk and not file.gzipped else None
    if told:
        return find_listed(file, told, beyond)
    found = None if head[:1] in (b"{", b"[") else rows.find_rows(file)
    if found is not None:
        return found
    begins = head[:8].hex(" ") or "nothing"
    raise FormatError(f"no known format: {file.path}: it begins with {begins}", f"tried: {TRIED}")


def _list_at(file: Packed) -> dict[str, str] | None:
    """A list of names and labels; only in files that are called as such lists are, since any text could be meant otherwise."""
    return listed.list_in(file) if file.name.lower().endswith(listed.SUFFIXES) else None


def _holds_arrays(file: Packed, head: bytes) -> bool:
    """Whether a zip is an npz: all that it holds are arrays. One that cannot be listed is told so by the reader of zips."""
    if head.startswith(ZIP) and not head[_NAME : _NAME + int.from_bytes(head[_NAME - 4 : _NAME - 2], "little")].endswith(b".npy"):
        return False  # its first member is none; a large zip takes a second to list
    try:
        with file.seekable() as opened:
            names = [each.filename for each in zip_of(opened).infolist()]
    except ZIP_FAULTS:
        return file.name.lower().endswith(".npz")
    return bool(names) and all(each.endswith(".npy") for each in names)
