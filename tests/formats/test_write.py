"""What is written reads back equal, in every format; nothing is half-written and nothing replaced unasked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from inkread.errors import FormatError, UsageError
from inkread.formats import Contents, Upright, parts_of, read, write
from inkread.picture import decode
from made_files import letter_f, many

pytest.importorskip("scipy")
pytest.importorskip("pyarrow")


def written(dest: Path, *parts: Upright, format: str | None = None) -> list[Contents]:
    write(dest, parts, format)
    return [read(dest, each or None) for each in parts_of(dest)]


def pictures(contents: Contents) -> list[NDArray[np.uint8]]:
    if contents.pictures is not None:
        return list(contents.pictures)
    turned = (decode(each) for each in contents.encoded or ())
    return [each.T if contents.turn else each for each in turned]


def same(contents: Contents, part: Upright) -> None:
    """Equal, but for the order of those that are read folder by folder."""
    ours = sorted((label, each.tobytes(), each.shape) for label, each in zip(part.labels or [""] * len(part), part.pictures, strict=True))
    found = pictures(contents)
    theirs = sorted((label, each.tobytes(), each.shape) for label, each in zip(contents.labels or [""] * len(found), found, strict=True))
    assert theirs == ours


BYCLASS = Upright(many(4), ("7", "A", "a", "z"))
LETTERS = Upright(many(3), ("Aa", "Ff", "Zz"))
DIGITS = Upright(many(3), ("0", "7", "7"))


@pytest.mark.parametrize(
    "dest",
    [
        "out.npz",
        "out.parquet",
        "emnist-byclass.parquet",
        "out.mat",
        "out.zip",
        "out",
        "emnist-byclass-train-images-idx3-ubyte.gz",
        "emnist-byclass-train.csv",
    ],
)
def test_62_classes_read_back_equal(tmp_path: Path, dest: str) -> None:
    (found,) = written(tmp_path / dest, BYCLASS)
    same(found, BYCLASS)


@pytest.mark.parametrize(
    "dest", ["out.npz", "out.parquet", "out.mat", "out.zip", "out", "emnist-letters-images-idx3-ubyte", "emnist-letters.csv.gz"]
)
def test_labels_that_are_known_up_to_their_case_read_back_equal(tmp_path: Path, dest: str) -> None:
    (found,) = written(tmp_path / dest, LETTERS)
    same(found, LETTERS)


@pytest.mark.parametrize("dest", ["any-images-idx3-ubyte.gz", "any.csv", "any.mat"])
def test_digits_go_to_any_name_and_stay_upright(tmp_path: Path, dest: str) -> None:
    (found,) = written(tmp_path / dest, DIGITS)
    same(found, DIGITS)


def test_the_numbers_of_letters_begin_at_1_and_the_pictures_are_transposed_as_in_nists_files(tmp_path: Path) -> None:
    write(tmp_path / "emnist-letters-test-images-idx3-ubyte", [LETTERS])
    assert (tmp_path / "emnist-letters-test-labels-idx1-ubyte").read_bytes()[8:] == bytes([1, 6, 26])
    assert (tmp_path / "emnist-letters-test-images-idx3-ubyte").read_bytes()[16:][: 28 * 28] == LETTERS.array("")[0].T.tobytes()


@pytest.mark.parametrize("format", ["idx-folder", "folder", "zip", "contest", "mat"])
def test_parts_stay_parts(tmp_path: Path, format: str) -> None:
    train, test = Upright(many(4), BYCLASS.labels, part="train"), Upright(many(2)[:, ::-1], ("B", "b"), part="test")
    dest = tmp_path / {"contest": "out.npz", "mat": "out.mat", "zip": "out.zip"}.get(format, "out")
    found = {each.part: each for each in written(dest, train, test, format=format)}
    same(found["train"], train)
    same(found["test"], test)


def test_pictures_of_several_sizes_keep_them(tmp_path: Path) -> None:
    mixed = Upright([letter_f(28, 20), letter_f(60, 40)], ("F", "F"))
    (found,) = written(tmp_path / "out.zip", mixed)
    same(found, mixed)
    with pytest.raises(FormatError, match="npz holds pictures of one size, these have several: 20x28 and 40x60"):
        write(tmp_path / "out.npz", [mixed])


def test_a_table_of_pictures_that_are_not_square_tells_their_shape(tmp_path: Path) -> None:
    narrow = Upright(np.stack([letter_f(20, 16)] * 2), ("1", "2"))
    (found,) = written(tmp_path / "narrow.csv", narrow)
    same(found, narrow)


def test_pictures_without_labels_stay_without(tmp_path: Path) -> None:
    bare = Upright(many(3))
    for dest in ("out.zip", "out.parquet", "any-images-idx3-ubyte"):
        (found,) = written(tmp_path / dest, bare)
        assert found.labels is None
        same(found, bare)


@settings(max_examples=30)
@given(st.lists(st.sampled_from("0Aaz9qÄж+"), min_size=1, max_size=5), st.integers(1, 9), st.integers(1, 9), st.integers(0, 2**32 - 1))
def test_any_pictures_and_characters_survive(
    tmp_path_factory: pytest.TempPathFactory, labels: list[str], height: int, width: int, seed: int
) -> None:
    part = Upright(np.random.default_rng(seed).integers(0, 256, (len(labels), height, width), np.uint8), tuple(labels))
    part.pictures[0][0, 0] = 255  # an array of nothing but 0 and 1 would be read as black and white
    folder = tmp_path_factory.mktemp("written")
    for dest in ("out.npz", "out.parquet", "out.zip"):
        (found,) = written(folder / dest, part)
        same(found, part)


def test_what_is_there_is_kept_unless_forced(tmp_path: Path) -> None:
    place = tmp_path / "out.npz"
    place.write_bytes(b"mine")
    with pytest.raises(UsageError, match=r"the file is there already: .*out\.npz") as refused:
        write(place, [DIGITS])
    assert (place.read_bytes(), refused.value.hint) == (b"mine", "--force replaces it")
    write(place, [DIGITS], force=True)
    assert read(place).labels == DIGITS.labels


def test_a_folder_that_holds_anything_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match="the folder is not empty"):
        write(tmp_path / "out", [DIGITS], force=True)


def test_nothing_is_left_where_writing_fails(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="no such label: z"):
        write(tmp_path / "emnist-letters-images-idx3-ubyte", [Upright(many(1), ("z",))])
    assert list(tmp_path.iterdir()) == []


def test_numbers_that_nobody_could_read_are_refused_with_a_name_that_tells(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        write(tmp_path / "my.csv", [BYCLASS])
    assert str(refused.value) == "the name does not tell what the numbers of these labels mean: my.csv"
    assert refused.value.hint == "call it emnist-byclass-my.csv"


def test_a_format_that_is_not_told_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"the name tells no format to write: .*out\.xyz"):
        write(tmp_path / "out.xyz", [DIGITS])
    with pytest.raises(UsageError, match="unknown format to write: parquett"):
        write(tmp_path / "out", [DIGITS], "parquett")


def test_writers_go_with_their_pictures_into_a_mat_file(tmp_path: Path) -> None:
    (found,) = written(tmp_path / "out.mat", Upright(many(3), ("0", "1", "2"), np.array(["17", "", "9"])))
    assert found.writer is not None
    assert found.writer.tolist() == ["17", "", "9"]


@pytest.mark.parametrize("name", ["TRAIN-IMAGES-IDX3-UBYTE", "digits.idx"])
def test_labels_never_take_the_place_of_their_pictures(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="the name does not tell how the labels beside it are called") as refused:
        write(tmp_path / name, [DIGITS], "idx")
    assert (refused.value.hint, list(tmp_path.iterdir())) == ("call it digits-images-idx3-ubyte", [])
    write(tmp_path / name, [Upright(many(2))], "idx")
    assert len(read(tmp_path / name)) == 2


def test_labels_that_lie_beside_are_kept_unless_forced(tmp_path: Path) -> None:
    place, beside = tmp_path / "my-images-idx3-ubyte.gz", tmp_path / "my-labels-idx1-ubyte.gz"
    beside.write_bytes(b"mine")
    for part in (DIGITS, Upright(many(3))):
        with pytest.raises(UsageError, match=r"the file is there already: .*my-labels-idx1-ubyte\.gz"):
            write(place, [part])
    assert (beside.read_bytes(), place.exists()) == (b"mine", False)
    write(place, [DIGITS], force=True)
    assert read(place).labels == DIGITS.labels


def test_pictures_without_labels_are_not_married_to_older_ones(tmp_path: Path) -> None:
    place = tmp_path / "my-images-idx3-ubyte.gz"
    write(tmp_path / "my-images-idx3-ubyte", [DIGITS])  # its labels, unpacked, would be found as well
    with pytest.raises(UsageError, match=r"the file is there already: .*my-labels-idx1-ubyte$"):
        write(place, [Upright(many(3))])
    write(place, [Upright(many(3))], force=True)
    assert read(place).labels is None


@pytest.mark.parametrize("dest", ["out.npz", "out.mat", "out.zip", "out", "out.parquet"])
def test_a_part_without_a_name_is_never_lost_beside_another(tmp_path: Path, dest: str) -> None:
    for format in ("contest", "idx-folder") if dest in ("out.npz", "out") else (None,):
        with pytest.raises(UsageError, match="a part without a name would be lost beside others: train"):
            write(tmp_path / dest, [DIGITS, Upright(many(2), ("1", "2"), part="train")], format)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("dest", "format"), [("out.mat", "mat"), ("out.npz", "contest")])
def test_a_part_that_a_format_has_no_place_for_is_refused(tmp_path: Path, dest: str, format: str) -> None:
    parts = [Upright(many(2), ("1", "2"), part=each) for each in ("train", "validation")]
    for some in (parts, parts[1:]):
        with pytest.raises(UsageError, match=f"{format} has only the parts train, test: validation"):
            write(tmp_path / dest, some, format)
    with pytest.raises(UsageError, match="idx-folder has only the parts train, validation, test: letters/train"):
        write(tmp_path / "out", [Upright(many(2), ("1", "2"), part="letters/train")], "idx-folder")
    assert list(tmp_path.iterdir()) == []


def test_test_labels_stay_those_of_a_test_part(tmp_path: Path) -> None:
    held_out = Upright(many(2), ("1", "2"), part="test")
    for dest in ("out.npz", "out.csv", "train.parquet", "my-images-idx3-ubyte"):
        with pytest.raises(UsageError, match=f"test labels would no longer be known as such: .*{dest}"):
            write(tmp_path / dest, [held_out])
    assert list(tmp_path.iterdir()) == []
    (joined,) = written(tmp_path / "joined.zip", Upright(many(2), ("1", "2"), part="train+test"))
    assert joined.part == "test"
    for dest in ("test.csv", "test.npz", "my-test.parquet", "t10k-images-idx3-ubyte", "out.zip", "out", "out.mat"):
        (found,) = written(tmp_path / dest, held_out)
        assert found.part == "test"
    write(tmp_path / "out.parquet", [Upright(many(2), part="test")])


@pytest.mark.parametrize("name", ["A_Z Handwritten.csv", "A_Z Handwritten-images-idx3-ubyte"])
def test_digits_do_not_become_letters_under_a_name_that_tells_letters(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="the name does not tell what the numbers of these labels mean") as refused:
        write(tmp_path / name, [DIGITS])
    assert refused.value.hint == f"call it emnist-mnist-{name}"
    (found,) = written(tmp_path / f"emnist-mnist-{name}", DIGITS)
    same(found, DIGITS)


@pytest.mark.parametrize("dest", ["out.mat", "emnist-mnist-train.csv"])
def test_pictures_whose_shape_could_not_be_told_are_refused(tmp_path: Path, dest: str) -> None:
    with pytest.raises(FormatError, match="holds square pictures, these are 16x20"):
        write(tmp_path / dest, [Upright(np.stack([letter_f(20, 16)] * 2), ("1", "2"))])


@pytest.mark.parametrize("side", [3, 400])
def test_pictures_too_small_or_large_for_a_row_are_refused(tmp_path: Path, side: int) -> None:
    with pytest.raises(FormatError, match=f"a csv holds pictures of 16 pixels to about 300x300, these are {side}x{side}"):
        write(tmp_path / "out.csv", [Upright(np.full((1, side, side), 9, np.uint8), ("1",))])


@pytest.mark.parametrize("dest", ["out", "out.zip"])
def test_labels_that_a_list_has_to_quote_survive(tmp_path: Path, dest: str) -> None:
    part = Upright(many(4), (",", '"', ";", "Aa"))
    (found,) = written(tmp_path / dest, part)
    same(found, part)


@pytest.mark.parametrize("dest", ["out.parquet", "out.zip", "out"])
@pytest.mark.parametrize("label", ["ab", "AA"])
def test_labels_that_are_no_characters_are_refused(tmp_path: Path, dest: str, label: str) -> None:
    with pytest.raises(FormatError, match=f"one (printed )?character, or both cases of one: '{label}'"):
        write(tmp_path / dest, [Upright(many(1), (label,))])


@pytest.mark.parametrize("dest", ["out.npz", "out.parquet", "out.zip", "emnist-letters.csv", "out.mat", "emnist-letters-images-idx3-ubyte"])
def test_pictures_of_which_only_some_have_a_label_are_refused(tmp_path: Path, dest: str) -> None:
    with pytest.raises(FormatError, match="1 of 2 pictures have no label"):
        write(tmp_path / dest, [Upright(many(2), ("Aa", ""))])


@pytest.mark.parametrize("dest", ["out.npz", "out.zip", "out", "out.parquet"])
def test_no_picture_is_nothing_to_write(tmp_path: Path, dest: str) -> None:
    with pytest.raises(UsageError, match=f"there is no picture to write: .*{dest}"):
        write(tmp_path / dest, [Upright(many(0), ())])


def test_an_empty_part_is_left_out(tmp_path: Path) -> None:
    (found,) = written(tmp_path / "out.npz", Upright(many(0), (), part="train"), Upright(many(2), ("1", "2"), part="validation"))
    assert found.labels == ("1", "2")


@pytest.mark.parametrize("format", ["npz", "contest"])
def test_the_faintest_pictures_do_not_become_black_and_white(tmp_path: Path, format: str) -> None:
    with pytest.raises(FormatError, match="nothing but 0 and 1 would be read as black and white"):
        write(tmp_path / "out.npz", [Upright(many(2) // 255, ("1", "2"))], format)


def test_a_writer_has_one_number_in_every_part_of_a_mat_file_and_an_unknown_one_none(tmp_path: Path) -> None:
    train = Upright(many(3), ("0", "1", "2"), np.array(["eve", "", "bob"]), "train")
    test = Upright(many(2), ("0", "1"), np.array(["", "eve"]), "test")
    found = {each.part: each.writer for each in written(tmp_path / "out.mat", train, test)}
    assert [None if each is None else each.tolist() for each in (found["train"], found["test"])] == [["2", "", "1"], ["", "2"]]
