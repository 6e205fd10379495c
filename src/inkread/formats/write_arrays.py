"""Writers of idx and npz."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..errors import FormatError, UsageError
from .classes import BYCLASS_LABELS, emnist_set
from .idx import UNSIGNED_BYTE, labels_names
from .numbers import numbers_of, numbers_told_by, set_of
from .write import KEEPING, packing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .write import Upright

_CONTEST_KEYS = {"train": "training", "": "training", "test": "testing"}


def fits_idx(name: str, parts: Sequence[Upright]) -> None:
    """Refuse labels whose file or numbers the name does not tell."""
    for part in parts:
        if part.labels is not None:
            if not labels_names(name):
                raise UsageError(f"the name does not tell how the labels beside it are called: {name}", "call it digits-images-idx3-ubyte")
            numbers_told_by(name, part, "idx")


def write_idx(path: Path, parts: Sequence[Upright]) -> None:
    """A file of images, and of labels beside it; one named as NIST's (`emnist-letters-...`) gets NIST's numbers, transposed.

    Digits alone may go to any name. Other labels need a name that tells what the numbers mean, or nobody could read
    them: :class:`UsageError` offers one.
    """
    part = parts[0]
    if part.labels is not None:
        _idx(path.with_name(labels_names(path.name)[0]), numbers_told_by(path.name, part, "idx"))
    pictures = part.array("idx")
    _idx(path, pictures.swapaxes(1, 2) if emnist_set(path.name) else pictures)


def fits_idx_folder(name: str, parts: Sequence[Upright]) -> None:
    """Refuse labels that no set numbers."""
    set_of(parts, "idx")


def write_idx_folder(path: Path, parts: Sequence[Upright]) -> None:
    """The four files of MNIST or EMNIST, gzipped, under names that readers know."""
    path.mkdir()
    numbering = set_of(parts, "idx")
    for part in parts:
        told = part.part or "train"
        start = f"emnist-{numbering}-{told}" if numbering not in ("", "mnist") else {"test": "t10k"}.get(told, told)
        write_idx(path / f"{start}-images-idx3-ubyte.gz", [part])


def fits_npz(name: str, parts: Sequence[Upright]) -> None:
    """Refuse pictures without labels."""
    if any(part.labels is None for part in parts):
        raise FormatError("an npz of pictures alone would say nothing of them", "write a folder, zip or parquet")


def write_npz(path: Path, parts: Sequence[Upright]) -> None:
    """Keys `x`, uint8 (N,H,W) upright, and `label`, the characters."""
    part = parts[0]
    arrays: dict[str, NDArray[np.generic]] = {"x": _grey(part), "label": np.array(part.labels, np.str_)}
    _npz(path, arrays)


def fits_contest(name: str, parts: Sequence[Upright]) -> None:
    """Refuse labels that are none of the 62 classes."""
    if unknown := sorted({label for part in parts for label in part.labels or ()} - set(BYCLASS_LABELS)):
        raise FormatError(f"the contest's 62 classes have no such label: {', '.join(unknown[:12])}")


def write_contest(path: Path, parts: Sequence[Upright]) -> None:
    """The contest's keys (`training_images`, `training_labels`, `testing_images`): transposed as NIST's, numbers 0..61."""
    arrays: dict[str, NDArray[np.generic]] = {}
    for part in parts:
        key = _CONTEST_KEYS[part.part]
        arrays[f"{key}_images"] = np.ascontiguousarray(_grey(part).swapaxes(1, 2))
        if part.labels is not None:
            arrays[f"{key}_labels"] = numbers_of(part.labels, BYCLASS_LABELS)
    _npz(path, arrays)


def _grey(part: Upright) -> NDArray[np.uint8]:
    pictures = part.array("npz")
    if pictures.max() == 1:
        raise FormatError("an npz of pictures of nothing but 0 and 1 would be read as black and white", KEEPING)
    return pictures


def _npz(path: Path, arrays: dict[str, NDArray[np.generic]]) -> None:
    with path.open("wb") as file:  # given a name, NumPy would add a suffix
        np.savez_compressed(file, allow_pickle=False, **arrays)


def _idx(path: Path, array: NDArray[np.uint8]) -> None:
    header = struct.pack(f">BBBB{array.ndim}I", 0, 0, UNSIGNED_BYTE, array.ndim, *array.shape)
    with packing(path) as file:
        file.write(header)
        for start in range(0, len(array), 4096):
            file.write(np.ascontiguousarray(array[start : start + 4096]).tobytes())
