"""Colour, alpha and depth become grey such that the ink survives."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from inkread.picture import as_picture

Picture = NDArray[np.uint8]


def contrast(picture: Picture, letter: Picture) -> float:
    """Mean grey of the ink less that of the paper."""
    return float(picture[letter > 0].mean() - picture[letter == 0].mean())


def coloured(letter: Picture, ink: tuple[int, ...], paper: tuple[int, ...]) -> Picture:
    return np.where(letter[..., None] > 0, np.uint8(ink), np.uint8(paper))


def test_grey_stored_as_colour_keeps_its_values(letter: Picture) -> None:
    assert np.array_equal(as_picture(np.dstack([letter // 3] * 3)), letter // 3)


def test_dark_ink_on_white_is_luminance(letter: Picture) -> None:
    found = as_picture(coloured(letter, (20, 40, 160), (250, 245, 240)))
    assert found[5, 5] == round(0.299 * 20 + 0.587 * 40 + 0.114 * 160)


@pytest.mark.parametrize(
    ("ink", "paper"), [((200, 60, 60), (20, 140, 70)), ((255, 255, 0), (255, 255, 255)), ((120, 120, 255), (130, 130, 30))]
)
def test_ink_of_the_paper_s_luminance_is_seen_in_another_channel(ink: tuple[int, ...], paper: tuple[int, ...], letter: Picture) -> None:
    assert abs(contrast(as_picture(coloured(letter, ink, paper)), letter)) > 100


def test_opaque_alpha_is_ignored(letter: Picture) -> None:
    assert np.array_equal(as_picture(np.dstack([letter, np.full_like(letter, 255)])), letter)
    assert np.array_equal(as_picture(np.dstack([letter, letter, letter, np.full_like(letter, 200)])), letter)


@pytest.mark.parametrize("ink", [0, 128, 255])
@pytest.mark.parametrize("hidden", [0, 255])
def test_ink_in_the_alpha_is_drawn_dark_on_white(ink: int, hidden: int, letter: Picture) -> None:
    plane = np.where(letter > 0, np.uint8(ink), np.uint8(hidden))
    assert np.array_equal(as_picture(np.dstack([plane, plane, plane, letter])), 255 - letter)


def test_colour_under_what_is_not_seen_counts_for_nothing(letter: Picture) -> None:
    noise = np.random.default_rng(1).integers(0, 256, letter.shape, dtype=np.uint8)
    plane = np.where(letter > 0, np.uint8(30), noise)
    assert np.array_equal(as_picture(np.dstack([plane, letter])), 255 - letter)


def test_soft_edges_of_the_alpha_stay_soft(letter: Picture) -> None:
    soft = letter // 2 + np.roll(letter, 1, axis=1) // 2
    assert np.array_equal(as_picture(np.dstack([np.zeros_like(soft), soft])), 255 - soft)


@pytest.mark.parametrize(("core", "rim", "sign"), [(20, 130, -1), (235, 120, 1)])
def test_cut_out_strokes_of_several_greys_stand_on_the_opposite(core: int, rim: int, sign: int) -> None:
    alpha = np.zeros((60, 60), np.uint8)
    alpha[6:54, 10:18] = alpha[6:14, 10:40] = 255
    plane = np.full_like(alpha, rim)
    plane[8:52, 12:16] = plane[8:12, 12:38] = core
    found = as_picture(np.dstack([plane, alpha])).astype(int)
    assert sign * (found[30, 14] - found[30, 50]) > 200
    assert found[10, 30] == core


def test_cut_out_paper_lies_on_its_own_grey(letter: Picture) -> None:
    page = np.full((80, 80), 225, np.uint8)
    page[20:60, 28:52][letter > 0] = 40
    alpha = np.zeros_like(page)
    alpha[8:72, 8:72] = 255
    found = as_picture(np.dstack([page, page, page, alpha]))
    assert found[0, 0] == 225
    assert found[10, 10] == 225
    assert contrast(found[20:60, 28:52], letter) == pytest.approx(-185, abs=1)


def test_colour_under_what_is_not_seen_chooses_no_channel(letter: Picture) -> None:
    page = np.zeros((80, 80, 4), np.uint8)
    page[:, ::2, :3] = 255
    page[8:72, 8:72] = (20, 140, 70, 255)
    page[20:60, 28:52][letter > 0] = (200, 60, 60, 255)
    assert contrast(as_picture(page)[20:60, 28:52], letter) > 100


def test_faint_pencil_on_cut_out_paper_is_kept(letter: Picture) -> None:
    page = np.full((80, 80), 225, np.uint8)
    page[20:60, 28:52][letter > 0] = 180
    alpha = np.full_like(page, 255)
    alpha[:3, :3] = 0
    assert contrast(as_picture(np.dstack([page, alpha]))[20:60, 28:52], letter) == pytest.approx(-45, abs=1)


def test_paper_that_fills_the_picture_and_fades_stays_paper(letter: Picture) -> None:
    plane = np.where(letter > 0, np.uint8(20), np.uint8(230))
    fading = np.linspace(150, 255, letter.shape[0]).astype(np.uint8)[:, None]
    found = as_picture(np.dstack([plane, np.broadcast_to(fading, letter.shape)]))
    assert (found[letter == 0] == 230).all()
    assert found[letter > 0].max() < 120


def test_nothing_visible_is_white_paper(letter: Picture) -> None:
    assert as_picture(np.dstack([letter, np.zeros_like(letter)])).min() == 255


def test_half_transparent_pixels_are_mixed_with_the_background() -> None:
    page = np.full((20, 20), 200, np.uint8)
    page[5:15, 9:11] = 0
    alpha = np.full_like(page, 255)
    alpha[0, :] = 0
    alpha[10, 10] = 128
    assert as_picture(np.dstack([page, alpha]))[10, 10] == round(200 * 127 / 255)
