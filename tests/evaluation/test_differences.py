"""Differences over seeds, folds and pictures, against SciPy, a least-squares fit by hand, and studies in which nothing is at work."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("scipy")

from scipy import stats

from inkread.errors import DataError
from inkread.evaluation import Accuracy, differences, holm, newcombe, over_blocks, over_folds, over_pictures

VALUES = np.array(
    [
        [0.950, 0.953, 0.948],
        [0.957, 0.961, 0.954],
        [0.951, 0.953, 0.950],
        [0.940, 0.945, 0.939],
    ]
)


def study(settings: int = 8, seeds: int = 3, seed: int = 0, spread: NDArray[np.float64] | float = 0.002) -> NDArray[np.float64]:
    """Accuracies of settings that are all equally good; seeds are not."""
    rng = np.random.default_rng(seed)
    return 0.95 + rng.normal(size=(settings, seeds)) * np.broadcast_to(spread, settings)[:, None] + rng.normal(size=seeds) * 0.003


def by_hand(values: NDArray[np.float64], first: int, second: int) -> tuple[float, float, float, int]:
    """Difference, half its interval, p, freedom: dummies of settings and seeds, ordinary least squares."""
    settings, seeds = np.nonzero(np.isfinite(values))
    count, blocks = values.shape
    design = np.zeros((len(settings), count + blocks))
    design[np.arange(len(settings)), settings] = 1
    design[np.arange(len(settings)), count + seeds] = 1
    fitted, _, rank, _ = np.linalg.lstsq(design, values[settings, seeds], rcond=None)
    freedom = len(settings) - int(rank)
    variance = ((values[settings, seeds] - design @ fitted) ** 2).sum() / freedom
    weights = np.zeros(count + blocks)
    weights[first], weights[second] = 1, -1
    error = np.sqrt(variance * (weights @ np.linalg.pinv(design.T @ design) @ weights))
    difference = weights @ fitted
    return difference, stats.t.ppf(0.975, freedom) * error, 2 * stats.t.sf(abs(difference) / error, freedom), freedom


def test_two_settings_are_compared_as_by_the_paired_t_test() -> None:
    (found,) = over_blocks(VALUES[:2], differences(2, [(0, 1)])).contrasts
    paired = stats.ttest_rel(VALUES[0], VALUES[1])
    low, high = paired.confidence_interval()
    assert (found.difference, found.low, found.high, found.p) == pytest.approx(
        (VALUES[0].mean() - VALUES[1].mean(), low, high, paired.pvalue)
    )
    assert (found.pairs, found.freedom, found.over) == (3, 2, "seeds")


@pytest.mark.parametrize("missing", [[], [(1, 2)], [(0, 0), (2, 1), (3, 1)], [(1, 0), (1, 1)]])
def test_several_settings_share_the_residual_of_the_block_design(missing: list[tuple[int, int]]) -> None:
    values = VALUES.copy()
    for cell in missing:
        values[cell] = np.nan
    pairs = list(combinations(range(4), 2))
    found = over_blocks(values, differences(4, pairs))
    assert all(found.pooled)
    for each, (first, second) in zip(found.contrasts, pairs, strict=True):
        difference, half, p, freedom = by_hand(values, first, second)
        assert (each.difference, each.half, each.p, each.freedom) == pytest.approx((difference, half, p, freedom))
        assert each.pooled
    assert [each.corrected for each in found.contrasts] == pytest.approx(holm([each.p for each in found.contrasts]))


def test_the_pool_sees_what_three_pairs_cannot() -> None:
    values = study(seed=3)
    values[0] += 0.006
    pooled = over_blocks(values, differences(8, [(0, at) for at in range(1, 8)])).contrasts
    alone = [over_blocks(values[[0, at]], differences(2, [(0, 1)])).contrasts[0] for at in range(1, 8)]
    assert sum(each.told_apart for each in pooled) == 6
    assert min(holm([each.p for each in alone])) > 0.05


@pytest.mark.parametrize(("settings", "seeds"), [(8, 3), (5, 2)])
def test_where_nothing_is_at_work_one_study_in_twenty_finds_something(settings: int, seeds: int) -> None:
    weights = differences(settings, [(at, 0) for at in range(1, settings)])
    alarms = sum(any(each.told_apart for each in over_blocks(study(settings, seeds, seed), weights).contrasts) for seed in range(200))
    # 10 of 200 are expected; 18 or more would be met once in a hundred times
    assert alarms <= 17


def test_the_interval_holds_the_truth_in_nineteen_of_twenty_studies() -> None:
    weights = differences(6, [(1, 0)])
    held = [each.low <= 0 <= each.high for seed in range(200) for each in over_blocks(study(6, 3, seed), weights).contrasts]
    assert 180 <= sum(held) <= 199


def test_a_setting_that_varies_far_more_does_not_hide_what_the_others_show() -> None:
    values = study(spread=np.array([0.0005] * 7 + [0.05]))
    values[0] += 0.004
    found = over_blocks(values, differences(8, [(0, 1), (0, 7)]))
    assert found.pooled == (True,) * 7 + (False,)
    steady, unsteady = found.contrasts
    assert steady.told_apart
    assert (steady.pooled, steady.freedom) == (True, 12)
    assert not unsteady.told_apart
    assert (unsteady.pooled, unsteady.freedom) == (False, 2)
    assert unsteady.half > 20 * steady.half


def test_what_did_not_learn_is_kept_out_of_the_pool() -> None:
    values = np.vstack([study(4), np.full(3, 1 / 26)])
    found = over_blocks(values, differences(5, [(0, 4)]), [True] * 4 + [False])
    assert found.pooled == (True,) * 4 + (False,)
    assert (found.contrasts[0].freedom, found.contrasts[0].told_apart) == (2, True)
    # its own three values are all the same: judged by the spread of the others, not by none
    (same,) = over_blocks(np.vstack([values, values[4]]), differences(6, [(4, 5)]), [True] * 4 + [False] * 2).contrasts
    assert same.p == 1
    assert same.half > 0.001


def test_seeds_that_change_nothing_tell_nothing() -> None:
    (found,) = over_blocks([[0.9, 0.91, 0.92], [0.8, 0.81, 0.82]], differences(2, [(0, 1)])).contrasts
    assert found.difference == pytest.approx(0.1)
    assert np.isnan([found.low, found.high, found.p, found.corrected]).all()
    assert not found.told_apart


def test_settings_without_a_common_seed_are_not_compared() -> None:
    values = np.array([[0.9, 0.91, np.nan, np.nan], [0.8, 0.82, np.nan, np.nan], [np.nan, np.nan, 0.7, 0.71], [np.nan, np.nan, 0.6, 0.62]])
    inside, across = over_blocks(values, differences(4, [(0, 1), (1, 2)])).contrasts
    assert inside.pairs == 2
    assert inside.difference == pytest.approx(0.095)
    assert across.pairs == 0
    assert np.isnan([across.difference, across.p, across.corrected]).all()
    # what could not be tested was no look at the data
    assert inside.corrected == inside.p


def test_folds_are_judged_by_the_corrected_resampled_t_test() -> None:
    rng = np.random.default_rng(0)
    values = 0.9 + 0.02 * rng.normal(size=(2, 50)) + 0.02 * rng.normal(size=50)
    values[0] += 0.01
    (found,) = over_folds(values, differences(2, [(0, 1)]), 1 / 9)
    change = values[0] - values[1]
    error = np.sqrt(change.var(ddof=1) * (1 / 50 + 1 / 9))
    t = change.mean() / error
    assert (found.difference, found.p) == pytest.approx((change.mean(), 2 * stats.t.sf(abs(t), 49)))
    assert found.half == pytest.approx(stats.t.ppf(0.975, 49) * error)
    assert found.p > 10 * stats.ttest_rel(values[0], values[1]).pvalue
    (mean,) = over_folds(values, [[1, 0]], 1 / 9)
    half = stats.t.ppf(0.975, 49) * values[0].std(ddof=1) * (1 / 50 + 1 / 9) ** 0.5
    assert (mean.difference, mean.half) == pytest.approx((values[0].mean(), half))


def test_without_overlap_of_folds_the_test_is_the_paired_one() -> None:
    (found,) = over_folds(VALUES[:2], differences(2, [(0, 1)]), 0.0)
    assert found.p == pytest.approx(stats.ttest_rel(VALUES[0], VALUES[1]).pvalue)


def test_one_training_each_has_the_interval_of_the_pictures_and_no_p() -> None:
    first, second, third = (Accuracy.of(right, 1000) for right in (950, 930, 900))
    values = [each.value for each in (first, second, third)]
    two, mean = over_pictures(values, [1000] * 3, [[1, -1, 0], [1, -0.5, -0.5]])
    assert (two.low, two.high) == pytest.approx(newcombe(first, second))
    assert (two.over, two.told_apart) == ("pictures", False)
    assert np.isnan([two.p, two.corrected]).all()
    assert mean.difference == pytest.approx(0.035)
    assert mean.half < two.half


def test_contrasts_need_a_weight_for_every_setting() -> None:
    with pytest.raises(DataError, match=r"one weight for each of 4 settings: \(1, 3\)"):
        over_blocks(VALUES, differences(3, [(0, 1)]))
