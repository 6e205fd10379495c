"""What a run goes back to by other runs: told with it, never from the pictures that it validates on, and asked before it is taken."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from inkread.cli.subjects import subject
from inkread.errors import RunError
from inkread.recipes import Recipe
from inkread.training import Circumstances, Ensemble, Pool, Run, fit, pack, run_in
from inkread.training.provenance import learnt_from
from tiny_training import shape_pool, tiny_recipe

ONE, TWO = replace(shape_pool("one"), data={"a.npz": "1" * 64}), replace(shape_pool("two", 60, 1), data={"b.npz": "2" * 64})


def on(*names: str, **training: object) -> Recipe:
    recipe = tiny_recipe(**{"epochs": 1} | training)
    return recipe.without(*(each.name for each in recipe.sources if each.name not in names))


def trained(folder: Path, recipe: Recipe, *pools: Pool, start: Path | None = None, teachers: tuple[Path, ...] = ()) -> Run:
    return fit(recipe, pools, folder, Circumstances(threads=1, start=start, teachers=teachers))


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run on both sources."""
    return trained(tmp_path_factory.mktemp("runs") / "both", on("one", "two"), ONE, TWO).folder


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory, both: Path) -> Path:
    """A run on other pictures that started from the weights of the one on both."""
    other = replace(shape_pool("two", 70, 7), data={"c.npz": "3" * 64})
    return trained(tmp_path_factory.mktemp("runs") / "later", on("two"), other, start=both).folder


def test_what_runs_before_it_learnt_from_is_told_of_a_run_and_goes_into_its_bundle(both: Path, later: Path, tmp_path: Path) -> None:
    every = {"one": "1" * 64, "two": f"{'3' * 64}+{'2' * 64}"}
    assert Run(later).learnt_from == every
    assert subject(str(later)).trained_by == every
    assert pack(Run(later), [], tmp_path / "later.onnx").manifest.data == every
    assert Ensemble((Run(both), Run(later))).learnt_from == {"one": "1" * 64, "two": f"{'2' * 64}+{'3' * 64}"}


def test_teachers_of_teachers_count_too() -> None:
    first = {"data": {"x": {"x.npz": "1"}}}
    second = {"data": {"y": {"y.npz": "2"}}, "started_from": None, "teachers": [{"provenance": first}]}
    assert learnt_from([{"data": {"y": {"y.npz": "2"}}, "teachers": [{"provenance": second}]}]) == {"y": "2", "x": "1"}


def test_nothing_before_a_run_has_seen_what_it_holds_back(both: Path, later: Path, tmp_path: Path) -> None:
    """Whether the other data differ, the source is called otherwise, or the run that saw them is not the last one before."""
    renamed = replace(ONE, name="two")
    for start in (True, False):
        what = "the run to start from" if start else "a teacher"
        for of in (both, later):
            before = {"start": of} if start else {"teachers": (of,)}
            with pytest.raises(RunError, match=f"^{what} learnt from pictures that this run would validate on: ") as caught:
                trained(tmp_path / "split", on("one", split=2), ONE, **before)  # type: ignore[arg-type]
            assert "training.split" in caught.value.hint
            with pytest.raises(RunError, match=f"^{what} learnt from pictures that this run would validate on: "):
                trained(tmp_path / "renamed", on("two"), renamed, **before)  # type: ignore[arg-type]
    assert trained(tmp_path / "same", on("one"), ONE, start=later).metrics["epochs"] == 1


def test_a_run_of_before_that_was_recorded_is_asked_by_the_pictures_it_keeps(both: Path, tmp_path: Path) -> None:
    old = Path(shutil.copytree(both, tmp_path / "old"))
    told = json.loads((old / "provenance.json").read_text())
    del told["held"]
    (old / "provenance.json").write_text(json.dumps(told))
    assert trained(tmp_path / "same", on("one"), ONE, start=old).metrics["epochs"] == 1
    with pytest.raises(RunError, match="would validate on"):
        trained(tmp_path / "split", on("one", split=2), ONE, start=old)


def test_a_finished_run_is_taken_only_for_the_same_one(both: Path, later: Path, tmp_path: Path) -> None:
    recipe, pools = Run(both).recipe, [ONE, TWO]
    assert run_in(both, recipe, pools).folder == both
    for told, use, of, circumstances in (
        ("another recipe", recipe.changed({"seed": 9}), pools, Circumstances()),
        ("other pictures", recipe, [ONE, shape_pool("two", 60, 5)], Circumstances()),
        ("another --start or --teacher", recipe, pools, Circumstances(start=later)),
        ("another --start or --teacher", recipe, pools, Circumstances(teachers=(later,))),
    ):
        with pytest.raises(RunError, match=f"^the folder holds a run of {told}: "):
            run_in(both, use, of, circumstances)
    started = Circumstances(start=both)
    other = [replace(shape_pool("two", 70, 7), data={"c.npz": "3" * 64})]
    assert run_in(later, Run(later).recipe, other, started).folder == later


def test_the_pictures_of_a_source_are_hashed_once() -> None:
    pool = shape_pool("one", 20)
    assert pool.digest is pool.digest
    assert pool.digest != replace(pool, targets=pool.targets[:, [1, 0, 2]]).digest
