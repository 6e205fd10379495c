"""IDX files (LeCun's MNIST format), plain or gzipped, with the labels that lie beside the images."""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..errors import FormatError
from .classes import BYCLASS_LABELS, DIGIT_LABELS, EMNIST_LABELS, as_characters
from .contents import TRANSPOSED, UPRIGHT, Contents, Orientation
from .inflate import Packed, packed
from .pictures import choose_part

if TYPE_CHECKING:
    from numpy.typing import NDArray

NAME = "idx"
UNSIGNED_BYTE = 0x08
"""The third byte of the magic number; IDX knows other types, files of pictures do not use them."""

EMNIST_NAME = re.compile(r"emnist-(byclass|bymerge|balanced|letters|digits|mnist)-", re.IGNORECASE)
"""NIST's own file names, which tell the label space and that the pictures are stored transposed."""

_TEST = re.compile(r"t10k|test", re.IGNORECASE)
_TRAIN = re.compile(r"train", re.IGNORECASE)
_LARGEST_SIDE = 1 << 16


def begins_as_idx(file: Packed) -> bool:
    """Whether the unpacked bytes begin as IDX of unsigned bytes with one to four dimensions."""
    head = file.head(4)
    return len(head) == 4 and head[:2] == b"\0\0" and head[2] == UNSIGNED_BYTE and 1 <= head[3] <= 4


def dimensions(file: Packed) -> tuple[int, ...]:
    """The shape that the header announces; :class:`FormatError` where the file cannot hold as much."""
    head = file.head(20)
    if len(head) < 4 or head[:2] != b"\0\0" or head[2] != UNSIGNED_BYTE:
        raise FormatError(f"not an idx file of unsigned bytes: {file.path}", f"it begins with {head[:4].hex(' ')}, not 00 00 08")
    rank = head[3]
    if not 1 <= rank <= 4 or len(head) < 4 + 4 * rank:
        raise FormatError(f"the idx header announces {rank} dimensions: {file.path}", "images have 3, labels 1")
    shape = struct.unpack(f">{rank}I", head[4 : 4 + 4 * rank])
    wanted = 4 + 4 * rank + _product(shape)
    if wanted > file.at_most or any(side > _LARGEST_SIDE for side in shape[1:]):
        told = " x ".join(f"{side:,}" for side in shape)
        raise FormatError(
            f"the idx header announces more than the file can hold, {told}: {file.path}",
            f"the file has {file.size:,} bytes: an interrupted copy?",
        )
    return shape


def read_array(file: Packed) -> NDArray[np.uint8]:
    """The whole array, uint8 of the announced shape; :class:`FormatError` where bytes are missing or left over."""
    shape = dimensions(file)
    start = 4 + 4 * len(shape)
    try:
        array = np.empty(_product(shape), np.uint8)
    except MemoryError as error:
        raise FormatError(f"the idx file does not fit into memory, {_product(shape):,} bytes: {file.path}") from error
    at = -start
    for chunk in file.chunks():
        piece = chunk[-at:] if at < 0 else chunk
        if max(at, 0) + len(piece) > array.size:
            raise FormatError(f"the idx file goes on after the last of {shape[0]:,} entries: {file.path}")
        if piece:
            array[max(at, 0) : max(at, 0) + len(piece)] = np.frombuffer(piece, np.uint8)
        at += len(chunk)
    if at < array.size:
        raise FormatError(f"the idx file ends too early, at {max(at, 0):,} of {array.size:,} bytes: {file.path}", "fetch it again")
    return array.reshape(shape)


def read_images(path: Path, part: str | None, *, as_stored: bool) -> Contents:
    """The pictures of one images file and, where they lie beside it, their labels.

    :class:`FormatError` for a labels file, for a count of labels that differs, and for labels that no known set has.
    """
    file = packed(path)
    shape = dimensions(file)
    if len(shape) != 3 or 0 in shape[1:]:
        hint = "give the file of the images, the labels beside it are found by name" if len(shape) == 1 else ""
        raise FormatError(f"an idx file of images has 3 dimensions, not {len(shape)}: {path}", hint)
    told = _part_of(path)
    choose_part(str(path), [told], part)
    emnist = EMNIST_NAME.search(path.name)
    stored, by = (TRANSPOSED, "its name beginning with emnist-") if emnist else (UPRIGHT, "being idx that is not EMNIST's")
    pictures = read_array(file)
    if stored == TRANSPOSED and not as_stored:
        pictures = transposed(pictures)
    return Contents(NAME, Orientation(stored, by), pictures=pictures, labels=_labels(path, len(pictures)), part=told)


def read_folder(path: Path, part: str | None, *, as_stored: bool) -> Contents:
    """One part of a folder with the idx files of a set; :class:`FormatError` where several files claim the same part."""
    images = [each for each in _files(path) if _holds_images(each)]
    parts = [_part_of(each) for each in images]
    if len(set(parts)) < len(parts) or (len(parts) > 1 and "" in parts):
        names = ", ".join(each.name for each in images)
        raise FormatError(f"the folder holds several sets of idx images: {path}", f"name one of its files: {names}")
    chosen, _ = choose_part(str(path), parts, part)
    return read_images(images[chosen[0]], None, as_stored=as_stored)


def transposed(pictures: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Each picture's transpose; an array of our own with square pictures is turned in place, so that memory does not double."""
    if pictures.shape[1] != pictures.shape[2] or not pictures.flags.writeable:
        return np.ascontiguousarray(pictures.swapaxes(1, 2))
    for start in range(0, len(pictures), 4096):
        block = pictures[start : start + 4096]
        block[:] = block.swapaxes(1, 2).copy()
    return pictures


def _labels(images: Path, count: int) -> tuple[str, ...] | None:
    beside = labels_beside(images)
    if beside is None:
        return None
    numbers = read_array(packed(beside))
    if numbers.shape != (count,):
        raise FormatError(f"{count:,} pictures but labels of shape {numbers.shape}: {beside}")
    return as_characters(numbers, _meaning(images.name, numbers, str(beside)), str(beside))


def _meaning(name: str, numbers: NDArray[np.uint8], path: str) -> Sequence[str]:
    """The label space: told by an EMNIST name, else by the range where only one known set has it."""
    if emnist := EMNIST_NAME.search(name):
        return EMNIST_LABELS[emnist[1].lower()]
    highest = int(numbers.max(initial=0))
    if highest < len(DIGIT_LABELS):
        return DIGIT_LABELS
    if len(EMNIST_LABELS["balanced"]) <= highest < len(BYCLASS_LABELS):
        return BYCLASS_LABELS
    known = ", ".join(f"emnist-{each}-" for each in EMNIST_LABELS)
    raise FormatError(f"labels from 0 to {highest} could be several sets: {path}", f"a file name beginning with one of {known} tells")


def labels_beside(images: Path) -> Path | None:
    """The labels file that belongs to an images file by its name, gzipped or not; None where none lies there."""
    name = re.sub("idx3", "idx1", re.sub("images", "labels", images.name))
    if name == images.name:
        return None
    other = name.removesuffix(".gz") if name.endswith(".gz") else name + ".gz"
    return next((each for each in (images.with_name(name), images.with_name(other)) if each.is_file()), None)


def _part_of(path: Path) -> str:
    if _TEST.search(path.name):
        return "test"
    return "train" if _TRAIN.search(path.name) else ""


def _files(path: Path) -> list[Path]:
    """The files of a folder, without the gzipped ones whose unpacked twin lies beside them."""
    files = sorted(each for each in path.iterdir() if each.is_file())
    return [each for each in files if not (each.suffix == ".gz" and each.with_suffix("") in files)]


def _holds_images(path: Path) -> bool:
    file = packed(path)
    return begins_as_idx(file) and file.head(4)[3] == 3


def _product(shape: Sequence[int]) -> int:
    total = 1
    for side in shape:
        total *= side
    return total
