from __future__ import annotations

import bz2
from pathlib import Path

import numpy as np
import pytest

from inkread.errors import FormatError
from inkread.formats import read
from made_files import letter_f


def _line(label: int, values: np.ndarray) -> str:  # type: ignore[type-arg]
    return f"{label} " + " ".join(f"{at}:{value:g}" for at, value in enumerate(values.ravel(), 1) if value) + "\n"


@pytest.mark.parametrize("packed", [True, False])
def test_a_line_is_a_picture_upright_and_labels_begin_at_one(tmp_path: Path, packed: bool) -> None:
    grey = letter_f(16, 16)
    text = (_line(1, grey / 127.5 - 1) + _line(10, -np.ones((16, 16)))).encode()
    (tmp_path / "usps.t.bz2").write_bytes(bz2.compress(text) if packed else text)
    contents = read(tmp_path / "usps.t.bz2")
    assert contents.pictures is not None
    assert (contents.pictures[0] == grey).all()
    assert not contents.pictures[1].any()
    assert (contents.labels, contents.part) == (("0", "9"), "test")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1 1:-1 257:1 \n", "pictures of 16x16 have values 1 to 256: 1 to 257"),
        ("1 1:-1 2:7 \n", "USPS' values lie from -1 to 1: -1 to 7"),
        ("11 1:-1 2:1 \n", "labels must be 0..9: the 1. is 10"),
        ("1 1:-1 2:x \n", "not a label and numbered values in every line"),
        ("1 1:-1 2:1 3 \n", "not a label and numbered values in every line"),
    ],
)
def test_other_sets_in_this_format_are_refused(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "a.txt").write_text(text)
    with pytest.raises(FormatError, match=told):
        read(tmp_path / "a.txt")


def test_a_cut_or_damaged_file_is_told(tmp_path: Path) -> None:
    whole = bz2.compress(_line(1, np.random.default_rng(0).random((16, 16))).encode())
    (tmp_path / "usps.bz2").write_bytes(whole[:-20])
    with pytest.raises(FormatError, match="the bzip2 file ends too early"):
        read(tmp_path / "usps.bz2")
    (tmp_path / "usps.bz2").write_bytes(whole[:30] + b"damage" + whole[36:])
    with pytest.raises(FormatError, match="the bzip2 file is damaged"):
        read(tmp_path / "usps.bz2")


def test_a_file_of_several_bzip2_streams_is_read_to_its_end(tmp_path: Path) -> None:
    lines = [_line(at, np.full((16, 16), -1.0)).encode() for at in range(1, 8)]
    whole = bz2.compress(b"".join(lines[:3])) + bz2.compress(b"") + bz2.compress(b"".join(lines[3:]))
    (tmp_path / "usps.bz2").write_bytes(whole + b"\0" * 512)
    assert read(tmp_path / "usps.bz2").labels == tuple("0123456")
    for broken, told in ((whole[:-9], "ends too early"), (whole + b"BZh9 or not", "is damaged"), (whole + b"<html>", "is damaged")):
        (tmp_path / "usps.bz2").write_bytes(broken)
        with pytest.raises(FormatError, match=f"the bzip2 file {told}"):
            read(tmp_path / "usps.bz2")


def test_a_bzip2_file_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inkread.formats.libsvm.MAX_TEXT", 1 << 20)
    (tmp_path / "usps.bz2").write_bytes(bz2.compress(b"1 1:-1 " + b" " * (8 << 20)))
    with pytest.raises(FormatError, match="the bzip2 file unpacks to more than 1 MiB"):
        read(tmp_path / "usps.bz2")
