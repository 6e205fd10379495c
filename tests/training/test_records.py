"""What a training leaves behind is what `inkread.runs` reads: the two know each other by files alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from inkread.evaluation import Accuracy
from inkread.recipes import Recipe
from inkread.runs import compared, curves, record
from inkread.training import Circumstances, fit
from tiny_training import shape_pool, tiny_recipe


def trained(folder: Path, recipe: Recipe) -> Path:
    return fit(recipe.without("two"), [shape_pool("one")], folder, Circumstances(threads=1)).folder


def test_a_run_is_read_as_it_was_left(tmp_path: Path) -> None:
    run = record(trained(tmp_path / "run", tiny_recipe()))
    assert run.state == "finished"
    assert isinstance(run.validation, Accuracy)
    assert run.validation.value == run.metrics["scores"]["one"]["accuracy"]
    assert run.validation.count == 32
    assert run.seconds > 0
    assert [each.part for each in curves(run).of] == ["train", "val"]


def test_two_runs_on_the_same_pictures_are_paired_and_the_difference_is_that_of_their_accuracies(tmp_path: Path) -> None:
    first = record(trained(tmp_path / "slow", tiny_recipe(rate=1e-5)))
    second = record(trained(tmp_path / "quick", tiny_recipe(epochs=4)))
    found = compared([first, second])
    (change,) = found.changes
    assert change.paired
    told = [each.metrics["scores"]["one"]["accuracy"] for each in (first, second)]
    assert change.difference == pytest.approx(told[1] - told[0], abs=1e-9)
    assert found.differences == {"training.epochs": (2, 4), "training.rate": (1e-5, 0.02)}
