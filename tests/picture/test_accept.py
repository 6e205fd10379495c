"""`as_picture`: whatever a caller holds becomes the same picture, or one clear sentence."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from inkread.errors import PictureError, PictureTooLarge, SourceNotFound
from inkread.picture import as_picture, encode_png

Picture = NDArray[np.uint8]


def test_path_bytes_pillow_and_array_agree(letter: Picture, tmp_path: Path) -> None:
    data = encode_png(letter)
    path = tmp_path / "Zeile\nzwei, ж.txt"
    path.write_bytes(data)
    for given in (path, str(path), os.fsencode(path) and data, bytearray(data), memoryview(data), Image.fromarray(letter), letter):
        assert np.array_equal(as_picture(given), letter), type(given)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr", "HSV", "I", "F", "I;16"])
def test_each_pillow_mode_is_read(mode: str, letter: Picture) -> None:
    assert np.abs(as_picture(Image.fromarray(letter).convert(mode)).astype(int) - letter).max() < 5


def test_pillow_image_opened_from_a_file_is_turned_as_its_exif_says(letter: Picture, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[274] = 6
    Image.fromarray(letter).transpose(Image.Transpose.ROTATE_90).save(tmp_path / "a.png", exif=exif)
    with Image.open(tmp_path / "a.png") as image:
        assert np.array_equal(as_picture(image), letter)


@pytest.mark.parametrize(
    "given",
    [
        lambda ink: ink > 0,
        lambda ink: ink // 255,
        lambda ink: ink.astype(np.int64),
        lambda ink: ink.astype(np.uint16) * 257,
        lambda ink: (ink > 0).astype(np.int32) * 4095,
        lambda ink: ink.astype(np.float16) / 255,
        lambda ink: ink.astype(">f8"),
        lambda ink: ink.astype(np.float32) / 255 * 1.06 - 0.03,
        lambda ink: ink.tolist(),
        lambda ink: ink[..., None],
        lambda ink: np.asfortranarray(ink),
        lambda ink: np.repeat(np.repeat(ink, 2, axis=0), 2, axis=1)[::2, ::2],
        lambda ink: np.ascontiguousarray(ink[::-1])[::-1],
    ],
)
def test_arrays_of_each_kind_give_the_same_picture(given: object, letter: Picture) -> None:
    found = as_picture(given(letter))  # type: ignore[operator]
    assert np.array_equal(found, letter)
    assert found.dtype == np.uint8
    assert found.flags.c_contiguous


def test_faint_uint8_keeps_its_values(letter: Picture) -> None:
    assert as_picture(letter // 64).max() == 3


def test_array_given_is_never_changed(letter: Picture) -> None:
    colour = np.dstack([letter, letter // 2, letter // 3, letter])
    before = colour.copy()
    colour.setflags(write=False)
    as_picture(colour)
    assert np.array_equal(colour, before)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (np.full((4, 4), np.nan), "NaN"),
        (np.array([[0.0, np.inf]]), "infinite"),
        (np.array([[-1.0, 1.0]]), "values outside 0..65535: -1 to 1"),
        (np.array([[-0.42, 2.8]]), "values outside"),
        (np.array([[-1, 255]]), "values outside"),
        (np.array([[0, 70000]]), "values outside"),
        (np.zeros((0, 5)), "without pixels: 0x5"),
        (np.zeros(784), "by its shape: 784"),
        (np.float64(3), "a single number"),
        (np.zeros((5, 28, 28)), "by its shape: 5x28x28"),
        (np.zeros((8, 8, 3), dtype=complex), "complex128"),
        (np.array([[None, 1]]), "object"),
        (np.array([["a"]]), "type <U1"),
        ([[1, 2], [3]], "no picture: list"),
        (None, "no picture: NoneType"),
        (object(), "no picture: object"),
        ({"a": 1}, "no picture: dict"),
    ],
)
def test_what_is_no_picture_is_refused(given: object, says: str) -> None:
    with pytest.raises(PictureError, match=says):
        as_picture(given)


def test_channels_first_comes_with_the_way_out() -> None:
    with pytest.raises(PictureError) as caught:
        as_picture(np.zeros((3, 28, 28)))
    assert "transpose(1, 2, 0)" in caught.value.hint


def test_array_above_the_limit_is_refused() -> None:
    with pytest.raises(PictureTooLarge, match="9000x9000"):
        as_picture(np.broadcast_to(np.uint8(0), (9000, 9000)))


def test_missing_file_folder_and_impossible_name_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(SourceNotFound, match=r"no such picture: .*gone\.png"):
        as_picture(tmp_path / "gone.png")
    with pytest.raises(PictureError, match="a folder, not a picture"):
        as_picture(tmp_path)
    with pytest.raises(PictureError, match="cannot be opened"):
        as_picture("a\0b.png")


def test_half_a_pillow_file_is_refused(letter: Picture, tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (64, 64), dtype=np.uint8)
    path = tmp_path / "half.png"
    path.write_bytes(encode_png(noise)[:2000])
    with Image.open(path) as image, pytest.raises(PictureError, match="damaged or cut off"):
        as_picture(image)
