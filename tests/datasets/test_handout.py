from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from inkread.datasets import Handout, load, load_test
from inkread.errors import DataError, FormatError
from made_files import idx, many


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INKREAD_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def contest(tmp_path: Path) -> tuple[Path, Path]:
    np.savez(tmp_path / "test.npz", testing_images=many(4).swapaxes(1, 2))
    answers = tmp_path / "answers.csv"
    answers.write_text("Id,Category,Usage\n0,10,Public\n1,11,Private\n2,36,Public\n3,0,Private\n")
    return tmp_path / "test.npz", answers


def _rows(folder: Path) -> list[dict[str, str]]:
    with open(folder / "test-reads.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _characters(source: Path, handout: Handout) -> str:
    glyphs = load_test(source, handout)
    return "".join(glyphs.alphabet[at] for at in glyphs.single_labels())


def test_every_handing_out_is_written_down(tmp_path: Path, contest: tuple[Path, Path]) -> None:
    source, answers = contest
    assert _characters(source, Handout(tmp_path / "runs", "evaluate run-7", answers)) == "ABa0"
    assert _characters(source, Handout(tmp_path / "runs", "again", answers, "Private")) == "B0"
    rows = _rows(tmp_path / "runs")
    assert [(row["reason"], row["pictures"], row["usage"]) for row in rows] == [("evaluate run-7", "4", ""), ("again", "2", "Private")]
    assert rows[0]["source"] == str(source)
    assert rows[0]["labels"] == str(answers)
    assert rows[0]["when"].endswith("+00:00")


def test_test_pictures_without_labels_load_freely(contest: tuple[Path, Path]) -> None:
    assert not load(contest[0]).targets.any()


def test_a_test_part_with_labels_leaves_only_through_load_test(tmp_path: Path) -> None:
    (tmp_path / "t10k-images-idx3-ubyte").write_bytes(idx(many(2)))
    (tmp_path / "t10k-labels-idx1-ubyte").write_bytes(idx(np.array([4, 2], np.uint8)))
    source = tmp_path / "t10k-images-idx3-ubyte"
    for _ in ("not cached", "cached by load_test"):
        with pytest.raises(DataError, match="a test part is loaded with its labels") as refused:
            load(source)
        assert _characters(source, Handout(tmp_path, "look")) == "42"
    assert refused.value.hint.startswith("test parts train and choose nothing; `inkread data show` looks at them")


def test_what_cannot_be_written_down_is_not_handed_out(tmp_path: Path, contest: tuple[Path, Path]) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(DataError, match="test labels are not handed out, the reading cannot be recorded"):
        load_test(contest[0], Handout(tmp_path / "taken", "evaluate", contest[1]))


def test_answers_that_do_not_fit_are_refused(tmp_path: Path, contest: tuple[Path, Path]) -> None:
    source, answers = contest
    with pytest.raises(DataError, match="no answer has this usage: Secret") as refused:
        load_test(source, Handout(tmp_path, "x", answers, "Secret"))
    assert refused.value.hint == "known: Private, Public"
    answers.write_text("Id,Category,Usage\n0,10,Public\n")
    with pytest.raises(DataError, match="4 pictures but 1 answers"):
        load_test(source, Handout(tmp_path, "x", answers))
    answers.write_text("nonsense")
    with pytest.raises(FormatError, match="the header must be"):
        load_test(source, Handout(tmp_path, "x", answers))
    assert not (tmp_path / "test-reads.csv").exists()
