"""`decode`: every format and depth becomes the same grey letter, upright; what is no picture is refused in one sentence."""

from __future__ import annotations

import io
import struct
import sys
import zlib
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from inkread.errors import PictureError, PictureTooLarge
from inkread.picture import decode

Picture = NDArray[np.uint8]

MODES = [
    *[("PNG", mode) for mode in ("1", "L", "LA", "P", "RGB", "RGBA")],
    *[("JPEG", mode) for mode in ("L", "RGB", "CMYK")],
    *[("BMP", mode) for mode in ("1", "L", "P", "RGB", "RGBA")],
    *[("GIF", mode) for mode in ("1", "L", "P")],
    *[("TIFF", mode) for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "I", "F")],
    *[("WEBP", mode) for mode in ("L", "RGB", "RGBA")],
]
TO_STORE = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def saved(image: Image.Image, form: str = "PNG", **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, form, **options)
    return stream.getvalue()


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png_header(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))


def same(found: Picture, letter: Picture) -> bool:
    return found.shape == letter.shape and found.dtype == np.uint8 and float(np.abs(found.astype(int) - letter).mean()) < 5


@pytest.mark.parametrize(("form", "mode"), MODES)
def test_each_format_and_mode_gives_the_same_letter(form: str, mode: str, letter: Picture) -> None:
    assert same(decode(saved(Image.fromarray(letter).convert(mode), form)), letter)


@pytest.mark.parametrize("compression", ["tiff_lzw", "tiff_deflate", "packbits", "group4", "jpeg"])
def test_compressed_tiff_is_read(compression: str, letter: Picture) -> None:
    image = Image.fromarray(letter).convert("1" if compression == "group4" else "L")
    assert same(decode(saved(image, "TIFF", compression=compression)), letter)


def test_first_frame_of_an_animation_is_read(letter: Picture) -> None:
    first, second = Image.fromarray(letter), Image.fromarray(255 - letter)
    for form in ("GIF", "WEBP", "PNG", "TIFF"):
        assert same(decode(saved(first, form, save_all=True, append_images=[second])), letter), form


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_rotation_is_applied(form: str, orientation: int, letter: Picture) -> None:
    image = Image.fromarray(letter)
    if orientation > 1:
        image = image.transpose(TO_STORE[orientation])
    exif = Image.Exif()
    exif[274] = orientation
    assert same(decode(saved(image, form, exif=exif)), letter)


def test_broken_exif_costs_no_picture_and_says_nothing(letter: Picture, recwarn: pytest.WarningsRecorder) -> None:
    exif = Image.Exif()
    exif[274] = 6
    data = bytearray(saved(Image.fromarray(letter), "JPEG", exif=exif))
    at = data.find(b"Exif") + 6
    for rubbish in (b"MM\0*" + b"\xff" * 10, b"MM\0*\0\0\0\x08\0\x30\x01\x12\0\x05"):
        data[at : at + 14] = rubbish
        assert same(decode(bytes(data)), letter)
    assert not recwarn.list


def test_sixteen_bits_are_scaled_by_the_bits_in_use(letter: Picture) -> None:
    for highest, expected in ((65535, 255), (4095, 255), (1023, 255), (255, 255), (32768, 128)):
        deep = (letter > 0).astype(np.uint16) * np.uint16(highest)
        assert decode(saved(Image.fromarray(deep))).max() == expected, highest


def test_float_tiff_of_zero_to_one_is_read(letter: Picture) -> None:
    assert same(decode(saved(Image.fromarray(letter.astype(np.float32) / 255), "TIFF")), letter)


def test_picture_above_sixteen_megapixels_comes_halved() -> None:
    large = np.full((4100, 4000), 255, dtype=np.uint8)
    large[1000:3000, 1900:2100] = 0
    for suffix in (".png", ".jpg"):
        found = decode(cv2.imencode(suffix, large)[1].tobytes())
        assert found.shape == (2050, 2000)
        assert found[1000, 1000] == 0
        assert found[1000, 900] == 255


def test_one_pixel_is_a_picture() -> None:
    assert decode(saved(Image.new("L", (1, 1), 7))).tolist() == [[7]]


def test_bomb_is_refused_by_its_header_with_size_and_limit() -> None:
    with pytest.raises(PictureTooLarge, match=r"67,108,864 pixels: 30000x30000"):
        decode(png_header(30000, 30000))


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"])
def test_limit_holds_for_each_format(form: str) -> None:
    with pytest.raises(PictureTooLarge, match="999 pixels: 40x25"):
        decode(saved(Image.new("L", (40, 25)), form), max_pixels=999)


def test_webp_canvas_is_limited_before_it_is_taken() -> None:
    body = b"VP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + (16000).to_bytes(3, "little") * 2
    with pytest.raises(PictureTooLarge, match="16001x16001"):
        decode(b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body)


def test_gif_frame_larger_than_its_canvas_is_limited(letter: Picture, capfd: pytest.CaptureFixture[str]) -> None:
    data = bytearray(saved(Image.fromarray(letter), "GIF"))
    at = data.find(b"\x2c\0\0\0\0\x18\0\x28\0") + 5
    for width, height in ((9000, 9000), (65000, 65000)):
        data[at : at + 4] = struct.pack("<HH", width, height)
        with pytest.raises(PictureTooLarge, match=r"more than|too many"):
            decode(bytes(data))
    assert capfd.readouterr().err == ""


def test_file_of_absurd_length_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["inkread.picture.decode"], "MAX_BYTES", 1 << 20)
    with pytest.raises(PictureTooLarge, match="limit of 1 MiB: 2 MiB"):
        decode(bytes(2 << 20))


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"])
@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_truncated_file_is_refused(form: str, share: float) -> None:
    noise = np.random.default_rng(5).integers(0, 256, (40, 24), dtype=np.uint8)
    data = saved(Image.fromarray(noise), form)
    with pytest.raises(PictureError, match=r"cut off|makes no sense"):
        decode(data[: int(len(data) * share)])


def test_truncated_jpeg_says_how_much_is_there(letter: Picture) -> None:
    with pytest.raises(PictureError, match=r"^the JPEG is cut off: only 400 bytes are there$"):
        decode(saved(Image.fromarray(letter), "JPEG")[:400])


def test_damaged_files_are_refused_in_silence(letter: Picture, capfd: pytest.CaptureFixture[str]) -> None:
    png = saved(Image.fromarray(letter))
    for compression, start in (("tiff_deflate", 8), ("tiff_lzw", 8), ("group4", 8)):
        image = Image.fromarray(letter).convert("1" if compression == "group4" else "L")
        data = bytearray(saved(image, "TIFF", compression=compression))
        data[start : start + 30] = b"\xff" * 30 if compression == "tiff_lzw" else bytes(30)
        with pytest.raises(PictureError, match="TIFF is damaged"):
            decode(bytes(data))
    with pytest.raises(PictureError, match="PNG is damaged"):
        decode(png[:50] + b"\xaa" + png[51:])
    with pytest.raises(PictureError, match="PNG is damaged"):
        decode(png_header(24, 40) + chunk(b"IDAT", b"no zlib stream") + chunk(b"IEND", b""))
    decode(png[:33] + chunk(b"iCCP", b"sRGB\0\0" + zlib.compress(b"x" * 50)) + png[33:])
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("odd", [b"\0" * 8, b"\0\0\0\0\0\0\0\1", b"\xff" * 8])
def test_odd_animation_control_costs_no_picture_and_says_nothing(odd: bytes, letter: Picture, recwarn: pytest.WarningsRecorder) -> None:
    data = saved(Image.fromarray(letter))
    at = data.index(b"IDAT") - 4
    assert same(decode(data[:at] + chunk(b"acTL", odd) + data[at:]), letter)
    assert not recwarn.list


def test_header_of_zero_pixels_is_refused() -> None:
    with pytest.raises(PictureError, match="without pixels: 0x5"):
        decode(png_header(0, 5))


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "empty"),
        (b"hello\n", "a text file"),
        ("Grüße aus der Ferne".encode() * 300, "a text file"),
        (b"BMW is a car, and this is a text", "a text file"),
        (b"\n <!DOCTYPE html><html><body>404", "a web page"),
        (b"<?xml version='1.0'?><svg xmlns='x'/>", "an SVG"),
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF"),
        (b"PK\x03\x04\x14\0", "a zip archive"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "a HEIC photo"),
        (b"P5 20 20 255\n" + bytes(400), "a PNM picture"),
        (bytes(64), "nothing but zero bytes"),
        (b"version https://git-lfs.github.com/spec/v1\n", "a Git LFS pointer"),
        (bytes(range(128, 192)), "no format known here .first bytes 80 81 82"),
    ],
)
def test_what_is_no_picture_is_named(data: bytes, name: str) -> None:
    with pytest.raises(PictureError, match=name):
        decode(data)


def test_heic_comes_with_the_way_out() -> None:
    with pytest.raises(PictureError) as caught:
        decode(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic")
    assert caught.value.hint == "convert it to PNG or JPEG first"


def test_tail_behind_a_picture_is_no_fault(letter: Picture) -> None:
    for form in ("PNG", "JPEG", "GIF", "WEBP"):
        assert same(decode(saved(Image.fromarray(letter), form) + b"more bytes, as some telephones write"), letter), form
