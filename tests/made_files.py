"""Tiny files in the layouts that people have, written by code that shares nothing with the readers."""

from __future__ import annotations

import struct
import zipfile
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def letter_f(height: int = 28, width: int = 28) -> NDArray[np.uint8]:
    """An upright F, white on black: no turn or mirror image of it looks the same."""
    picture = np.zeros((height, width), np.uint8)
    top, bottom, left = height // 7, height - height // 7, width // 4
    picture[top:bottom, left : left + 3] = 255
    picture[top : top + 3, left : width - width // 7] = 255
    picture[height // 2 : height // 2 + 3, left : width - width // 3] = 200
    return picture


def many(count: int) -> NDArray[np.uint8]:
    """Pictures uint8 (count,28,28), each an F with its number in the corner pixel."""
    pictures = np.repeat(letter_f()[None], count, axis=0)
    pictures[:, 0, 0] = np.arange(count) + 1
    return pictures


def idx(array: NDArray[np.uint8]) -> bytes:
    """The bytes of an idx file of unsigned bytes."""
    return struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.tobytes()


def png(picture: NDArray[np.uint8]) -> bytes:
    """The bytes of a grey PNG."""
    rows = b"".join(b"\0" + row.tobytes() for row in picture)
    header = struct.pack(">IIBBBBB", picture.shape[1], picture.shape[0], 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    packed = (struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def zipped(path: Path, members: dict[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> Path:
    """A zip of these members."""
    with zipfile.ZipFile(path, "w", packing) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def pens(path: Path, labels: str = "ab") -> Path:
    """A stroke file: each character an L in two strokes, with y going down."""
    points = np.array([[0, 0], [0, 255], [0, 255], [120, 255]] * len(labels), np.int16)
    np.savez_compressed(
        path,
        points=points,
        stroke_start=np.arange(0, 4 * len(labels) + 1, 2, dtype=np.int32),
        char_start=np.arange(0, 2 * len(labels) + 1, 2, dtype=np.int32),
        label=np.array(list(labels)),
        writer=np.array([f"w{at}" for at in range(len(labels))]),
        contributor=np.array(["us"] * len(labels)),
    )
    return path
