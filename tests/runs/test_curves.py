"""Curves out of a run's files."""

from __future__ import annotations

import pytest

from inkread.errors import RunError
from inkread.runs import curves
from made_runs import Made


def test_a_run_has_the_parts_that_its_files_hold(made: Made) -> None:
    plain, tested = curves(made("a")), curves(made("b", test=True))
    assert [each.part for each in plain.of] == ["train", "val"]
    assert [each.part for each in tested.of] == ["train", "val", "test"]
    assert plain.of[1].loss == (1.5, 0.8, 0.9, 1.0)
    assert tested.of[2].accuracy == pytest.approx((0.35, 0.65, 0.7, 0.69))
    assert (tested.best, tested.tested_on) == ({"b": 1}, {"b": "mnist:test"})


def test_the_epoch_is_marked_only_where_it_is_chosen(made: Made) -> None:
    assert curves(made("a", finished=False, done=2)).best == {}


def test_two_runs_of_the_same_name_are_told_apart(made: Made) -> None:
    first, second = made("x/a"), made("y/a")
    assert curves(first, second).runs == (str(first), str(second))


def test_a_run_without_an_epoch_has_no_curves(made: Made) -> None:
    with pytest.raises(RunError, match="no epoch has ended yet"):
        curves(made("a", done=0, finished=False))
