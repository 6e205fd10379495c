"""Hostile bytes and arrays: an answer or an InkreadError, never another exception, and nothing on stderr."""

from __future__ import annotations

import gc
import io
import struct
import warnings
import zlib
from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

from inkread.errors import InkreadError, PictureError
from inkread.picture import as_picture, decode

FORMS = [
    *[("PNG", mode, {}) for mode in ("1", "L", "P", "RGBA", "I;16")],
    *[("JPEG", mode, {}) for mode in ("L", "RGB", "CMYK")],
    ("JPEG", "RGB", {"progressive": True}),
    *[("BMP", mode, {}) for mode in ("1", "P", "RGB", "RGBA")],
    ("GIF", "P", {}),
    *[("TIFF", "L", {"compression": each}) for each in ("raw", "tiff_lzw", "tiff_deflate", "jpeg", "packbits")],
    ("TIFF", "1", {"compression": "group4"}),
    ("TIFF", "F", {}),
    *[("WEBP", mode, {"lossless": mode == "RGBA"}) for mode in ("RGB", "RGBA")],
]
quick = settings(max_examples=150, deadline=2000, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])


@cache
def seeds() -> list[bytes]:
    pixels = Image.fromarray(np.random.default_rng(7).integers(0, 256, (9, 11), dtype=np.uint8))
    exif = Image.Exif()
    exif[274] = 6
    found = []
    for form, mode, options in FORMS:
        stream = io.BytesIO()
        pixels.convert(mode).save(stream, form, **options, **({"exif": exif} if form in ("PNG", "JPEG", "WEBP") else {}))
        found.append(stream.getvalue())
    return found


def check(data: bytes) -> None:
    gc.disable()  # what other tests left in circles would be collected, and warned of, in here
    try:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            try:
                found = decode(data, max_pixels=1 << 20)
            except PictureError:
                found = np.zeros((1, 1), np.uint8)
    finally:
        gc.enable()
    assert not [each.message for each in told]
    assert found.dtype == np.uint8
    assert found.ndim == 2
    assert found.size


@quick
@given(data=st.binary(max_size=300), start=st.sampled_from([b"", *(seed[:size] for seed in seeds() for size in (4, 12, 40))]))
def test_random_bytes(data: bytes, start: bytes) -> None:
    check(start + data)


@quick
@given(which=st.integers(0, len(FORMS) - 1), changes=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=12))
def test_changed_files(which: int, changes: list[tuple[float, int]], capfd: pytest.CaptureFixture[str]) -> None:
    data = bytearray(seeds()[which])
    for place, value in changes:
        data[int(place * (len(data) - 1))] = value
    check(bytes(data))
    assert capfd.readouterr().err == ""


@quick
@given(which=st.integers(0, len(FORMS) - 1), kept=st.floats(0, 1), tail=st.binary(max_size=20))
def test_truncated_files(which: int, kept: float, tail: bytes) -> None:
    data = seeds()[which]
    check(data[: int(kept * len(data))] + tail)


@quick
@given(
    header=st.binary(min_size=13, max_size=13), pixels=st.binary(max_size=200), extra=st.sampled_from([b"tRNS", b"PLTE", b"eXIf", b"iCCP"])
)
def test_png_of_valid_chunks_and_any_content(header: bytes, pixels: bytes, extra: bytes) -> None:
    parts = [(b"IHDR", header), (extra, pixels[:20]), (b"IDAT", zlib.compress(pixels)), (b"IEND", b"")]
    chunks = (struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in parts)
    check(b"\x89PNG\r\n\x1a\n" + b"".join(chunks))


@quick
@given(
    array=arrays.arrays(
        dtype=st.one_of(arrays.scalar_dtypes(), arrays.unicode_string_dtypes(), st.just(np.dtype(object))),
        shape=arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=6),
    )
)
def test_arrays_of_any_type_and_shape(array: np.ndarray) -> None:
    try:
        found = as_picture(array)
    except InkreadError:
        return
    assert (found.dtype, found.ndim) == (np.dtype(np.uint8), 2)
    assert found.shape == array.shape[:2]
