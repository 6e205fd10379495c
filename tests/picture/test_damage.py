"""Damages do what they say, more the stronger; warps do what they say and never mirror."""

from __future__ import annotations

import numpy as np
import pytest

from inkread.picture import DAMAGES, warped

SEED = 3


def strokes() -> np.ndarray:
    """A thick L, twice."""
    picture = np.zeros((2, 28, 28), np.uint8)
    picture[:, 6:22, 8:11] = 255
    picture[:, 19:22, 8:19] = 255
    return picture


def changed(name: str) -> list[np.ndarray]:
    damage = next(each for each in DAMAGES if each.name == name)
    return [damage.apply(strokes(), strength, np.random.default_rng(SEED)).astype(float) for strength in damage.strengths]


@pytest.mark.parametrize("name", [each.name for each in DAMAGES])
def test_a_stronger_damage_changes_more_and_a_seed_repeats_it(name: str) -> None:
    weak, middle, strong = (np.abs(each - strokes()).mean() for each in changed(name))
    assert 0 < weak < middle < strong
    assert all(np.array_equal(*pair) for pair in zip(changed(name), changed(name), strict=True))


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda each: each.name)
def test_shape_and_type_stay_and_the_given_pictures_are_not_touched(damage: object) -> None:
    given = strokes()
    found = damage.apply(given, damage.strengths[0], np.random.default_rng(0))  # type: ignore[attr-defined]
    assert (found.shape, found.dtype) == (given.shape, np.uint8)
    assert np.array_equal(given, strokes())


def test_thinner_takes_ink_thicker_gives_it_darker_dims_it() -> None:
    ink = strokes().sum()
    assert all(each.sum() < ink for each in changed("thinner") + changed("darker"))
    assert all(each.sum() > ink for each in changed("thicker"))
    assert changed("darker")[1].max() == pytest.approx(128, abs=1)


def test_a_border_frames_the_picture() -> None:
    for thick, found in zip((1, 2, 3), changed("border"), strict=True):
        assert (found[:, :thick] == 255).all()
        assert (found[:, :, -thick:] == 255).all()
        assert np.array_equal(found[:, 4:-4, 4:-4], strokes()[:, 4:-4, 4:-4])


def centre(picture: np.ndarray) -> tuple[float, float]:
    rows, columns = np.indices(picture.shape)
    return float((rows * picture).sum() / picture.sum()), float((columns * picture).sum() / picture.sum())


def test_warps_move_turn_scale_and_slant_as_they_say() -> None:
    given = strokes().astype(float)[0]
    row, column = centre(given)
    moved = warped(strokes(), right=2, down=-1)[0]
    assert centre(moved) == pytest.approx((row - 1, column + 2), abs=0.02)
    assert warped(strokes(), scale=1.2)[0].sum() == pytest.approx(1.44 * given.sum(), rel=0.05)
    dot = np.zeros((1, 28, 28), np.uint8)
    dot[0, 4:6, 13:15] = 255
    turned, leant = centre(warped(dot, turn=90)[0]), centre(warped(dot, slant=0.5)[0])
    assert turned == pytest.approx((13.5, 22.5), abs=0.3)  # clockwise: what was on top is on the right
    assert leant == pytest.approx((4.5, 18.0), abs=0.3)  # the upper part leans to the right
    assert np.array_equal(warped(strokes()), strokes())
