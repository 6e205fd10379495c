"""Runs listed and compared on the command line."""

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


def test_runs_are_listed_with_what_they_came_to(inkread: Inkread, made: Made) -> None:
    made("mlp")
    made("cnn-b", done=2, finished=False)
    done = inkread("runs")
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "cnn-b  running at 2/4  epoch 1 of 2  70.00%                                  20 s  2027-01-15 08:00",
        "       cnn-b on mnist:train",
        "mlp    finished        epoch 1 of 4  70.00% (60.42-78.11)  1,234 parameters  40 s  2027-01-15 08:00",
        "       mlp on mnist:train",
    ]


def test_a_list_as_json(inkread: Inkread, made: Made) -> None:
    made("mlp")
    (run,) = json.loads(inkread("runs", "runs", "--json").stdout)["runs"]
    assert (run["run"], run["accuracy"], run["n"], run["state"], run["epochs"]) == ("runs/mlp", 0.7, 100, "finished", 4)
    assert run["interval"] == pytest.approx([0.6042, 0.7811], abs=1e-4)
    assert run["began"] == "2027-01-15T08:00:00+00:00"


def test_two_runs_by_name_are_compared(inkread: Inkread, made: Made) -> None:
    made("a", right=70)
    made("b", right=80, changes={"training.rate": 0.5})
    lines = inkread("runs", "a", "runs/b").stdout.splitlines()
    assert "training.rate        0.002                 0.5" in lines
    assert lines[-1] == "b against a, digits: +10.00 points (+5.00 to +16.00) on the same 100 pictures, McNemar p = 0.002: better"


def test_a_small_difference_is_said_to_be_none(inkread: Inkread, made: Made) -> None:
    made("a", right=70)
    made("b", right=71)
    made("c", right=69, pictures=3)
    lines = inkread("runs", "a", "b", "c").stdout.splitlines()
    assert "nothing in their recipes, data and code differs" in lines
    assert lines[-2].endswith("McNemar p = 1: cannot be told apart")
    assert lines[-1].endswith("on other pictures, p = 1: cannot be told apart")


def test_comparing_as_json(inkread: Inkread, made: Made) -> None:
    made("a")
    made("b", right=80, changes={"seed": 2})
    facts = json.loads(inkread("runs", "a", "b", "--json").stdout)
    assert facts["differences"] == [{"key": "seed", "values": [1, 2]}]
    assert facts["changes"][0]["difference"] == pytest.approx(0.1)


def test_a_broken_run_is_told_of_and_the_others_are_listed(inkread: Inkread, made: Made) -> None:
    made("a")
    (made("b") / "history.csv").write_text("epoch,val/loss\n0,x\n")
    done = inkread("runs")
    assert done.exit_code == 1
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["a", "a"]
    assert done.stderr.startswith("this run cannot be read: runs/b: could not convert string to float")


def test_no_runs_is_exit_code_2_and_a_way_out(inkread: Inkread, made: Made) -> None:
    done = inkread("runs")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == "error: no such folder: runs\n\nhint: inkread train RECIPE --data SOURCE writes to runs/\n"
