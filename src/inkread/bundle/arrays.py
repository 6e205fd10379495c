"""Arrays as text, for metadata: base64 of zlib of the bytes, all first bytes of the numbers before all second ones.

The order of the bytes is what lets zlib find something in half-precision numbers: their high bytes repeat.
"""

from __future__ import annotations

import binascii
import zlib
from base64 import b64decode, b64encode
from collections.abc import Sequence
from math import prod

import numpy as np
from numpy.typing import NDArray

from ..errors import BundleError

MAX_BYTES = 256 * 2**20
"""No array in the metadata is larger than this; a shape that asks for more is refused before anything is unpacked."""


def to_text(array: NDArray[np.generic], dtype: str) -> str:
    """The numbers of ``array`` as ``dtype`` (little endian, such as ``<f2``), as ASCII text."""
    numbers = np.ascontiguousarray(array, dtype=dtype)
    planes = numbers.reshape(-1).view(np.uint8).reshape(-1, numbers.itemsize).T
    return b64encode(zlib.compress(planes.tobytes(), 9)).decode("ascii")


def from_text(text: object, dtype: str, shape: Sequence[int]) -> NDArray[np.generic]:
    """The array of this ``shape`` that :func:`to_text` wrote; :class:`BundleError` for any other number of bytes.

    Never unpacks more than the shape asks for, whatever the text holds.
    """
    size = prod(shape) * np.dtype(dtype).itemsize
    if size > MAX_BYTES:
        raise BundleError(f"an array in the metadata is too large: {' x '.join(map(str, shape))}")
    if not isinstance(text, str):
        raise BundleError("an array in the metadata is no text")
    try:
        unpacker = zlib.decompressobj()
        data = unpacker.decompress(b64decode(text, validate=True), size + 1)
    except (binascii.Error, ValueError, zlib.error):
        raise BundleError("an array in the metadata cannot be unpacked") from None
    if len(data) != size:
        raise BundleError(f"an array in the metadata has not its {size} bytes: {len(data)}{'+' if len(data) > size else ''}")
    planes = np.frombuffer(data, np.uint8).reshape(np.dtype(dtype).itemsize, -1)
    return np.ascontiguousarray(planes.T).view(dtype).reshape(shape)
