"""Risk against coverage, confusion and the paired test, against worked examples."""

from __future__ import annotations

import numpy as np
import pytest

from inkread.alphabet import Alphabet
from inkread.errors import DataError
from inkread.evaluation import Predictor, confusion, mcnemar, risk_coverage


def test_risk_and_coverage_of_a_worked_example() -> None:
    curve = risk_coverage([0.9, 0.5, 0.8, 0.7], [True, False, True, False])
    assert curve.threshold.tolist() == [0.9, 0.8, 0.7, 0.5]
    assert curve.coverage.tolist() == [0.25, 0.5, 0.75, 1.0]
    assert curve.risk == pytest.approx([0, 0, 1 / 3, 0.5])
    assert curve.area == pytest.approx((0 + 0 + 1 / 3 + 0.5) / 4)
    assert curve.place_for(0.01) == 1
    assert curve.place_for(0.5) == 3


def test_equal_confidences_are_kept_or_left_together() -> None:
    curve = risk_coverage([0.9, 0.6, 0.6], [False, True, True])
    assert curve.threshold.tolist() == [0.9, 0.6]
    assert curve.coverage == pytest.approx([1 / 3, 1.0])
    assert curve.place_for(0.1) is None


def test_confusion_counts_sets_and_missing_answers() -> None:
    found = confusion([0, 1, 1, -1], np.array([[1, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 1]], bool), Alphabet("ABC"))
    assert found.counts.tolist() == [[1, 1, 0, 0], [0, 1, 0, 0.5], [0, 0, 0, 0.5]]
    assert found.worst() == [("A", "B", 1.0)]
    assert found.counts.sum() == 4


def test_mcnemar_of_a_textbook_table() -> None:
    first = np.array([True] * 59 + [True] * 6 + [False] * 16 + [False] * 80)
    second = np.array([True] * 59 + [False] * 6 + [True] * 16 + [False] * 80)
    found = mcnemar(first, second)
    assert (found.first_only, found.second_only) == (6, 16)
    assert found.p == pytest.approx(0.05248, abs=1e-4)
    assert found.difference == pytest.approx(-10 / 161)
    assert mcnemar(first, first).p == 1.0


def test_mcnemar_of_many_disagreements_meets_the_exact_test() -> None:
    first = np.array([True] * 560 + [False] * 480)
    exact, near = mcnemar(first[:1000], ~first[:1000]), mcnemar(first, ~first)
    assert exact.p < 0.001
    assert near.p == pytest.approx(0.0143, abs=1e-3)


def test_lengths_that_differ_are_refused() -> None:
    with pytest.raises(DataError):
        mcnemar([True], [True, False])
    with pytest.raises(DataError):
        risk_coverage([0.5], [True, False])


def test_anything_with_an_alphabet_and_probabilities_is_a_predictor() -> None:
    class Uniform:
        alphabet = Alphabet("AB")

        def probabilities(self, pictures: np.ndarray) -> np.ndarray:
            return np.full((len(pictures), 2), 0.5)

    assert isinstance(Uniform(), Predictor)
    assert not isinstance(object(), Predictor)
