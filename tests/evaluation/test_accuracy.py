"""Shares with their intervals, against worked examples."""

from __future__ import annotations

import numpy as np
import pytest

from inkread.errors import DataError
from inkread.evaluation import Accuracy, accuracy, by_class, macro_accuracy, newcombe, right, unpaired, wilson


def test_wilson_gives_the_textbook_intervals() -> None:
    assert wilson(10, 10) == pytest.approx((0.7225, 1.0), abs=1e-4)
    assert wilson(0, 10) == pytest.approx((0.0, 0.2775), abs=1e-4)
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson(0, 0) == (0.0, 1.0)


def test_a_share_lies_in_its_interval_also_where_pictures_count_in_parts() -> None:
    for count in (0.2, 0.5, 1.0, 2.5, 1 / 3 + 7, 1e3, 1e6):
        for share in (0.0, 1e-3, 1 / 3, 0.5, 1.0):
            low, high = wilson(share * count, count)
            assert 0 <= low <= share <= high <= 1


def test_two_shares_of_other_pictures() -> None:
    """Newcombe's own example (1998, table II, 56 of 70 against 48 of 80); its chi squared by hand: 150 * (56 * 32 - 14 * 48)^2
    / (70 * 80 * 104 * 46) = 7.0234."""
    first, second = Accuracy.of(56, 70), Accuracy.of(48, 80)
    assert newcombe(first, second) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert unpaired(first, second) == unpaired(second, first) == pytest.approx(0.008045, abs=1e-6)
    assert unpaired(Accuracy.of(7, 7), Accuracy.of(3, 3)) == 1.0


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
