"""A finished run on the command line: scored as it was trained, its temperature from what it held back."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from inkread.cli import main
from inkread.cli.subjects import subject
from inkread.evaluation import Temperature, fit_temperature
from inkread.recipes import Recipe
from inkread.training import Pool, Run, fit, pack, read_test, temperature_of
from inkread.training.loss import log_prior
from tiny_training import shape_folder, shapes, tiny_recipe


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, two_pools: list[Pool]) -> Run:
    """``runs/tiny``, seen from where it was trained, and ``shapes-test.npz`` to try it on."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("INKREAD_CACHE", str(tmp_path / "cache"))
    recipe: Recipe = tiny_recipe()
    finished = fit(recipe, two_pools, Path("runs") / "tiny")
    pictures, labels = shapes(60, 9)
    letters = np.array([ord(each) - ord("A") + 10 for each in "ABC"])[labels]
    np.savez("shapes-test.npz", testing_images=pictures.transpose(0, 2, 1), testing_labels=letters)
    return finished


def evaluated(*arguments: str) -> dict[str, object]:
    result = CliRunner().invoke(main, ["evaluate", "runs/tiny", "--data", "shapes-test.npz", "--json", *arguments])
    assert result.exit_code == 0, result.stderr
    told: dict[str, object] = json.loads(result.stdout)
    return told


def test_a_run_is_scored_and_test_labels_are_noted_beside_it(run: Run) -> None:
    told = evaluated()
    assert told["n"] == 60
    assert told["model"]["kind"] == "run"  # type: ignore[index]
    assert told["model"]["prior"] == "training"  # type: ignore[index]
    assert told["model"]["multiply_adds"] > told["model"]["parameters"] > 0  # type: ignore[index]
    assert len((run.folder.parent / "test-reads.csv").read_text().splitlines()) == 2
    assert evaluated("--prior", "flat")["model"]["prior"] == "flat"  # type: ignore[index]


def test_the_temperature_comes_from_the_held_back_pictures(run: Run) -> None:
    held = run.validation()
    names = np.unique(held.sources)
    priors = {name: log_prior(held.targets[held.sources == name]) for name in names}
    weights = [1 / (held.sources == name).sum() for name in held.sources]
    prior = np.stack([priors[name] for name in held.sources])
    assert temperature_of(run) == pytest.approx(fit_temperature(held.logits, held.targets, prior, weights).value, rel=1e-3)
    expected = fit_temperature(held.logits + prior, held.targets, weights=weights).value
    assert evaluated()["calibration"]["temperature"] == pytest.approx(expected, rel=1e-3)  # type: ignore[index]


def test_a_run_counts_letters_for_their_other_case_as_its_bundle_does_and_reads_with_the_threads_asked_for(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr("torch.set_num_threads", asked.append)
    monkeypatch.setattr(sys.modules["inkread.training.pack"], "best_case_weight", lambda *given: 0.25)
    assert subject("runs/tiny", threads=3).case_weight == 0.25
    assert asked == [3]


def test_every_command_tells_the_same_accuracy_of_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However large its temperature and however few pictures a class had; the part `validation` holds the pictures of `test`."""

    def told(*words: str) -> Any:
        done = CliRunner().invoke(main, [*words, "--json"])
        assert done.exit_code == 0, done.stderr
        return json.loads(done.stdout)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("INKREAD_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("inkread.training.calibrate.fit_temperature", lambda *given: Temperature(20.0, 2.0, 1.0))
    shape_folder(Path("set") / "train", count=120)
    for rare in list(Path("set/train/C").iterdir())[1:]:
        rare.unlink()
    for part in ("validation", "test"):
        shape_folder(Path("set") / part, count=90)
    words = ["train", "mlp", "--data", "set", "--test", "--threads", "1", "--device", "cpu", "--set", "width=16", "--set", "batch=16"]
    (trained,) = told(*words, "--set", "epochs=2", "--name", "a")["runs"]
    other, *_ = told(*words, "--set", "epochs=1", "--name", "b")["runs"]
    accuracy = trained["scores"]["set"]["accuracy"]
    assert trained["test"]["test/accuracy"] == accuracy
    evaluated = told("evaluate", "runs/a", "--data", "set")
    assert evaluated["accuracy"] == pytest.approx(accuracy)
    assert evaluated["calibration"]["temperature"] == 20.0
    assert evaluated["calibration"]["after"]["error"] != evaluated["calibration"]["before"]["error"]
    told("curves", "a", "--on", "test")
    (row,) = [each for each in read_test(Path("runs/a")) if each.epoch == trained["best_epoch"]]
    assert row.scores["accuracy"] == pytest.approx(accuracy, abs=1e-6)
    (change,) = told("runs", "a", "b")["changes"]
    assert change["difference"] == pytest.approx(other["test"]["test/accuracy"] - accuracy)


def test_a_run_is_scored_on_strangers_as_its_main_source_has_the_classes(run: Run) -> None:
    done = CliRunner().invoke(main, ["curves", "runs/tiny", "--on", "shapes-test.npz"])
    assert done.exit_code == 0, done.stderr
    (row,) = [each for each in read_test(run.folder) if each.epoch == run.metrics["best_epoch"]]
    told = evaluated()
    assert told["accuracy"] == pytest.approx(row.scores["accuracy"], rel=1e-5)


def test_a_run_and_its_bundle_are_compared_under_priors_that_are_told(run: Run) -> None:
    pack(run, (), Path("tiny.onnx"))
    for more, told in (((), True), (("--prior", "flat"), False)):
        result = CliRunner().invoke(main, ["compare", "runs/tiny", "tiny.onnx", "--data", "shapes-test.npz", *more])
        assert result.exit_code == 0, result.stderr
        assert ("note: characters are expected differently often (" in result.stderr) is told
    assert len((run.folder.parent / "test-reads.csv").read_text().splitlines()) > 1
