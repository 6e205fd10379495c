"""`inkread study run ASSIGNMENT`: studies one after another, the best one looked at, one report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("optuna")
pytest.importorskip("matplotlib")

from command_line import Inkread
from inkread.cli.study import run as module
from inkread.study import Here
from tiny_study import WIDTHS, written
from tiny_training import shape_folder

LAB = """
name = "lab"
question = "How wide, and how deep?"
data = "letters"
alphabet = "ABC"
[[parts]]
heading = "Width"
study = "widths.toml"
[[parts]]
heading = "Depth"
study = "depths.toml"
recipe = "best:widths"
[[parts]]
heading = "The best, looked at closely"
best_of = ["widths", "depths"]
"""


@pytest.fixture(autouse=True)
def home(at_home: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lab of two tiny studies, pictures with a test part, and trainings in this process."""
    shape_folder(tmp_path / "letters" / "train", count=60)
    shape_folder(tmp_path / "letters" / "test", count=30)
    written(tmp_path, LAB, "lab.toml")
    written(tmp_path, WIDTHS, "widths.toml")
    written(
        tmp_path,
        WIDTHS.replace("widths", "depths").replace("network.width", "network.layers").replace("8", "1").replace("16", "2"),
        "depths.toml",
    )
    monkeypatch.setattr(module, "where", lambda **given: Here())


def test_an_assignment_does_its_studies_and_scores_the_best_once(inkread: Inkread, tmp_path: Path) -> None:
    words = ("study", "run", "lab.toml", "--data", "letters", "--budget", "smoke", "--seeds", "1", "--letter", "Brown")
    done = inkread(*words, "--json")
    assert done.exit_code == 0, done.stderr
    told = json.loads(done.stdout)
    assert [part["heading"] for part in told["parts"]] == ["Width", "Depth", "The best, looked at closely"]
    assert told["parts"][2]["test"]["n"] == 30
    folder = tmp_path / "studies" / "lab-smoke"
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert page.index("Width</h2>") < page.index("Depth</h2>") < page.index("The best, looked at closely</h2>")
    assert "The letter B" in page
    best = (folder / "depths" / "base.toml").read_text(encoding="utf-8")
    assert best == (folder / "widths" / "best.toml").read_text(encoding="utf-8")
    reads = len((folder / "final" / "test-reads.csv").read_text().splitlines())
    again = inkread(*words, "--json")
    assert json.loads(again.stdout) == told
    assert len((folder / "final" / "test-reads.csv").read_text().splitlines()) == reads


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("lab.toml", "--recipe", "mlp"), "--recipe is for one study, and this is an assignment: lab.toml"),
        (("widths.toml", "--letter", "A"), "a letter is looked at in an assignment, and this is a study: widths.toml"),
        (("lab.toml", "--letter", "Petrov"), "this is not among the answers: P"),
        (("lab.toml", "--letter", "?"), "a letter of neither Latin nor Cyrillic: ?"),
    ],
)
def test_what_does_not_go_together_is_told(inkread: Inkread, words: tuple[str, ...], error: str) -> None:
    done = inkread("study", "run", *words, "--data", "letters", "--budget", "smoke")
    assert done.exit_code == 2
    assert done.stderr.startswith(f"error: {error}")


def test_show_tells_the_parts_of_an_assignment(inkread: Inkread) -> None:
    assert inkread("study", "show", "lab.toml").stdout.splitlines()[2:] == [
        "Width: widths.toml",
        "Depth: depths.toml, from best:widths",
        "The best, looked at closely: the best of widths and depths, trained on everything",
    ]
