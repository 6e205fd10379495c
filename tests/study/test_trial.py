"""Jobs done: what a row tells, and that no failure goes further than its row."""

from __future__ import annotations

import json
from pathlib import Path
from statistics import median

import pytest

from inkread.errors import UsageError
from inkread.recipes import NetworkUse, Recipe, Training, write
from inkread.study import Bench, Here, Job, Row
from inkread.study.trial import perform

TINY = Recipe(
    "tiny",
    alphabet="ABC",
    network=NetworkUse("mlp", {"layers": 1, "width": 8}),
    training=Training(epochs=6, batch=16, rate=0.01, average=0.0, validation=0.2),
)
RAISES = """
from torch import nn
class Raises(nn.Module):
    def __init__(self, classes: int, kind: str = "") -> None:
        super().__init__()
        self.one, self.kind = nn.Linear(784, classes), kind
    def forward(self, pictures):
        if self.training:
            raise {"memory": MemoryError, "type": TypeError}[self.kind]("it is so\\nand so")
        flat = pictures.flatten(1).float()
        return self.one(flat), flat
"""


def job(recipe: Recipe, data: Path, **told: object) -> Job:
    return Job("it", {"a": "x"}, write(recipe), str(data), recipe.seed, **told)  # type: ignore[arg-type]


def test_a_trial_gives_the_numbers_that_train_gives(tmp_path: Path, letters: Path) -> None:
    from inkread.training import fit, given

    asked = job(TINY, letters)
    row = Here().begin(asked, Bench(tmp_path, 1, "cpu")).result()
    run = fit(*given(TINY, str(letters)), tmp_path / "trained")
    (scores,) = run.metrics["scores"].values()
    assert (row.error, row.run, row.levels, row.seed, row.pruned) == ("", f"runs/{asked.name}", {"a": "x"}, 1, False)
    assert (row.accuracy, row.loss, row.macro_accuracy) == (scores["accuracy"], scores["loss"], scores["macro_accuracy"])
    assert (row.epochs, row.best_epoch, row.parameters) == (6, run.metrics["best_epoch"], 784 * 8 + 8 + 8 * 3 + 3)
    assert (row.count, row.pictures, row.multiply_adds) == (12, 60, 784 * 8 + 8 * 3)
    told = [json.loads(line) for line in (tmp_path / row.run / "history.jsonl").read_text().splitlines()]
    assert row.validation == tuple(each["val/accuracy"] for each in told)
    assert row.train == tuple(each["train/accuracy"] for each in told)
    assert row.last == row.validation[-1], "the last fifth of six epochs is one"
    assert row.speed == median(each["pictures_per_second"] for each in told)
    assert row.seconds == pytest.approx(sum(each["seconds"] for each in told))
    assert perform(asked, Bench(tmp_path, 1, "cpu")) == row, "what has finished is read"


def test_a_job_trains_and_validates_on_as_many_pictures_as_it_wants(tmp_path: Path, letters: Path) -> None:
    short = TINY.changed({"training.epochs": 1})
    row = perform(job(short, letters, pictures=30, held=6), Bench(tmp_path, 1, "cpu"))
    assert (row.error, row.count) == ("", 6)
    provenance = json.loads((tmp_path / row.run / "metrics.json").read_text())
    assert sum(sum(of.values()) for of in provenance["counts"].values()) == pytest.approx(30, abs=2) == row.pictures


@pytest.mark.parametrize(
    ("kind", "told"),
    [("memory", "the machine has not enough memory"), ("type", "own code failed in epoch 1: TypeError: it is so (raises.py, line")],
)  # fmt: skip
def test_a_network_of_ones_own_that_raises_is_a_row(
    tmp_path: Path, letters: Path, monkeypatch: pytest.MonkeyPatch, kind: str, told: str
) -> None:
    (tmp_path / "raises.py").write_text(RAISES)
    monkeypatch.chdir(tmp_path)
    own = Recipe("own", alphabet="ABC", network=NetworkUse("raises:Raises", {"kind": kind}), training=TINY.training)
    row = perform(job(own, letters), Bench(tmp_path, 1, "cpu"))
    assert told in row.error
    assert not row.finished
    assert "\n" not in row.error


def test_whatever_else_goes_wrong_is_a_row_too(tmp_path: Path, letters: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(tmp_path, 1, "cpu")
    assert perform(job(TINY, tmp_path / "absent"), bench).error.startswith("no such file, folder or published set")
    for raised, told in (
        (MemoryError(), "the machine has not enough memory for it"),
        (ZeroDivisionError(), "ZeroDivisionError: without a word"),
    ):

        def fails(*_: object, raised: Exception = raised, **__: object) -> None:
            raise raised

        monkeypatch.setattr("inkread.training.run_in", fails)
        assert perform(job(TINY, letters), bench).error == told


def test_ctrl_c_is_no_row(tmp_path: Path, letters: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def pressed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("inkread.training.run_in", pressed)
    with pytest.raises(KeyboardInterrupt):
        perform(job(TINY, letters), Bench(tmp_path, 1, "cpu"))


def test_a_row_comes_back_from_json_as_it_was() -> None:
    row = Row("it", {"a": "x"}, 3, accuracy=0.5, train=(0.1, float("nan")), folds=(0.2,), run="runs/it")
    told = json.loads(json.dumps(row.as_dict()))
    assert (told["loss"], told["train"]) == (None, [0.1, None])
    assert Row.from_dict(told).as_dict() == row.as_dict()
    assert (row.finished, Row("it", {}, 1).finished, Row("it", {}, 1, accuracy=0.5, error="no").finished) == (True, False, False)


def test_at_least_one_process_trains() -> None:
    from inkread.study import Processes

    with pytest.raises(UsageError, match="at least one process trains: 0"):
        Processes(0)
