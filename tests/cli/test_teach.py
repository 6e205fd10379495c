"""``inkread teach``: what it writes, what it tells, what it refuses."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from inkread.bundle import load
from inkread.cli import main
from inkread.datasets.drawn import draw
from inkread.picture import encode_png

Teach = Callable[..., Result]


@pytest.fixture
def teach(tiny_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Teach:
    """``teach(folder, ...)`` with the tiny bundle, run in an empty folder."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return lambda *words: CliRunner().invoke(main, ["teach", *map(str, words), "--bundle", str(tiny_bundle)])


@pytest.fixture
def hand(tmp_path: Path) -> Path:
    """``hand/A/1.png`` and so on: three drawn pictures each of A, 7 and, as a character of its own, of a plus."""
    rng = np.random.default_rng(1)
    for folder, drawn in (("A", "A"), ("7", "7"), ("002B", "t")):
        place = tmp_path / "hand" / folder
        place.mkdir(parents=True)
        for at in range(3):
            (place / f"{at}.png").write_bytes(encode_png(draw(drawn, rng)))
    return tmp_path / "hand"


def test_it_writes_a_bundle_that_reads_the_new_character(teach: Teach, hand: Path) -> None:
    result = teach(hand)
    assert result.exit_code == 0
    before, after, written = result.stdout.splitlines()
    assert before.startswith("before  ")
    assert after.startswith("after   ")
    assert written == "written hand.onnx"
    assert "+" in load("hand.onnx").manifest.answers
    assert "taught 9 pictures of 3 characters, 1 of them new: +" in result.stderr
    read = CliRunner().invoke(main, ["read", str(hand / "A"), "--bundle", "hand.onnx"])
    assert (read.exit_code, len(read.stdout.splitlines())) == (0, 3)


def test_a_zip_is_as_good_and_leaves_its_suffix_behind(teach: Teach, hand: Path) -> None:
    with zipfile.ZipFile(hand.parent / "Mine.ZIP", "w") as archive:
        for path in hand.rglob("*.png"):
            archive.write(path, path.relative_to(hand))
    assert teach(hand.parent / "Mine.ZIP").stdout.splitlines()[-1] == "written Mine.onnx"


def test_json_tells_before_and_after_with_intervals(teach: Teach, hand: Path) -> None:
    found = json.loads(teach(hand, "--json", "-o", "mine.onnx", "--only").stdout)
    assert (found["output"], found["characters"], found["new"], found["counts"]) == ("mine.onnx", "7A+", "+", {"7": 3, "A": 3, "+": 3})
    for score in (found["before"], found["after"]):
        assert score["pictures"] == 9
        assert score["accuracy"] == score["right"] / 9
        assert score["low"] <= score["accuracy"] <= score["high"]
    assert found["after"]["right"] + sum(often for _, _, often in found["mistakes"]) == 9


def test_names_tell_the_characters_where_folders_do_not(teach: Teach, tmp_path: Path) -> None:
    (tmp_path / "flat").mkdir()
    rng = np.random.default_rng(2)
    for name in ("a_1", "a_2", "B_1", "B_2"):
        (tmp_path / "flat" / f"{name}.png").write_bytes(encode_png(draw(name[0], rng)))
    assert json.loads(teach(tmp_path / "flat", "--json").stdout)["counts"] == {"B": 2, "a": 2}
    forced = teach(tmp_path / "flat", "--truth", "folder", "-o", "x.onnx")
    assert (forced.exit_code, forced.stderr.startswith("error: no label is told by folders or names")) == (2, True)


def test_unreadable_blank_and_unlabelled_pictures_are_told_and_skipped(teach: Teach, hand: Path) -> None:
    (hand / "A" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nbroken")
    (hand / "A" / "white.png").write_bytes(encode_png(np.full((30, 30), 255, np.uint8)))
    (hand / "some words").mkdir()
    (hand / "some words" / "1.png").write_bytes((hand / "A" / "0.png").read_bytes())
    (hand / "notes.txt").write_text("a note")
    result = teach(hand)
    assert result.exit_code == 1
    assert f"unreadable: {hand}/A/broken.png: " in result.stderr
    assert f"skipped, no label: {hand}/some words/1.png" in result.stderr
    assert f"skipped, blank: {hand}/A/white.png" in result.stderr
    assert "taught 9 pictures" in result.stderr


def test_one_picture_each_says_that_accuracy_is_unknown(teach: Teach, hand: Path) -> None:
    for path in [*hand.rglob("1.png"), *hand.rglob("2.png")]:
        path.unlink()
    result = teach(hand)
    assert result.exit_code == 0
    assert "after   unknown: no character has two pictures" in result.stdout
    assert Path("hand.onnx").exists()


def test_an_output_that_is_there_is_left_alone_unless_forced(teach: Teach, hand: Path) -> None:
    Path("hand.onnx").write_bytes(b"dear")
    result = teach(hand)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == ("error: the output is there already: hand.onnx\n\nhint: --force writes over it, --output names another\n")
    assert Path("hand.onnx").read_bytes() == b"dear"
    assert teach(hand, "--force").exit_code == 0
    assert load("hand.onnx").manifest.head is not None


@pytest.mark.parametrize("output", ["nowhere/x.onnx", "."])
def test_an_output_that_cannot_be_is_refused_before_any_work(teach: Teach, hand: Path, output: str) -> None:
    result = teach(hand, "--output", output)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: the output")
    assert "hint: " in result.stderr


def test_a_read_only_folder_is_one_sentence(teach: Teach, hand: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda path, mode: False)
    result = teach(hand)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"error: the output's folder cannot be written to: {Path.cwd()}\n")


def test_one_character_only_is_refused(teach: Teach, hand: Path, tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (hand / "A").rename(tmp_path / "one" / "A")
    result = teach(tmp_path / "one")
    assert result.exit_code == 2
    assert result.stderr.startswith("error: teaching needs pictures of two different characters: A\n")
    assert not Path("one.onnx").exists()


def test_nothing_to_learn_from_is_refused(teach: Teach, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert teach(tmp_path / "empty").stderr.startswith("error: no pictures in: ")
    assert teach(tmp_path / "nowhere").exit_code == 2
    (tmp_path / "broken" / "A").mkdir(parents=True)
    (tmp_path / "broken" / "A" / "1.png").write_bytes(b"text")
    assert teach(tmp_path / "broken").stderr.startswith("error: no picture could be read: ")
