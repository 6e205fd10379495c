"""Shares with their intervals, against worked examples."""

from __future__ import annotations

import numpy as np
import pytest

from inkread.errors import DataError
from inkread.evaluation import accuracy, by_class, macro_accuracy, right, wilson


def test_wilson_gives_the_textbook_intervals() -> None:
    assert wilson(10, 10) == pytest.approx((0.7225, 1.0), abs=1e-4)
    assert wilson(0, 10) == pytest.approx((0.0, 0.2775), abs=1e-4)
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson(0, 0) == (0.0, 1.0)


def test_accuracy_counts_and_says_so() -> None:
    found = accuracy([0, 1, 2, 1], [0, 1, 1, 1])
    assert (found.right, found.count, found.value) == (3, 4, 0.75)
    assert found.low < 0.75 < found.high
    assert str(found).startswith("75.00 % (")
    assert found.as_dict()["right"] == 3


def test_an_answer_inside_the_set_is_right_and_no_answer_is_wrong() -> None:
    sets = np.array([[True, True, False], [False, True, True], [True, False, False]])
    assert right([1, 0, -1], sets).tolist() == [True, False, False]


def test_macro_accuracy_is_the_mean_over_the_classes_present() -> None:
    answers, truth = [0] * 9 + [0], [0] * 9 + [1]
    assert accuracy(answers, truth).value == 0.9
    assert macro_accuracy(answers, truth, 3) == pytest.approx(0.5)
    assert by_class(answers, truth, 3)[:2].tolist() == [1.0, 0.0]
    assert np.isnan(by_class(answers, truth, 3)[2])


@pytest.mark.parametrize(
    ("answers", "truth", "told"),
    [
        ([0, 1], [0], "2 answers for 1 pictures"),
        ([], np.zeros(0, int), "no picture"),
        ([0.5], [0], "answers must be integers"),
        ([0], [-1], "labels must lie in"),
        ([0], np.array([[False, False]]), "without a true class: 1"),
        ([2], np.array([[False, True]]), "answers must lie below 2"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(answers: object, truth: object, told: str) -> None:
    with pytest.raises(DataError, match=told):
        accuracy(answers if answers else np.zeros(0, int), truth)  # type: ignore[arg-type]
