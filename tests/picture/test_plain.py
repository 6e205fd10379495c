"""The short road of plain small files gives what Pillow's classes give, or leaves the file to them."""

from __future__ import annotations

import io
import struct
import sys
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageCms

from inkread.errors import PictureError
from inkread.picture import MAX_PIXELS, decode
from inkread.picture.plain import LARGEST, LONGEST, plain_pixels

Picture = NDArray[np.uint8]

PLAIN: list[tuple[str, str, dict[str, Any]]] = [
    *[("JPEG", mode, {}) for mode in ("L", "RGB")],
    ("JPEG", "RGB", {"progressive": True}),
    ("JPEG", "RGB", {"quality": 95, "subsampling": 0}),
    ("JPEG", "RGB", {"quality": 10, "subsampling": 1, "optimize": True}),
    ("JPEG", "L", {"restart_marker_rows": 1}),
    ("JPEG", "RGB", {"comment": b"made by hand", "dpi": (300, 300)}),
    *[("PNG", mode, {}) for mode in ("L", "LA", "RGB", "RGBA")],
    ("PNG", "RGB", {"dpi": (300, 300)}),
    ("PNG", "L", {"compress_level": 0}),
]


@pytest.fixture
def long_road(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], Picture]:
    """Decodes without the short road."""

    def decoded(data: bytes) -> Picture:
        with monkeypatch.context() as context:
            context.setattr(sys.modules["inkread.picture.decode"], "plain_pixels", lambda *_: None)
            return decode(data)

    return decoded


def noise(mode: str, seed: int = 0) -> Image.Image:
    """A picture of soft coloured blots with an alpha that varies."""
    pixels = np.random.default_rng(seed).integers(0, 256, (7, 5, 4), np.uint8)
    return Image.fromarray(pixels).resize((33, 26)).convert(mode)


def saved(image: Image.Image, form: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, form, **options)
    return stream.getvalue()


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


@pytest.mark.parametrize(("form", "mode", "options"), PLAIN)
def test_plain_files_take_the_short_road_to_the_same_pixels(
    form: str, mode: str, options: dict[str, Any], long_road: Callable[[bytes], Picture]
) -> None:
    data = saved(noise(mode), form, **options)
    assert plain_pixels(data, form, MAX_PIXELS) is not None
    assert np.array_equal(decode(data), long_road(data))


def test_grey_stored_as_colour_comes_as_one_plane() -> None:
    found = plain_pixels(saved(noise("L").convert("RGB"), "JPEG"), "JPEG", MAX_PIXELS)
    assert found is not None
    assert found.shape == (26, 33)


def with_exif(form: str) -> bytes:
    exif = Image.Exif()
    exif[274] = 6
    return saved(noise("RGB"), form, exif=exif)


def interlaced() -> bytes:
    data = bytearray(saved(noise("L"), "PNG"))
    data[28] = 1
    data[29:33] = struct.pack(">I", zlib.crc32(data[12:29]))
    return bytes(data)


def parted(png: bytes) -> bytes:
    """A chunk between the two halves of the pixels."""
    length = int.from_bytes(png[33:37])
    pixels = png[41 : 41 + length]
    between = chunk(b"gAMA", struct.pack(">I", 45455))
    return png[:33] + chunk(b"IDAT", pixels[:20]) + between + chunk(b"IDAT", pixels[20:]) + chunk(b"IEND", b"")


PNG = saved(noise("L"), "PNG")
NOT_PLAIN = {
    "a JPEG with EXIF": ("JPEG", with_exif("JPEG")),
    "a PNG with EXIF": ("PNG", with_exif("PNG")),
    "a JPEG with a profile": (
        "JPEG",
        saved(noise("RGB"), "JPEG", icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()),
    ),
    "CMYK": ("JPEG", saved(noise("CMYK"), "JPEG")),
    "a palette": ("PNG", saved(noise("P"), "PNG")),
    "one bit": ("PNG", saved(noise("1"), "PNG")),
    "sixteen bits": ("PNG", saved(Image.fromarray(np.full((9, 9), 40000, np.uint16)), "PNG")),
    "a transparent grey": ("PNG", saved(noise("L"), "PNG", transparency=40)),
    "interlaced": ("PNG", interlaced()),
    "an animation": ("PNG", saved(noise("L"), "PNG", save_all=True, append_images=[noise("L", 1)])),
    "pixels with something between": ("PNG", parted(PNG)),
    "text, which may hold EXIF": ("PNG", PNG[:33] + chunk(b"tEXt", b"XML:com.adobe.xmp\0x") + PNG[33:]),
    "a wrong checksum of the header": ("PNG", PNG[:29] + b"0000" + PNG[33:]),
    "a file too long": ("PNG", saved(noise("RGB").resize((200, 200)), "PNG", compress_level=0)),
    "too many pixels": ("JPEG", saved(Image.new("L", (257, 256)), "JPEG")),
    "another format": ("GIF", saved(noise("L"), "GIF")),
}


@pytest.mark.parametrize(("form", "data"), NOT_PLAIN.values(), ids=NOT_PLAIN)
def test_whatever_could_mean_something_else_is_left_to_pillow(form: str, data: bytes) -> None:
    assert plain_pixels(data, form, MAX_PIXELS) is None
    assert len(data) < LONGEST or "long" in next(name for name, each in NOT_PLAIN.items() if each[1] == data)


def test_limits_hold_on_the_short_road() -> None:
    data = saved(Image.new("L", (40, 25)), "PNG")
    assert plain_pixels(data, "PNG", 1000) is not None
    assert plain_pixels(data, "PNG", 999) is None
    assert 256 * 256 <= LARGEST < 257 * 256


@settings(max_examples=300, deadline=2000, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    which=st.integers(0, len(PLAIN) - 1),
    changes=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=3),
    kept=st.floats(0.5, 1.5),
)
def test_damaged_files_are_what_they_are_on_the_long_road(
    which: int, changes: list[tuple[float, int]], kept: float, long_road: Callable[[bytes], Picture], capfd: pytest.CaptureFixture[str]
) -> None:
    form, mode, options = PLAIN[which]
    data = bytearray(saved(noise(mode), form, **options))
    for place, value in changes:
        data[int(place * (len(data) - 1))] = value
    cut = bytes(data[: int(kept * len(data))])
    short, long = (told(way, cut) for way in (decode, long_road))
    assert short == long
    assert capfd.readouterr().err == ""


def told(way: Callable[[bytes], Picture], data: bytes) -> object:
    """The pixels, or what is said of the file, as a value to compare."""
    try:
        return way(data).tolist()
    except PictureError as error:
        return str(error), error.hint
