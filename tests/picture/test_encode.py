"""PNG out and in again, and what counts as a picture."""

from __future__ import annotations

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from inkread.errors import PictureError
from inkread.picture import PICTURE_SUFFIXES, decode, encode_png, is_picture

Picture = NDArray[np.uint8]


def test_grey_comes_back_as_it_was() -> None:
    noise = np.random.default_rng(3).integers(0, 256, (33, 47), dtype=np.uint8)
    assert np.array_equal(decode(encode_png(noise)), noise)


def test_colour_keeps_the_order_of_its_channels() -> None:
    red = np.zeros((4, 5, 3), dtype=np.uint8)
    red[..., 0] = 200
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(encode_png(red)))), red)


def test_same_picture_gives_the_same_bytes(letter: Picture) -> None:
    assert encode_png(letter) == encode_png(letter.copy(order="F"))
    assert b"tIME" not in encode_png(letter)


@pytest.mark.parametrize("wrong", [np.zeros((4, 4)), np.zeros((4, 4, 4), np.uint8), np.zeros((0, 4), np.uint8), np.zeros(4, np.uint8)])
def test_what_no_png_is_made_of_is_refused(wrong: Picture) -> None:
    with pytest.raises(PictureError, match="no PNG is made of"):
        encode_png(wrong)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "BMP", "TIFF", "WEBP", "GIF"])
def test_first_bytes_tell_a_picture(form: str, letter: Picture) -> None:
    stream = io.BytesIO()
    Image.fromarray(letter).save(stream, form)
    assert is_picture(stream.getvalue()[:32])


@pytest.mark.parametrize("head", [b"", b"GIF", b"BMW is a car, and this is a text", b"%PDF-1.4", b"PK\x03\x04", b"RIFF\0\0\0\0WAVE"])
def test_first_bytes_of_others_do_not(head: bytes) -> None:
    assert not is_picture(head)


def test_suffixes_are_lower_case_with_their_dot() -> None:
    assert {".png", ".jpeg", ".jpg", ".tif", ".tiff", ".bmp", ".webp", ".gif"} <= PICTURE_SUFFIXES
    assert all(each == each.lower() and each.startswith(".") for each in PICTURE_SUFFIXES)
