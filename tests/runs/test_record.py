"""What one sees of a run by its folder."""

from __future__ import annotations

import os
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from inkread.errors import RunError, SourceNotFound
from inkread.evaluation import Accuracy, wilson
from inkread.runs import find, listed, record
from made_runs import Made


def test_a_finished_run_tells_its_accuracy_with_the_interval_of_its_pictures(made: Made) -> None:
    run = record(made("a"))
    assert run.state == "finished"
    assert run.best == 1
    assert run.validation == Accuracy(70, 100, 0.7, *wilson(70, 100))
    assert (run.parameters, run.seconds, run.planned, run.data) == (1234, 40.0, 4, ("mnist:train",))


def test_a_run_that_is_written_to_goes_on_and_one_left_alone_was_killed(made: Made) -> None:
    folder = made("a", done=3, finished=False)
    assert record(folder).state == "running"
    hour_ago = time.time() - 3600
    for each in folder.iterdir():
        os.utime(each, (hour_ago, hour_ago))
    run = record(folder)
    assert run.state == "killed"
    assert (len(run.rows), run.best, run.validation) == (3, 1, 0.7)


@pytest.mark.parametrize(("choose_by", "best"), [("mean/loss", 1), ("digits/accuracy", 2), ("last", 3), ("digits/flat_accuracy", None)])
def test_the_epoch_of_a_run_that_goes_on_is_the_one_that_its_recipe_would_keep(made: Made, choose_by: str, best: int | None) -> None:
    run = record(made("a", finished=False, changes={"training.choose_by": choose_by}))
    assert (run.best, run.as_dict()["choose_by"]) == (best, choose_by)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("recipe.toml", 'name = "b"\ntraining = 3\n'),
        ("recipe.toml", 'name = "b"\nsources = 3\n'),
        ("recipe.toml", 'name = "b"\nsources = ["x"]\n'),
        ("metrics.json", "[1]"),
        ("metrics.json", '{"best_epoch": 1, "scores": {}, "counts": {}}'),
        ("metrics.json", '{"best_epoch": null, "scores": {"digits": {"accuracy": 1}}, "counts": {}}'),
        ("validation.npz", "PK nothing"),
        ("validation.npz", ""),
    ],
)
def test_a_damaged_run_is_left_out_of_a_list_and_told(made: Made, file: str, text: str) -> None:
    folder, other = made("b"), made("a")
    (folder / file).write_text(text)
    broken: list[RunError] = []
    assert [each.folder for each in listed(folder.parent, broken.append)] == [other]
    assert str(broken[0]).startswith(f"this run cannot be read: {folder}: ")


def test_a_run_before_its_first_epoch_has_ended_is_told_of_too(made: Made) -> None:
    run = record(made("a", done=0, finished=False))
    assert (run.best, run.validation, run.seconds) == (None, None, 0.0)
    assert run.as_dict()["state"] == "running"


def test_when_it_began_outlives_a_copy(made: Made, tmp_path: Path) -> None:
    copy = shutil.copytree(made("a"), tmp_path / "copy")
    assert record(Path(copy)).began == datetime.fromtimestamp(1_800_000_000, UTC)


def test_a_recipe_of_another_version_is_listed_all_the_same(made: Made) -> None:
    recipe = made("a") / "recipe.toml"
    recipe.write_text('key_of_tomorrow = "x"\n' + recipe.read_text())
    assert [each.name for each in listed(recipe.parent.parent)] == ["a"]


def test_runs_are_found_below_a_folder_the_oldest_first(made: Made, tmp_path: Path) -> None:
    made("later", done=0)
    made("study/first")
    assert [each.name for each in listed(tmp_path)] == ["later", "first"]


def test_a_run_that_is_not_there_is_met_with_the_nearest_name(made: Made, tmp_path: Path) -> None:
    made("letters-mlp")
    with pytest.raises(SourceNotFound, match="no such run: letter-mlp") as error:
        find("letter-mlp", tmp_path / "runs")
    assert "letters-mlp" in error.value.hint


def test_what_is_no_run_is_refused(tmp_path: Path, made: Made) -> None:
    with pytest.raises(RunError, match=r"lacks recipe\.toml"):
        record(tmp_path)
    with pytest.raises(SourceNotFound, match="no runs in"):
        listed(tmp_path)
    with pytest.raises(SourceNotFound, match="no such folder"):
        listed(tmp_path / "nowhere")
    broken = made("a")
    (broken / "metrics.json").write_text("{")
    with pytest.raises(RunError, match="cannot be read"):
        record(broken)
    (made("b") / "validation.npz").write_bytes(b"PK nothing")
    with pytest.raises(RunError, match="cannot be read"):
        _ = record(broken.parent / "b").validation
