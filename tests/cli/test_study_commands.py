"""`inkread study`: what its commands say and how they end."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("optuna")

from command_line import Inkread
from tiny_study import WIDTHS, Pretend, run, written


@pytest.fixture(autouse=True)
def home(at_home: None) -> None:
    pass


def test_list_tells_what_comes_with_inkread_and_what_was_begun(inkread: Inkread, tmp_path: Path) -> None:
    run(written(tmp_path), tmp_path / "studies", Pretend(fails=lambda job: "no" if job.seed == 2 else ""))
    done = inkread("study", "list")
    assert done.exit_code == 0
    assert re.search(r"^mlp-factors +Which choices in a multilayer perceptron", done.stdout, re.MULTILINE)
    assert re.search(r"\n\nwhole assignments:\ncourse-project +How well", done.stdout)
    assert done.stdout.endswith("in studies:\nwidths-smoke: 2 trainings done, 2 failed\n")
    told = json.loads(inkread("study", "list", "--json").stdout)
    assert told["begun"] == [{"name": "widths-smoke", "study": str(tmp_path / "own.toml"), "budget": "smoke", "trainings": 2, "failed": 2}]
    assert {"name", "question", "design", "recipe", "factors", "budgets"} == set(told["studies"][0])


def test_list_passes_over_a_folder_whose_question_is_damaged(inkread: Inkread, tmp_path: Path) -> None:
    (tmp_path / "studies" / "odd").mkdir(parents=True)
    (tmp_path / "studies" / "odd" / "asked.json").write_text("{")
    done = inkread("study", "list")
    assert done.exit_code == 0
    assert "in studies:" not in done.stdout


def test_show_tells_a_study_whole_and_as_its_file(inkread: Inkread, tmp_path: Path) -> None:
    done = inkread("study", "show", "cnn-depth")
    assert (done.exit_code, "convolution layers: 1, 2, 3" in done.stdout) == (0, True)
    file = written(tmp_path)
    assert inkread("study", "show", file, "--toml").stdout == WIDTHS.rstrip("\n") + "\n"
    told = json.loads(inkread("study", "show", file, "--json").stdout)
    assert (told["factors"][0]["base"], told["budgets"]["smoke"]["epochs"]) == ("8", 2)


@pytest.mark.parametrize(
    ("words", "error", "hint"),
    [
        (("run", "mlp-factor"), "no study of this name: mlp-factor", "`mlp-factors`"),
        (("run", "own.toml", "--budget", "smal"), "'smal' is not one of", "inkread study run --help"),
        (("run", "own.toml", "--set", "wdith=8"), "the recipe has no value wdith", "`width`"),
        (("run", "own.toml", "--name", "../x"), "this is no name of a folder: '../x'", "--out"),
        (("run", "own.toml", "--data", "a=b"), "the study widths calls no data by this name: a", "letters"),
        (("run", "own.toml", "--data", "a", "--data", "b"), "two sources for one study: a and b", "NAME=SOURCE"),
        (("run", "own.toml", "--address", "here:1"), "an address is that of a Ray cluster", "--on ray"),
        (("run", "own.toml", "--data", "absent"), "no such file or folder: absent", ""),
        (("resume", "absent"), "this is no folder of a study: studies/absent", "`inkread study run NAME` begins one"),
        (("shwo",), "no such command: `shwo`", "`show`"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_exit_code_2(
    inkread: Inkread, tmp_path: Path, words: tuple[str, ...], error: str, hint: str
) -> None:
    written(tmp_path)
    done = inkread("study", *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert error in done.stderr
    assert hint in done.stderr
    assert "Traceback" not in done.stderr


def test_an_edited_study_is_refused_with_the_way_out(inkread: Inkread, tmp_path: Path) -> None:
    study = written(tmp_path)
    run(Path("own.toml"), tmp_path / "studies")
    study.write_text(WIDTHS.replace("[8, 16]", "[8, 32]"))
    done = inkread("study", "run", "own.toml", "--budget", "smoke")
    assert done.exit_code == 2
    assert done.stderr.startswith(
        "error: the study in this folder was begun otherwise (its text): studies/widths-smoke\n\nhint: --fork NAME"
    )
