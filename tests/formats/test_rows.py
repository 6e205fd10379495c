"""CSV of pixels: Kaggle's layouts, written here by `str.join`, and everything that is none of them."""

from __future__ import annotations

import gzip
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inkread.errors import FormatError
from inkread.formats import TRANSPOSED, UPRIGHT, read
from made_files import letter_f, many


def _lines(pictures: np.ndarray, labels: list[int] | None) -> list[str]:
    pixels = [",".join(str(value) for row in picture.tolist() for value in row) for picture in pictures]
    return pixels if labels is None else [f"{label},{row}" for label, row in zip(labels, pixels, strict=True)]


def _csv(path: Path, pictures: np.ndarray, labels: list[int] | None, header: str = "", end: str = "\n") -> Path:
    text = end.join(([header] if header else []) + _lines(pictures, labels)) + end
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


@pytest.mark.parametrize("name", ["emnist-balanced-train.csv", "emnist-balanced-train.csv.gz"])
def test_kaggles_emnist_is_turned_upright(tmp_path: Path, name: str) -> None:
    path = _csv(tmp_path / name, many(3).swapaxes(1, 2), [9, 12, 46])
    contents = read(path)
    assert (contents.pictures == many(3)).all()
    assert (contents.labels, contents.part, contents.orientation.stored) == (("9", "Cc", "t"), "train", TRANSPOSED)
    assert (read(path, as_stored=True).pictures == many(3).swapaxes(1, 2)).all()


PIXELS = ",".join(f"pixel{at}" for at in range(784))
CELLS = ",".join(f"{row}x{column}" for row in range(1, 29) for column in range(1, 29))


@pytest.mark.parametrize("header", ["", f"label,{PIXELS}", f"label,{CELLS}", f'"label",{PIXELS}', f"\ufefflabel,{PIXELS}"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_mnist_with_any_header_stays_as_it_is(tmp_path: Path, header: str, end: str) -> None:
    contents = read(_csv(tmp_path / "mnist_train.csv", many(3), [5, 0, 9], header, end))
    assert (contents.pictures == many(3)).all()
    assert (contents.labels, contents.part, contents.orientation.stored) == (("5", "0", "9"), "train", UPRIGHT)


def test_kaggles_test_file_has_pixels_only(tmp_path: Path) -> None:
    contents = read(_csv(tmp_path / "test.csv", many(2), None, PIXELS))
    assert (contents.labels, contents.part) == (None, "test")
    assert (contents.pictures == many(2)).all()


def test_a_header_may_put_the_label_last_and_tell_the_sides(tmp_path: Path) -> None:
    cells = ",".join(f"{row}x{column}" for row in range(20) for column in range(16))
    lines = [f"{row},{label}" for row, label in zip(_lines(np.stack([letter_f(20, 16)] * 2), None), [3, 4], strict=True)]
    (tmp_path / "a.csv").write_text("\n".join([f"{cells},label", *lines]))
    contents = read(tmp_path / "a.csv")
    assert (contents.pictures == letter_f(20, 16)).all()
    assert contents.labels == ("3", "4")


def test_the_capitals_of_kaggle_count_from_zero(tmp_path: Path) -> None:
    assert read(_csv(tmp_path / "A_Z Handwritten Data.csv", many(2), [0, 25])).labels == ("A", "Z")


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1), st.integers(1, 60), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_any_pixels_come_back(seed: int, count: int, end: str, packed: bool) -> None:
    rng = np.random.default_rng(seed)
    pictures = rng.integers(0, 256, (count, 6, 6), np.uint8)
    labels = rng.integers(0, 10, count).tolist()
    with tempfile.TemporaryDirectory() as folder:
        contents = read(
            _csv(Path(folder) / ("a.csv.gz" if packed else "a.csv"), pictures, labels, f"label,{','.join(map(str, range(36)))}", end)
        )
    assert (contents.pictures == pictures).all()
    assert contents.labels == tuple(map(str, labels))


def test_a_file_of_many_blocks_keeps_its_order(tmp_path: Path) -> None:
    pictures = np.random.default_rng(1).integers(0, 256, (700, 28, 28), np.uint8)
    contents = read(_csv(tmp_path / "a.csv", pictures, [at % 10 for at in range(700)]))
    assert (contents.pictures == pictures).all()
    assert contents.labels == tuple(str(at % 10) for at in range(700))


ROW = "5," + ",".join(["0"] * 783 + ["7"])
OTHERS = ["0", "1", "2", "3"]

FAULTS = {
    "no whole number from 0 to 255: '256' in line 2 of PATH": [ROW, ROW.replace(",7", ",256")],
    "no whole number from 0 to 255: '1000' in line 1 of PATH": [ROW.replace(",7", ",1000")],
    "no whole number from 0 to 255: '0.5' in line 3 of PATH": [ROW, ROW, ROW.replace(",7", ",0.5")],
    "no whole number from 0 to 255: '-1' in line 2 of PATH": [ROW, ROW.replace(",7", ",-1")],
    "no whole number from 0 to 255: '' in line 2 of PATH": [ROW, ROW.replace(",7", ",")],
    "a row of the CSV has 784 columns, not 785: line 2 of PATH": [ROW, ROW.removesuffix(",7"), ROW],
    "a row of the CSV has 786 columns, not 785: line 2 of PATH": [ROW, ROW + ",7"],
    "a row of the CSV has 1 columns, not 785: line 2 of PATH": [ROW, "", ROW],
    "no known layout of a CSV: PATH: 4 columns beginning with 0, 1, 2": [",".join(OTHERS)],
    "no known layout of a CSV: PATH: 787 columns beginning with 0, 0, 5": ["0,0," + ROW],
    "the labels of the CSV may be its first column or its last: PATH: the first is 0 in all 2 rows": ["0" + ROW[1:], "0" + ROW[1:]],
    "labels from 0 to 25 could be several sets: PATH": ["25" + ROW[1:]],
}


@pytest.mark.parametrize("message", FAULTS)
def test_a_fault_is_told_with_its_line(tmp_path: Path, message: str) -> None:
    path = tmp_path / "faulty.csv"
    path.write_text("\n".join(FAULTS[message]) + "\n")
    with pytest.raises(FormatError) as refused:
        read(path)
    assert str(refused.value) == message.replace("PATH", str(path))


def test_a_label_outside_its_set_is_told(tmp_path: Path) -> None:
    path = _csv(tmp_path / "emnist-letters-test.csv", many(2), [1, 27])
    with pytest.raises(FormatError) as refused:
        read(path)
    assert str(refused.value) == f"labels must be 1..26: the 2. is 27: {path}"


def test_an_unpacking_bomb_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inkread.formats.inflate.MAX_UNPACKED", 1 << 20)
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(gzip.compress(b"0" + b",0" * 784 + b"\n" + b"0" * (9 << 20)))
    with pytest.raises(FormatError, match=r"it looks like a decompression bomb: .* bytes unpack to more than .*bomb\.csv\.gz"):
        read(path)


@pytest.mark.parametrize("end", ["\n", "\r\n\r\n", "\n \n\n", "\n" * 300_000])
def test_empty_lines_after_the_last_row_are_no_rows(tmp_path: Path, end: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(("\n".join(_lines(many(3), [1, 2, 3])) + end).encode())
    assert read(path).labels == ("1", "2", "3")
    assert (read(path).pictures == many(3)).all()


def test_an_empty_line_between_rows_is_told(tmp_path: Path) -> None:
    first, second = _lines(many(2), [1, 2])
    for gap in (2, 300_000):
        (tmp_path / "a.csv").write_text(f"{first}{chr(10) * gap}{second}\n")
        with pytest.raises(FormatError, match=r"a row of the CSV has 1 columns, not 785: line 2 of"):
            read(tmp_path / "a.csv")
