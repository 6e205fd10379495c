from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from inkread.alphabet import BYCLASS
from inkread.datasets.drawn import Hand, draw, drawn, strokes_of
from inkread.datasets.drawn.forms import forms
from inkread.datasets.drawn.trace import curve, hurried, lengthened
from inkread.errors import AlphabetError, UsageError

STILL = replace(Hand(), own=0.0, variety=0.0, waver=0.0, overshoot=0.0, haste=0.0, slant=0.0)


def rng(*seed: int) -> np.random.Generator:
    return np.random.default_rng(seed or 0)


def test_all_62_characters_are_drawn_with_strokes_and_ink() -> None:
    for character in BYCLASS:
        strokes = strokes_of(character, rng(1))
        assert all(stroke.ndim == 2 and stroke.shape[1] == 2 and np.isfinite(stroke).all() for stroke in strokes)
        picture = draw(character, rng(2))
        assert picture.dtype == np.uint8
        assert 0.01 < (picture > 127).mean() < 0.5, character


def test_unknown_characters_are_refused_by_name() -> None:
    with pytest.raises(AlphabetError, match="ä"):
        strokes_of("ä", rng())


def test_the_same_seed_draws_the_same_and_another_time_is_never_the_same() -> None:
    hand = Hand.random(rng(5))
    assert hand == Hand.random(rng(5))
    first, again, other = (draw("R", rng(seed), hand) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert first.shape != other.shape or not np.array_equal(first, other)


def test_alternative_forms_occur() -> None:
    usual = [dict(Hand.random(rng(seed)).forms) for seed in range(150)]
    for character, wanted in {
        "7": {"plain", "crossed"},
        "4": {"open", "closed"},
        "1": {"bare", "flag", "foot"},
        "a": {"plain", "storeyed"},
    }.items():
        assert wanted <= {forms[character] for forms in usual}, character
    for character, known in forms().items():
        assert len(known) >= 2, character
    assert 0.15 < np.mean([forms["7"] == "crossed" for forms in usual]) < 0.45


def test_a_hand_keeps_to_its_forms_and_its_habits_go_together() -> None:
    hands = [dict(Hand.random(rng(seed)).forms) for seed in range(400)]
    crossed = np.array([[hand[character] == "crossed" for character in "7zZ"] for hand in hands], float)
    correlation = np.corrcoef(crossed.T)
    assert np.mean(correlation[np.triu_indices(3, 1)]) > 0.08
    hand = replace(STILL, forms=(("7", "crossed"),))
    counts = [len(strokes_of("7", rng(seed), hand)) for seed in range(60)]
    assert np.mean([count == 2 for count in counts]) > 0.9


def test_two_writers_differ_more_than_one_writer_from_himself() -> None:
    def shape(seed: int, times: int) -> np.ndarray:
        # the same habits but for the shapes that are the writer's own
        hand = replace(STILL, own=4.0, variety=0.5, seed=seed, forms=(("S", "plain"),))
        way = np.concatenate(strokes_of("S", rng(seed, times), hand))
        return way[np.linspace(0, len(way) - 1, 40).astype(int)] - way.mean(axis=0)

    within = np.median([np.abs(shape(seed, 1) - shape(seed, 2)).mean() for seed in range(12)])
    between = np.median([np.abs(shape(one, 1) - shape(two, 2)).mean() for one, two in itertools.combinations(range(12), 2)])
    assert between > 1.5 * within


def test_small_letters_stand_lower_than_capitals_and_tails_hang_below_the_line() -> None:
    def reach(character: str) -> tuple[float, float]:
        y = np.concatenate(strokes_of(character, rng(3), STILL))[:, 1]
        return float(y.min()), float(y.max())

    assert reach("o")[0] > reach("O")[0] + 30.0
    assert reach("O")[1] == pytest.approx(100.0, abs=8.0)
    assert reach("g")[1] > 130.0
    small, capital = (draw(character, rng(4), STILL) for character in "oO")
    assert small.shape[0] == capital.shape[0]
    assert np.flatnonzero(small.any(axis=1))[0] > np.flatnonzero(capital.any(axis=1))[0] + 15


@pytest.mark.parametrize("middle", [0.4, 0.65])
def test_small_letters_are_as_high_as_the_hand_makes_them(middle: float) -> None:
    y = np.concatenate(strokes_of("x", rng(3), replace(STILL, middle=middle)))[:, 1]
    assert 100.0 - y.min() == pytest.approx(100.0 * middle, abs=6.0)


@pytest.mark.parametrize(("habit", "less", "more"), [("slant", -15.0, 25.0), ("width", 0.8, 1.3)])
def test_slant_and_width_are_the_hands(habit: str, less: float, more: float) -> None:
    def extent(value: float) -> float:
        way = np.concatenate(strokes_of("N", rng(3), replace(STILL, **{habit: value})))
        return float(way[way[:, 1] < 50.0][:, 0].max())

    assert extent(more) > extent(less) + 10.0


def test_tables_hold_one_name_once_a_character_and_stay_in_their_lines() -> None:
    for character, known in forms().items():
        names = [form.name for form in known]
        assert len(set(names)) == len(names), character
        for form in known:
            points = np.concatenate([points for points, _ in form.strokes])
            assert points[:, 1].min() >= 0.0, (character, form.name)
            assert points[:, 1].max() <= 142.0, (character, form.name)
            assert not character.isdigit() or points[:, 1].max() <= 100.0


def test_a_curve_passes_its_points_and_keeps_its_corners_until_haste_rounds_them() -> None:
    points = np.array([[0.0, 0.0], [40.0, 0.0], [40.0, 60.0]])
    sharp = curve(points, np.array([False, True, False]))
    assert np.hypot(*(sharp - points[1]).T).min() < 1e-9
    rounded = hurried(sharp, 8.0)
    assert np.hypot(*(rounded - points[1]).T).min() > 2.0
    assert rounded[0] == pytest.approx(points[0])
    assert rounded[-1] == pytest.approx(points[-1])


def test_ends_grow_along_the_stroke() -> None:
    way = lengthened(curve(np.array([[0.0, 0.0], [50.0, 0.0]]), np.zeros(2, bool)), 6.0, -10.0)
    assert way[0] == pytest.approx([-6.0, 0.0])
    assert way[-1] == pytest.approx([40.0, 0.0])


def test_a_drawn_set_has_every_answer_once_a_writer_and_repeats() -> None:
    glyphs = drawn("alnum36", 3, seed=7)
    assert len(glyphs) == 108
    assert set(glyphs.counts().values()) == {3}
    assert glyphs.source == "drawn"
    assert glyphs.writer is not None
    assert len(set(glyphs.writer)) == 3
    again = drawn("alnum36", 3, seed=7)
    assert all(np.array_equal(glyphs.pictures[index], again.pictures[index]) for index in (107, 3, 50))
    assert not np.array_equal(glyphs.pictures[0], drawn("alnum36", 3, seed=8).pictures[0])


def test_an_answer_for_several_characters_draws_all_of_them() -> None:
    names = drawn("letters", 12, seed=1).names
    assert names is not None
    assert {"A", "a"} <= set(names)


def test_without_paper_the_ink_is_white_on_black() -> None:
    for picture in drawn("digits", 1, paper=False).pictures[:]:
        assert picture[0].max() == 0
        assert picture.max() > 200


def test_a_set_of_nothing_is_refused() -> None:
    with pytest.raises(UsageError):
        drawn("digits", 0)
