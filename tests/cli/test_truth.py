"""Scores against what names and folders tell."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from command_line import Inkread
from inkread.alphabet import NAMED, alphabet
from inkread.bundle import Bundle, save
from inkread.cli.truth import Truth, trained_on
from inkread.datasets import file_digest, path_digest
from inkread.datasets.drawn import draw
from inkread.errors import PictureError
from inkread.picture import encode_png
from inkread.reading import Answer, Reader, Reading


def answer(path: str, character: str, sure: bool = True) -> Answer:
    return Answer(path, Reading(character, 0.9, ((character, 0.9),), sure, 0.0, not character, None))  # type: ignore[arg-type]


def test_right_wrong_unknown_and_outside_are_counted_apart() -> None:
    truth = Truth("folder", NAMED["digits"])
    verdicts = [
        truth.judge(answer(path, character))
        for path, character in (("7/a.png", "7"), ("8/b.png", "7"), ("A/c.png", "4"), ("misc/d.png", "1"))
    ]
    assert [each.right for each in verdicts] == [True, False, None, None]
    assert (truth.right, truth.scored, truth.outside, truth.unknown) == (1, 2, 1, 1)


def test_a_case_policy_joins_truth_and_answer() -> None:
    truth = Truth("name", alphabet("byclass").with_case("fold"))
    assert truth.judge(answer("c_01.png", "C")).right is True
    assert truth.judge(answer("a_01.png", "A")).right is False


def test_a_blank_answer_is_wrong_and_an_unreadable_file_is_not_scored() -> None:
    truth = Truth("name", NAMED["digits"])
    assert truth.judge(answer("1_x.png", "")).right is False
    assert truth.judge(Answer("1_y.png", None, PictureError("cut off"))).right is None
    assert truth.scored == 1


def test_the_sure_ones_are_scored_apart() -> None:
    truth = Truth("name", NAMED["digits"])
    for path, sure in (("1_a.png", True), ("2_a.png", False)):
        truth.judge(answer(path, "1", sure))
    assert truth.facts()["accuracy"] == 0.5
    assert truth.facts()["accuracy_sure"] == 1.0
    assert "1 of 2, 50.00%" in truth.told()
    assert "of the 1 sure ones 100.00%" in truth.told()


def test_the_folder_of_a_bare_name_is_the_one_we_stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "7").mkdir()
    monkeypatch.chdir(tmp_path / "7")
    assert Truth("folder", NAMED["digits"]).judge(answer("a.png", "7")).right is True


def test_the_score_is_told_and_stands_in_the_json(inkread: Inkread, folder: Path, tiny_bundle: Path) -> None:
    character = Reader(tiny_bundle).read(folder / "2.png").character
    (folder / "2.png").rename(folder / f"{character}_1.png")
    (folder / "10.png").unlink()
    result = inkread("read", folder, "--truth", "name", "--json")
    found = json.loads(result.stdout)
    assert found["readings"][0]["truth"] == character
    assert found["readings"][0]["right"] is True
    assert found["readings"][1]["right"] is None
    assert found["summary"]["truth"]["accuracy"] == 1.0
    assert "right: 1 of 1, 100.00% (95 % interval 20.65% to 100.00%); not scored: 1 whose name tells no character\n" in result.stderr


def test_a_score_on_what_the_reader_was_trained_on_says_so(
    inkread: Inkread, folder: Path, tmp_path: Path, make_tiny_bundle: Callable[..., Bundle]
) -> None:
    boxes = tmp_path / "boxes.zip"
    with zipfile.ZipFile(boxes, "w") as archive:
        archive.write(folder / "2.png", "A/2.png")
    digest = sha256(boxes.read_bytes()).hexdigest()
    knows = save(tmp_path / "knows.onnx", make_tiny_bundle(data={"photo": f"{'0' * 64}+{digest}"}))
    stranger = save(tmp_path / "stranger.onnx", make_tiny_bundle(data={"photo": "0" * 64}))
    for bundle, told in ((knows, [str(boxes)]), (stranger, [])):
        result = inkread("read", boxes, "--truth", "folder", "--json", "--bundle", bundle, bundle=False)
        assert json.loads(result.stdout)["summary"]["truth"]["trained_on"] == told
        assert ("the reader was trained on" in result.stderr) is bool(told)


def test_a_folder_that_trained_is_known_by_all_its_files_or_by_one(tmp_path: Path) -> None:
    folder = tmp_path / "hand"
    for name in ("A/1.png", "B/2.png"):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_bytes(encode_png(draw(name[0], np.random.default_rng(0))))
    empty = tmp_path / "empty"
    empty.mkdir()
    paths = (str(folder), str(empty), str(tmp_path / "not there"))
    assert trained_on(paths, [f"{'0' * 64}+{path_digest(folder)}"]) == (str(folder),)
    assert trained_on(paths, [file_digest(folder / "A" / "1.png")]) == (str(folder),)
    assert trained_on(paths, ["0" * 64]) == ()
