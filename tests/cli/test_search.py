"""What was not read is told by every command in the same words: other files, subfolders, zips, and what could not be read."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from inkread.cli import main

Command = Callable[..., Result]
COMMANDS = ["read", "vin", "doctor", "teach"]


@pytest.fixture
def command(tiny_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """``command("vin", path)``: with the tiny bundle, in an empty folder."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    settings = {"doctor": ["--no-page"], "teach": ["--truth", "name", "--force"]}

    def run(name: str, *words: object) -> Result:
        return CliRunner().invoke(main, [name, *map(str, words), *settings.get(name, []), "--bundle", str(tiny_bundle)])

    return run


@pytest.fixture
def boxes(tmp_path: Path, drawn_a: bytes) -> Path:
    """A folder that every command reads: 17 pictures named A_1.png to B_17.png."""
    place = tmp_path / "boxes"
    place.mkdir()
    for number in range(1, 18):
        (place / f"{'AB'[number > 9]}_{number}.png").write_bytes(drawn_a)
    return place


def zipped(path: Path, members: dict[str, bytes]) -> bytes:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path.read_bytes()


@pytest.mark.parametrize("name", COMMANDS)
def test_other_files_are_counted(command: Command, boxes: Path, name: str) -> None:
    (boxes / "notes.txt").write_text("a note")
    (boxes / ".hidden.png").write_bytes(b"")
    result = command(name, boxes)
    assert "2 other files skipped" in result.stderr
    found = json.loads(command(name, boxes, "--json").stdout)
    assert (found["summary"] if name == "read" else found)["skipped"] == 2


@pytest.mark.parametrize("name", ["read", "vin", "doctor"])
def test_subfolders_that_were_left_alone_are_told(command: Command, boxes: Path, name: str) -> None:
    (boxes / "page 2").mkdir()
    assert "1 subfolder left alone" in command(name, boxes).stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_nothing_is_said_where_nothing_was_left_alone(command: Command, boxes: Path, name: str) -> None:
    told = command(name, boxes).stderr
    assert "skipped" not in told
    assert "left alone" not in told


@pytest.mark.parametrize("name", COMMANDS)
def test_a_zip_in_a_folder_is_named_with_the_way_to_read_it(command: Command, boxes: Path, drawn_a: bytes, name: str) -> None:
    zipped(boxes / "More.ZIP", {"1.png": drawn_a})
    assert f"1 zip in a folder not read, give it by itself: {boxes}/More.ZIP\n" in command(name, boxes).stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_a_zip_inside_a_zip_is_named_with_the_way_to_read_it(command: Command, boxes: Path, name: str) -> None:
    inner = zipped(boxes / "inner.zip", {"1.png": b"x"})
    outer = boxes.parent / "outer.zip"
    zipped(outer, {path.name: path.read_bytes() for path in boxes.glob("*.png")} | {"more/inner.zip": inner})
    assert f"1 zip inside a zip not read, take out and give it by itself: {outer}/more/inner.zip\n" in command(name, outer).stderr


@pytest.mark.parametrize("name", ["read", "doctor", "teach"])
def test_where_there_are_only_zips_the_hint_names_them(command: Command, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "scans"
    folder.mkdir()
    for number in range(5):
        zipped(folder / f"{number}.zip", {"1.png": b"x"})
    told = command(name, folder).stderr
    assert told.startswith(f"error: no pictures in: {folder}\n\nhint: 5 files skipped: no pictures by suffix or content; ")
    assert told.endswith(f"5 zips in a folder not read, give each by itself: {folder}/0.zip, {folder}/1.zip, {folder}/2.zip and 2 more\n")


def test_a_picture_called_zip_is_a_picture(command: Command, boxes: Path, drawn_a: bytes) -> None:
    (boxes / "18.zip").write_bytes(drawn_a)
    assert command("read", boxes).stderr.startswith("18 pictures; ")


@pytest.mark.parametrize("name", ["read", "vin", "doctor", "teach"])
def test_what_cannot_be_read_is_told_with_its_hint(command: Command, boxes: Path, name: str) -> None:
    (boxes / "A_3.png").write_bytes(b"%PDF-1.7 a scan that was renamed")
    line = f"unreadable: {boxes}/A_3.png: "
    (told,) = [each for each in command(name, boxes).stderr.splitlines() if each.startswith(line)]
    assert told.endswith(" (save its pages as pictures first)")
