"""`sheet`: pictures of any size in captioned cards."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from inkread.errors import UsageError
from inkread.picture import sheet

Picture = NDArray[np.uint8]


def box_of(page: Picture, colour: int) -> tuple[int, int]:
    """Height and width of what is exactly of this grey."""
    rows, columns = np.nonzero((page == colour).all(axis=2))
    return int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1


def test_aspect_is_kept_and_the_longer_side_fits() -> None:
    assert box_of(sheet([np.full((300, 75), 77, np.uint8)], [""], cell=100), 77) == (100, 25)


def test_tiny_picture_is_enlarged_by_whole_factors_without_blur() -> None:
    checks = (np.indices((7, 7)).sum(axis=0) % 2 * 254 + 1).astype(np.uint8)
    page = sheet([checks], [""], cell=100)
    assert box_of(page, 1) == (98, 98)
    start = tuple(np.argwhere((page == 1).all(axis=2))[0])
    assert np.array_equal(page[start[0] : start[0] + 98, start[1] : start[1] + 98, 0], np.kron(checks, np.ones((14, 14), np.uint8)))


def test_cards_stand_row_by_row() -> None:
    page = sheet([np.full((20, 20), grey, np.uint8) for grey in (10, 20, 30)], ["", "", ""], columns=2, cell=40)
    places = [tuple(np.argwhere((page == grey).all(axis=2))[0]) for grey in (10, 20, 30)]
    assert places[0][0] == places[1][0] < places[2][0]
    assert places[0][1] == places[2][1] < places[1][1]


def test_colour_stays_colour() -> None:
    blue = np.zeros((30, 30, 3), np.uint8)
    blue[..., 2] = 200
    assert ((sheet([blue], ["occlusion"]) == (0, 0, 200)).all(axis=2)).sum() == 90 * 90


@pytest.mark.parametrize("caption", ["A", "Ж", "ß", "漢", "→", "\udcff", "O\n0"])
def test_captions_in_any_script_are_drawn(caption: str) -> None:
    blank = np.full((40, 40), 255, np.uint8)
    without, drawn = sheet([blank], [" "], cell=60), sheet([blank], [caption], cell=60)
    assert drawn.shape[0] > without.shape[0]
    assert (drawn[without.shape[0] - 20 : -20] < 120).any()


def test_different_characters_are_drawn_differently() -> None:
    blank = np.full((40, 40), 255, np.uint8)
    pages = {sheet([blank], [each], cell=60).tobytes() for each in "O0ЖЩ漢字"}
    assert len(pages) == 6


def test_long_caption_stays_in_its_card_and_keeps_start_and_end() -> None:
    blank = np.full((40, 40), 255, np.uint8)
    page = sheet([blank, blank], ["a/very/long/path/" * 40 + "scan_1.png", ""], columns=2, cell=60)
    assert not (page[96:, 96:100] < 120).any()
    other = sheet([blank, blank], ["a/very/long/path/" * 40 + "scan_2.png", ""], columns=2, cell=60)
    assert not np.array_equal(page, other)


def test_control_characters_and_blank_captions_do_no_harm() -> None:
    page = sheet([np.zeros((1, 1), np.uint8)] * 3, ["a\tb\x07\r", "", "\n\n"], title="title\x00")
    assert page.dtype == np.uint8
    assert page.shape[2] == 3


def test_pictures_without_captions_and_none_at_all_are_refused() -> None:
    with pytest.raises(UsageError, match="2 pictures, 1 captions"):
        sheet([np.zeros((4, 4), np.uint8)] * 2, ["a"])
    with pytest.raises(UsageError, match="0 pictures"):
        sheet([], [])
    with pytest.raises(UsageError, match="0 columns"):
        sheet([np.zeros((4, 4), np.uint8)], ["a"], columns=0)
