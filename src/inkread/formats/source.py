"""One way in: which format a path holds, found by content and layout."""

from __future__ import annotations

import os
import zipfile
from dataclasses import replace
from pathlib import Path

from ..errors import FormatError, InkreadError, SourceNotFound
from . import idx, mat, npz, pictures
from .archive import ZIP_FAULTS, members_of
from .contents import TRANSPOSED, Contents, Orientation
from .inflate import packed

TRIED = "idx, idx.gz, npz, Binary AlphaDigits .mat, a picture, a zip or a folder of pictures"


def read(
    path: str | os.PathLike[str], part: str | None = None, *, as_stored: bool = False, orientation: Orientation | None = None
) -> Contents:
    """What a file or a folder holds, upright and with its labels as characters.

    ``part``: ``train``, ``test`` or what the source calls its parts; it has to be told where there are several.
    ``as_stored``: leave pictures as the file stores them, also where that is transposed. ``orientation``: how they are
    stored, where the caller knows it (by a checksum, an option); it goes before what layout and name say. Names and suffixes decide
    nothing about the format; labels beside idx images are found by name. :class:`SourceNotFound` where nothing is
    there, :class:`FormatError` where it is nothing that is known, damaged, or not certain, with what was tried.
    """
    if orientation is not None:
        stored = read(path, part, as_stored=True)
        return replace(stored if as_stored else _turned(stored, orientation), orientation=orientation)
    place = Path(path)
    try:
        if place.is_dir():
            return _read_folder(place, part, as_stored=as_stored)
        if not place.exists():
            raise SourceNotFound(f"no such file or folder: {path}")
        if not place.is_file():
            raise FormatError(f"neither a file nor a folder: {path}")
        return _read_file(place, part, as_stored=as_stored)
    except (OSError, ValueError) as error:
        if isinstance(error, InkreadError):
            raise
        told = error.strerror if isinstance(error, OSError) else str(error)
        raise SourceNotFound(f"cannot be opened ({told or type(error).__name__}): {path}") from error


def files_of(path: str | os.PathLike[str]) -> tuple[Path, ...]:
    """Every file that :func:`read` may look at for this path, in order: what its contents depend on."""
    place = Path(path)
    if place.is_dir():
        return tuple(
            sorted(Path(folder) / each for folder, _, files in os.walk(place) for each in files if (Path(folder) / each).is_file())
        )
    labels = idx.labels_beside(place)
    return (place,) if labels is None else (place, labels)


def _turned(contents: Contents, orientation: Orientation) -> Contents:
    """Pictures that were read as stored, upright."""
    if orientation.stored != TRANSPOSED or contents.strokes is not None:
        return contents
    if contents.pictures is None:
        return replace(contents, turn=True)
    return replace(contents, pictures=idx.transposed(contents.pictures))


def _read_file(path: Path, part: str | None, *, as_stored: bool) -> Contents:
    file = packed(path)
    if idx.begins_as_idx(file):
        return idx.read_images(path, part, as_stored=as_stored)
    head = file.head(128)
    if head.startswith(mat.BEGINNING) and not file.gzipped:
        return mat.read_mat(path, part, as_stored=as_stored)
    if head.startswith(b"PK") or zipfile.is_zipfile(path):
        if _holds_arrays(path):
            return npz.read_npz(path, part, as_stored=as_stored)
        return pictures.list_archive(path).contents(path, part, as_stored=as_stored)
    if pictures.begins_as_picture(head):
        return pictures.list_file(path).contents(path, part, as_stored=as_stored)
    begins = head[:8].hex(" ") or "nothing"
    raise FormatError(f"no known format: {path}: it begins with {begins}", f"tried: {TRIED}")


def _read_folder(path: Path, part: str | None, *, as_stored: bool) -> Contents:
    files = [each for each in path.iterdir() if each.is_file() and not each.name.startswith(".")]
    sets = [each for each in files if not pictures.is_picture(each.name, b"") and idx.begins_as_idx(packed(each))]
    if not sets:
        return pictures.list_folder(path).contents(path, part, as_stored=as_stored)
    others = [each for each in files if pictures.is_picture(each.name, b"") or (each not in sets and _is_data(each))]
    if others:
        hint = f"name one of its files: {sets[0].name}, {others[0].name}"
        raise FormatError(f"the folder holds data in several formats: {path}", hint)
    return idx.read_folder(path, part, as_stored=as_stored)


def _is_data(path: Path) -> bool:
    return path.suffix.lower() in (".npz", ".zip", ".mat") or zipfile.is_zipfile(path)


def _holds_arrays(path: Path) -> bool:
    """Whether a zip is an npz: all that it holds are arrays. One that cannot be listed is told so by the reader of zips."""
    try:
        names = [each.filename for each in members_of(path)]
    except ZIP_FAULTS:
        return path.suffix.lower() == ".npz"
    return bool(names) and all(each.endswith(".npy") for each in names)
