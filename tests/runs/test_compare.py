"""What differs between runs, and what it changed."""

from __future__ import annotations

import json

import pytest

from inkread.errors import RunError, UsageError
from inkread.runs import compared, record
from made_runs import Made


def test_runs_on_the_same_pictures_are_compared_picture_by_picture(made: Made) -> None:
    """The second gets 10 right that the first does not, and loses none: exact McNemar, 2 / 2**10."""
    first, second = record(made("a", right=70)), record(made("b", right=80))
    (change,) = compared([first, second]).changes
    assert (change.run, change.against, change.paired, change.pictures) == ("b", "a", True, 100)
    assert change.difference == pytest.approx(0.1)
    assert change.p == change.corrected == pytest.approx(2 / 2**10)
    assert (change.low, change.high) == pytest.approx((0.05, 0.16), abs=0.011)  # 10 of 100: 5 to 16 in 95 % of binomial draws
    assert change.told_apart


def test_runs_on_other_pictures_are_compared_as_independent_ones(made: Made) -> None:
    """Newcombe's own example (1998, table II, 56 of 70 against 48 of 80)."""
    first, second = record(made("a", right=48, count=80)), record(made("b", right=56, count=70, pictures=1))
    (change,) = compared([first, second]).changes
    assert (change.paired, change.p) == (False, pytest.approx(0.008045, abs=1e-6))
    assert (change.difference, change.low, change.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


def test_the_same_labels_of_other_pictures_are_not_the_same_pictures(made: Made) -> None:
    (change,) = compared([record(made("a")), record(made("b", pictures=9))]).changes
    assert not change.paired


def test_what_is_looked_at_together_is_told_apart_together(made: Made) -> None:
    """Six more right and none less is p = 1/32: alone told apart, as one of two it is not."""
    first, second, third = record(made("a", right=70)), record(made("b", right=76)), record(made("c", right=70))
    assert [each.told_apart for each in compared([first, second]).changes] == [True]
    facts = compared([first, second, third]).as_dict()["changes"]
    assert [(each["p"], each["corrected"], each["told_apart"]) for each in facts] == [(1 / 32, 1 / 16, False), (1.0, 1.0, False)]


def test_of_teachers_only_which_weights_they_had_is_told(made: Made) -> None:
    first, second = made("a"), made("b")
    file = second / "provenance.json"
    teacher = {"weights": "3" * 64, "provenance": {"recipe": "big", "pools": {"a": "4" * 64}, "versions": {"torch": "2"}}}
    file.write_text(json.dumps(json.loads(file.read_text()) | {"teachers": [teacher]}))
    assert compared([record(first), record(second)]).differences == {"from teachers.0": (None, "3" * 64)}


def test_a_provenance_that_cannot_be_read_is_an_error_of_the_run(made: Made) -> None:
    first, second = made("a"), made("b")
    for broken in ("{", "[1]", '{"started_from": 3}', '{"teachers": ["x"]}'):
        (second / "provenance.json").write_text(broken)
        with pytest.raises(RunError, match=r"this run cannot be read: .*b: "):
            compared([record(first), record(second)])


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
