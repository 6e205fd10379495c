"""What users give by mistake: each met with a sentence, a way out and the right exit code, never a traceback."""

from __future__ import annotations

import errno
import io
import os
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from command_line import Inkread
from inkread.bundle import Bundle
from inkread.bundle.metadata import read_metadata, replace_metadata
from inkread.datasets.drawn import draw
from inkread.picture import encode_png


def refusal(inkread: Inkread, *arguments: object, bundle: bool = True) -> tuple[str, str]:
    """Error and hint of a command that could do nothing."""
    result = inkread("read", *arguments, bundle=bundle)
    assert (result.exit_code, result.stdout) == (2, "")
    error, _, hint = result.stderr.partition("\n\nhint: ")
    assert error.startswith("error: ")
    return error.removeprefix("error: ").strip(), hint.strip()


def test_a_missing_path_offers_its_neighbour(inkread: Inkread, folder: Path) -> None:
    assert refusal(inkread, folder / "3.png") == (
        f"no such file or folder: {folder}/3.png",
        "did you mean `2.png` or `10.png` or `white.png`?",
    )


def test_the_neighbour_may_be_in_another_case(inkread: Inkread, folder: Path) -> None:
    assert refusal(inkread, folder.parent / "FORMS")[1] == "did you mean `forms`?"
    assert refusal(inkread, folder / "WHITE.PNG")[1].startswith("did you mean `white.png`")
    assert inkread("READ", folder).stderr.endswith("hint: did you mean `read`?\n")


def test_an_empty_name_is_told_as_one(inkread: Inkread) -> None:
    assert refusal(inkread, "") == ("an empty name is no file and no folder", "a variable of the shell that is not set?")


@pytest.mark.parametrize(("option", "what"), [("--bundle", "the bundle"), ("--prior", "the prior's file")])
def test_a_folder_in_place_of_a_file_is_told_in_one_sentence(inkread: Inkread, folder: Path, option: str, what: str) -> None:
    assert refusal(inkread, folder, option, folder, bundle=False) == (f"{what} cannot be read (is a directory): {folder}", "")


def test_a_pattern_without_a_match_is_told_as_one(inkread: Inkread, folder: Path) -> None:
    assert refusal(inkread, f"{folder}/*.jpg")[0] == f"nothing matches the pattern: {folder}/*.jpg"


def test_an_empty_folder_is_nothing_to_read(inkread: Inkread, tmp_path: Path) -> None:
    assert refusal(inkread, tmp_path) == (f"no pictures in: {tmp_path}", "")


def test_a_folder_without_pictures_says_what_was_in_it(inkread: Inkread, folder: Path) -> None:
    (folder.parent / "notes.txt").write_text("nothing")
    subfolder = "1 subfolder left alone: give one by itself (`inkread read --recursive` reads all)"
    hint = f"{subfolder}; 1 file skipped: no pictures by suffix or content"
    assert refusal(inkread, folder.parent) == (f"no pictures in: {folder.parent}", hint)


def test_no_path_at_all_is_a_usage_error(inkread: Inkread) -> None:
    error, hint = refusal(inkread)
    assert "PATH" in error
    assert hint == "inkread read --help"


def closed(_folder: str) -> None:
    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def test_a_closed_folder_is_told(inkread: Inkread, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "scandir", closed)
    assert refusal(inkread, folder)[0] == f"the folder cannot be opened (permission denied): {folder}"


def test_a_closed_folder_for_the_contact_sheet_is_told_before_the_work(
    inkread: Inkread, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.TemporaryFile", lambda dir: closed(dir))
    error, hint = refusal(inkread, folder, "--html", folder / "sheet.html")
    assert error == f"the contact sheet cannot be written (permission denied): {folder}/sheet.html"
    assert hint == "name a file in a folder of your own"


def test_an_unknown_alphabet_offers_the_nearest(inkread: Inkread, folder: Path) -> None:
    error, hint = refusal(inkread, folder, "--alphabet", "digit")
    assert error == "unknown alphabet: 'digit'"
    assert "`digits`" in hint


def test_an_unknown_bundle_offers_the_shipped_ones(inkread: Inkread, folder: Path) -> None:
    error, hint = refusal(inkread, folder, "--bundle", "embeded", bundle=False)
    assert error == "no bundle: embeded"
    assert "`embedded`" in hint


def test_a_tampered_bundle_is_refused_with_its_path(inkread: Inkread, folder: Path, tiny_bundle: Path, tmp_path: Path) -> None:
    data = bytearray(tiny_bundle.read_bytes())
    data[data.index(b"second") + 20] ^= 1
    (tmp_path / "b.onnx").write_bytes(data)
    error, hint = refusal(inkread, folder, "--bundle", tmp_path / "b.onnx", bundle=False)
    assert error == f"the network in the bundle was changed after it was written ({tmp_path}/b.onnx)"
    assert hint.startswith("take the file again from where it came")


def test_a_bundle_of_a_newer_format_asks_for_a_newer_inkread(
    inkread: Inkread, folder: Path, make_tiny_bundle: Callable[..., Bundle], tmp_path: Path
) -> None:
    model = make_tiny_bundle("abc").model
    newer = replace_metadata(model, {**read_metadata(model), "inkread.format": "7"}, "inkread.")
    (tmp_path / "b.onnx").write_bytes(newer)
    assert refusal(inkread, folder, "--bundle", tmp_path / "b.onnx", bundle=False) == (
        f"the bundle is of format 7, this inkread reads format 1 ({tmp_path}/b.onnx)",
        "a newer inkread reads it",
    )


def test_a_share_above_one_is_refused_with_what_was_meant(inkread: Inkread, folder: Path) -> None:
    assert "not between 0 and 1: 5 (write 5%?)" in refusal(inkread, folder, "--max-error", "5")[0]
    assert "not a share: many (write 1% or 0.01)" in refusal(inkread, folder, "--max-error", "many")[0]


def test_two_thresholds_exclude_each_other(inkread: Inkread, folder: Path) -> None:
    assert "exclude each other" in refusal(inkread, folder, "--max-error", "1%", "--reject-below", "0.9")[0]


def test_a_broken_zip_is_told(inkread: Inkread, tmp_path: Path) -> None:
    (tmp_path / "scans.zip").write_bytes(b"PK\x03\x04 and no more")
    assert str(tmp_path / "scans.zip") in refusal(inkread, tmp_path / "scans.zip")[0]


def test_a_zip_has_no_such_member(inkread: Inkread, folder: Path) -> None:
    with zipfile.ZipFile(folder.parent / "a.zip", "w") as archive:
        archive.write(folder / "2.png", "two.png")
    assert refusal(inkread, folder.parent / "a.zip" / "tow.png") == (
        f"no such member in the zip: {folder.parent}/a.zip/tow.png",
        "did you mean `two.png`?",
    )


def test_a_folder_for_the_contact_sheet_that_is_not_there_is_told_before_the_work(inkread: Inkread, folder: Path) -> None:
    error, _ = refusal(inkread, folder, "--html", folder / "none" / "sheet.html")
    assert error == f"the contact sheet cannot be written (no such file or directory): {folder}/none/sheet.html"


def test_text_called_png_keeps_its_line_and_the_others_are_read(inkread: Inkread, folder: Path) -> None:
    (folder / "3.png").write_text("this is no picture")
    result = inkread("read", folder, "--format", "ascii")
    lines = result.stdout.splitlines()
    assert result.exit_code == 1
    assert lines[1] == f"000, {folder}/3.png"
    assert len(lines) == 4
    assert f"unreadable: {folder}/3.png: " in result.stderr
    assert "4 pictures, 1 blank, 1 unreadable; " in result.stderr


def test_unreadable_is_empty_in_every_layout(inkread: Inkread, folder: Path) -> None:
    broken = folder / "cut.png"
    broken.write_bytes((folder / "2.png").read_bytes()[:60])
    assert inkread("read", broken).stdout == f"{broken}\t\t\tunreadable\n"
    assert inkread("read", broken, "--format", "csv").stdout.splitlines()[1] == f"{broken},,,false"
    assert '"character": "", "probability": null, "sure": false' in inkread("read", broken, "--format", "jsonl").stdout


def test_a_path_named_by_the_user_is_always_tried(inkread: Inkread, folder: Path) -> None:
    (folder / "notes.txt").write_text("nothing")
    result = inkread("read", folder / "notes.txt")
    assert (result.exit_code, result.stdout) == (1, f"{folder}/notes.txt\t\t\tunreadable\n")


def test_a_white_picture_is_blank_and_no_fault(inkread: Inkread, folder: Path) -> None:
    result = inkread("read", folder / "white.png")
    assert (result.exit_code, result.stdout) == (0, f"{folder}/white.png\t\t\tblank\n")


def test_nothing_on_standard_input_keeps_its_line(inkread: Inkread) -> None:
    result = inkread("read", "-", stdin=b"")
    assert (result.exit_code, result.stdout) == (1, "-\t\t\tunreadable\n")


def jpeg(share: float) -> bytes:
    """The first part of a sound JPEG."""
    whole = io.BytesIO()
    Image.fromarray(255 - draw("R", np.random.default_rng(3))).resize((200, 200)).save(whole, "JPEG")
    return whole.getvalue()[: int(len(whole.getvalue()) * share)]


def png_that_announces(width: int, height: int) -> bytes:
    """A PNG of these sides by its header, with next to nothing in it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(9))) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("cut.jpg", jpeg(0.5), "the JPEG is cut off"),
        ("huge.png", png_that_announces(30_000, 30_000), "a picture of more than 67,108,864 pixels: 30000x30000"),
        ("text.png", b"this is no picture", "it looks like a text file"),
        ("empty.png", b"", "the file is empty"),
    ],
)
@pytest.mark.parametrize("command", ["read", "vin", "doctor"])
def test_a_broken_picture_is_told_by_every_command(
    inkread: Inkread, tiny_bundle: Path, tmp_path: Path, command: str, name: str, data: bytes, says: str
) -> None:
    (tmp_path / name).write_bytes(data)
    result = inkread(command, tmp_path / name, "--bundle", tiny_bundle, bundle=False)
    assert result.exit_code == (2 if command == "vin" else 1)
    assert says in result.stderr
    assert isinstance(result.exception, SystemExit)


@pytest.mark.parametrize("grey", [0, 127, 255])
def test_a_picture_of_one_pixel_is_blank(inkread: Inkread, tmp_path: Path, grey: int) -> None:
    (tmp_path / "1.png").write_bytes(encode_png(np.full((1, 1), grey, np.uint8)))
    result = inkread("read", tmp_path)
    assert (result.exit_code, result.stdout) == (0, f"{tmp_path}/1.png\t\t\tblank\n")


def test_two_characters_are_told_by_the_doctor_and_counted_when_read(inkread: Inkread, tiny_bundle: Path, tmp_path: Path) -> None:
    both = np.full((100, 160), 255, np.uint8)
    for left, character in ((10, "A"), (90, "B")):
        glyph = Image.fromarray(draw(character, np.random.default_rng(1))).resize((60, 80))
        both[10:90, left : left + 60] = 255 - np.asarray(glyph)
    (tmp_path / "ab.png").write_bytes(encode_png(both))
    result = inkread("doctor", tmp_path / "ab.png", "--no-page", "--bundle", tiny_bundle)
    assert result.exit_code == 1
    assert "suspicious: more than one character: 2 pieces of a character's size stand side by side" in result.stdout
    result = inkread("read", tmp_path / "ab.png", "--bundle", tiny_bundle)
    assert "1 picture, 1 with more than one character, it seems (see `inkread doctor`)" in result.stderr


def test_reading_writes_nothing_and_needs_no_leave_to(inkread: Inkread, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    before = {each.name: each.stat().st_mtime_ns for each in folder.iterdir()}
    folder.chmod(0o555)
    assert inkread("read", ".").exit_code == 0
    folder.chmod(0o755)
    assert {each.name: each.stat().st_mtime_ns for each in folder.iterdir()} == before


def test_any_number_of_threads_is_harmless(inkread: Inkread, folder: Path) -> None:
    assert inkread("read", folder, "--threads", "2000").stdout == inkread("read", folder, "--threads", "1").stdout
