from __future__ import annotations

import numpy as np
import pytest

from inkread.errors import PictureError, UsageError
from inkread.picture import Pen, render

BAR = np.array([[0.0, 0.0], [0.0, 10.0]])
LYING = BAR[:, ::-1]


def test_longer_side_is_the_size_asked_for_and_the_aspect_is_kept() -> None:
    box = [np.array([[0.0, 0.0], [30.0, 0.0], [30.0, 60.0]])]
    picture = render(box, Pen(0.05), size=100, margin=4)
    assert picture.dtype == np.uint8
    assert picture.shape[0] == 100
    ink_height, ink_width = (np.ptp(np.flatnonzero(picture.any(axis=axis))) + 1 for axis in (1, 0))
    assert ink_height / ink_width == pytest.approx(63 / 33, rel=0.05)


def test_margin_stays_empty() -> None:
    picture = render([BAR, LYING], Pen(0.1), size=60, margin=7)
    outside = picture.copy()
    outside[7:-7, 7:-7] = 0
    assert outside.max() < 40
    assert picture[7:-7, 7:-7].max() == 255


def test_unit_and_place_of_the_strokes_do_not_matter() -> None:
    assert np.array_equal(render([BAR, LYING], Pen()), render([BAR * 4 + 1000, LYING * 4 + 1000], Pen()))


@pytest.mark.parametrize("width", [0.01, 0.02, 0.04, 0.1, 0.2])
def test_stroke_is_as_wide_as_the_pen(width: float) -> None:
    picture = render([BAR], Pen(width), size=120, margin=0)
    ink = picture[60].astype(float).sum() / 255.0
    assert ink == pytest.approx(120 * width / (1 + width), abs=0.15)


def test_stroke_of_one_point_is_a_dot() -> None:
    alone = render([np.array([[5.0, 5.0]])], Pen(), size=40)
    assert alone.max() == 255
    stem_and_dot = render([np.array([[0.0, 4.0], [0.0, 10.0]]), np.array([[0.0, 0.0]])], Pen(), size=80)
    rows = stem_and_dot.max(axis=1) > 128
    assert rows[:10].any()
    assert not rows[12:25].any()
    assert rows[30:].any()


def test_points_are_x_then_y_downwards() -> None:
    corner = render([np.array([[0.0, 0.0], [10.0, 0.0], [10.0, 10.0]])], Pen(), size=40, margin=0)
    assert min(corner[2, 2], corner[2, -3], corner[-3, -3]) > 200
    assert corner[-3, 2] == 0


def test_pressure_thins_the_end_and_a_flat_tip_the_direction_of_its_angle() -> None:
    pressed = render([BAR], Pen(0.15, pressure=1.0), size=100, margin=0).astype(float).sum(axis=1)
    assert pressed[-8] < 0.6 * pressed[8]
    flat = Pen(0.15, flatness=0.7, angle=0.0)
    assert render([LYING], flat, size=100).astype(float).sum() < 0.6 * render([BAR], flat, size=100).astype(float).sum()


def test_softness_greys_the_edge() -> None:
    def grey(pen: Pen) -> int:
        picture = render([BAR], pen, size=100)
        return int(((picture > 30) & (picture < 220)).sum())

    assert grey(Pen(0.2, softness=0.5)) > 3 * grey(Pen(0.2))


@pytest.mark.parametrize("strokes", [[], [np.zeros((0, 2))], [np.array([[0.0, np.nan]])]])
def test_strokes_without_finite_points_are_refused(strokes: list[np.ndarray]) -> None:
    with pytest.raises(PictureError):
        render(strokes, Pen())


@pytest.mark.parametrize("settings", [{"width": 0.0}, {"softness": 2.0}, {"flatness": 1.0}])
def test_impossible_pens_are_refused(settings: dict[str, float]) -> None:
    with pytest.raises(UsageError):
        Pen(**settings)


def test_random_pens_repeat_with_the_seed_and_differ_without() -> None:
    pens = [Pen.random(np.random.default_rng(3)) for _ in range(2)] + [Pen.random(np.random.default_rng(4))]
    assert pens[0] == pens[1] != pens[2]
