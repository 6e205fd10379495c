"""Two models on the same pictures: intervals and corrections against what is known of them."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from inkread.alphabet import Alphabet
from inkread.errors import DataError, UsageError
from inkread.evaluation import bootstrap, compare, holm, mcnemar
from made_answers import labelled, sure


def test_holm_of_a_worked_example() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.6, 0.7]) == [1.0, 1.0]
    assert holm([]) == []


def test_the_bootstrap_meets_the_normal_interval_of_a_paired_difference() -> None:
    rng = np.random.default_rng(0)
    first, second = rng.random(4000) < 0.9, rng.random(4000) < 0.88
    change = first.astype(float) - second
    half = 1.96 * change.std(ddof=1) / np.sqrt(len(change))
    low, high = bootstrap(first, second)
    assert (low, high) == pytest.approx((change.mean() - half, change.mean() + half), abs=6e-4)
    assert bootstrap(first, second) == (low, high)


def test_pictures_of_one_hand_are_drawn_together() -> None:
    hands = np.repeat(np.arange(20), 50)
    better = np.repeat(np.arange(20) % 2 == 0, 50)
    first, second = better, ~better
    apart = np.diff(bootstrap(first, second))[0]
    together = np.diff(bootstrap(first, second, hands))[0]
    assert together > 5 * apart


def test_thousands_of_hands_take_little_memory() -> None:
    rng = np.random.default_rng(0)
    first, second = rng.random(7000) < 0.9, rng.random(7000) < 0.89
    tracemalloc.start()
    low, high = bootstrap(first, second, np.arange(7000) // 2)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert low < float(first.mean() - second.mean()) < high
    assert most < 40e6


def test_mcnemar_agrees_with_the_binomial_test_of_scipy() -> None:
    stats = pytest.importorskip("scipy.stats")
    first = np.array([True] * 30 + [False] * 12 + [True] * 100)
    second = np.array([False] * 30 + [True] * 12 + [True] * 100)
    assert mcnemar(first, second).p == pytest.approx(stats.binomtest(30, 42).pvalue)


def test_the_better_model_stands_first_and_its_gain_is_told_apart() -> None:
    labels = "ABC" * 100
    worse = "".join("B" if at % 10 == 0 else each for at, each in enumerate(labels))
    found = compare([sure(worse, name="worse"), sure(labels, name="better")], labelled(labels, name="test"))
    assert [each.model.name for each in found.models] == ["better", "worse"]
    (difference,) = found.differences
    assert (difference.first, difference.test.first_only, difference.test.second_only) == ("better", 20, 0)
    assert 0 < difference.low < difference.test.difference < difference.high
    assert difference.told_apart
    changed = {each.character: each.first - each.second for each in difference.characters}
    assert changed["B"] == 0.0
    assert found.as_dict()["differences"][0]["told_apart"] is True


def test_one_model_against_itself_cannot_be_told_apart() -> None:
    (difference,) = compare([sure("ABCA", name="one"), sure("ABCA", name="two")], labelled("ABCC")).differences
    assert (difference.test.p, difference.low, difference.high, difference.told_apart) == (1.0, 0.0, 0.0, False)


def test_looking_at_many_characters_is_paid_for() -> None:
    labels = "ABCDEFGH" * 8
    worse = "".join("A" if each == "B" and at < 48 else each for at, each in enumerate(labels))
    found = compare([sure(labels, "ABCDEFGH", "one"), sure(worse, "ABCDEFGH", "two")], labelled(labels, "ABCDEFGH"))
    first = found.differences[0].characters[0]
    assert first.character == "B"
    assert first.p < 0.05 < first.corrected


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(UsageError, match="two models at least"):
        compare([sure("A")], labelled("A"))
    with pytest.raises(UsageError, match="same name: model"):
        compare([sure("A"), sure("A")], labelled("A"))
    with pytest.raises(UsageError, match="different answers"):
        compare([sure("A"), sure("A", "AB", "other")], labelled("A"))
    with pytest.raises(UsageError, match="different answers"):
        compare([sure("A"), sure("A", "AB", "other")], labelled("A"), case="fold")
    with pytest.raises(DataError, match="1 labels are not among the answers"):
        compare([sure("AA", name="one"), sure("AA", name="two")], labelled("Ax", "ABCx"))


def test_models_of_different_answers_are_compared_over_common_ones() -> None:
    found = compare([sure("AB", name="one"), sure("AB", "AB", "other")], labelled("AB"), Alphabet("AB"))
    assert [each.accuracy.right for each in found.models] == [2, 2]
