"""What differs between runs, and what it changed."""

from __future__ import annotations

import pytest

from inkread.errors import UsageError
from inkread.runs import compared, record
from made_runs import Made


def test_runs_on_the_same_pictures_are_compared_picture_by_picture(made: Made) -> None:
    """The second gets 10 right that the first does not, and loses none: exact McNemar, 2 / 2**10."""
    first, second = record(made("a", right=70)), record(made("b", right=80))
    (change,) = compared([first, second]).changes
    assert (change.run, change.against, change.paired, change.pictures) == ("b", "a", True, 100)
    assert change.difference == pytest.approx(0.1)
    assert change.p == pytest.approx(2 / 2**10)
    half = 1.959964 * (10 - 10**2 / 100) ** 0.5 / 100
    assert (change.low, change.high) == pytest.approx((0.1 - half, 0.1 + half))


def test_runs_on_other_pictures_are_compared_as_independent_ones(made: Made) -> None:
    """Newcombe's own example (1998, table II, 56 of 70 against 48 of 80)."""
    first, second = record(made("a", right=48, count=80)), record(made("b", right=56, count=70, pictures=1))
    (change,) = compared([first, second]).changes
    assert (change.paired, change.p) == (False, None)
    assert (change.difference, change.low, change.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


def test_the_same_labels_of_other_pictures_are_not_the_same_pictures(made: Made) -> None:
    (change,) = compared([record(made("a")), record(made("b", pictures=9))]).changes
    assert not change.paired


def test_what_differs_is_told_and_names_decide_nothing(made: Made) -> None:
    first, second = record(made("a")), record(made("b", changes={"training.rate": 0.5}))
    found = compared([first, second])
    assert found.differences == {"training.rate": (0.002, 0.5)}
    assert found.as_dict()["differences"] == [{"key": "training.rate", "values": [0.002, 0.5]}]


def test_other_data_and_other_code_are_differences_too(made: Made) -> None:
    first, second = made("a"), made("b")
    file = second / "provenance.json"
    file.write_text(file.read_text().replace("1" * 64, "2" * 64))
    assert compared([record(first), record(second)]).differences == {"from code": ("1" * 64, "2" * 64)}


def test_a_run_that_has_not_ended_is_compared_by_its_recipe_alone(made: Made) -> None:
    found = compared([record(made("a")), record(made("b", finished=False, changes={"seed": 2}))])
    assert found.changes == ()
    assert found.differences["seed"] == (1, 2)


def test_one_run_is_not_compared(made: Made) -> None:
    with pytest.raises(UsageError, match="two runs or more"):
        compared([record(made("a"))])
