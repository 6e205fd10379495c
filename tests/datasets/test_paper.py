from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inkread.datasets.drawn import Border, Camera, Dirt, Frame, Light, Paper, Ruling, on_paper, with_border
from inkread.errors import UsageError

CLEAN = Paper(ink=0, ground=255, dirt=Dirt(noise=0.0))
INK = np.zeros((60, 40), np.uint8)
INK[5:55, 17:23] = 255
INK[5:11, 6:34] = 255


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def dark(picture: np.ndarray) -> np.ndarray:
    return picture < 128


def test_same_generator_same_picture() -> None:
    for seed in range(20):
        assert np.array_equal(on_paper(INK, rng(seed)), on_paper(INK, rng(seed)))
    assert not np.array_equal(on_paper(INK, rng(1), Paper()), on_paper(INK, rng(2), Paper()))


def test_ink_becomes_dark_on_light_and_inverted_the_other_way_round() -> None:
    picture = on_paper(INK, rng(), CLEAN)
    assert picture.dtype == np.uint8
    assert picture[0, 0] == 255
    assert dark(picture).sum() == (INK > 127).sum()
    assert np.array_equal(on_paper(INK, rng(), replace(CLEAN, inverted=True)), 255 - picture)


@pytest.mark.parametrize("fill", [0.3, 0.7, 1.0])
def test_ink_takes_the_share_of_the_frame_asked_for(fill: float) -> None:
    picture = on_paper(INK, rng(), replace(CLEAN, frame=Frame(fill)))
    rows = np.flatnonzero(dark(picture).any(axis=1))
    assert (np.ptp(rows) + 1) / max(picture.shape) == pytest.approx(fill, abs=0.02)


def test_ink_stands_where_the_frame_says_and_none_keeps_the_frame() -> None:
    left = on_paper(INK, rng(), replace(CLEAN, frame=Frame(0.5, x=-1.0, y=1.0)))
    assert dark(left)[:, 0].any()
    assert dark(left)[-1].any()
    assert np.array_equal(on_paper(INK, rng(), replace(CLEAN, frame=None)), 255 - INK)


@pytest.mark.parametrize("thickness", [0.005, 0.01, 0.03, 0.06])
def test_border_is_as_thick_as_asked(thickness: float) -> None:
    border = Border(thickness, gap=0.05, dark=1.0)
    picture = on_paper(INK, rng(), replace(CLEAN, frame=Frame(0.4), border=border))
    across = (255.0 - picture[picture.shape[0] // 8]).sum() / 255.0
    assert across == pytest.approx(2 * thickness * max(picture.shape), abs=0.1)


def test_border_has_only_the_sides_asked_for() -> None:
    border = Border(0.03, gap=0.05, sides="tl", dark=1.0)
    picture = dark(on_paper(np.zeros((100, 100), np.uint8), rng(), replace(CLEAN, frame=None, border=border)))
    assert picture[6, 20:90].all()
    assert picture[20:90, 6].all()
    assert not picture[20:, 20:].any()


def test_ruling_repeats_at_its_spacing_and_squares_run_both_ways() -> None:
    blank = np.zeros((120, 120), np.uint8)
    lines = on_paper(blank, rng(), replace(CLEAN, frame=None, ruling=Ruling(0.25, 0.02, dark=1.0, phase=0.3)))
    rows = np.flatnonzero(dark(lines)[:, 60])
    starts = rows[np.concatenate([[True], np.diff(rows) > 1])]
    assert np.array_equal(np.diff(starts), [30, 30, 30])
    assert not dark(lines)[rows[-1] + 5].any()
    squares = on_paper(blank, rng(), replace(CLEAN, frame=None, ruling=Ruling(0.25, 0.02, squared=True, dark=1.0, phase=0.3)))
    assert dark(squares)[rows[-1] + 5].any()


def test_light_falls_off_towards_the_side_asked_for() -> None:
    light = Light(slope=0.4, towards=0.0)
    picture = on_paper(np.zeros((50, 50), np.uint8), rng(), replace(CLEAN, frame=None, light=light)).astype(float)
    assert picture[:, -1].mean() < 0.75 * picture[:, 0].mean()
    shadow = Light(shadow=0.5, towards=90.0, edge=0.0, softness=0.02)
    shaded = on_paper(np.zeros((50, 50), np.uint8), rng(), replace(CLEAN, frame=None, light=shadow)).astype(float)
    assert shaded[40].mean() < 0.6 * shaded[10].mean()


def test_camera_gives_the_side_asked_for_and_never_enlarges() -> None:
    small = on_paper(INK, rng(), replace(CLEAN, camera=Camera(side=12)))
    assert max(small.shape) == 12
    assert max(on_paper(INK, rng(), replace(CLEAN, camera=Camera(side=4000))).shape) < 100


def test_binary_scan_has_two_greys_and_jpeg_keeps_the_size() -> None:
    noisy = replace(CLEAN, ink=60, ground=220, dirt=Dirt(noise=8.0))
    assert set(np.unique(on_paper(INK, rng(), replace(noisy, camera=Camera(blur=0.01, binary=True))))) == {0, 255}
    assert on_paper(INK, rng(), replace(noisy, camera=Camera(quality=30))).shape == on_paper(INK, rng(), noisy).shape


def test_neighbours_come_in_from_the_edge_and_leave_the_middle() -> None:
    blank = np.zeros((100, 100), np.uint8)
    blank[45:55, 45:55] = 255
    for seed in range(10):
        picture = dark(on_paper(blank, rng(seed), replace(CLEAN, frame=None, dirt=Dirt(noise=0.0, neighbours=2))))
        assert picture[:30].any() or picture[70:].any() or picture[:, :30].any() or picture[:, 70:].any()
        assert picture[25:75, 25:75].sum() == 100


def test_random_papers_repeat_and_most_are_mild() -> None:
    papers = [Paper.random(rng(seed)) for seed in range(400)]
    assert papers[7] == Paper.random(rng(7))
    assert 0.2 < np.mean([paper.border is not None for paper in papers]) < 0.4
    assert np.mean([paper.camera.side > 0 for paper in papers]) < 0.2
    assert 0.2 < np.mean([paper.inverted for paper in papers]) < 0.4
    assert all(paper.ink < paper.ground for paper in papers)


def test_blank_ink_gives_blank_paper() -> None:
    assert on_paper(np.zeros((30, 30), np.uint8), rng(), CLEAN).min() == 255


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize("thickness", [0.01, 0.03, 0.06])
def test_with_border_draws_a_box_of_the_thickness_asked_for(thickness: float, inverted: bool) -> None:
    base = on_paper(INK, rng(), replace(CLEAN, frame=Frame(0.5), ground=240, inverted=inverted))
    framed = with_border(base, rng(3), thickness, room=0.05).astype(float)
    long = max(framed.shape)
    ground = float(base[0, 0])
    cross = np.abs(framed[framed.shape[0] // 6] - ground)
    assert cross.sum() / cross.max() == pytest.approx(2 * thickness * long, rel=0.15, abs=0.3)
    assert framed[framed.shape[0] // 6].max() > ground + 80 if inverted else framed[framed.shape[0] // 6].min() < ground - 80


def test_with_border_of_nothing_only_adds_paper_and_negative_room_lies_on_the_picture() -> None:
    base = on_paper(INK, rng(), CLEAN)
    widened = with_border(base, rng(), 0.0, room=0.05)
    assert dark(widened).sum() == dark(base).sum()
    assert max(widened.shape) > max(base.shape)
    assert with_border(base, rng(1), 0.04, room=-0.06).shape == base.shape


def test_impossible_settings_are_refused() -> None:
    for wrong in (lambda: Frame(0.0), lambda: Border(0.5), lambda: Border(sides="x"), lambda: Ruling(0.0)):
        with pytest.raises(UsageError):
            wrong()
    with pytest.raises(UsageError):
        with_border(np.zeros((10, 10), np.uint8), rng(), 0.25, room=0.3)
