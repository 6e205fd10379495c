from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inkread.errors import FormatError
from inkread.formats import TRANSPOSED, UPRIGHT, parts_of, read
from made_files import letter_f, many, pens, zipped

STORED = np.stack([letter_f().T] * 3)


@pytest.mark.parametrize(
    "images",
    [
        STORED,
        STORED.reshape(3, 784),
        STORED[..., None],
        STORED.astype(np.int64),
        STORED.astype(np.float64),
        (STORED / 255).astype(np.float32),
        STORED.astype(np.uint16) * 257,
    ],
    ids=["bytes", "rows", "channel", "int64", "float64", "share_of_white", "sixteen_bits"],
)
def test_the_contest_pair_is_found_by_key_and_shape_in_any_type(tmp_path: Path, images: np.ndarray) -> None:
    path = tmp_path / "train.npz"
    np.savez(path, training_images=images, training_labels=np.array([0, 10, 61], np.int32))
    contents = read(path)
    assert contents.pictures is not None
    assert (contents.pictures == letter_f()).all()
    assert (contents.labels, contents.part, contents.orientation.stored) == (("0", "A", "z"), "train", TRANSPOSED)
    assert contents.format == "contest npz"


def test_black_and_white_becomes_black_and_white(tmp_path: Path) -> None:
    for kind in (np.bool_, np.uint8, np.float32):
        np.savez(tmp_path / "a.npz", testing_images=(STORED > 0).astype(kind))
        contents = read(tmp_path / "a.npz")
        assert contents.pictures is not None
        assert set(np.unique(contents.pictures)) == {0, 255}


def test_test_pictures_come_without_labels_and_as_stored_on_request(tmp_path: Path) -> None:
    np.savez(tmp_path / "test.npz", testing_images=STORED)
    contents = read(tmp_path / "test.npz", as_stored=True)
    assert contents.labels is None
    assert contents.part == "test"
    assert (contents.pictures == STORED).all()


def test_both_parts_in_one_file_have_to_be_named(tmp_path: Path) -> None:
    path = tmp_path / "both.npz"
    np.savez(path, training_images=STORED, training_labels=[1, 2, 3], testing_images=STORED[:1])
    assert len(read(path, "test")) == 1
    with pytest.raises(FormatError, match="several parts"):
        read(path)


def test_labels_of_several_characters_stay_together_and_upright_pictures_upright(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "extra.npz", x=many(3), label=np.array(["Ss", "b", "8"]))
    contents = read(tmp_path / "extra.npz")
    assert contents.labels == ("Ss", "b", "8")
    assert (contents.pictures == many(3)).all()


def test_strokes_come_as_points_with_their_writers(tmp_path: Path) -> None:
    contents = read(pens(tmp_path / "pens.npz", "ab"))
    assert contents.strokes is not None
    assert len(contents.strokes) == 2
    assert [stroke.tolist() for stroke in contents.strokes[1]] == [[[0, 0], [0, 255]], [[0, 255], [120, 255]]]
    assert contents.labels == ("a", "b")
    assert contents.writer is not None
    assert contents.writer.tolist() == ["w0", "w1"]


def _one_hot(places: int, *classes: int) -> np.ndarray:
    return np.eye(places, dtype=np.float32)[list(classes)]


def test_the_course_has_three_parts_of_shares_of_white_and_one_hot_letters(tmp_path: Path) -> None:
    path = tmp_path / "emnist_letter.npz"
    arrays = {}
    for word, count in (("train", 3), ("validate", 2), ("test", 1)):
        arrays |= {f"{word}_images": (many(count) / 255).astype(np.float32), f"{word}_labels": _one_hot(27, *range(1, count + 1))}
    np.savez(path, **arrays)
    assert parts_of(path) == ("train", "validation", "test")
    for part, labels in (("train", ("Aa", "Bb", "Cc")), ("validation", ("Aa", "Bb")), ("test", ("Aa",))):
        contents = read(path, part)
        assert (contents.pictures == many(len(labels))).all()
        assert (contents.labels, contents.part, contents.orientation.stored) == (labels, part, UPRIGHT)


def test_binary_alphadigits_as_npz_are_capitals_in_black_and_white(tmp_path: Path) -> None:
    ink = (letter_f(20, 16) > 0).astype(np.uint8)
    np.savez(tmp_path / "a.npz", images=np.stack([ink, ink]), labels=_one_hot(27, 1, 26))
    contents = read(tmp_path / "a.npz")
    assert (contents.pictures == ink * 255).all()
    assert contents.labels == ("A", "Z")


def test_what_keras_downloads_is_read(tmp_path: Path) -> None:
    np.savez(tmp_path / "mnist.npz", x_train=many(2), y_train=np.array([5, 0], np.uint8), x_test=many(1), y_test=np.array([7], np.uint8))
    assert read(tmp_path / "mnist.npz", "train").labels == ("5", "0")
    assert (read(tmp_path / "mnist.npz", "test").pictures == many(1)).all()


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (_one_hot(27, 0, 1), "labels must be 1..26: the 1. is 0: PATH:labels"),
        (_one_hot(26, 0, 1), "one-hot labels must have 10, 27, 47, 62 places: float32 (2, 26): PATH:labels"),
        (_one_hot(27, 1, 2) * 2, "a row of one-hot labels has not exactly one 1: the 1. of PATH:labels"),
        (_one_hot(27, 1, 2) + _one_hot(27, 1, 3), "a row of one-hot labels has not exactly one 1: the 1. of PATH:labels"),
        (_one_hot(27, 1), "2 pictures but 1 entries: PATH:labels"),
        (np.array([3, 25]), "labels from 0 to 25 could be several sets: PATH:labels"),
    ],
    ids=["unused_class", "26_places", "twos", "two_ones", "fewer", "several_sets"],
)
def test_labels_that_are_doubtful_are_refused(tmp_path: Path, labels: np.ndarray, message: str) -> None:
    path = tmp_path / "a.npz"
    np.savez(path, images=many(2), labels=labels)
    with pytest.raises(FormatError) as refused:
        read(path)
    assert str(refused.value) == message.replace("PATH", str(path))


def _objects(path: Path) -> None:
    np.savez(path, training_images=np.array([{"a": 1}] * 3, object).reshape(3, 1, 1), training_labels=[1, 2, 3])


def _label_objects(path: Path) -> None:
    np.savez(path, x=many(2), label=np.array(["a", None], object))


def _fraction(path: Path) -> None:
    np.savez(path, training_images=STORED, training_labels=[1.0, 2.5, 3.0])


def _too_high(path: Path) -> None:
    np.savez(path, training_images=STORED, training_labels=[1, 62, 3])


def _fewer_labels(path: Path) -> None:
    np.savez(path, training_images=STORED, training_labels=[1, 2])


def _negative(path: Path) -> None:
    np.savez(path, testing_images=STORED.astype(np.float32) - 1)


def _nan(path: Path) -> None:
    np.savez(path, testing_images=np.full((1, 28, 28), np.nan))


def _empty_label(path: Path) -> None:
    np.savez(path, x=many(2), label=np.array(["a", ""]))


def _other_keys(path: Path) -> None:
    np.savez(path, pictures=STORED)


def _falling_strokes(path: Path) -> None:
    pens(path)
    with np.load(path) as kept:
        arrays = dict(kept)
    arrays["stroke_start"][1:3] = 7, 2
    np.savez(path, **arrays)


def _announces_more(path: Path) -> None:
    np.savez(path, testing_images=STORED)
    with np.load(path) as kept:
        header = kept.zip.read("testing_images.npy")
    zipped(path, {"testing_images.npy": header.replace(b"(3, 28, 28)", b"(9999, 28, 28)").replace(b"   \n", b"\n")})


FAULTS = {
    _objects: "the array holds Python objects \\(pickle\\), which may run code when read",
    _label_objects: "the array holds Python objects \\(pickle\\)",
    _fraction: "labels must be whole numbers: the 2. is 2.5",
    _too_high: "labels must be 0..61: the 2. is 62",
    _fewer_labels: "3 pictures but 2 entries",
    _negative: "pictures must be grey levels from 0 up to 1, 255 or 65,535: -1 to 254",
    _nan: "pictures must be grey levels",
    _empty_label: "a label is empty: the 2.",
    _other_keys: r"no known layout of npz: .* it holds pictures uint8 \(3, 28, 28\)",
    _falling_strokes: "stroke_start must not fall: it does at 2",
    _announces_more: "header announces more than the file can hold, 7,839,216 bytes",
}


@pytest.mark.parametrize("write", FAULTS, ids=lambda write: write.__name__.strip("_"))
def test_a_faulty_file_is_refused_in_one_line(tmp_path: Path, write: object) -> None:
    path = tmp_path / "faulty.npz"
    write(path)  # type: ignore[operator]
    with pytest.raises(FormatError, match=FAULTS[write]) as refused:  # type: ignore[index]
        read(path)
    assert "\n" not in str(refused.value)


def test_what_was_tried_is_told(tmp_path: Path) -> None:
    _other_keys(tmp_path / "a.npz")
    with pytest.raises(FormatError) as refused:
        read(tmp_path / "a.npz")
    assert refused.value.hint == "tried: contest npz; course npz; Keras npz; npz of images and labels; npz of x and label; pen strokes npz"


@pytest.mark.parametrize("folder", ["emnist-letters", "A_Z Handwritten Data"])
def test_the_folder_that_an_npz_lies_in_tells_nothing_of_its_labels(tmp_path: Path, folder: str) -> None:
    (tmp_path / folder).mkdir()
    path = tmp_path / folder / "mnist.npz"
    np.savez(path, x_train=many(9), y_train=np.arange(1, 10))
    assert read(path).labels == tuple("123456789")
    assert read(zipped(tmp_path / "a.zip", {f"{folder}/mnist.npz": path.read_bytes()})).labels == tuple("123456789")
    np.savez(tmp_path / folder / "emnist-letters.npz", x_train=many(9), y_train=np.arange(1, 10))
    assert read(tmp_path / folder / "emnist-letters.npz").labels is not None
    assert "".join(read(tmp_path / folder / "emnist-letters.npz").labels or ()) == "AaBbCcDdEeFfGgHhIi"


@pytest.mark.parametrize("white", [255, 1.0])
@pytest.mark.parametrize("kind", [np.float32, np.float64, np.int64, np.uint16])
def test_one_level_just_above_white_is_white_and_turns_nothing_black(tmp_path: Path, white: float, kind: type) -> None:
    images = (letter_f()[None] / 255 * white).astype(kind)
    wanted = letter_f() if white == 255 or np.dtype(kind).kind == "f" else (letter_f() == 255) * 255
    images[0, 0, 0] = white * (1 + 1 / 255) if white == 255 else white * (1.001 if np.dtype(kind).kind == "f" else 1)
    np.savez(tmp_path / "a.npz", x=images, label=np.array(["F"]))
    pictures = read(tmp_path / "a.npz").pictures
    assert pictures is not None
    assert pictures[0, 0, 0] == 255
    assert (pictures[0, 1:] == wanted[1:]).all()


@pytest.mark.parametrize(("kind", "highest"), [(np.float64, 300.0), (np.float32, 65535.0), (np.int64, 1023), (np.int32, 65536)])
def test_levels_whose_white_is_not_told_are_refused(tmp_path: Path, kind: type, highest: float) -> None:
    np.savez(tmp_path / "a.npz", x=np.array([[[0, highest], [1, 2]]], kind), label=np.array(["F"]))
    with pytest.raises(FormatError, match="pictures must be grey levels from 0 up to 1, 255 or 65,535"):
        read(tmp_path / "a.npz")


def test_wide_whole_numbers_beyond_twelve_bits_are_sixteen(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=letter_f()[None].astype(np.int32) * 257, label=np.array(["F"]))
    assert (read(tmp_path / "a.npz").pictures == letter_f()).all()
