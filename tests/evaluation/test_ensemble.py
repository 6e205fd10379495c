"""Several models together: the mean of their probabilities, and who of them is taken how often."""

from __future__ import annotations

import numpy as np
import pytest

from inkread.evaluation import chosen_greedily, negative_log_likelihood, pooled, softmax

TRUTH = np.random.default_rng(0).integers(0, 3, 600)
TARGETS = np.eye(3, dtype=bool)[TRUTH]


def guesser(skill: float, seed: int) -> np.ndarray:
    """Logits that know the truth so well and err in their own way."""
    return skill * TARGETS + np.random.default_rng(seed).normal(0, 1, (600, 3))


def test_the_log_of_the_mean_of_the_probabilities() -> None:
    logits = [np.log([[0.2, 0.8]]), np.log([[0.6, 0.4]])]
    assert np.exp(pooled(logits)) == pytest.approx(np.array([[0.4, 0.6]]))
    assert np.exp(pooled(logits, [3, 1])) == pytest.approx(np.array([[0.3, 0.7]]))
    assert np.isfinite(pooled([[[0.0, -2000.0]], [[0.0, -3000.0]]])).all()


def test_who_errs_otherwise_is_taken_and_who_knows_nothing_is_not() -> None:
    members = [guesser(2.0, 1), guesser(2.0, 2), guesser(0.0, 3)]
    taken = chosen_greedily(members, TARGETS)
    assert taken[2] == 0
    assert min(taken[:2]) > 0
    alone = min(negative_log_likelihood(softmax(each), TARGETS) for each in members)
    assert negative_log_likelihood(softmax(pooled(members, taken.tolist())), TARGETS) < alone


def test_one_that_is_best_alone_is_taken_once() -> None:
    assert chosen_greedily([guesser(8.0, 1), guesser(-3.0, 2)], TARGETS).tolist() == [1, 0]
    assert chosen_greedily([guesser(-3.0, 2), guesser(8.0, 1)], TARGETS).tolist() == [0, 1]


def test_the_choice_goes_by_the_prior_and_by_what_counts() -> None:
    """The first knows only class 0, the second only the others."""
    zero = TRUTH == 0
    first, second = (np.where(known[:, None], 6.0 * TARGETS, 0.0) for known in (zero, ~zero))
    assert chosen_greedily([first, second], TARGETS, importance=zero.astype(float)).tolist() == [1, 0]
    assert chosen_greedily([first, second], TARGETS, importance=(~zero).astype(float)).tolist() == [0, 1]
    sure = np.log([1 - 2e-6, 1e-6, 1e-6])
    frequent = np.zeros((600, 3))
    frequent[:, 0] = -3.0
    assert chosen_greedily([frequent, np.zeros((600, 3))], TARGETS[zero.nonzero()[0][:1].repeat(600)], sure).tolist() == [0, 1]


def test_a_picture_that_may_be_several_characters_counts_their_sum() -> None:
    either = np.tile([True, True, False], (5, 1))
    torn, wrong = np.tile([3.0, 3.0, 0.0], (5, 1)), np.tile([2.0, 0.0, 2.0], (5, 1))
    assert chosen_greedily([wrong, torn], either).tolist() == [0, 1]
