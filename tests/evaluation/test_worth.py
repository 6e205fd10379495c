"""What reuse is worth in labels, of curves whose answer is known."""

from __future__ import annotations

import json

import numpy as np
import pytest

from inkread.errors import DataError
from inkread.evaluation import label_worth

LABELS = (1, 2, 5, 10, 20, 35)


def curves(at: list[float], spread: float = 0.0, folds: int = 50, seed: int = 0) -> np.ndarray:
    return np.asarray(at)[:, None] + spread * np.random.default_rng(seed).normal(size=(len(at), folds))


def logarithmic(labels: float) -> float:
    return 0.4 + 0.1 * np.log(labels)


def test_reuse_that_is_three_times_as_good_with_labels_is_worth_three_times_as_many() -> None:
    scratch = curves([logarithmic(k) for k in LABELS])
    reuse = curves([logarithmic(3 * k) for k in LABELS])
    found = label_worth(LABELS, scratch, reuse)
    assert [each.equals for each in found[:4]] == pytest.approx([3, 6, 15, 30])
    assert [each.equals for each in found[4:]] == [np.inf, np.inf]
    assert [each.says for each in found] == ["about 3", "about 6", "about 15", "about 30", "more than 35", "more than 35"]


def test_reuse_that_is_worse_than_the_fewest_labels_is_worth_fewer() -> None:
    found = label_worth(LABELS, curves([logarithmic(k) for k in LABELS]), curves([0.3] * 6))
    assert [each.says for each in found] == ["fewer than 1"] * 6


def test_a_dip_of_the_curve_is_levelled_before_it_is_read() -> None:
    scratch = curves([0.4, 0.6, 0.5, 0.7, 0.8, 0.9])
    (first, *_) = label_worth(LABELS, scratch, curves([0.625] * 6))
    # 0.55 at 5 labels and 0.7 at 10: half the way in the logarithm
    assert first.equals == pytest.approx(50**0.5)


def test_the_interval_holds_the_truth_and_grows_with_what_folds_share() -> None:
    scratch = curves([logarithmic(k) for k in LABELS], 0.02)
    reuse = curves([logarithmic(3 * k) for k in LABELS], 0.02, seed=1)
    plain, shared = (label_worth(LABELS, scratch, reuse, share)[1] for share in (0.0, 1 / 9))
    assert shared.low < plain.low < 6 < plain.high < shared.high
    assert np.log(shared.high / shared.low) == pytest.approx((1 + 50 / 9) ** 0.5 * np.log(plain.high / plain.low), rel=0.2)
    assert label_worth(LABELS, scratch, reuse)[1] == plain


def test_what_was_not_reached_is_none_in_json() -> None:
    scratch = curves([logarithmic(k) for k in LABELS])
    last = label_worth(LABELS, scratch, scratch + 0.2)[-1].as_dict()
    assert json.loads(json.dumps(last, allow_nan=False)) == {
        "labels": 35,
        "accuracy": pytest.approx(logarithmic(35) + 0.2, abs=1e-6),
        "equals": None,
        "low": None,
        "high": None,
        "fewest": 1,
        "most": 35,
        "says": "more than 35",
    }


@pytest.mark.parametrize(
    ("labels", "shape", "message"),
    [((1, 2), (3, 5), "two curves need"), ((2, 1), (2, 5), "must rise from 1 or more: 2, 1"), ((0, 1), (2, 5), "must rise")],
)
def test_what_is_no_curve_is_refused(labels: tuple[int, ...], shape: tuple[int, int], message: str) -> None:
    with pytest.raises(DataError, match=message):
        label_worth(labels, np.zeros(shape), np.zeros(shape))
