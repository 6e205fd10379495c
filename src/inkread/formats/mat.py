"""MATLAB files: EMNIST's, and Binary AlphaDigits."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any, Literal

import numpy as np

from ..errors import FormatError, MissingExtra
from .classes import EMNIST_LABELS, as_characters, emnist_set, whole_numbers
from .contents import TRANSPOSED, UPRIGHT, Contents, Orientation
from .inflate import DEFLATE_LIMIT, MAX_RATIO, MAX_UNPACKED, Packed
from .parts import Found

if TYPE_CHECKING:
    from numpy.typing import NDArray

ALPHADIGITS = "Binary AlphaDigits mat"
EMNIST = "EMNIST mat"
BEGINNING = b"MATLAB 5.0 MAT-file"
TRIED = "`dataset` with train and test of images and labels (EMNIST), `dat` of 36x39 cells (Binary AlphaDigits)"

CELLS = (36, 39)
"""`dat`: classes 0-9 and A-Z, each with 39 examples."""

CELL = (20, 16)
"""Height and width of a picture; 1 is ink."""

CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

PARTS = ("train", "test")

UNKNOWN_WRITER = 0
"""What stands for a writer who is not known."""

_HEADER = 128
_ARRAY, _COMPRESSED = 14, 15
_BLOCK = 4096
_LARGE = 8 << 20
"""Bytes above which a file is not read whole to see which parts it has: the names of its fields have to do."""


def find_mat(file: Packed) -> Found:
    """A MATLAB file as a source: EMNIST's with its two parts, or Binary AlphaDigits; :class:`FormatError` for any other."""
    if not file.on_disk and emnist_set(file.name):  # what its name tells need not be unpacked for
        return Found(file.path, EMNIST, PARTS, lambda at, as_stored: _emnist(file, PARTS[at], as_stored))
    names = [name for name, _, _ in _scipy(file, "whosmat")]
    if "dataset" in names:
        parts = _parts(file)
        return Found(file.path, EMNIST, parts, lambda at, as_stored: _emnist(file, parts[at], as_stored))
    if "dat" in names:
        return Found(file.path, ALPHADIGITS, ("",), lambda _, as_stored: _alphadigits(file))
    raise FormatError(f"no known layout of a mat file: {file.path}: it holds {', '.join(names) or 'nothing'}", f"tried: {TRIED}")


def _parts(file: Packed) -> tuple[str, ...]:
    """The parts that a file has: one that was written by somebody else may have only one."""
    if file.size > _LARGE:
        named = _dataset_fields(file)
        return tuple(each for each in PARTS if each in named) or PARTS
    dataset = _scipy(file, "loadmat", variable_names=["dataset"]).get("dataset")
    return tuple(each for each in PARTS if _names(dataset, each)) or PARTS


def _dataset_fields(file: Packed) -> tuple[str, ...]:
    """The names of the fields of `dataset`, from its first bytes alone; none where they do not stand where MATLAB writes them."""
    with file.seekable() as opened:
        order = _byte_order(opened)
        for kind, at, size in _variables(opened, order):
            opened.seek(at)
            head = opened.read(min(size, _BLOCK))
            with suppress(zlib.error):
                head = zlib.decompressobj().decompress(head, _BLOCK)[8:] if kind == _COMPRESSED else head
            name, fields = _structure(head, order) if kind in (_ARRAY, _COMPRESSED) else ("", ())
            if name == "dataset":
                return fields
    return ()


def _structure(head: bytes, order: Literal["little", "big"]) -> tuple[str, tuple[str, ...]]:
    """The name of a structure and of its fields: the third and fifth element of it (MAT-File Format, Level 5)."""
    elements, at = [], 0
    for _ in range(5):
        tag = int.from_bytes(head[at : at + 4], order)
        if tag >> 16:  # up to four bytes stand in the tag itself
            elements.append(head[at + 4 : at + 4 + (tag >> 16)])
            at += 8
        else:
            length = int.from_bytes(head[at + 4 : at + 8], order)
            elements.append(head[at + 8 : at + 8 + length])
            at += 8 + length + -length % 8
    _, _, name, width, names = elements
    step = int.from_bytes(width, order) or 1
    fields = (names[start : start + step] for start in range(0, len(names), step))
    return name.decode("ascii", "replace"), tuple(each.split(b"\0")[0].decode("ascii", "replace") for each in fields)


def _emnist(file: Packed, part: str, as_stored: bool) -> Contents:
    dataset = _scipy(file, "loadmat", variable_names=["dataset"]).get("dataset")
    images = _field(file, dataset, part, "images")
    if images.ndim != 2 or images.dtype != np.uint8 or not (side := round(images.shape[1] ** 0.5)) or side**2 != images.shape[1]:
        raise FormatError(f"images must be uint8 of the shape (N,H*H): {images.dtype} {images.shape}: {file.path}:{part}.images")
    # Each picture is kept column by column, as MATLAB does: read row by row it is its own transpose, as in NIST's idx files.
    pictures = np.empty((len(images), side, side), np.uint8)
    for start in range(0, len(images), _BLOCK):
        stored = images[start : start + _BLOCK].reshape(-1, side, side)
        pictures[start : start + _BLOCK] = stored if as_stored else stored.swapaxes(1, 2)
    where = f"{file.path}:{part}.labels"
    numbers = whole_numbers(_field(file, dataset, part, "labels"), where)
    if len(numbers) != len(pictures):
        raise FormatError(f"{len(pictures):,} pictures but {len(numbers):,} entries: {where}")
    labels = as_characters(numbers, _meaning(file, dataset), where)
    orientation = Orientation(TRANSPOSED, "EMNIST's MATLAB layout, which keeps pictures column by column")
    return Contents(EMNIST, orientation, pictures=pictures, labels=labels, writer=_writers(file, dataset, part, len(pictures)), part=part)


def _meaning(file: Packed, dataset: object) -> tuple[str, ...]:
    """The label space that the file's own mapping tells: label, code of a character, and for Letters that of its other case."""
    mapping = _field(file, dataset, "mapping")
    where = f"{file.path}:mapping"
    if mapping.ndim != 2 or mapping.shape[1] not in (2, 3) or not len(mapping) or mapping.dtype.kind not in "uif":
        raise FormatError(f"a mapping must have the shape (K,2) or (K,3): {mapping.dtype} {mapping.shape}: {where}")
    numbers, codes = (whole_numbers(mapping[:, column], where).tolist() for column in (0, 1))
    told = dict(zip(numbers, codes, strict=True))
    for labels in EMNIST_LABELS.values():
        if told == {number: ord(label[0]) for number, label in enumerate(labels) if label}:
            return labels
    raise FormatError(f"the mapping is that of no set of EMNIST: {where}: {len(told)} labels from {min(told)} to {max(told)}")


def _writers(file: Packed, dataset: object, part: str, count: int) -> NDArray[np.str_] | None:
    """The writer of each picture, "" where he is not known; None where none is."""
    if "writers" not in _names(dataset, part):
        return None
    where = f"{file.path}:{part}.writers"
    numbers = whole_numbers(_field(file, dataset, part, "writers"), where)
    if len(numbers) != count:
        raise FormatError(f"{count:,} pictures but {len(numbers):,} entries: {where}")
    if (numbers == UNKNOWN_WRITER).all():
        return None
    return np.where(numbers == UNKNOWN_WRITER, "", numbers.astype(np.str_))


def _names(dataset: object, part: str) -> tuple[str, ...]:
    try:
        return dataset[0, 0][part][0, 0].dtype.names or ()  # type: ignore[index]
    except (TypeError, IndexError, ValueError, KeyError, AttributeError):
        return ()


def _field(file: Packed, dataset: object, *names: str) -> NDArray[np.generic]:
    """`dataset.NAME.NAME`: structures are arrays (1,1) with named fields."""
    found: Any = dataset
    try:
        for name in names:
            found = found[0, 0][name]
        while isinstance(found, np.ndarray) and found.dtype == object and found.shape == (1, 1):
            found = found[0, 0]
    except (TypeError, IndexError, ValueError, KeyError) as error:
        raise FormatError(f"the mat file has no `dataset.{'.'.join(names)}`: {file.path}", f"tried: {TRIED}") from error
    if not isinstance(found, np.ndarray) or found.dtype == object:
        raise FormatError(f"no array of numbers: `dataset.{'.'.join(names)}` in {file.path}")
    return found


def _alphadigits(file: Packed) -> Contents:
    """The 1,404 pictures of Binary AlphaDigits, 255 where its cells have 1."""
    cells = _scipy(file, "loadmat", variable_names=["dat"]).get("dat")
    if not isinstance(cells, np.ndarray) or cells.dtype != object or cells.shape != CELLS:
        raise FormatError(f"a mat file without the 36x39 cells `dat` of Binary AlphaDigits: {file.path}")
    pictures = np.zeros((cells.size, *CELL), np.uint8)
    for at, cell in enumerate(cells.ravel()):
        if not isinstance(cell, np.ndarray) or cell.shape != CELL or cell.dtype.kind not in "buif":
            raise FormatError(f"a cell of `dat` is no picture of 20x16: the {at + 1:,}. in {file.path}")
        pictures[at] = np.where(cell != 0, 255, 0)
    labels = tuple(character for character in CHARACTERS for _ in range(CELLS[1]))
    return Contents(ALPHADIGITS, Orientation(UPRIGHT, "being Binary AlphaDigits"), pictures=pictures, labels=labels)


def _scipy(file: Packed, what: str, **options: object) -> Any:
    """What `scipy.io.whosmat` or `loadmat` gives; :class:`FormatError` for whatever they raise, and for bombs."""
    try:
        from scipy import io
    except ImportError as error:
        raise MissingExtra("scipy, which reads .mat files,", "data") from error
    with file.seekable() as opened:
        if what == "loadmat":
            _refuse_bomb(opened, file)
        try:
            return getattr(io, what)(opened, **options)
        except Exception as error:  # scipy's reader lets any kind of exception out at a damaged file
            raise FormatError(f"the mat file cannot be read ({type(error).__name__}): {file.path}", "fetch it again") from error


def _refuse_bomb(opened: IO[bytes], file: Packed) -> None:
    """scipy unpacks a variable to whatever size it has: one that may be a bomb is unpacked piece by piece first, and counted."""
    total = 0
    for start, size in _compressed(opened):
        opened.seek(start)
        engine = zlib.decompressobj()
        left = size if size * DEFLATE_LIMIT > MAX_UNPACKED else 0
        waiting = b""
        while left > 0 or waiting:
            if not waiting:
                waiting = opened.read(min(left, 1 << 18))
                left = left - len(waiting) if waiting else 0
            try:
                total += len(engine.decompress(waiting, 1 << 20))
            except zlib.error:
                break  # scipy says so
            waiting = engine.unconsumed_tail
            if total > max(MAX_UNPACKED, MAX_RATIO * size):
                raise FormatError(f"it looks like a decompression bomb: {size:,} bytes unpack to more than {total:,}: {file.path}")
    opened.seek(0)


def _compressed(opened: IO[bytes]) -> Iterator[tuple[int, int]]:
    """Where each compressed variable begins, and its bytes."""
    return ((at, size) for kind, at, size in _variables(opened, _byte_order(opened)) if kind == _COMPRESSED)


def _byte_order(opened: IO[bytes]) -> Literal["little", "big"]:
    opened.seek(0)
    return "little" if opened.read(_HEADER)[126:128] == b"IM" else "big"


def _variables(opened: IO[bytes], order: Literal["little", "big"]) -> Iterator[tuple[int, int, int]]:
    """The kind of each variable, where it begins, and its bytes."""
    at = _HEADER
    opened.seek(at)
    while len(tag := opened.read(8)) == 8:
        kind, size = (int.from_bytes(tag[start : start + 4], order) for start in (0, 4))
        at += 8
        if not size:
            return
        yield kind, at, size
        at += size
        opened.seek(at)
