"""`survey`: what is measured on a picture is what was drawn on it."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from inkread.errors import UsageError
from inkread.picture import Survey, prepare, survey

Picture = NDArray[np.uint8]


def measured(picture: Picture) -> Survey:
    return survey(prepare(picture, explain=True))


def paper(height: int = 90, width: int = 90, grey: int = 230) -> Picture:
    return np.full((height, width), grey, np.uint8)


def bar(picture: Picture, top: int, left: int, height: int = 50, width: int = 6, grey: int = 30) -> Picture:
    picture[top : top + height, left : left + width] = grey
    return picture


def test_contrast_size_and_proportion_are_those_of_the_ink() -> None:
    found = measured(bar(bar(paper(), 20, 40), 20, 40, 6, 25))
    assert found.contrast == pytest.approx(200, abs=3)
    assert found.size == pytest.approx(50, abs=2)
    assert found.proportion == pytest.approx(0.5, abs=0.05)
    assert found.dark == pytest.approx((50 * 6 + 19 * 6) / 8100, abs=0.01)


def test_size_is_told_in_pixels_of_the_picture_as_given() -> None:
    small = bar(paper(14, 14), 3, 6, 8, 2)
    assert measured(small).size == pytest.approx(8, abs=1.5)
    large = np.kron(bar(paper(), 20, 40), np.ones((5, 5), np.uint8))
    assert measured(large).size == pytest.approx(250, rel=0.06)


def test_two_bars_abreast_are_two_characters_and_a_dot_is_none() -> None:
    assert measured(bar(bar(paper(), 20, 25), 20, 60)).abreast == 2
    assert measured(bar(bar(paper(), 30, 42), 18, 42, 7, 7)).abreast == 1
    assert measured(bar(paper(), 20, 40)).abreast == 1


def test_a_second_character_beside_a_larger_one_counts() -> None:
    picture = bar(bar(bar(paper(90, 140), 20, 30, 50, 9), 20, 30, 9, 40), 30, 110, 34, 6)
    assert measured(picture).abreast == 2


def test_a_neighbours_stroke_at_the_edge_is_no_second_character() -> None:
    assert measured(bar(bar(paper(), 20, 40, 50, 12), 30, 0, 40, 5)).abreast == 1


def test_ink_that_runs_over_an_edge_is_told_by_its_side() -> None:
    assert measured(bar(paper(), 40, 40)).edges == ("bottom",)
    assert measured(bar(paper(), 20, 40)).edges == ()


def test_half_dark_pictures_are_told_as_such() -> None:
    picture = paper()
    picture[:, :45] = 40
    assert measured(picture).dark == pytest.approx(0.5, abs=0.02)


def test_a_blank_picture_has_no_ink_but_its_greys_are_told() -> None:
    found = measured(paper())
    assert (found.size, found.abreast, found.contrast) == (0.0, 0, 0.0)
    faint = paper()
    faint[40:60, 40:60] -= 5
    assert measured(faint).contrast == pytest.approx(5, abs=1)


def test_inside_a_border_its_lines_are_no_ink() -> None:
    boxed = bar(paper(), 25, 42, 40)
    boxed[4:8, 4:86] = boxed[82:86, 4:86] = boxed[4:86, 4:8] = boxed[4:86, 82:86] = 20
    found = measured(boxed)
    assert found.size == pytest.approx(40, abs=4)
    assert found.edges == ()


def test_an_emnist_ready_picture_is_its_own_ink() -> None:
    ready = np.zeros((28, 28), np.uint8)
    ready[2:26, 12:15] = 255
    found = measured(ready)
    assert found.contrast == 255
    assert found.size == pytest.approx(24, abs=1)


def test_without_the_steps_there_is_nothing_to_survey() -> None:
    with pytest.raises(UsageError, match="only with the steps"):
        survey(prepare(bar(paper(), 20, 40)))
