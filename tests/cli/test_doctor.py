"""``inkread doctor``: its page, its words, its JSON, and where it writes."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import Result
from PIL import Image

from command_line import Inkread
from inkread.cli import pages
from inkread.cli.panels import shown
from inkread.cli.patient import Patient
from inkread.datasets.drawn import draw
from inkread.picture import encode_png
from inkread.reading import Reader, diagnose

Doctor = Callable[..., Result]


@pytest.fixture
def doctor(inkread: Inkread, tiny_bundle: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Doctor:
    """``doctor(path, ...)`` with the tiny bundle, in a folder of its own: ``tmp_path / "here"``."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)

    def run(*arguments: object, stdin: bytes | None = None) -> Result:
        return inkread("doctor", *arguments, "--bundle", tiny_bundle, stdin=stdin)

    return run


def facts(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_the_page_goes_into_the_current_folder_and_never_beside_the_picture(doctor: Doctor, folder: Path) -> None:
    before = sorted(folder.iterdir())
    result = doctor(folder / "2.png")
    assert result.stderr == "page: doctor-2.png\n"
    assert os.listdir() == ["doctor-2.png"]
    assert Image.open("doctor-2.png").size[0] == 1128
    assert sorted(folder.iterdir()) == before


def test_the_words_tell_answer_runners_up_and_what_was_done(doctor: Doctor, folder: Path, tiny_bundle: Path) -> None:
    reading = Reader(tiny_bundle).read(folder / "2.png")
    lines = doctor(folder / "2.png", "--no-page").stdout.splitlines()
    assert lines[0].startswith(f"{folder}/2.png: {reading.character} (")
    assert [line.split()[0] for line in lines[1:6]] == [character for character, _ in reading.ranking[:5]]
    assert lines[6].startswith("done: ")
    assert lines[7].startswith("why: where")
    assert os.listdir() == []


def test_a_blank_picture_is_suspicious_with_a_way_out(doctor: Doctor, folder: Path) -> None:
    result = doctor(folder / "white.png", "--no-page")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[0] == f"{folder}/white.png: blank"
    assert "suspicious: no ink was found" in result.stdout
    assert "\n    hint: " in result.stdout


def test_several_pictures_have_a_page_each_with_names_that_differ(doctor: Doctor, folder: Path) -> None:
    (folder / "more").mkdir()
    (folder / "more" / "2.png").write_bytes((folder / "10.png").read_bytes())
    doctor(folder / "2.png", folder / "more" / "2.png")
    assert sorted(os.listdir()) == ["doctor-2-2.png", "doctor-2.png"]


def test_out_is_a_folder_that_is_made_or_one_long_page(doctor: Doctor, folder: Path) -> None:
    assert doctor(folder, "--out", "new/pages").exit_code == 1
    assert sorted(os.listdir("new/pages")) == ["doctor-10.png", "doctor-2.png", "doctor-white.png"]
    doctor(folder, "--out", "all.png")
    heights = [Image.open(Path("new/pages") / name).size[1] for name in os.listdir("new/pages")]
    assert Image.open("all.png").size[1] >= sum(heights)


@pytest.mark.parametrize(
    ("out", "error"),
    [
        ("page.jpg", "the page is a PNG, or a folder of them: page.jpg"),
        ("none/page.png", "the page cannot be written there: none"),
    ],
)
def test_a_place_that_cannot_be_meant_is_told_before_the_work(doctor: Doctor, folder: Path, out: str, error: str) -> None:
    result = doctor(folder / "2.png", "--out", out)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"error: {error}\n\nhint: ")


def test_the_picture_itself_is_never_written_over(doctor: Doctor, folder: Path, drawn_a: bytes) -> None:
    for out in (folder / "10.png", folder / ".." / folder.name / "10.png"):
        result = doctor(folder / "10.png", "--out", out)
        assert result.exit_code == 2
        assert "would be written over the picture itself" in result.stderr
    assert (folder / "10.png").read_bytes() == drawn_a


def test_a_folder_full_of_pictures_needs_a_place_for_its_pages(doctor: Doctor, folder: Path) -> None:
    for number in range(pages.MANY):
        (folder / f"more{number}.png").write_bytes((folder / "2.png").read_bytes())
    result = doctor(folder)
    assert (result.exit_code, os.listdir()) == (2, [])
    assert "too many pictures" in result.stderr
    assert "--out FOLDER" in result.stderr


def test_what_cannot_be_read_is_told_and_the_others_are_diagnosed(doctor: Doctor, folder: Path) -> None:
    (folder / "3.png").write_text("no picture")
    result = doctor(folder, "--json", "--no-page")
    assert result.exit_code == 1
    assert f"unreadable: {folder}/3.png: " in result.stderr
    found = facts(result)["pictures"]
    assert [bool(each["error"]) for each in found] == [False, True, False, False]
    assert found[1].keys() == {"path", "error"}


def test_nothing_there_is_an_error(doctor: Doctor, folder: Path) -> None:
    result = doctor(folder / "none.png")
    assert (result.exit_code, result.stdout) == (2, "")
    (folder / "only.txt").write_text("x" * 100)
    for name in ("2.png", "10.png", "white.png"):
        (folder / name).unlink()
    assert f"error: no pictures in: {folder}" in doctor(folder).stderr


def test_json_has_the_keys_that_the_help_names(doctor: Doctor, folder: Path) -> None:
    result = doctor(folder / "10.png", "--json")
    (found,) = facts(result)["pictures"]
    assert facts(result)["together"] == []
    assert list(found) == [
        *("path", "error", "page", "character", "probability", "sure", "outside", "blank", "ranking", "notes", "placement"),
        *("steps", "findings", "occlusion", "nearest"),
    ]
    assert found["page"] == "doctor-10.png"
    assert np.array(found["occlusion"]["falls"]).shape == (28, 28)
    assert found["steps"][0].keys() == {"name", "width", "height"}
    help_text = " ".join(doctor("--help").stdout.split())
    assert all(key in help_text for key in (*found, *found["occlusion"]))


def test_standard_input_and_members_of_a_zip_are_pictures_too(doctor: Doctor, folder: Path, drawn_a: bytes) -> None:
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        archive.writestr("upper_A/1.png", drawn_a)
    doctor("-", stdin=drawn_a)
    doctor(folder / "a.zip")
    assert sorted(os.listdir()) == ["doctor-1.png", "doctor-stdin.png"]


def test_alphabet_and_threshold_reach_the_reader(doctor: Doctor, folder: Path) -> None:
    (found,) = facts(doctor(folder / "2.png", "--json", "--no-page", "--alphabet", "XYZ", "--reject-below", "1"))["pictures"]
    assert {each["character"] for each in found["ranking"]} == set("XYZ")
    assert found["sure"] is False


def test_data_finds_the_glyph_itself_first(doctor: Doctor, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("INKREAD_CACHE", str(tmp_path / "cache"))
    source = tmp_path / "glyphs"
    for character in "A7x":
        (source / f"{ord(character):04x}").mkdir(parents=True)
        for number in range(2):
            picture = draw(character, np.random.default_rng(ord(character) + number))
            (source / f"{ord(character):04x}" / f"{number}.png").write_bytes(encode_png(picture))
    (source / "0041" / "9.png").write_bytes((folder / "10.png").read_bytes())
    result = doctor(folder / "10.png", "--json", "--data", source)
    (found,) = facts(result)["pictures"]
    assert found["nearest"][0] | {"distance": 0.0} == {"label": "A", "distance": 0.0, "index": 4, "name": "0041/9.png"}
    assert found["nearest"][0]["distance"] < 1e-5
    distances = [each["distance"] for each in found["nearest"]]
    assert len(distances) == 7
    assert distances == sorted(distances)
    assert "nearest: A 0.000, " in doctor(folder / "10.png", "--no-page", "--data", source).stdout


def test_in_a_terminal_the_steps_stand_side_by_side(folder: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    patient = Patient("10.png", diagnose(folder / "10.png", Reader(tiny_bundle)))
    lines = shown(patient, {"TERM": "xterm"}).splitlines()
    assert lines[0].split()[:2] == ["given", "ink"]
    assert max(map(len, lines)) <= 80
    assert any(line.startswith("the network sees") and "light speaks for" in line for line in lines)
    assert "\x1b[" not in "".join(lines)
    assert "\x1b[38;2;" in shown(patient, {"TERM": "xterm", "COLORTERM": "truecolor"})
    assert shown(patient, {"TERM": "xterm-kitty"}).startswith("\x1b_G")
