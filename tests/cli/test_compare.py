"""``inkread compare``: several models on the same pictures."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from command_line import Inkread
from inkread.datasets.drawn import draw
from inkread.picture import encode_png

pytestmark = pytest.mark.usefixtures("at_home")


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    """``letters.npz``: forty pictures, A and B in turn."""
    place = tmp_path / "letters"
    for at in range(40):
        folder = place / "AB"[at % 2]
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{at:02}.png").write_bytes(encode_png(draw("AB"[at % 2], np.random.default_rng(at))))
    return place


def classes(path: Path, answers: str) -> Path:
    path.write_text("".join(f"{each}\n" for each in answers))
    return path


def test_the_better_one_stands_first_with_its_difference(inkread: Inkread, letters: Path, tmp_path: Path) -> None:
    good, bad = classes(tmp_path / "good.csv", "A" * 20 + "B" * 20), classes(tmp_path / "bad.csv", "A" * 34 + "B" * 6)
    result = inkread("compare", bad, good, "--data", letters, "--json")
    assert result.exit_code == 0, result.stderr
    told = json.loads(result.stdout)
    assert [each["model"]["name"] for each in told["models"]] == ["good.csv", "bad.csv"]
    (difference,) = told["differences"]
    assert difference["test"]["difference"] == pytest.approx(14 / 40)
    assert difference["told_apart"] is True
    assert difference["characters"][0]["character"] == "B"
    shown = inkread("compare", bad, good, "--data", letters).stdout
    assert "good.csv against bad.csv: +35.00 points" in shown
    assert "only the first right: 14, only the second: 0; told apart (p < 0.001)" in shown
    assert "B +70" in shown


def test_a_bundle_and_predictions_are_compared(inkread: Inkread, tiny_bundle: Path, letters: Path, tmp_path: Path) -> None:
    predictions = classes(tmp_path / "mine.csv", "A" * 20 + "B" * 20)
    result = inkread("compare", tiny_bundle, predictions, "--data", letters, "--alphabet", "AB")
    assert result.exit_code == 0, result.stderr
    assert "40 pictures, 2 answers" in result.stdout


def test_files_of_one_name_are_told_by_their_paths(inkread: Inkread, letters: Path, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        classes(tmp_path / folder / "p.csv", "AB" * 20)
    shown = inkread("compare", "one/p.csv", "two/p.csv", "--data", letters).stdout
    assert "one/p.csv against two/p.csv: +0.00 points" in shown
    assert "cannot be told apart" in shown


def test_one_model_alone_is_refused(inkread: Inkread, letters: Path, tmp_path: Path) -> None:
    result = inkread("compare", classes(tmp_path / "p.csv", "AB" * 20), "--data", letters)
    assert result.exit_code == 2
    assert "two models at least are compared" in result.stderr
    assert "inkread evaluate" in result.stderr


def test_what_limits_the_figures_is_said(inkread: Inkread, letters: Path, tmp_path: Path) -> None:
    one, two = classes(tmp_path / "one.csv", "AB" * 20), classes(tmp_path / "two.csv", "BA" * 20)
    said = inkread("compare", one, two, "--data", letters).stderr
    assert "note: this is no test part; a model that learnt from these pictures is flattered by them\n" in said
    assert "expected differently" not in said
    for name in ("first.csv", "second.csv"):
        (tmp_path / name).write_text("A,B,C\n" + "0.8,0.1,0.1\n0.2,0.7,0.1\n" * 20)
    some = inkread("compare", "first.csv", "second.csv", "--data", letters, "--alphabet", "AC").stderr
    assert "note: 20 pictures left out, whose labels are not in the alphabet\n" in some


def test_a_case_policy_alone_does_not_compare_models_of_different_answers(
    inkread: Inkread, tiny_bundle: Path, letters: Path, tmp_path: Path
) -> None:
    named = tmp_path / "named.csv"
    named.write_text("A,B\n" + "0.9,0.1\n0.2,0.8\n" * 20)
    result = inkread("compare", named, tiny_bundle, "--data", letters, "--case", "fold")
    assert result.exit_code == 2
    assert "the models have different answers" in result.stderr
