"""What chance makes of a figure: as drawn picture by picture, and nothing told as a finding that does not exceed it."""

from __future__ import annotations

import numpy as np
import pytest

from inkread.evaluation import Evenness, calibration, characters, evenness, view
from inkread.evaluation.chance import accuracies_by_chance, calibration_error_by_chance
from inkread.evaluation.scores import calibrated
from made_answers import labelled, said, sure


def told_of(count: int, seed: int = 0) -> np.ndarray:
    return np.asarray(np.random.default_rng(seed).beta(8, 1, count))


@pytest.mark.parametrize("count", [200, 5000])
def test_the_calibration_error_by_chance_is_that_of_pictures_drawn_one_by_one(count: int) -> None:
    told, rng = told_of(count), np.random.default_rng(1)
    rows = np.stack([told, 1 - told], axis=1)
    rows = np.where(told[:, None] > 0.5, rows, [[0.999, 0.001]])
    told = rows.max(axis=1)
    drawn = [calibration(rows, (rng.random(count) >= told).astype(np.int64)).error for _ in range(300)]
    found = calibration_error_by_chance(told, 15)
    assert found.mean == pytest.approx(np.mean(drawn), rel=0.06)
    assert found.high == pytest.approx(np.quantile(drawn, 0.95), rel=0.1)


def test_the_spread_by_chance_is_that_of_right_answers_dealt_out_one_by_one() -> None:
    counts, right = np.array([20, 20, 20, 40]), 90
    rng, owner = np.random.default_rng(0), np.repeat(np.arange(4), counts)
    shares = [np.bincount(rng.permutation(owner)[:right], minlength=4) / counts for _ in range(1000)]
    of_range, spread = accuracies_by_chance(counts.astype(np.float64), right)
    assert of_range.mean == pytest.approx(np.mean(np.ptp(shares, axis=1)), rel=0.06)
    assert spread.high == pytest.approx(np.quantile(np.std(shares, axis=1), 0.95), rel=0.1)


def test_where_nothing_can_differ_chance_makes_nothing() -> None:
    assert [each.high for each in accuracies_by_chance(np.array([3.0, 5.0]), 8.0)] == [0.0, 0.0]
    assert calibration_error_by_chance(np.ones(10), 15).high == 0.0
    assert accuracies_by_chance(np.array([0.5, 0.25]), 0.75)[0].mean == 1.0, "parts of pictures are no fault"


def test_a_small_test_of_an_honest_reader_lies_within_chance_and_a_boasting_one_does_not() -> None:
    told = np.maximum(told_of(200), 0.4)
    right = np.random.default_rng(3).random(200) < told
    test = labelled("".join("A" if each else "B" for each in right))
    honest, boasting = (
        calibrated(view(said([[p, (1 - p) / 2, (1 - p) / 2] for p in these]), test)) for these in (told, np.full(200, 0.999))
    )
    assert 0.03 < honest.after.error < honest.by_chance.high
    assert not honest.beyond_chance
    assert boasting.beyond_chance


def test_characters_that_differ_by_chance_are_told_from_those_that_do_not() -> None:
    test = labelled("A" * 20 + "B" * 20 + "C" * 20)

    def read(*wrong: int) -> Evenness:
        answers = "".join(other * many + each * (20 - many) for each, other, many in zip("ABC", "BCA", wrong, strict=True))
        return evenness(characters(view(sure(answers), test)))

    by_chance, uneven = read(4, 1, 2), read(12, 0, 0)
    assert by_chance.range == pytest.approx(0.15)
    assert (by_chance.beyond_chance, uneven.beyond_chance) == (False, True)
    assert by_chance.range_by_chance.mean == pytest.approx(0.12, abs=0.03)
    assert by_chance == read(4, 1, 2), "the same test is told the same twice"
