"""Weights against imbalance: rare classes count as much as frequent ones, sets of characters in proportion."""

from __future__ import annotations

import numpy as np
import pytest

from inkread.training import Pool
from inkread.training.balance import class_weights, sampler_weights
from inkread.training.feed import Feed
from inkread.training.loss import class_shares


def targets(*counts: int) -> np.ndarray:
    return np.eye(len(counts), dtype=bool)[np.repeat(np.arange(len(counts)), counts)]


def test_every_class_weighs_the_same_in_all_and_the_mean_is_one() -> None:
    (weights,) = sampler_weights([targets(80, 15, 5)], [1.0])
    assert weights.mean() == pytest.approx(1.0)
    assert [weights[:80].sum(), weights[80:95].sum(), weights[95:].sum()] == pytest.approx([100 / 3] * 3)


def test_a_class_without_pictures_takes_no_weight_from_the_others() -> None:
    assert class_weights([targets(8, 0, 4)], [1.0]) == pytest.approx([0.75, 0.0, 1.5])


def test_a_picture_that_may_be_several_classes_lies_between_them() -> None:
    certain, either = targets(9, 1, 10), np.array([[True, True, False]] * 12)
    both = np.concatenate([certain, either])
    (weights,), of = sampler_weights([both], [2.0]), class_weights([both], [1.0])
    assert weights.mean() == pytest.approx(1.0)
    assert weights[-1] == pytest.approx((10 * of[0] + 2 * of[1]) / 12)
    assert weights[:-12] == pytest.approx(certain @ of)
    assert class_shares(both) @ of == pytest.approx(32)


def pool(name: str, of: np.ndarray, repeat: float) -> Pool:
    return Pool(name, np.zeros((1, len(of), 2, 2), np.uint8), of, repeat)


def test_the_sampler_draws_every_class_equally_often_over_all_pools() -> None:
    pools = [pool("one", targets(900, 90, 10), 1.0), pool("two", targets(0, 0, 50), 4.0)]
    weights = sampler_weights([each.targets for each in pools], [each.repeat for each in pools])
    order = Feed(pools, [np.arange(len(each)) for each in pools], 10, 1, weights=weights).order(0)
    assert len(order) == 1200
    drawn = np.sum([np.bincount(pools[s].targets[order[order[:, 0] == s, 2]].argmax(axis=1), minlength=3) for s in (0, 1)], axis=0)
    assert drawn / 1200 == pytest.approx([1 / 3] * 3, abs=0.05)
    of_two = (order[:, 0] == 1).mean()
    assert of_two == pytest.approx(200 / 210 / 3, abs=0.05), "of the third class each picture of `two` is drawn four times as often"
