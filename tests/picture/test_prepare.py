"""The one preparation: any picture of one character becomes EMNIST's 28x28."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from inkread.datasets.drawn import Hand, draw, with_border
from inkread.errors import PictureError
from inkread.picture import prepare
from inkread.picture.frame import is_ready, stroke_width
from inkread.preparation import Preparation

PLAIN = Preparation()


def letter(character: str, side: int = 64, margin: float = 0.2, seed: int = 5) -> NDArray[np.uint8]:
    """Dark ink on light paper, ``margin`` of the side free all round."""
    drawn = draw(character, np.random.default_rng(seed), Hand())
    ink = 255 - drawn if drawn.mean() > 127 else drawn
    left, top, width, height = cv2.boundingRect((ink > 127).astype(np.uint8))
    ink = ink[top : top + height, left : left + width]
    scale = side * (1 - 2 * margin) / max(ink.shape)
    size = (max(1, round(ink.shape[1] * scale)), max(1, round(ink.shape[0] * scale)))
    small = cv2.resize(ink, size, interpolation=cv2.INTER_AREA)
    paper = np.zeros((side, side), np.uint8)
    y, x = (side - small.shape[0]) // 2, (side - small.shape[1]) // 2
    paper[y : y + small.shape[0], x : x + small.shape[1]] = small
    return np.asarray(230 - (paper.astype(np.float32) * 0.75).astype(np.uint8), np.uint8)


def difference(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """Mean grey levels between two pictures."""
    return float(np.abs(one.astype(int) - other.astype(int)).mean())


def pieces(picture: NDArray[np.uint8]) -> int:
    """Pieces of ink that do not touch."""
    return cv2.connectedComponents((picture > 60).astype(np.uint8))[0] - 1


@pytest.mark.parametrize("character", "AEHkgi5Q")
def test_dark_and_light_ink_give_the_same_picture(character: str) -> None:
    picture = letter(character)
    assert difference(prepare(picture).picture, prepare(255 - picture).picture) < 2


@pytest.mark.parametrize("character", "ABEHLMNTUDOXi27")
@pytest.mark.parametrize("share", [0.01, 0.03, 0.06])
def test_a_printed_border_leaves_the_character_as_it_was(character: str, share: float) -> None:
    picture = letter(character)
    framed = with_border(picture, np.random.default_rng(1), share, room=0.03)
    assert difference(prepare(framed).picture, prepare(picture).picture) < 14
    assert difference(prepare(255 - framed).picture, prepare(picture).picture) < 14


@pytest.mark.parametrize("character", "ELTHUZ")
def test_straight_strokes_of_a_tight_crop_are_not_taken_for_a_border(character: str) -> None:
    assert difference(prepare(letter(character, margin=0.0)).picture, prepare(letter(character)).picture) < 14


@pytest.mark.parametrize("margin", [0.2, 0.0])
@pytest.mark.parametrize("character", "ij")
def test_the_dot_of_i_and_j_stays(character: str, margin: float) -> None:
    picture = prepare(letter(character, margin=margin)).picture
    assert pieces(picture) == 2


def test_a_small_dot_far_above_its_stem_stays_and_the_same_speck_below_goes() -> None:
    stem = np.full((100, 60), 240, np.uint8)
    stem[40:80, 28:33] = 20
    dotted, dirty = stem.copy(), stem.copy()
    dotted[22:24, 29:32] = 20
    dirty[90:92, 29:32] = 20
    assert pieces(prepare(dotted).picture) == 2
    assert pieces(prepare(dirty).picture) == 1


def test_a_speck_goes() -> None:
    clean, dirty = letter("S"), letter("S")
    dirty[58:60, 4:6] = 60
    assert np.array_equal(prepare(dirty).picture, prepare(clean).picture)


@pytest.mark.parametrize("side", [16, 40, 200, 1000, 4000])
def test_size_does_not_matter(side: int) -> None:
    assert difference(prepare(letter("R", side)).picture, prepare(letter("R")).picture) < (30 if side < 20 else 12)


def test_aspect_is_kept() -> None:
    bar = np.full((80, 80), 240, np.uint8)
    bar[20:60, 37:43] = 30
    picture = prepare(bar).picture
    _, _, width, height = cv2.boundingRect((picture > 127).astype(np.uint8))
    assert height in (23, 24, 25)
    assert width <= 5


@pytest.mark.parametrize("pen", [1, 3, 9])
def test_thin_pens_and_thick_markers_come_to_one_stroke_width(pen: int) -> None:
    picture = np.full((100, 100), 245, np.uint8)
    cv2.ellipse(picture, (50, 50), (30, 36), 0, 0, 360, 20, pen, cv2.LINE_AA)
    finished = cv2.resize(prepare(picture).picture, (112, 112), interpolation=cv2.INTER_CUBIC)
    assert 2.2 < stroke_width(finished, 127) / 4 < 3.9


def test_a_slow_shadow_is_evened_out() -> None:
    picture = letter("G", 96)
    shade = np.linspace(1.0, 0.5, 96)[None, :]
    shaded = (picture * shade).astype(np.uint8)
    assert difference(prepare(shaded).picture, prepare(picture).picture) < 14


@pytest.mark.parametrize("level", [0, 90, 255])
def test_an_even_picture_is_blank(level: int) -> None:
    prepared = prepare(np.full((40, 30), level, np.uint8))
    assert prepared.blank
    assert not prepared.picture.any()


def test_an_empty_box_is_blank() -> None:
    box = np.full((60, 60), 240, np.uint8)
    cv2.rectangle(box, (3, 3), (56, 56), 20, 3)
    assert prepare(box).blank


@pytest.mark.parametrize("character", "AbQ7ij")
def test_what_is_prepared_is_ready_and_passes_unharmed(character: str) -> None:
    once = prepare(letter(character)).picture
    assert is_ready(once, PLAIN)
    again = prepare(once)
    assert again.notes == ("ready as it is",)
    assert np.array_equal(again.picture, once)


def test_placement_tells_height_and_baseline() -> None:
    frame = np.full((100, 100), 240, np.uint8)
    cv2.line(frame, (50, 30), (50, 69), 20, 4)
    placement = prepare(frame).placement
    assert placement.height == pytest.approx(0.44, abs=0.04)
    assert placement.baseline == pytest.approx(0.72, abs=0.04)


def test_steps_are_kept_only_where_an_explanation_is_wanted() -> None:
    framed = with_border(letter("K"), np.random.default_rng(2), 0.03)
    assert prepare(framed).steps == ()
    explained = prepare(framed, explain=True)
    assert [step.name for step in explained.steps][:1] == ["given"]
    assert {"ink", "inside", "cut", "stroke", "finished"} <= {step.name for step in explained.steps}
    assert np.array_equal(explained.picture, prepare(framed).picture)


def test_what_is_no_grey_picture_is_refused() -> None:
    for wrong in (np.zeros((4, 4, 3), np.uint8), np.zeros((4, 4)), np.zeros((0, 4), np.uint8)):
        with pytest.raises(PictureError, match="not a grey picture"):
            prepare(wrong)  # type: ignore[arg-type]


@settings(max_examples=150, deadline=None)
@given(arrays.arrays(np.uint8, st.tuples(st.integers(1, 48), st.integers(1, 48))))
def test_any_grey_array_is_answered(picture: NDArray[np.uint8]) -> None:
    prepared = prepare(picture)
    assert prepared.picture.shape == (28, 28)
    assert prepared.picture.dtype == np.uint8
    assert prepared.blank is (not prepared.picture.any())


@pytest.mark.parametrize("shape", [(1, 1), (1, 3000), (3000, 1), (2, 900), (3, 3)])
def test_degenerate_shapes_are_answered(shape: tuple[int, int]) -> None:
    noise = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    assert prepare(noise).picture.shape == (28, 28)
