"""``inkread vin``: what it prints, what it marks, what it refuses."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from inkread.cli import main
from inkread.cli.vin import told
from inkread.datasets.drawn import Hand, draw
from inkread.picture import encode_png
from inkread.reading import read_vin
from inkread.reading.check_digit import CHARACTERS, holds

TEXT = "1HGCM82633A004352"
Vin = Callable[..., Result]


@pytest.fixture
def vin(tiny_bundle: Path) -> Vin:
    """``vin(path, ...)`` with the tiny bundle, whose answers are arbitrary."""
    return lambda *words: CliRunner().invoke(main, ["vin", *map(str, words), "--bundle", str(tiny_bundle)])


@pytest.fixture
def boxes(tmp_path: Path) -> Path:
    """A folder of 17 drawn boxes, 1.png to 17.png."""
    rng, place = np.random.default_rng(3), tmp_path / "vin"
    place.mkdir()
    hand = Hand.random(rng)
    for position, character in enumerate(TEXT, 1):
        (place / f"{position}.png").write_bytes(encode_png(draw(character, rng, hand)))
    return place


def test_one_line_of_17_characters_that_obeys_the_check_digit(vin: Vin, boxes: Path) -> None:
    result = vin(boxes, "--check-digit", "yes")
    assert result.exit_code == 0
    assert holds(result.stdout.rstrip("\n"))
    assert result.stderr.splitlines()[-1].startswith("check digit applied; probability ")


def test_json_tells_every_box_in_the_order_of_the_numbers(vin: Vin, boxes: Path) -> None:
    found = json.loads(vin(boxes, "--json", "--check-digit", "yes").stdout)
    assert [each["path"] for each in found["boxes"]] == [f"{boxes}/{position}.png" for position in range(1, 18)]
    assert "".join(each["character"] for each in found["boxes"]) == found["vin"]
    changed = [at for at, (was, now) in enumerate(zip(found["read_as"], found["vin"], strict=True), 1) if was != now]
    assert found["corrected"] == changed != []
    assert found["probability"] >= found["runner_up_probability"] > 0


def test_boxes_given_one_by_one_are_read_in_path_order(vin: Vin, boxes: Path) -> None:
    whole = json.loads(vin(boxes, "--json").stdout)
    found = json.loads(vin(*sorted(boxes.iterdir(), reverse=True), "--json").stdout)
    assert found == whole | {"path": None}


def test_boxes_given_one_by_one_must_be_17(vin: Vin, boxes: Path) -> None:
    result = vin(*(boxes / f"{position}.png" for position in range(1, 4)))
    assert result.exit_code == 2
    assert f"a VIN is read from 17 pictures, found 3: {boxes}/1.png, {boxes}/2.png, {boxes}/3.png" in result.stderr


def test_corrected_characters_are_marked_by_carets_below_them(vin: Vin, boxes: Path, tiny_bundle: Path) -> None:
    found = json.loads(vin(boxes, "--json", "--check-digit", "yes").stdout)
    carets = vin(boxes, "--check-digit", "yes").stderr.splitlines()[0]
    assert [at for at, each in enumerate(carets, 1) if each == "^"] == found["corrected"]
    first = found["corrected"][0] - 1
    coloured = CliRunner().invoke(main, ["vin", str(boxes), "--check-digit", "yes", "--bundle", str(tiny_bundle)], color=True).stdout
    assert coloured.startswith(found["vin"][:first] + "\x1b[4m" + found["vin"][first])


def test_the_story_names_box_and_both_characters() -> None:
    scores = np.full((17, 33), 1e-6)
    scores[np.arange(17), [CHARACTERS.index(each) for each in TEXT]] = 1.0
    scores[12, CHARACTERS.index("4")] = 2.0
    reading = read_vin(np.log(scores / scores.sum(axis=1, keepdims=True)), "yes")
    lines = told(reading)
    assert lines[0] == " " * 12 + "^"
    assert lines[1].startswith("box 13: alone it looks like 4 (0.667), with the others it is 0 (")
    assert lines[-1] == "check digit applied; probability 1.000, sure"


def test_a_blank_and_a_broken_box_are_told(vin: Vin, boxes: Path) -> None:
    (boxes / "3.png").write_bytes(encode_png(np.full((40, 30), 255, np.uint8)))
    (boxes / "5.png").write_bytes(b"no picture")
    result = vin(boxes, "--check-digit", "no")
    assert result.exit_code == 1
    assert (result.stdout[2], result.stdout[4]) == ("?", "?")
    assert f"unreadable: {boxes}/5.png: " in result.stderr
    assert "box 3 is blank\n" in result.stderr


@pytest.mark.parametrize("count", [16, 18])
def test_another_number_of_pictures_is_one_sentence_with_the_count(vin: Vin, boxes: Path, count: int) -> None:
    (boxes / "17.png").unlink()
    for extra in range(17, count + 1):
        (boxes / f"{extra}.png").write_bytes((boxes / "1.png").read_bytes())
    result = vin(boxes)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"error: a VIN is read from 17 pictures, found {count}: {boxes}\n\nhint: ")


def test_other_files_in_the_folder_do_not_count(vin: Vin, boxes: Path) -> None:
    (boxes / "notes.txt").write_text("a note")
    assert vin(boxes).exit_code == 0


def test_a_zip_reads_like_its_folder(vin: Vin, boxes: Path) -> None:
    packed = boxes.parent / "vin.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for path in boxes.iterdir():
            archive.write(path, path.name)
    assert vin(packed).stdout == vin(boxes).stdout


def row_of(boxes: Path, count: int = 17) -> np.ndarray:
    """The drawn boxes side by side in a printed frame."""
    rng = np.random.default_rng(3)
    cells = []
    for character in TEXT[:count]:
        cell = np.zeros((70, 60), np.uint8)
        glyph = draw(character, rng, size=44)
        cell[12 : 12 + glyph.shape[0], 8 : 8 + glyph.shape[1]] = glyph[:56, :50]
        cell[[0, 1, -2, -1], :] = 255
        cell[:, :2] = 255
        cells.append(cell)
    row = np.hstack([*cells, np.full((70, 2), 255, np.uint8)])
    return 255 - np.pad(row, 12)


def test_one_picture_of_the_row_is_cut_and_read(vin: Vin, boxes: Path, tmp_path: Path) -> None:
    (tmp_path / "row.png").write_bytes(encode_png(row_of(boxes)))
    found = json.loads(vin(tmp_path / "row.png", "--json").stdout)
    assert (found["layout"], len(found["vin"]), found["blank"]) == ("boxes", 17, [])


def test_a_row_of_another_length_says_how_many_boxes_were_found(vin: Vin, boxes: Path, tmp_path: Path) -> None:
    (tmp_path / "row.png").write_bytes(encode_png(row_of(boxes, 14)))
    result = vin(tmp_path / "row.png")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: 17 boxes are needed in the picture of a row, found: 14")


@pytest.mark.parametrize("content", [b"", b"text called a picture"])
def test_a_file_that_is_no_picture_is_refused(vin: Vin, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "row.png").write_bytes(content)
    result = vin(tmp_path / "row.png")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: ")


def test_nothing_there_is_refused(vin: Vin, tmp_path: Path) -> None:
    assert vin(tmp_path / "nowhere").exit_code == 2
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "found 0" in vin(empty).stderr
