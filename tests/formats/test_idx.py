from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest

from inkread.errors import FormatError
from inkread.formats import TRANSPOSED, UPRIGHT, read
from made_files import idx, letter_f, many


def _pair(folder: Path, stem: str, labels: list[int], suffix: str = "", pictures: np.ndarray | None = None) -> Path:
    pack = gzip.compress if suffix == ".gz" else bytes
    images = folder / f"{stem}-images-idx3-ubyte{suffix}"
    images.write_bytes(pack(idx(many(len(labels)) if pictures is None else pictures)))
    (folder / f"{stem}-labels-idx1-ubyte{suffix}").write_bytes(pack(idx(np.array(labels, np.uint8))))
    return images


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_pictures_and_the_labels_beside_them_are_read(tmp_path: Path, suffix: str) -> None:
    contents = read(_pair(tmp_path, "train", [7, 0, 9], suffix))
    assert contents.labels == ("7", "0", "9")
    assert contents.part == "train"
    assert (contents.pictures == many(3)).all()
    assert contents.orientation.stored == UPRIGHT


def test_a_gzip_named_as_if_it_were_none_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "pictures"
    path.write_bytes(gzip.compress(idx(many(2))))
    contents = read(path)
    assert (contents.pictures == many(2)).all()
    assert contents.labels is None


def test_labels_packed_otherwise_than_the_pictures_are_found(tmp_path: Path) -> None:
    (tmp_path / "train-images.idx3-ubyte").write_bytes(idx(many(2)))
    (tmp_path / "train-labels.idx1-ubyte.gz").write_bytes(gzip.compress(idx(np.array([3, 4], np.uint8))))
    assert read(tmp_path / "train-images.idx3-ubyte").labels == ("3", "4")


def test_emnist_files_are_turned_upright(tmp_path: Path) -> None:
    stored = np.stack([letter_f().T, letter_f().T])
    path = _pair(tmp_path, "emnist-byclass-train", [10, 61], pictures=stored)
    contents = read(path)
    assert contents.pictures is not None
    assert (contents.pictures == letter_f()).all()
    assert contents.labels == ("A", "z")
    assert contents.orientation.stored == TRANSPOSED
    assert (read(path, as_stored=True).pictures == stored).all()


@pytest.mark.parametrize(
    ("stem", "numbers", "labels"),
    [
        ("emnist-letters-train", [1, 26], ("Aa", "Zz")),
        ("emnist-balanced-train", [9, 12, 36, 46], ("9", "Cc", "a", "t")),
        ("emnist-digits-train", [0, 9], ("0", "9")),
        ("mine-train", [0, 61], ("0", "z")),
    ],
)
def test_class_numbers_become_the_characters_of_their_set(tmp_path: Path, stem: str, numbers: list[int], labels: tuple[str, ...]) -> None:
    assert read(_pair(tmp_path, stem, numbers)).labels == labels


def test_a_folder_of_the_four_files_has_two_parts(tmp_path: Path) -> None:
    _pair(tmp_path, "train", [1, 2, 3], ".gz")
    _pair(tmp_path, "t10k", [4, 5], ".gz")
    assert read(tmp_path, "train").labels == ("1", "2", "3")
    assert read(tmp_path, "test").labels == ("4", "5")
    with pytest.raises(FormatError) as refused:
        read(tmp_path)
    assert str(refused.value) == f"the source has several parts: {tmp_path}"
    assert refused.value.hint == f"say which: {tmp_path}:test, {tmp_path}:train"


def test_the_same_file_packed_and_unpacked_is_one(tmp_path: Path) -> None:
    _pair(tmp_path, "train", [1, 2], ".gz")
    _pair(tmp_path, "train", [1, 2])
    assert read(tmp_path).labels == ("1", "2")


FAULTS = {
    "cut": (idx(many(2))[:-1], "ends too early, at 1,567 of 1,568 bytes|more than the file can hold, 2 x 28 x 28"),
    "left_over": (idx(many(2)) + b"x", "the idx file goes on after the last of 2 entries"),
    "two_dimensions": (idx(np.zeros((4, 5), np.uint8)), "an idx file of images has 3 dimensions, not 2"),
    "labels_given": (idx(np.zeros(4, np.uint8)), "an idx file of images has 3 dimensions, not 1"),
    "no_height": (idx(np.zeros((4, 0, 5), np.uint8)), "an idx file of images has 3 dimensions, not 3"),
    "floats": (b"\0\0\x0d\3" + bytes(12), "no known format"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_damaged_file_is_refused(tmp_path: Path, fault: str) -> None:
    data, message = FAULTS[fault]
    path = tmp_path / "images"
    for content in (data, gzip.compress(data)):
        path.write_bytes(content)
        with pytest.raises(FormatError, match=message):
            read(path)


@pytest.mark.parametrize("packing", [bytes, gzip.compress])
def test_an_absurd_header_is_refused_before_memory_is_asked_for(tmp_path: Path, packing: type[bytes]) -> None:
    path = tmp_path / "images"
    path.write_bytes(packing(struct.pack(">BBBB3I", 0, 0, 8, 3, 2**31, 28, 28) + bytes(100)))
    with pytest.raises(FormatError, match=r"announces more than the file can hold, 2,147,483,648 x 28 x 28"):
        read(path)


def test_a_gzip_cut_short_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "images.gz"
    path.write_bytes(gzip.compress(idx(np.random.default_rng(0).integers(0, 255, (9, 28, 28), np.uint8)))[:-900])
    with pytest.raises(FormatError, match="the gzip file ends too early"):
        read(path)


def test_a_count_of_labels_that_differs_is_refused(tmp_path: Path) -> None:
    path = _pair(tmp_path, "train", [1, 2])
    path.write_bytes(idx(many(3)))
    with pytest.raises(FormatError, match=r"3 pictures but labels of shape \(2,\)"):
        read(path)


def test_labels_that_could_be_several_sets_are_not_guessed(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="labels from 0 to 25 could be several sets") as refused:
        read(_pair(tmp_path, "train", [3, 25]))
    assert "emnist-letters-" in refused.value.hint


def test_a_label_outside_its_set_is_told_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"labels must be 1\.\.26: the 2\. is 0") as refused:
        read(_pair(tmp_path, "emnist-letters-train", [5, 0, 27]))
    assert refused.value.hint == "2 of 3 are outside"
