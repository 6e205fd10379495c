"""Labelled pictures to files, in the formats that people need them in; nothing is ever half-written."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

import numpy as np

from ..errors import FormatError, UsageError, nearest, reason
from .parts import part_of, part_told_by

if TYPE_CHECKING:
    from numpy.typing import NDArray


KEEPING = "a folder, zip or parquet keeps them"


def is_told(label: str) -> bool:
    """Whether a label is one character, or both cases of one: what readers take for one."""
    return len(label) == 1 or (len(label) == 2 and label[0] != label[1] and label[0].lower() == label[1].lower())


@contextmanager
def packing(path: Path) -> Iterator[IO[bytes]]:
    """A new file to write to, packed where its name ends in .gz; the same bytes for the same content, with no date in them."""
    with path.open("wb") as plain:
        if path.name.lower().endswith(".gz"):
            with gzip.GzipFile("", "wb", 6, plain, mtime=0) as packed:
                yield cast(IO[bytes], packed)
        else:
            yield plain


@dataclass(frozen=True, eq=False)
class Upright:
    """What is written: one part of a source. ``pictures``: uint8 (N,H,W), or N pictures (H,W) of any size, upright.

    ``labels``: a string of one or more characters a picture, or None. ``writer``: str (N,), or None. ``part``: `train`
    and the like, "" where there is none.
    """

    pictures: NDArray[np.uint8] | Sequence[NDArray[np.uint8]]
    labels: tuple[str, ...] | None = None
    writer: NDArray[np.str_] | None = None
    part: str = ""

    def __len__(self) -> int:
        return len(self.pictures)

    def array(self, what: str) -> NDArray[np.uint8]:
        """The pictures as one array (N,H,W); :class:`FormatError` where ``what`` is to be written and sizes differ."""
        if isinstance(self.pictures, np.ndarray):
            return self.pictures
        first = self.pictures[0].shape if len(self.pictures) else (28, 28)
        array = np.empty((len(self.pictures), *first), np.uint8)
        for at, picture in enumerate(self.pictures):
            if picture.shape != first:
                sizes = f"{first[1]}x{first[0]} and {picture.shape[1]}x{picture.shape[0]}"
                raise FormatError(f"{what} holds pictures of one size, these have several: {sizes}", KEEPING)
            array[at] = picture
        return array

    def square(self, what: str) -> NDArray[np.uint8]:
        """The same as :meth:`array`; :class:`FormatError` where pictures are not square, whose shape ``what`` cannot tell."""
        array = self.array(what)
        if array.shape[1] != array.shape[2]:
            raise FormatError(f"{what} holds square pictures, these are {array.shape[2]}x{array.shape[1]}", KEEPING)
        return array


_TWO, _THREE = ("train", "test"), ("train", "validation", "test")

Write = Callable[[Path, Sequence[Upright]], None]
Fits = Callable[[str, Sequence[Upright]], None]


@dataclass(frozen=True)
class Writer:
    """A format to write: how it is ``told`` by a name, whether it makes a ``folder`` and holds ``several`` parts.

    ``fits``: refuses labels that the format cannot hold under a name. ``parts``: the names of those that it can hold, None
    for any. ``kept``: the part that readers will take one for, given the file's name and the part's. ``beside``: names of
    the files beside one that readers take for its labels, the first of them the one that is written.
    ``people``: it keeps who wrote a picture.
    """

    told: re.Pattern[str]
    write: Write
    fits: Fits
    folder: bool = False
    several: bool = True
    parts: tuple[str, ...] | None = None
    kept: Callable[[str, str], str] = lambda name, part: part
    beside: Callable[[str], tuple[str, ...]] = lambda name: ()
    people: bool = False

    def companions(self, place: Path, parts: Sequence[Upright]) -> list[Path]:
        """The files beside ``place`` that would be replaced, or taken for labels of pictures that have none."""
        names = self.beside(place.name) if parts else ()
        return [place.with_name(each) for each in (names[:1] if any(part.labels is not None for part in parts) else names)]


def write(dest: str | os.PathLike[str], parts: Sequence[Upright], format: str | None = None, *, force: bool = False) -> str:
    """Write these parts to ``dest``; gives the format that was written.

    ``format``: one of :func:`writers`; None for the one that the name of ``dest`` tells. What is there already is
    replaced by ``force`` only, all at once at the end; a folder that holds anything never is. :class:`UsageError` for a
    format that is not told, or a taken place; :class:`FormatError` for what a format cannot hold; :class:`MissingExtra`.
    """
    place = Path(dest)
    filled = [each for each in parts if len(each)]
    name = refuse(place, filled, format, force=force)
    if not filled:
        raise UsageError(f"there is no picture to write: {place}")
    try:
        _at_once(place, writers()[name], filled)
    except OSError as error:
        raise UsageError(f"cannot be written ({reason(error)}): {place}") from error
    return name


def refuse(dest: str | os.PathLike[str], parts: Sequence[Upright], format: str | None = None, *, force: bool = False) -> str:
    """What :func:`write` refuses without looking at a picture, before the work; gives the format. Raises what `write` does."""
    place = Path(dest)
    name = format or format_of(place)
    known = writers()
    if name not in known:
        raise UsageError(f"unknown format to write: {name}", nearest(name, tuple(known)))
    writer = known[name]
    _refuse_parts(place, name, writer, parts)
    refuse_taken(place, force)
    for each in writer.companions(place, parts):
        refuse_taken(each, force)
    for part in parts:
        if part.labels is not None and (missing := part.labels.count("")):
            told = f"{missing:,} of {len(part):,} pictures have no label"
            raise FormatError(f"{told}: {part.part or place}", "`inkread data convert --alphabet ...` leaves them out")
    writer.fits(place.name, parts)
    return name


def _refuse_parts(place: Path, name: str, writer: Writer, parts: Sequence[Upright]) -> None:
    """Refuse parts that could not be told apart afterwards, or not be told at all."""
    if len(parts) > 1 and len({each.part for each in parts}) < len(parts):
        raise UsageError(f"several sources claim the same part: {', '.join(each.part or 'without a name' for each in parts)}")
    if len(parts) > 1 and not all(each.part for each in parts):
        named = ", ".join(each.part for each in parts if each.part)
        raise UsageError(f"a part without a name would be lost beside others: {named}", "write it to a place of its own")
    if len(parts) > 1 and not writer.several:
        raise UsageError(
            f"{name} holds one part, these are {len(parts)}: {', '.join(each.part for each in parts)}", "name one as PATH:PART"
        )
    if writer.parts and (other := [each.part for each in parts if each.part not in ("", *writer.parts)]):
        raise UsageError(f"{name} has only the parts {', '.join(writer.parts)}: {', '.join(other)}", "a folder or a zip keeps any part")
    for each in parts:
        if each.labels is not None and "test" in re.split("[/+]", each.part) and writer.kept(place.name, each.part) != "test":
            hint = "a folder, zip or mat keeps the part, and so does `test` in the name of a csv, parquet or idx"
            raise UsageError(f"test labels would no longer be known as such: {place}", hint)


def refuse_taken(place: Path, force: bool) -> None:
    """:class:`UsageError` where something stands at ``place`` that may not be replaced."""
    if place.is_dir() and any(place.iterdir()):
        raise UsageError(f"the folder is not empty: {place}", "name a new one, or remove it yourself: a folder is never replaced")
    if place.exists() and not place.is_dir() and not force:
        raise UsageError(f"the file is there already: {place}", "--force replaces it")


def writers() -> Mapping[str, Writer]:
    """Every format that can be written, by name."""
    from .idx import labels_names
    from .write_arrays import fits_contest, fits_idx, fits_idx_folder, fits_npz, write_contest, write_idx, write_idx_folder, write_npz
    from .write_pictures import fits_folder, write_folder, write_zip
    from .write_tables import fits_csv, fits_mat, fits_parquet, write_csv, write_mat, write_parquet

    return {
        "idx": Writer(
            re.compile(r".*images.*(?:ubyte|idx)(?:\.gz)?", re.IGNORECASE),
            write_idx,
            fits_idx,
            several=False,
            kept=_by_name,
            beside=labels_names,
        ),
        "idx-folder": Writer(re.compile(r"(?!)"), write_idx_folder, fits_idx_folder, folder=True, parts=_THREE),
        "csv": Writer(re.compile(r".*\.csv(?:\.gz)?", re.IGNORECASE), write_csv, fits_csv, several=False, kept=_by_name),
        "npz": Writer(re.compile(r".*\.npz", re.IGNORECASE), write_npz, fits_npz, several=False, kept=_by_name),
        "contest": Writer(re.compile(r"(?!)"), write_contest, fits_contest, parts=_TWO),
        "folder": Writer(re.compile(r"[^.]+/?"), write_folder, fits_folder, folder=True, kept=_by_folder),
        "zip": Writer(re.compile(r".*\.zip", re.IGNORECASE), write_zip, fits_folder, kept=_by_folder),
        "parquet": Writer(re.compile(r".*\.parquet", re.IGNORECASE), write_parquet, fits_parquet, several=False, kept=_by_name),
        "mat": Writer(re.compile(r".*\.mat", re.IGNORECASE), write_mat, fits_mat, parts=_TWO, people=True),
    }


def _by_name(name: str, part: str) -> str:
    return part_told_by(name)


def _by_folder(name: str, part: str) -> str:
    return part_of(f"{part}/picture")


def format_of(place: Path) -> str:
    """The format that a name tells; :class:`UsageError` where it tells none."""
    known = writers()
    found = [name for name, each in known.items() if each.told.fullmatch(place.name)]
    if not found:
        raise UsageError(
            f"the name tells no format to write: {place}", "end it in .zip, .parquet, .npz, .csv or .mat, or name a new folder"
        )
    return found[0]


def _at_once(place: Path, writer: Writer, parts: Sequence[Upright]) -> None:
    """Make everything in a folder beside ``place``, then move it there: whoever looks sees all of it or nothing."""
    place.parent.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix=f".{place.name}.making-", dir=place.parent))
    try:
        writer.write(making / place.name, parts)
        if writer.folder:
            if place.is_dir():
                place.rmdir()
            (making / place.name).rename(place)
            return
        # the one that is asked for comes last: it is there only when what belongs to it is
        for each in sorted(making.iterdir(), key=lambda path: path.name == place.name):
            os.replace(each, place.with_name(each.name))
        for stale in writer.companions(place, parts):
            if all(part.labels is None for part in parts):
                stale.unlink(missing_ok=True)
    finally:
        shutil.rmtree(making, ignore_errors=True)
