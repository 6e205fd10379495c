"""Curves of runs on the command line; scoring on a test part needs PyTorch: tests/training/test_curve.py."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command_line import Inkread
from made_runs import Made, runs_in


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Made:
    monkeypatch.chdir(tmp_path)
    return runs_in(Path("runs"))


def test_both_charts_are_drawn_and_the_kept_epoch_told(inkread: Inkread, made: Made) -> None:
    made("mlp", test=True)
    done = inkread("curves", "mlp")
    lines = done.stdout.splitlines()
    assert done.exit_code == 0
    assert [line for line in lines if line in ("loss", "accuracy")] == ["loss", "accuracy"]
    assert max(map(len, lines)) <= 80
    assert [line.split()[-1] for line in lines if line.endswith((" train", " val", " test"))].count("test") == 2
    assert lines[-4:] == [
        "mlp: epoch 1 is kept",
        "    train  loss 1.0000  accuracy 60.00%",
        "    val    loss 0.8000  accuracy 70.00%",
        "    test   loss 0.9000  accuracy 65.00%  mnist:test; nothing was chosen by it",
    ]
    assert "\x1b" not in done.stdout


def test_a_run_that_goes_on_tells_its_last_epoch(inkread: Inkread, made: Made) -> None:
    made("mlp", done=2, finished=False)
    assert "mlp: epoch 1 is the last so far" in inkread("curves", "runs/mlp").stdout


def test_several_runs_share_the_charts(inkread: Inkread, made: Made) -> None:
    made("mlp")
    made("cnn")
    told = inkread("curves", "mlp", "cnn").stdout
    assert [told.count(f" {part} {run}\n") for part in ("train", "val") for run in ("mlp", "cnn")] == [2] * 4


def test_json_and_a_picture(inkread: Inkread, made: Made) -> None:
    pytest.importorskip("matplotlib")
    made("mlp")
    done = inkread("curves", "mlp", "--json", "--out", "curves.png")
    assert json.loads(done.stdout)["runs"][0]["val"]["loss"] == [1.5, 0.8, 0.9, 1.0]
    assert done.stderr == "picture: curves.png\n"
    assert Path("curves.png").read_bytes()[:4] == b"\x89PNG"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("nothing",), "error: no such run: nothing\n\nhint: did you mean `mlp`?\n"),
        (("mlp", "--out", "curves.jpg"), "error: the picture is a PNG: curves.jpg\n\nhint: --out curves.png\n"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_a_sentence(inkread: Inkread, made: Made, arguments: tuple[str, ...], error: str) -> None:
    made("mlp")
    done = inkread("curves", *arguments)
    assert done.exit_code == 2
    assert done.stderr.split("hint")[0] == error.split("hint")[0]
