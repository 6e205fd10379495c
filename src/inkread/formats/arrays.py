"""The arrays of an npz file, one by one and without pickle, and numbers of any type as grey pictures."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

import numpy as np
from numpy.lib import format as npy

from ..errors import FormatError
from .archive import ZIP_FAULTS, one_line, zip_of
from .inflate import DEFLATE_LIMIT, Packed

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_ARRAY = 16 << 30
"""Bytes that one array may take; the largest of the field (EMNIST ByClass as float64) takes 5 GB."""

_FRACTION_ABOVE = 0.01
_LEVEL_ABOVE = 1
"""How far above white, as 1 and as 255, a level may lie that was rounded or filtered; it is white."""

_TWELVE_BITS = 4095
"""Up to here wide whole numbers above 255 could be of 9 to 12 bits, and white is not told."""

_FAULTS = (TypeError, KeyError, MemoryError, *ZIP_FAULTS)


@dataclass(frozen=True)
class Announced:
    """What the header of an array says: ``shape`` and ``dtype``."""

    shape: tuple[int, ...]
    dtype: np.dtype[np.generic]


class Arrays:
    """The arrays in an npz by name; headers are looked at without reading what follows.

    :class:`FormatError` for a file that is no npz. ``announced`` holds a header each, also of arrays that are refused
    when they are read.
    """

    def __init__(self, file: Packed) -> None:
        self.path = file.path
        self.name = file.name
        self.announced: dict[str, Announced] = {}
        self._infos: dict[str, zipfile.ZipInfo] = {}
        with _npz_errors(self.path):
            self._archive = zip_of(file.seekable())
            for info in self._archive.infolist():
                if info.filename.endswith(".npy"):
                    name = info.filename.removesuffix(".npy")
                    with self._archive.open(info) as member:
                        self.announced[name] = _header(member)
                    self._infos[name] = info

    def __contains__(self, name: object) -> bool:
        return name in self.announced

    def shape(self, name: str) -> tuple[int, ...]:
        """The shape that the header of an array announces; empty where there is no such array."""
        return self.announced[name].shape if name in self.announced else ()

    def __getitem__(self, name: str) -> NDArray[np.generic]:
        """One array; :class:`FormatError` where it needs pickle, is damaged, or announces more than the file can hold."""
        told = self.announced[name]
        where = f"{self.path}:{name}"
        if told.dtype.hasobject:
            raise FormatError(f"the array holds Python objects (pickle), which may run code when read: {where}", "save it as plain numbers")
        info = self._infos[name]
        with _npz_errors(where):
            wanted = int(np.prod(told.shape, dtype=object)) * told.dtype.itemsize if told.shape else told.dtype.itemsize
            if wanted > min(info.file_size, info.compress_size * DEFLATE_LIMIT + 64, MAX_ARRAY):
                raise FormatError(f"the array's header announces more than the file can hold, {wanted:,} bytes: {where}")
            with self._archive.open(info) as member:
                array: NDArray[np.generic] = npy.read_array(member, allow_pickle=False)
                while member.read(1 << 16):  # to the end, where the checksum is compared
                    pass
        return array


def as_pictures(array: NDArray[np.generic], where: str) -> NDArray[np.uint8]:
    """Numbers as grey pictures uint8 (N,H,W): (N,H,W), (N,H,W,1) or square pictures in rows (N,H*H), of any type.

    Grey levels up to 255 are taken as they stand, fractions up to 1 as shares of white, truth values and 0/1 as black
    and white; whole numbers up to 65,535 where the type has 16 bits, or where it has more and they go beyond 12. What
    lies a little above 1 or 255, as sums of fractions do, is white. :class:`FormatError` for anything else.
    """
    shaped = _shaped(array, where)
    if shaped.dtype == np.uint8:
        return _stretched(shaped.astype(np.uint8, copy=False))
    if shaped.dtype.kind == "b":
        return shaped.astype(np.uint8) * np.uint8(255)
    if shaped.dtype.kind not in "iuf":
        raise FormatError(f"pictures must be numbers: {array.dtype}: {where}")
    lowest, highest = (float(shaped.min()), float(shaped.max())) if shaped.size else (0.0, 0.0)
    white = _white(shaped.dtype, highest) if lowest >= 0 else None
    if white is None:
        raise FormatError(f"pictures must be grey levels from 0 up to 1, 255 or 65,535: {lowest:g} to {highest:g}: {where}")
    grey = np.empty(shaped.shape, np.uint8)
    for start in range(0, len(shaped), 4096):
        block = np.asarray(shaped[start : start + 4096], np.float32)
        grey[start : start + 4096] = np.minimum(np.rint(block * np.float32(255 / white)), 255)
    return grey


def _white(dtype: np.dtype[np.generic], highest: float) -> float | None:
    """The level that is white in pictures of which the lightest pixel has ``highest``; None where it cannot be told."""
    if highest <= (1 + _FRACTION_ABOVE if dtype.kind == "f" else 1):
        return 1.0
    if highest <= 255 + _LEVEL_ABOVE:
        return 255.0
    sixteen_bits = dtype.kind in "iu" and (dtype.itemsize == 2 or highest > _TWELVE_BITS) and highest <= 65535
    return 65535.0 if sixteen_bits else None


def _stretched(pictures: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Pictures of 0 and 1 as black and white; others as they are."""
    return pictures * np.uint8(255) if pictures.size and pictures.max() == 1 else pictures


def _shaped(array: NDArray[np.generic], where: str) -> NDArray[np.generic]:
    if array.ndim == 4 and array.shape[3] == 1:
        array = array[..., 0]
    if array.ndim == 2 and (side := round(array.shape[1] ** 0.5)) ** 2 == array.shape[1]:
        array = array.reshape(-1, side, side) if side else array[:, :, None]
    if array.ndim != 3 or 0 in array.shape[1:]:
        raise FormatError(f"pictures must have the shape (N,H,W), (N,H,W,1) or (N,H*H): {array.shape}: {where}")
    return array


def _header(member: IO[bytes]) -> Announced:
    version = npy.read_magic(member)
    read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    try:
        shape, _, dtype = read(member)
    except Exception as error:  # NumPy parses the header as Python source, and any error of that parser may come out
        raise ValueError("an array's header makes no sense") from error
    if any(side < 0 for side in shape):
        raise ValueError("a negative shape")
    return Announced(tuple(int(side) for side in shape), dtype)


@contextmanager
def _npz_errors(where: str) -> Iterator[None]:
    try:
        yield
    except FormatError:
        raise
    except _FAULTS as error:
        told = one_line(str(error)) or type(error).__name__
        raise FormatError(f"the npz cannot be read ({told}): {where}", "an interrupted copy? fetch or save it again") from error
