from __future__ import annotations

import os
from pathlib import Path

import pytest

from inkread.errors import FormatError, SourceNotFound
from inkread.formats import TRANSPOSED, UPRIGHT, read
from inkread.formats.pictures import SUFFIXES, begins_as_picture
from inkread.picture import PICTURE_SUFFIXES, is_picture
from made_files import letter_f, png, zipped

F = png(letter_f())


def _folder(root: Path, names: list[str]) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(F if name.endswith((".png", ".jpg")) else b"text")
    return root


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
def test_class_folders_label_their_pictures_in_natural_order(tmp_path: Path, packed: bool) -> None:
    names = ["lower_a/10.png", "lower_a/9.png", "digit_0/1.png", "upper_A/1.png", "readme.txt"]
    folder = _folder(tmp_path / "a", names)
    contents = read(zipped(tmp_path / "a.zip", {name: (folder / name).read_bytes() for name in names}) if packed else folder)
    assert contents.names == ("digit_0/1.png", "lower_a/9.png", "lower_a/10.png", "upper_A/1.png")
    assert contents.labels == ("0", "a", "a", "A")
    assert contents.skipped == 1
    assert contents.orientation.stored == UPRIGHT
    assert contents.encoded is not None
    assert list(contents.encoded) == [F] * 4
    assert list(contents.encoded[1:3]) == [F] * 2


def test_both_cases_are_told_apart_where_file_names_are_not(tmp_path: Path) -> None:
    contents = read(_folder(tmp_path, ["A/1.png", "a_/1.png", "0062/1.png", "067/1.png"]))
    assert contents.labels is not None
    assert dict(zip(contents.names or (), contents.labels, strict=True)) == {
        "A/1.png": "A",
        "a_/1.png": "a",
        "0062/1.png": "b",
        "067/1.png": "C",
    }


def test_pictures_whose_names_tell_nothing_come_without_labels(tmp_path: Path) -> None:
    assert read(_folder(tmp_path, ["scan1.png", "A_2.png"])).labels is None


def test_a_picture_is_known_by_its_first_bytes_too(tmp_path: Path) -> None:
    (tmp_path / "A").write_bytes(F)
    (tmp_path / "B.dat").write_bytes(F)
    (tmp_path / "C.txt").write_bytes(b"no picture")
    contents = read(tmp_path)
    assert (contents.names, contents.skipped) == (("A", "B.dat"), 1)


def test_hidden_files_and_folders_are_left_alone(tmp_path: Path) -> None:
    assert read(_folder(tmp_path, [".a.png", ".x/1.png", "__MACOSX/1.png", "B/1.png"])).names == ("B/1.png",)


def test_names_that_are_no_utf8_survive(tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path) + b"/A_\xe9\n.png"
    try:
        Path(os.fsdecode(raw)).write_bytes(F)
    except OSError:
        pytest.skip("this file system wants UTF-8")
    contents = read(tmp_path)
    assert contents.names == ("A_\udce9\n.png",)
    assert contents.labels == ("A",)
    assert contents.encoded is not None
    assert contents.encoded[0] == F


def test_parts_are_folders_that_are_called_so(tmp_path: Path) -> None:
    _folder(tmp_path, ["train/A/1.png", "train/B/1.png", "val/A/2.png"])
    assert read(tmp_path, "train").names == ("train/A/1.png", "train/B/1.png")
    assert read(tmp_path, "validation").names == ("val/A/2.png",)
    with pytest.raises(FormatError, match="no part of this name") as refused:
        read(tmp_path, "test")
    assert refused.value.hint == "its parts: train, validation"


def test_the_letters_lab_is_transposed_with_both_cases_joined(tmp_path: Path) -> None:
    source = zipped(tmp_path / "images.zip", {"train/b_00002.jpg": F, "test/a_00001.jpg": F})
    contents = read(source, "train")
    assert contents.labels == ("Bb",)
    assert contents.orientation.stored == TRANSPOSED
    assert contents.turn
    assert not read(source, "train", as_stored=True).turn


def test_one_picture_is_a_source_of_one(tmp_path: Path) -> None:
    (tmp_path / "upper_F.png").write_bytes(F)
    contents = read(tmp_path / "upper_F.png")
    assert (contents.labels, contents.names, contents.format) == (("F",), ("upper_F.png",), "picture")


def test_a_folder_without_pictures_says_what_it_saw(tmp_path: Path) -> None:
    with pytest.raises(SourceNotFound, match="no picture in the folder") as refused:
        read(_folder(tmp_path, ["a.txt", "b.csv"]))
    assert refused.value.hint == "2 files are no pictures"


def test_formats_and_picture_agree_on_what_a_picture_is() -> None:
    assert SUFFIXES == PICTURE_SUFFIXES
    bmp = b"BM" + bytes(12) + (40).to_bytes(4, "little") + bytes(20)
    heads = [F, bmp, b"BM is a word, not a bitmap at all ", b"\xff\xd8\xff\xe0" + bytes(30), b"GIF89a" + bytes(30), b"II*\0" + bytes(30)]
    heads += [b"RIFF\0\0\0\0WEBPVP8 " + bytes(20), b"RIFF\0\0\0\0WAVEfmt " + bytes(20), b"%PDF-1.7" + bytes(30), b""]
    assert [begins_as_picture(head) for head in heads] == [is_picture(head) for head in heads]


def test_files_that_are_only_numbered_have_no_labels(tmp_path: Path) -> None:
    assert read(_folder(tmp_path / "scans", [f"{at}.png" for at in range(1, 10)])).labels is None
    assert read(_folder(tmp_path / "classes", [f"{at}/{at}.png" for at in range(12)])).labels is None
