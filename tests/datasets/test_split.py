from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkread.datasets import split
from inkread.errors import UsageError


def _targets(counts: list[int]) -> np.ndarray:
    return np.repeat(np.eye(len(counts), dtype=bool), counts, axis=0)


@given(st.lists(st.integers(0, 30), min_size=1, max_size=8), st.floats(0, 0.95), st.integers(0, 9))
def test_every_picture_stands_on_one_side_exactly(counts: list[int], fraction: float, seed: int) -> None:
    train, validation = split(_targets(counts), fraction, seed)
    assert sorted([*train.tolist(), *validation.tolist()]) == list(range(sum(counts)))
    assert fraction or not len(validation)


def test_every_class_gives_its_share() -> None:
    targets = _targets([1000, 100, 20])
    _, validation = split(targets, 0.1, 0)
    assert targets[validation].sum(axis=0).tolist() == [100, 10, 2]


def test_rare_classes_stand_on_both_sides_where_they_can() -> None:
    targets = _targets([500, 3, 2, 1])
    for fraction in (0.05, 0.9):
        train, validation = split(targets, fraction, 7)
        assert (targets[train].sum(axis=0)[:3] > 0).all()
        assert (targets[validation].sum(axis=0)[:3] > 0).all()
        assert targets[train].sum(axis=0)[3] == 1


def test_several_targets_are_a_class_of_their_own() -> None:
    targets = np.zeros((300, 3), bool)
    targets[:200, 0] = True
    targets[100:200, 1] = True
    _, validation = split(targets, 0.2, 1)
    assert [int(((validation >= start) & (validation < start + 100)).sum()) for start in (0, 100, 200)] == [20, 20, 20]


def test_the_seed_decides_and_nothing_else() -> None:
    targets = _targets([50, 50])
    again = [split(targets, 0.3, seed)[1].tolist() for seed in (1, 1, 2)]
    assert again[0] == again[1] != again[2]


def test_no_picture_is_split_into_nothing() -> None:
    assert [each.tolist() for each in split(np.zeros((0, 3), bool), 0.5, 0)] == [[], []]


@pytest.mark.parametrize("fraction", [-0.1, 1.0, float("nan")])
def test_a_share_that_leaves_nothing_to_train_is_refused(fraction: float) -> None:
    with pytest.raises(UsageError, match="the share that validates must be at least 0 and below 1"):
        split(_targets([4]), fraction, 0)
