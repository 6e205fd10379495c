"""Probabilities that mean something: the error where it is known, and the temperature where it was put in."""

from __future__ import annotations

import numpy as np
import pytest

from inkread.errors import DataError
from inkread.evaluation import calibration, expected_calibration_error, fit_temperature, negative_log_likelihood, softmax


def drawn(count: int = 20_000, classes: int = 5, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Logits, and labels that are drawn from their softmax."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 2, (count, classes))
    labels = (softmax(logits).cumsum(axis=1) > rng.random((count, 1))).argmax(axis=1)
    return logits, labels


def test_the_error_of_honest_probabilities_is_small_and_of_boasting_ones_large() -> None:
    logits, labels = drawn()
    assert expected_calibration_error(softmax(logits), labels) < 0.015
    assert expected_calibration_error(softmax(4 * logits), labels) > 0.1


def test_the_error_of_a_worked_example() -> None:
    probabilities = np.array([[0.9, 0.1]] * 4 + [[0.6, 0.4]] * 2)
    found = calibration(probabilities, [0, 0, 0, 1, 0, 1], bins=10)
    assert found.error == pytest.approx((4 * abs(0.9 - 0.75) + 2 * abs(0.6 - 0.5)) / 6)
    assert [each.count for each in found.bins] == [0, 0, 0, 0, 0, 2, 0, 0, 4, 0]
    assert found.as_dict()["bins"][0]["accuracy"] is None


def test_the_temperature_that_was_put_in_is_found() -> None:
    logits, labels = drawn()
    for given in (0.4, 1.0, 3.0):
        found = fit_temperature(logits * given, labels)
        assert found.value == pytest.approx(given, rel=0.05)
        assert found.after <= found.before + 1e-12


def test_the_temperature_is_found_under_a_prior_and_with_sets() -> None:
    rng = np.random.default_rng(1)
    logits = rng.normal(0, 2, (20_000, 4))
    prior = np.log([0.7, 0.1, 0.1, 0.1])
    labels = (softmax(logits + prior).cumsum(axis=1) > rng.random((20_000, 1))).argmax(axis=1)
    assert fit_temperature(2 * logits, labels, prior).value == pytest.approx(2.0, rel=0.05)
    pairs = np.eye(4, dtype=bool)[labels]
    pairs[:, :2] |= pairs[:, :2].any(axis=1, keepdims=True)
    assert fit_temperature(2 * logits, pairs, prior).value == pytest.approx(2.0, rel=0.08)


def test_likelihood_sums_over_the_set_and_weights_count() -> None:
    probabilities = np.array([[0.5, 0.3, 0.2], [0.1, 0.1, 0.8]])
    sets = np.array([[True, True, False], [False, False, True]])
    assert negative_log_likelihood(probabilities, sets) == pytest.approx(-(np.log(0.8) + np.log(0.8)) / 2)
    assert negative_log_likelihood(probabilities, [0, 2], [1.0, 0.0]) == pytest.approx(-np.log(0.5))
    assert np.isfinite(negative_log_likelihood([[1.0, 0.0]], [1]))


def test_rows_that_are_no_probabilities_are_refused() -> None:
    with pytest.raises(DataError, match="must sum to 1"):
        calibration([[0.9, 0.9]], [0])
