"""``inkread train``, ``recipes`` and ``export``: from pictures in folders to a file that reads, without a line of Python."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from inkread.bundle import load
from inkread.cli import main
from inkread.recipes import names, parse
from inkread.training import Run
from inkread.training.history import History
from tiny_training import shape_folder

QUICK = ("--set", "epochs=3", "--set", "batch=16", "--set", "width=16", "--set", "validation=0.2", "--threads", "1", "--device", "cpu")


def inkread(*words: object) -> Result:
    return CliRunner().invoke(main, [str(each) for each in words])


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with pictures and one finished run of ``mlp`` on them."""
    place = tmp_path_factory.mktemp("place")
    shape_folder(place / "mine", count=120)
    done = inkread("train", "mlp", "--data", place / "mine", "--out", place / "runs", *QUICK)
    assert done.exit_code == 0, done.output
    return place


def test_a_recipe_and_a_folder_make_a_run_named_after_both(place: Path) -> None:
    run = Run(place / "runs" / "mlp-mine")
    assert run.recipe.training.epochs == 3
    assert run.recipe.network.settings["width"] == 16
    assert run.metrics["scores"]["mine"]["accuracy"] > 0.8


def test_json_tells_what_came_of_it_and_resume_leaves_a_finished_run_alone(place: Path) -> None:
    before = (place / "runs" / "mlp-mine" / "weights.safetensors").stat().st_mtime_ns
    done = inkread("train", "mlp", "--data", place / "mine", "--out", place / "runs", *QUICK, "--resume", "--json")
    (told,) = json.loads(done.stdout)["runs"]
    assert told["epochs"] == 3
    assert told["test"] is None
    assert told["data"] == {"mine": str(place / "mine")}
    assert (place / "runs" / "mlp-mine" / "weights.safetensors").stat().st_mtime_ns == before


def test_resume_takes_no_finished_run_of_pictures_that_have_changed_since(place: Path, tmp_path: Path) -> None:
    mine = shutil.copytree(place / "mine", tmp_path / "mine")
    words = ["train", "mlp", "--data", mine, "--out", tmp_path / "runs", *QUICK, "--resume"]
    assert inkread(*words).exit_code == 0
    (mine / "A" / "more.png").write_bytes(next((mine / "B").iterdir()).read_bytes())
    done = inkread(*words)
    assert done.exit_code == 2
    assert "error: the folder holds a run of other pictures: " in done.stderr


def test_a_second_run_does_not_write_over_the_first(place: Path) -> None:
    done = inkread("train", "mlp", "--data", place / "mine", "--out", place / "runs", *QUICK)
    assert done.exit_code == 2
    assert "the folder already holds a run" in done.stderr


def test_several_seeds_are_runs_of_their_own_with_their_mean(place: Path, tmp_path: Path) -> None:
    done = inkread("train", "mlp", "--data", place / "mine", "--out", tmp_path, *QUICK, "--seeds", 2, "--json")
    told = json.loads(done.stdout)
    assert [Path(each["run"]).name for each in told["runs"]] == ["mlp-mine-seed1", "mlp-mine-seed2"]
    assert told["accuracy"]["count"] == 2
    assert told["accuracy"]["low"] <= told["accuracy"]["mean"] <= told["accuracy"]["high"]


def test_the_test_part_is_scored_once_and_written_down(place: Path, tmp_path: Path) -> None:
    shape_folder(tmp_path / "set" / "train", count=60)
    shape_folder(tmp_path / "set" / "test", count=30)
    done = inkread("train", "mlp", "--data", tmp_path / "set", "--out", tmp_path / "runs", *QUICK, "--test")
    assert done.exit_code == 0, done.output
    assert "(read once, at the end)" in done.stdout
    rows = (tmp_path / "runs" / "test-reads.csv").read_text().splitlines()
    assert len(rows) == 2
    assert "once, at the end" in rows[1]
    assert (tmp_path / "runs" / "mlp-set" / "test.csv").is_file()


def test_smoke_is_one_epoch_on_a_hundredth(place: Path, tmp_path: Path) -> None:
    shape_folder(tmp_path / "many", count=400)
    done = inkread("train", "mlp", "--data", tmp_path / "many", "--out", tmp_path / "runs", *QUICK, "--smoke", "--set", "validation=0.4")
    assert done.exit_code == 0, done.output
    assert Run(tmp_path / "runs" / "mlp-many-smoke").metrics["epochs"] == 1


def test_a_smoke_test_takes_the_place_of_another_and_of_nothing_else(place: Path, tmp_path: Path) -> None:
    words = ("train", "mlp", "--data", place / "mine", "--out", tmp_path, *QUICK, "--name")
    for _ in range(2):
        assert inkread(*words, "look", "--smoke").exit_code == 0
    assert inkread(*words, "kept-smoke").exit_code == 0
    done = inkread(*words, "kept", "--smoke")
    assert (done.exit_code, "holds something that is no smoke test" in done.stderr) == (2, True)
    assert Run(tmp_path / "kept-smoke").metrics["epochs"] > 1


def test_the_validation_accuracy_has_its_interval(place: Path, tmp_path: Path) -> None:
    done = inkread("train", "mlp", "--data", place / "mine", "--out", tmp_path, *QUICK, "--json")
    (of,) = json.loads(done.stdout)["runs"][0]["scores"].values()
    assert of["count"] == len(Run(tmp_path / "mlp-mine").validation().logits)
    assert 0 < of["low"] < of["accuracy"] <= of["high"] <= 1


def test_an_empty_class_is_told(place: Path, tmp_path: Path) -> None:
    shape_folder(tmp_path / "some")
    (tmp_path / "some" / "Q").mkdir()
    done = inkread("train", "mlp", "--data", tmp_path / "some", "--out", tmp_path, *QUICK)
    assert (done.exit_code, f"folders without a picture: {tmp_path / 'some' / 'Q'};" in done.stderr) == (0, True)
    assert "without a picture" not in inkread("train", "mlp", "--data", place / "mine", "--out", tmp_path, *QUICK).stderr


def test_a_training_that_blew_up_is_told(place: Path, tmp_path: Path) -> None:
    done = inkread("train", "mlp", "--data", place / "mine", "--out", tmp_path, *QUICK, "--set", "rate=1e4")
    assert (done.exit_code, "answers worse than guessing would, which is 1.10" in done.stderr) == (0, True)


def test_a_killed_run_goes_on_and_ends_as_the_unbroken_one(place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add = History.add

    def killed(self: History, row: object) -> None:
        add(self, row)  # type: ignore[arg-type]
        if len(self.rows) == 2:
            raise KeyboardInterrupt

    words = ("train", "mlp", "--data", place / "mine", "--out", tmp_path, *QUICK)
    with monkeypatch.context() as patched:
        patched.setattr(History, "add", killed)
        assert inkread(*words).exit_code == 130
    assert inkread(*words, "--resume").exit_code == 0
    both = [folder / "mlp-mine" / "history.csv" for folder in (place / "runs", tmp_path)]
    assert both[0].read_bytes() == both[1].read_bytes()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("mlq", "--data", "DATA"), "no recipe of this name: mlq"),
        (("mlp",), "no data to train on"),
        (("mlp", "--data", "DATA", "--set", "epoch=3"), "the recipe has no value epoch"),
        (("mlp", "--data", "DATA", "--set", "width=wide"), "the network mlp cannot have width: 'wide'"),
        (("mlp", "--data", "DATA", "--set", "network.widht=3"), "the network mlp has no setting: widht"),
        (("mlp", "--data", "DATA", "--device", "cuda"), "this machine has not the device asked for"),
        (("mlp", "--data", "DATA", "--closed", "--start", "RUN"), "a closed run starts from nothing"),
        (("mlp", "--data", "DATA", "--set", "batch=5000"), "a batch is larger than the data"),
        (("mlp", "--data", "DATA", "--name", "../mine"), "this is no name of a run: '../mine'"),
        (("mlp", "--data", "DATA", "--name", "a+b"), "this is no name of a run: 'a+b'"),
        (("mlp", "--data", "DATA", "--set", "rate=inf"), "training.rate must be above 0 and finite: inf"),
        (("mlp", "--data", "DATA", "--alphabet", "digits"), "labels are outside the alphabet digits"),
        (("cnn", "--data", "DATA", "--set", "filters=8,8,8,8,8", "--set", "padding=valid"), "pool"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_leaves_nothing(words: tuple[str, ...], sentence: str, place: Path, tmp_path: Path) -> None:
    named = {"DATA": str(place / "mine"), "RUN": str(place / "runs" / "mlp-mine")}
    given = [named.get(each, each) for each in words]
    done = inkread("train", *given, "--out", tmp_path / "runs", "--threads", 1)
    assert done.exit_code == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.output
    assert not (tmp_path / "runs").exists()


def test_a_run_becomes_a_bundle_that_reads(place: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.onnx"
    done = inkread("export", place / "runs" / "mlp-mine", file, "--json")
    told = json.loads(done.stdout)
    assert told["parity"] < 1e-4
    assert told["eight_bits"] is None
    assert load(file).manifest.characters == "ABC"
    assert (tmp_path / "mine.md").is_file()
    answers = inkread("read", place / "mine" / "A", "--bundle", file).stdout.split("\n")
    assert sum(line.split("\t")[1:2] == ["A"] for line in answers) > 0.8 * (len(answers) - 1)
    for there in (file, tmp_path / "other.md"):
        there.write_bytes(b"mine")
        again = inkread("export", place / "runs" / "mlp-mine", there.with_suffix(".onnx"))
        assert (again.exit_code, f"is there already: {there}" in again.stderr, there.read_bytes()) == (2, True, b"mine")
    assert not (tmp_path / "other.onnx").exists()


def test_an_export_in_whole_numbers_says_what_it_costs(place: Path, tmp_path: Path) -> None:
    told = json.loads(inkread("export", place / "runs" / "mlp-mine", tmp_path / "mine.onnx", "--bits", 8, "--json").stdout)
    assert told["eight_bits"]["accuracy"] > 0.8
    assert told["eight_bits"]["pictures"] >= 12


def test_an_unfinished_run_or_another_suffix_is_no_bundle(place: Path, tmp_path: Path) -> None:
    for run, file, sentence in ((tmp_path, "x.onnx", "this is no finished run"), (place / "runs" / "mlp-mine", "x.pt", "ends in .onnx")):
        done = inkread("export", run, tmp_path / file)
        assert (done.exit_code, sentence in done.stderr) == (2, True)


def test_recipes_are_listed_and_told_whole() -> None:
    lines = inkread("recipes").stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(names())
    told = inkread("recipes", "keras-convnet").stdout
    assert parse(told).training.optimizer == "adam"
    assert "# pool_after" in told
    whole = json.loads(inkread("recipes", "keras-convnet", "--json").stdout)
    assert whole["settings"]["padding"]["allowed"] == "one of same, valid"


def test_a_process_killed_in_mid_epoch_goes_on_and_ends_as_the_unbroken_one(place: Path, tmp_path: Path) -> None:
    words = ["train", "mlp", "--data", str(place / "mine"), *QUICK, "--set", "epochs=25", "--out"]
    assert inkread(*words, tmp_path / "unbroken").exit_code == 0
    process = subprocess.Popen(
        [sys.executable, "-m", "inkread", *words, str(tmp_path / "killed")], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    )
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("epoch 3 of 25"):
            process.kill()
            break
    process.wait()
    assert not (tmp_path / "killed" / "mlp-mine" / "metrics.json").exists()
    assert inkread(*words, tmp_path / "killed", "--resume").exit_code == 0
    ours, theirs = (tmp_path / name / "mlp-mine" for name in ("killed", "unbroken"))
    assert (ours / "history.csv").read_bytes() == (theirs / "history.csv").read_bytes()
    assert Run(ours).metrics == Run(theirs).metrics
    assert (ours / "weights.safetensors").read_bytes() == (theirs / "weights.safetensors").read_bytes()
