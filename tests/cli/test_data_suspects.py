"""`inkread data suspects` from planted errors to a corrected source, by what it writes and its exit codes."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("cleanlab")

from command_line import Inkread
from inkread.alphabet import CAPITALS, NAMED
from inkread.bundle import load
from inkread.datasets.drawn import drawn
from inkread.formats import read
from inkread.picture import decode
from inkread.preparation import Preparation

CHARACTERS = "ABEHKNT7"
DIGITS_AND_CAPITALS_AND_SMALL = NAMED["balanced"].characters


@pytest.fixture(scope="module")
def labels() -> tuple[list[str], list[str], set[int]]:
    """True labels of 160 pictures, labels of which eight were moved, and where."""
    glyphs = drawn(CHARACTERS, 20, seed=2)
    right = [glyphs.alphabet[at] for at in glyphs.single_labels()]
    given = list(right)
    at = {3, 27, 44, 68, 90, 111, 133, 152}
    for each in at:
        given[each] = CHARACTERS[(CHARACTERS.index(right[each]) + 3) % len(CHARACTERS)]
    return right, given, at


@pytest.fixture
def source(labels: tuple[list[str], list[str], set[int]], tmp_path: Path) -> Path:
    """`s.npz`: drawn pictures under those labels."""
    pictures = drawn(CHARACTERS, 20, seed=2).prepared(Preparation()).pictures
    np.savez(tmp_path / "s.npz", x=np.asarray(pictures), label=np.array(labels[1]))
    return tmp_path / "s.npz"


@pytest.fixture
def predictions(labels: tuple[list[str], list[str], set[int]], tmp_path: Path) -> Path:
    """`p.csv`: probabilities of a program that is right about all pictures, in its own order of characters."""
    order = "7ABEHKNT"
    rows = np.full((len(labels[0]), len(order)), 0.02)
    rows[np.arange(len(rows)), [order.index(each) for each in labels[0]]] = 1 - 0.02 * (len(order) - 1)
    np.savetxt(tmp_path / "p.csv", rows, "%.3f", ",", header=",".join(order), comments="")
    return tmp_path / "p.csv"


def test_planted_errors_are_found_listed_and_corrected(
    inkread: Inkread, source: Path, predictions: Path, labels: tuple[list[str], list[str], set[int]], tmp_path: Path
) -> None:
    right, given, at = labels
    out, sheet = tmp_path / "l.csv", tmp_path / "s.png"
    result = inkread("data", "suspects", source, "--predictions", predictions, "--out", out, "--sheet", sheet, "--json")
    assert result.exit_code == 1, result.output
    facts = json.loads(result.stdout)
    assert {each["picture"] for each in facts["suspects"]} == at
    assert all((each["given"], each["suggested"]) == (given[each["picture"]], right[each["picture"]]) for each in facts["suspects"])
    assert (facts["suspected"], facts["pictures"], facts["answered_as_labelled"]) == (8, 160, 0.95)
    assert (facts["by"]["by"], facts["list"], facts["sheets"]) == ("predictions", str(out), [str(sheet)])
    assert decode(sheet.read_bytes()).shape[1] > 800
    applied = inkread("data", "convert", source, tmp_path / "better.npz", "--relabel", out)
    assert (applied.exit_code, applied.stdout.splitlines()[0]) == (0, f"relabelled by {out}: 8 changed, 0 left out, 0 kept")
    assert read(tmp_path / "better.npz").labels == tuple(right)
    clean = inkread("data", "suspects", tmp_path / "better.npz", "--predictions", predictions)
    assert clean.exit_code == 0
    assert "0 labels suspected" in clean.stdout


def test_an_edited_list_is_what_counts(inkread: Inkread, source: Path, predictions: Path, tmp_path: Path) -> None:
    out = tmp_path / "l.csv"
    inkread("data", "suspects", source, "--predictions", predictions, "--out", out, "--most", 3)
    rows = list(csv.DictReader(out.open(encoding="utf-8-sig", newline="")))
    assert [row["label"] for row in rows] == [row["suggested"] for row in rows]
    for row, label in zip(rows, ("", rows[1]["given"], "x"), strict=True):
        row["label"] = label
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    result = inkread("data", "convert", source, tmp_path / "t.npz", "--relabel", out, "--json")
    assert json.loads(result.stdout)["relabelled"] == {"changed": 1, "left_out": 1, "kept": 1}
    found = read(tmp_path / "t.npz").labels
    assert found is not None
    assert (len(found), found.count("x")) == (159, 1)


def probabilities(path: Path, answers: list[str], characters: str) -> Path:
    """Predictions of a program that answers this, headed by ``characters``."""
    rows = np.full((len(answers), len(characters)), 0.02)
    rows[np.arange(len(rows)), [characters.index(each) for each in answers]] = 1 - 0.02 * (len(characters) - 1)
    np.savetxt(path, rows, "%.3f", ",", header=",".join(characters), comments="")
    return path


def test_a_list_tells_labels_as_the_source_does_where_an_answer_stands_for_both_cases(inkread: Inkread, tmp_path: Path) -> None:
    right = list(DIGITS_AND_CAPITALS_AND_SMALL) * 4
    given = list(right)
    given[right.index("C")], given[right.index("7")] = "7", "C"
    pictures = np.random.default_rng(0).integers(0, 256, (len(given), 28, 28), dtype=np.uint8)
    np.savez(tmp_path / "b47.npz", x=pictures, label=np.array(given))
    answers = probabilities(tmp_path / "p.csv", right, DIGITS_AND_CAPITALS_AND_SMALL)
    out = tmp_path / "l.csv"
    result = inkread("data", "suspects", tmp_path / "b47.npz", "--predictions", answers, "--out", out)
    assert result.exit_code == 1, result.output
    rows = list(csv.DictReader(out.open(encoding="utf-8-sig", newline="")))
    assert {(row["given"], row["suggested"], row["label"]) for row in rows} == {("C", "7", "7"), ("7", "C", "C")}
    applied = inkread("data", "convert", tmp_path / "b47.npz", tmp_path / "t.npz", "--relabel", out)
    assert applied.exit_code == 0, applied.stderr
    assert read(tmp_path / "t.npz").labels == tuple(right)


def test_a_suggestion_that_could_be_two_labels_of_the_source_is_left_to_people(inkread: Inkread, tmp_path: Path) -> None:
    right = ["A", "a", "B", "b"] * 20
    given = ["B", *right[1:]]
    pictures = np.random.default_rng(0).integers(0, 256, (len(given), 28, 28), dtype=np.uint8)
    np.savez(tmp_path / "s.npz", x=pictures, label=np.array(given))
    answers = probabilities(tmp_path / "p.csv", [each.upper() for each in right], CAPITALS)
    out = tmp_path / "l.csv"
    result = inkread("data", "suspects", tmp_path / "s.npz", "--predictions", answers, "--alphabet", "letters", "--out", out)
    (row,) = csv.DictReader(out.open(encoding="utf-8-sig", newline=""))
    assert (row["given"], row["suggested"], row["label"]) == ("B", "Aa", "B")
    assert "note: the list suggests labels of which the source has several: 1 line keep the given one until you choose" in result.stderr


def test_without_cleanlab_nothing_is_trained_first(inkread: Inkread, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inkread.cli.data.suspects.find_spec", lambda name: None)
    result = inkread("data", "suspects", source)
    assert result.exit_code == 2
    assert "cleanlab" in result.stderr.splitlines()[0]
    assert "training fold" not in result.stderr


def test_a_list_with_corrections_is_not_written_over(inkread: Inkread, source: Path, predictions: Path, tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text("my corrections")
    result = inkread("data", "suspects", source, "--predictions", predictions, "--out", tmp_path / "l.csv")
    assert (result.exit_code, result.stderr.splitlines()[0]) == (2, f"error: the file is there already: {tmp_path / 'l.csv'}")
    assert (tmp_path / "l.csv").read_text() == "my corrections"
    forced = inkread("data", "suspects", source, "--predictions", predictions, "--out", tmp_path / "l.csv", "--force")
    assert forced.exit_code == 1


def test_a_reader_that_never_saw_the_pictures_finds_them(
    inkread: Inkread, source: Path, labels: tuple[list[str], list[str], set[int]]
) -> None:
    result = inkread("data", "suspects", source, "--bundle", load().manifest.name, "--json")
    facts = json.loads(result.stdout)
    found = {each["picture"] for each in facts["suspects"]}
    assert len(found & labels[2]) >= 7
    assert len(found) <= 11
    assert facts["by"] == {"by": "bundle", "bundle": load().manifest.name, "trained_on_it": False}


def test_a_list_of_another_source_is_refused(inkread: Inkread, source: Path, predictions: Path, tmp_path: Path) -> None:
    inkread("data", "suspects", source, "--predictions", predictions, "--out", tmp_path / "l.csv")
    pictures = np.asarray(drawn(CHARACTERS, 20, seed=9).prepared(Preparation()).pictures)
    np.savez(tmp_path / "other.npz", x=pictures, label=read(source).labels)
    result = inkread("data", "convert", tmp_path / "other.npz", tmp_path / "t.npz", "--relabel", tmp_path / "l.csv")
    assert result.exit_code == 2
    assert result.stderr.startswith("error: the source has not this picture at this place: picture ")
    assert not (tmp_path / "t.npz").exists()


def test_what_cannot_be_audited_is_one_sentence(inkread: Inkread, source: Path, predictions: Path, tmp_path: Path) -> None:
    def told(*arguments: object) -> str:
        result = inkread("data", "suspects", *arguments)
        assert result.exit_code == 2
        return str(result.stderr.splitlines()[0].removeprefix("error: "))

    (tmp_path / "short.csv").write_text("A,B\n0.5,0.5\n")
    (tmp_path / "answers.csv").write_text("class\n" + "1\n" * 160)
    np.save(tmp_path / "wide.npy", np.full((160, 11), 1 / 11))
    np.savez(tmp_path / "one.npz", x=np.zeros((3, 28, 28), np.uint8), label=np.array(["A"] * 3))
    np.savez(tmp_path / "none.npz", testing_images=np.zeros((3, 28, 28), np.uint8))
    assert told(source, "--predictions", predictions, "--bundle", "x") == (
        "predictions come from a file or from a reader: give one of --predictions and --bundle"
    )
    short, answers, wide = (tmp_path / each for each in ("short.csv", "answers.csv", "wide.npy"))
    assert told(source, "--predictions", short) == f"the file has 1 predictions for 160 pictures: {short}"
    assert told(source, "--predictions", answers) == (
        f"an audit needs a probability of every character, the file holds answers only: {answers}"
    )
    assert told(source, "--predictions", wide) == f"11 columns for the 8 characters of the labels: {wide}"
    assert told(tmp_path / "one.npz", "--predictions", short).startswith("labels of one character cannot be audited")
    assert told(tmp_path / "none.npz", "--predictions", short) == f"no picture has a label: {tmp_path / 'none.npz'}:test"


def test_labels_of_a_test_part_never_train(inkread: Inkread, tmp_path: Path) -> None:
    path = tmp_path / "test.npz"
    np.savez(path, testing_images=np.zeros((3, 28, 28), np.uint8), testing_labels=np.array([0, 1, 2]))
    result = inkread("data", "suspects", path)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"error: labels of a test part never train: {path}")
