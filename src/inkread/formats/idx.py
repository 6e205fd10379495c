"""IDX files (LeCun's MNIST format), plain or gzipped, on disk or in a zip, with the labels that lie beside the images."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..errors import FormatError
from .classes import as_characters, emnist_set, meaning_of
from .contents import TRANSPOSED, UPRIGHT, Contents, Orientation
from .inflate import Packed, ahead
from .parts import Found, part_told_by

if TYPE_CHECKING:
    from numpy.typing import NDArray

NAME = "idx"
UNSIGNED_BYTE = 0x08
"""The third byte of the magic number; IDX knows other types, files of pictures do not use them."""

_BLOCK = 4096
"""Pictures that are turned at once: few enough to stay in the processor's cache."""

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


def read_array(file: Packed, *, turn: bool = False) -> NDArray[np.uint8]:
    """The whole array, uint8 of the announced shape; :class:`FormatError` where bytes are missing or left over.

    ``turn``: every picture is transposed, block by block while the next bytes are unpacked.
    """
    shape = dimensions(file)
    try:
        array = np.empty(_product(shape), np.uint8)
    except MemoryError as error:
        raise FormatError(f"the idx file does not fit into memory, {_product(shape):,} bytes: {file.path}") from error
    turning = _Turning(array.reshape(shape)) if turn else None
    at = -(4 + 4 * len(shape))
    for chunk in ahead(file.chunks()):
        piece = chunk[-at:] if at < 0 else chunk
        if max(at, 0) + len(piece) > array.size:
            raise FormatError(f"the idx file goes on after the last of {shape[0]:,} entries: {file.path}")
        if piece:
            array[max(at, 0) : max(at, 0) + len(piece)] = np.frombuffer(piece, np.uint8)
        at += len(chunk)
        if turning is not None:
            turning.up_to(at)
    if at < array.size:
        raise FormatError(f"the idx file ends too early, at {max(at, 0):,} of {array.size:,} bytes: {file.path}", "fetch it again")
    return array.reshape(shape) if turning is None else turning.finished()


class _Turning:
    """Pictures (N,H,W) that become upright as far as they have come; in place where they are square, so that memory does not double."""

    def __init__(self, pictures: NDArray[np.uint8]) -> None:
        self.pictures = pictures
        self.done = 0

    def up_to(self, byte: int) -> None:
        """Turns the blocks that are complete when ``byte`` bytes are there."""
        _, height, width = self.pictures.shape
        if height == width:
            while (self.done + _BLOCK) * height * width <= byte:
                _turn(self.pictures[self.done : self.done + _BLOCK])
                self.done += _BLOCK

    def finished(self) -> NDArray[np.uint8]:
        """All of them, upright."""
        if self.pictures.shape[1] != self.pictures.shape[2]:
            return np.ascontiguousarray(self.pictures.swapaxes(1, 2))
        _turn(self.pictures[self.done :])
        return self.pictures


def _turn(block: NDArray[np.uint8]) -> None:
    block[:] = block.swapaxes(1, 2).copy()


def transposed(pictures: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Each picture's transpose; an array of our own with square pictures is turned in place, so that memory does not double."""
    if pictures.shape[1] != pictures.shape[2] or not pictures.flags.writeable:
        return np.ascontiguousarray(pictures.swapaxes(1, 2))
    for start in range(0, len(pictures), _BLOCK):
        _turn(pictures[start : start + _BLOCK])
    return pictures


def find_images(file: Packed, beside: Callable[[str], Packed | None]) -> Found:
    """One images file as a source; ``beside`` gives the file of a name that lies beside it, or None.

    :class:`FormatError` for a labels file; when it is read, for a count of labels that differs, and for labels that no
    known set has.
    """
    shape = dimensions(file)
    if len(shape) != 3 or 0 in shape[1:]:
        hint = "give the file of the images, the labels beside it are found by name" if len(shape) == 1 else ""
        raise FormatError(f"an idx file of images has 3 dimensions, not {len(shape)}: {file.path}", hint)
    part = part_told_by(file.name)
    emnist = emnist_set(file.name)
    stored, by = (TRANSPOSED, "its name beginning with emnist-") if emnist else (UPRIGHT, "being idx that is not EMNIST's")

    def take(_: int, as_stored: bool) -> Contents:
        pictures = read_array(file, turn=stored == TRANSPOSED and not as_stored)
        labels = _labels(file, beside, len(pictures))
        return Contents(NAME, Orientation(stored, by), pictures=pictures, labels=labels, part=part)

    return Found(file.path, NAME, (part,), take)


def holds_images(file: Packed) -> bool:
    """Whether it begins as an idx file with three dimensions."""
    return begins_as_idx(file) and file.head(4)[3] == 3


def labels_names(images: str) -> tuple[str, ...]:
    """The names that the labels of an images file may have, gzipped or not; none where its own does not tell them."""
    name = re.sub("idx3", "idx1", re.sub("images", "labels", images))
    if name == images:
        return ()
    return name, name.removesuffix(".gz") if name.endswith(".gz") else name + ".gz"


def _labels(images: Packed, beside: Callable[[str], Packed | None], count: int) -> tuple[str, ...] | None:
    found = next((each for each in map(beside, labels_names(images.name)) if each is not None), None)
    if found is None:
        return None
    numbers = read_array(found)
    if numbers.shape != (count,):
        raise FormatError(f"{count:,} pictures but labels of shape {numbers.shape}: {found.path}")
    return as_characters(numbers, meaning_of(images.name, numbers, found.path), found.path)


def _product(shape: Sequence[int]) -> int:
    total = 1
    for side in shape:
        total *= side
    return total
