"""Trials that are cross-validations: bodies are trained first and compared with nothing, then every fold is a number."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("sklearn")

from click.testing import CliRunner

from inkread.cli import main
from inkread.errors import RunError, UsageError
from inkread.study import Bench, Here, Plan, Row, Runner, StudyFolder, answer, begin, write_report
from inkread.study.estimate import Estimate, measured
from small_letters import CHARACTERS, PER_CLASS, body_run, small_file
from tiny_study import asked, written

TEXT = """
name = "reused"
question = "What is it worth?"
procedure = "transfer"
alphabet = "ABC"
design = "questions"

[set]
"transfer.folds" = 3
"transfer.epochs" = 1

[worth]
of = "examples"
against = "scratch small"
without = "as is"
unit = "labels a class"

[[bodies]]
name = "tiny"
recipe = "mlp"
data = "large"
alphabet = "ABC"
set = { "network.width" = 8, "network.layers" = 1, "training.batch" = 16 }

[[factors]]
key = "transfer.method"
values = ["new head", "as is", "scratch small"]

[[factors]]
key = "transfer.body"
values = ["tiny"]

[[factors]]
name = "examples"
label = "labels a class"
key = "transfer.examples"
values = [1, 2, 6]
base = 6

[[questions]]
vary = "method"

[[questions]]
vary = "examples"
at = { method = ["new head", "scratch small"] }

[budgets.smoke]
epochs = 2
held = 0
seeds = 2
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(small_file(tmp_path_factory.mktemp("small") / "small.npz"))


def run(study: Path, out: Path, **more: object) -> tuple[Plan, StudyFolder, list[str]]:
    plan, folder = begin(asked(study, **more), out)
    done: list[str] = []

    class Told(Here):
        def begin(self, job, bench):  # type: ignore[no-untyped-def]
            done.append(job.setting)
            return super().begin(job, bench)

    Runner(plan, folder, Told(), Bench(folder.path, 1, "cpu"), str(folder.path / "trials.log"), Estimate({}, 60)).run()
    return plan, folder, done


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return written(tmp_path, TEXT)


def test_bodies_are_trained_first_then_each_fold_is_a_number(tmp_path: Path, letters: Path, small: str, study: Path) -> None:
    where = {"data": small, "named": {"large": str(letters)}}
    plan, folder, done = run(study, tmp_path / "studies", **where)
    assert (done[0], len(done), plan.total()) == ("body tiny", 15, 15)
    found = answer(plan, folder)
    assert [(row.setting, row.seed, row.folds) for row in found.pilots] == [("body tiny", 0, ())]
    assert {len(row.folds) for row in found.rows} == {3}
    assert {row.seed for row in found.rows} == {1, 2}
    assert {row.count for row in found.rows} == {PER_CLASS * len(CHARACTERS)}
    assert (found.failed, found.comparison.over, found.classes) == ([], "folds", 3)
    assert sum(each.kind == "worth" for each in found.findings) == 2
    head = next(row for row in found.rows if row.setting == "base")
    assert head.pictures == PER_CLASS * len(CHARACTERS) * 2 // 3
    told = write_report(found, folder).markdown("figures")
    assert "dealt into 3 folds" in told
    assert "amounts.svg" in {each.name for each in (folder.path / "figures").iterdir()}
    assert not (folder.path / "best.toml").exists()
    assert (folder.path / "runs" / next(iter(plan.bodies.values())).name / "weights.safetensors").is_file()
    assert run(study, tmp_path / "studies", **where)[2] == [], "what has finished is not done again"


def test_a_finished_run_stands_in_for_a_body(tmp_path: Path, small: str, study: Path) -> None:
    body = body_run(tmp_path / "mine", CHARACTERS)
    plan, folder, done = run(study, tmp_path / "studies", data=small, bodies={"tiny": str(body)})
    assert "body tiny" not in done
    assert answer(plan, folder).failed == []
    assert f"the run {body}" in write_report(answer(plan, folder), folder).html()
    with pytest.raises(RunError, match=r"begun otherwise \(bodies\)"):
        begin(asked(study, data=small), tmp_path / "studies")
    with pytest.raises(UsageError, match="the study reused has no body of this name: large"):
        begin(asked(study, data=small, bodies={"large": str(body)}), tmp_path / "other")
    with pytest.raises(RunError, match="this is no finished run, it lacks"):
        begin(asked(study, data=small, bodies={"tiny": str(tmp_path)}), tmp_path / "other")


def test_what_needs_a_body_waits_for_it_and_what_needs_none_does_not(tmp_path: Path, small: str, study: Path) -> None:
    plan, _ = begin(asked(study, data=small), tmp_path / "studies")
    (body,) = plan.bodies.values()
    now = [each.setting for each in plan.jobs({}).values()]
    assert now[0] == "body tiny"
    assert all("scratch small" in each for each in now[1:])
    assert {each.setting for each in plan.later({})} == {"base", "method = as is", "examples = 1", "examples = 2"}
    there = {body.name: Row(body.setting, {}, 0, accuracy=0.9)}
    assert (len(plan.jobs(there)), plan.later(there)) == (plan.total(), [])
    failed = {body.name: replace(there[body.name], error="no")}
    assert len(plan.later(failed)) == 8


def test_a_small_set_that_cannot_be_is_told_before_anything_begins(tmp_path: Path, letters: Path, study: Path) -> None:
    few = small_file(tmp_path / "few.npz", per_class=2)
    plan, _ = begin(asked(study, data=str(few), named={"large": str(letters)}), tmp_path / "studies")
    with pytest.raises(Exception, match="3 folds need as many pictures of each class, one has 2"):
        measured(plan, 1, "cpu")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"transfer.folds" = 3', '"transfer.fold" = 3', "a transfer has no such key: transfer.fold"),
        ('"transfer.folds" = 3', '"transfer.folds" = 1', "folds is a whole number from 2: 1"),
        ('"transfer.folds" = 3', '"transfer.folds" = "3"', "transfer.folds cannot be this: '3'"),
        ('"as is", "s', '"as it is", "s', "unknown method: as it is"),
        ('values = ["tiny"]', 'values = ["large"]', "the study reused has no body of this name: large"),
        ("[1, 2, 6]", "[1, 2, 6.5, 6]", "transfer.examples cannot be this: 6.5"),
        ('key = "transfer.body"', 'key = "network.body"', "levels of a transfer set what is reused how, not a recipe: network.body"),
        ('procedure = "transfer"', 'procedure = "transfers"', "unknown procedure: transfers"),
        ('procedure = "transfer"', 'recipe = "mlp"', "bodies are for a transfer: tiny"),
    ],
)
def test_what_a_transfer_cannot_be_is_one_sentence(tmp_path: Path, small: str, old: str, new: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        begin(asked(written(tmp_path, TEXT.replace(old, new)), data=small), tmp_path / "studies")


def test_a_body_is_told_as_name_and_run(study: Path) -> None:
    told = CliRunner().invoke(main, ["study", "run", str(study), "--body", "tiny"])
    assert told.exit_code == 2
    assert "a body is told as NAME=RUN: tiny" in told.stderr
