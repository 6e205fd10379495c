from __future__ import annotations

import gzip
import pickle
from pathlib import Path

import numpy as np
import pytest

from inkread.errors import DataError, FormatError, InkreadError, SourceNotFound
from inkread.formats import Origin, Predictions, read_predictions, write_predictions

THREE = np.array([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.0, 0.0, 1.0]])


def rows(found: Predictions) -> list[list[float]]:
    assert found.classes is None
    assert found.probabilities is not None
    assert found.probabilities.dtype == np.float64
    return [[round(each, 3) for each in row] for row in found.probabilities.tolist()]


def classes(found: Predictions) -> list[int]:
    assert found.probabilities is None
    assert found.classes is not None
    return found.classes.tolist()


def written(tmp_path: Path, text: str, name: str = "p.csv") -> Predictions:
    (tmp_path / name).write_bytes(text.encode())
    return read_predictions(tmp_path / name)


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
def test_an_npz_of_probabilities_is_found_by_shape_and_sums_to_one(tmp_path: Path, kind: type) -> None:
    np.savez(tmp_path / "p.npz", anything=THREE.astype(kind), y_true=np.arange(3))
    found = read_predictions(tmp_path / "p.npz")
    assert rows(found) == THREE.tolist()
    assert (found.characters, found.ids) == (None, None)


@pytest.mark.parametrize("characters", [np.array(["x", "y", "="]), np.array("xy="), np.array([b"x", b"y", b"="])])
def test_an_npz_tells_what_its_columns_stand_for(tmp_path: Path, characters: np.ndarray) -> None:
    np.savez(tmp_path / "p.npz", probabilities=THREE, other=THREE.T, characters=characters)
    found = read_predictions(tmp_path / "p.npz")
    assert found.characters == ("x", "y", "=")
    assert rows(found) == THREE.tolist()


def test_an_npz_of_classes_and_one_of_characters(tmp_path: Path) -> None:
    np.savez(tmp_path / "c.npz", np.array([2, 0, 61], np.int32))
    found = read_predictions(tmp_path / "c.npz")
    assert classes(found) == [2, 0, 61]
    np.savez(tmp_path / "t.npz", classes=np.array(["b", "a", "b"]))
    found = read_predictions(tmp_path / "t.npz")
    assert (classes(found), found.characters) == ([1, 0, 1], ("a", "b"))


def test_no_answer_is_written_and_read_back(tmp_path: Path) -> None:
    write_predictions(tmp_path / "p.npz", np.array([-1, 2, 0]), "ABC")
    found = read_predictions(tmp_path / "p.npz")
    assert (classes(found), found.complete) == ([-1, 2, 0], True)
    assert classes(written(tmp_path, "class\n3\n-1\n")) == [3, -1]


def test_an_npy_is_read_without_a_name(tmp_path: Path) -> None:
    np.save(tmp_path / "p.npy", THREE.astype(np.float32))
    assert rows(read_predictions(tmp_path / "p.npy")) == THREE.tolist()


@pytest.mark.parametrize(
    ("text", "characters"),
    [
        ("a,b,c\n0.7,0.2,0.1\n0.1,0.8,0.1\n", ("a", "b", "c")),
        ("\ufeffa;b;c\r\n0,7;0,2;0,1\r\n0,1;0,8;0,1\r\n\r\n", ("a", "b", "c")),
        ('id\t=\t","\t7\n0\t0.7\t0.2\t0.1\n1\t0.1\t0.8\t0.1\n', ("=", ",", "7")),
        ("7e-1,0.2,0.1\n0.1,0.8,0.1\n", None),
        (",0,1,2\n0,0.7,0.2,0.1\n1,0.1,0.8,0.1\n", None),
        ("5,7,9\n0.7,0.2,0.1\n0.1,0.8,0.1\n", ("5", "7", "9")),
    ],
    ids=["header", "spreadsheet_with_semicolons", "ids_and_odd_characters", "no_header", "pandas", "digits"],
)
def test_a_csv_of_probabilities_with_and_without_a_header(tmp_path: Path, text: str, characters: tuple[str, ...] | None) -> None:
    found = written(tmp_path, text)
    assert rows(found) == THREE[:2].tolist()
    assert (found.characters, found.ids) == (characters, ("0", "1") if text.startswith(("id", ",")) else None)


@pytest.mark.parametrize(
    ("text", "numbers", "characters"),
    [
        ("class\n3\n0\n61\n", [3, 0, 61], None),
        ("3\n0\n61\n", [3, 0, 61], None),
        ("1.5e+01\n2.0\n", [15, 2], None),
        ("b\na\nb\n", [1, 0, 1], ("a", "b")),
        ("character\n7\n3\n7\n", [1, 0, 1], ("3", "7")),
        ("label\n7\nA\n", [0, 1], ("7", "A")),
        ("class\r\r\n3\r\r\n\r\n61\r\r\n", [3, 61], None),
        ("Id,Category\n1.png,0049\n2.png,004a\n3.png,0031\n", [1, 2, 0], ("1", "I", "J")),
        ("class\n0007\n0012\n", [7, 12], None),
        ("path,character,probability,sure\na.png,H,0.9,1\nb.png,,,\nc.png,7,0.5,0\n", [1, -1, 0], ("7", "H")),
    ],
    ids=["header", "bare", "savetxt", "characters", "digits_as_characters", "both", "empty_lines", "code_points", "padded", "read"],
)
def test_a_csv_of_one_column_holds_classes_or_characters(
    tmp_path: Path, text: str, numbers: list[int], characters: tuple[str, ...] | None
) -> None:
    found = written(tmp_path, text)
    assert (classes(found), found.characters, found.complete) == (numbers, characters, characters is None)
    assert ("code points" in found.remark) == ("0049" in text)


def test_a_gzipped_csv_and_a_gzipped_npy_are_read_as_well(tmp_path: Path) -> None:
    (tmp_path / "p.csv.gz").write_bytes(gzip.compress(b"class\n1\n"))
    assert len(read_predictions(tmp_path / "p.csv.gz")) == 1
    np.save(tmp_path / "p.npy", THREE)
    (tmp_path / "p.npy.gz").write_bytes(gzip.compress((tmp_path / "p.npy").read_bytes()))
    assert rows(read_predictions(tmp_path / "p.npy.gz")) == THREE.tolist()


@pytest.mark.parametrize("name", ["p.npz", "p.npy"])
@pytest.mark.parametrize("kind", [np.int64, np.float32])
def test_a_table_of_one_1_a_row_is_answers_without_probabilities(tmp_path: Path, name: str, kind: type) -> None:
    table = np.eye(3, dtype=kind)[[2, 0]]
    np.savez(tmp_path / "p.npz", onehot=table)
    np.save(tmp_path / "p.npy", table)
    found = read_predictions(tmp_path / name)
    assert (classes(found), found.columns, found.complete) == ([2, 0], 3, True)
    assert found.remark == "every row is one 1: these are answers without probabilities"


def test_a_softmax_that_is_all_but_sure_stays_a_softmax(tmp_path: Path) -> None:
    np.save(tmp_path / "p.npy", np.array([[1.0, 1e-30], [1e-30, 1.0]]))
    assert read_predictions(tmp_path / "p.npy").probabilities is not None
    assert read_predictions(tmp_path / "p.npy").columns is None


@pytest.mark.parametrize("name", ["p.npz", "p.npy"])
def test_whole_numbers_that_were_kept_as_floats_are_classes(tmp_path: Path, name: str) -> None:
    for answers in (np.array([3.0, -1.0, 61.0]), np.array([0.5, 3.0]), np.array([3.0, np.nan])):
        np.savez(tmp_path / "p.npz", predictions=answers)
        np.save(tmp_path / "p.npy", answers)
        if answers[0] == 3.0 and len(answers) == 3:
            assert classes(read_predictions(tmp_path / name)) == [3, -1, 61]
        else:
            with pytest.raises(FormatError, match=r"^classes must be whole numbers: (0\.5 in row 1|nan in row 2) of "):
                read_predictions(tmp_path / name)


@pytest.mark.parametrize("prefix", ["p_", "prob_", "Class_"])
def test_columns_may_be_called_p_and_the_character(tmp_path: Path, prefix: str) -> None:
    header = ",".join(f"{prefix}{each}" for each in "abc")
    found = written(tmp_path, f"id,{header}\n0,0.7,0.2,0.1\n1,0.1,0.8,0.1\n")
    assert (rows(found), found.characters) == (THREE[:2].tolist(), ("a", "b", "c"))
    numbered = ",".join(f"{prefix}{each}" for each in range(12))
    assert written(tmp_path, f"{numbered}\n{','.join(['0.25'] * 4 + ['0'] * 8)}\n").characters is None


@pytest.mark.parametrize(
    "text", ["test/0/0000.png,0\ntest/0/0001.png,7\n", "0,7\n1,2\n", "0;A\n1;B\n", "0,1\n1,0\n2,1\n", "a.png,0041\nb.png,0042\n"]
)
def test_an_id_and_an_answer_without_a_header_are_told_so(tmp_path: Path, text: str) -> None:
    with pytest.raises(FormatError, match=r"^an id and an answer without a header\? ") as caught:
        written(tmp_path, text)
    assert caught.value.hint == "put `id,class` above"


def test_probabilities_of_two_characters_are_no_ids(tmp_path: Path) -> None:
    assert classes(written(tmp_path, "a,b\n1,0\n0.0,1.0\n")) == [0, 1]
    assert rows(written(tmp_path, "0.25,0.75\n1,0\n")) == [[0.25, 0.75], [1.0, 0.0]]


def test_the_model_that_gave_predictions_is_kept_with_them(tmp_path: Path) -> None:
    origin = Origin("mlp", 1.25, {"digits": "ab" * 32})
    write_predictions(tmp_path / "p.npz", THREE, "ABC", origin=origin)
    assert read_predictions(tmp_path / "p.npz").origin == origin
    np.savez(tmp_path / "q.npz", p=THREE, origin=np.array("the moon"))
    assert read_predictions(tmp_path / "q.npz").origin == Origin()


def test_rounded_rows_are_made_to_sum_to_one(tmp_path: Path) -> None:
    found = written(tmp_path, "a,b,c\n0.333,0.333,0.333\n")
    assert found.probabilities is not None
    assert found.probabilities.sum() == pytest.approx(1.0, abs=1e-12)


def test_predictions_are_put_in_the_order_of_the_pictures_names(tmp_path: Path) -> None:
    found = written(tmp_path, "filename,class\nb.png,1\na.png,0\n")
    assert found.ids == ("b.png", "a.png")
    ordered = found.for_pictures(2, ("train/a.png", "train/b.png"))
    assert (classes(ordered), ordered.ids) == ([0, 1], ("a.png", "b.png"))
    assert classes(found.for_pictures(2)) == [1, 0]
    with pytest.raises(DataError, match=r"^there is no prediction of this picture: c\.png: .*p\.csv$"):
        found.for_pictures(2, ("a.png", "c.png"))
    with pytest.raises(DataError, match=r"^the file has 2 predictions for 3 pictures: .*p\.csv$"):
        found.for_pictures(3)


@pytest.mark.parametrize(
    ("ids", "names", "order"),
    [
        ("2 0 1", None, [1, 2, 0]),
        ("3 1 2", None, [1, 2, 0]),
        ("2 0 1", "a.png b.png c.png", [1, 2, 0]),
        ("2 0 1", "A/0.png A/1.png B/0.png", [1, 2, 0]),
        ("1 2 3", "x/3.png x/1.png x/2.png", [2, 0, 1]),
        ("10 3 7", "0/3.png 0/7.png 1/10.png", [1, 2, 0]),
        ("1.png 2.png 3.png", "x/3.png x/1.png x/2.png", [2, 0, 1]),
        ("cf/A/0.png cf/A/1.png cf/B/0.png", "B/0.png A/0.png A/1.png", [2, 0, 1]),
        ("/there/A/0.png /there/B/0.png /there/B/1.png", "here/B/0.png here/A/0.png here/B/1.png", [1, 0, 2]),
        ("A\\0.png A\\1.png B\\0.png", "B/0.png A/0.png A/1.png", [2, 0, 1]),
        ("A/0 A/1 B/0", "B/0.png A/0.png A/1.png", [2, 0, 1]),
    ],
)
def test_ids_are_names_where_the_pictures_have_them_and_else_numbers_in_order(
    tmp_path: Path, ids: str, names: str | None, order: list[int]
) -> None:
    np.savez(tmp_path / "p.npz", probabilities=THREE, ids=np.array(ids.split()))
    found = read_predictions(tmp_path / "p.npz")
    assert found.ids == tuple(ids.split())
    assert rows(found.for_pictures(3, names.split() if names else None)) == THREE[order].tolist()


def test_numbers_that_are_taken_for_names_out_of_their_order_are_told(tmp_path: Path) -> None:
    found = written(tmp_path, "id,class\n1,0\n2,1\n10,2\n")
    assert found.for_pictures(3, ("10.png", "1.png", "2.png")).remark == "the ids are taken for the pictures' names, not for their places"
    assert found.for_pictures(3, ("1.png", "2.png", "10.png")).remark == ""


@pytest.mark.parametrize(
    ("ids", "names", "message"),
    [
        ("0 1 2", "1.png 2.png 3.png", "there is no prediction of this picture: 3.png: {}"),
        (
            "0 1 5",
            "a.png b.png c.png",
            "ids that are numbers, but no pictures' names, must run from 0 or 1 without a gap: 0 to 5 for 3 rows: {}",
        ),
        ("0.png 1.png 2.png", "A/0.png A/1.png B/0.png", "the ids do not tell which picture each is, such as 0.png: {}"),
    ],
)
def test_ids_that_do_not_fit_are_refused(tmp_path: Path, ids: str, names: str, message: str) -> None:
    np.savez(tmp_path / "p.npz", probabilities=THREE, ids=np.array(ids.split()))
    with pytest.raises(DataError) as caught:
        read_predictions(tmp_path / "p.npz").for_pictures(3, names.split())
    assert str(caught.value) == message.format(tmp_path / "p.npz:probabilities")


@pytest.mark.parametrize("ids", [("1.png", "2.png"), ("10", "3"), ("1", "0")])
def test_what_was_written_is_read_back_row_by_row(tmp_path: Path, ids: tuple[str, str]) -> None:
    write_predictions(tmp_path / "p.npz", THREE[:2], "ABC", ids)
    found = read_predictions(tmp_path / "p.npz")
    assert (rows(found), found.ids) == (THREE[:2].tolist(), ids)


def test_an_answer_that_stands_for_several_characters_is_read_back(tmp_path: Path) -> None:
    write_predictions(tmp_path / "p.npz", THREE, "ABC", stands_for=("Aa", "Bb", "C"))
    found = read_predictions(tmp_path / "p.npz")
    assert (found.characters, found.stands_for) == (("A", "B", "C"), ("Aa", "Bb", "C"))


FAULTS = {
    "empty": ("\n", "there is no prediction in the file: {}"),
    "only_header": ("a,b\n", "there is no prediction in the file: {}"),
    "sum": ("a,b\n0.5,0.5\n3,4\n", "a row of probabilities sums to 7, not to 1 in row 2 of {}"),
    "negative": ("a,b\n-0.5,1.5\n", "a row of probabilities is negative: -0.5 in row 1 of {}"),
    "nan": ("a,b\n0.5,0.5\nnan,1\n", "a probability is not a number: row 2 of {}"),
    "word": ("a,b\n0.5,0.5\n0.5,half\n", "no number: 'half' in line 3 of {}"),
    "short": ("a,b\n0.5,0.5\n0.5\n", "a row has 1 columns, not 2: line 3 of {}"),
    "long": ("a,b\n0.5,0.5\n0.5," + "1" * 65 + "\n", "no number: '11111111111111111111' in line 3 of {}"),
    "header": ("a,bee\n0.5,0.5\n", "a column of probabilities is headed by no character: 'bee': {}"),
    "double": ("a,b,a\n0.5,0.5,0\n", "a character stands twice: a: {}"),
    "unknown": ("id,what\n1,2\n", "no known header of predictions: 'id,what': {}"),
    "mixed": ("class\n12\nA\n", "neither a class number nor a character: '12' in line 2 of {}"),
    "missing": ("id,class\n0,1\n1,\n", "neither a class number nor a character: '' in line 3 of {}"),
    "below": ("class\n1\n-2\n", "classes must be 0 or more, or -1 for no answer: -2 in row 2 of {}"),
    "twice": ("id,class\n0,1\n0,1\n", "an id stands twice: 0: {}"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_csv_is_refused_in_one_sentence(tmp_path: Path, fault: str) -> None:
    text, message = FAULTS[fault]
    with pytest.raises(FormatError) as caught:
        written(tmp_path, text)
    assert str(caught.value) == message.format(tmp_path / "p.csv")


ARRAYS = {
    "pickled": ({"p": np.array([{}], object)}, "the array holds Python objects (pickle), which may run code when read: {}:p"),
    "several": ({"p": THREE, "q": THREE}, "no predictions, or several: {}: it holds p float64 (3, 3), q float64 (3, 3)"),
    "none": ({"p": np.zeros((2, 3, 4))}, "no predictions, or several: {}: it holds p float64 (2, 3, 4)"),
    "nan": ({"p": np.array([[0.5, 0.5], [np.nan, 1]])}, "a probability is not a number: row 2 of {}:p"),
    "logits": ({"p": np.array([[3.0, -4.0]])}, "a row of probabilities is negative: -4 in row 1 of {}:p"),
    "characters": ({"p": THREE, "characters": np.array("ab")}, "3 columns but 2 characters: {}:p"),
    "words": ({"p": THREE, "characters": np.array(["a", "bee", "c"])}, "each of `characters` must be one character: 'bee': {}:p"),
    "shared": (
        {"p": THREE, "characters": np.array("abc"), "stands_for": np.array(["aA", "A", "c"])},
        "a character must belong to exactly one answer: A: {}:p",
    ),
    "ids": ({"p": THREE, "ids": np.array(["a"])}, "3 predictions but 1 ids: {}:p"),
    "no_rows": ({"p": np.zeros((0, 5))}, "there is no prediction in the file: {}:p"),
    "beyond": ({"p": np.array([0, 2]), "characters": np.array("ab")}, "classes must be 0..1, or -1 for no answer: 2 in row 2 of {}:p"),
}


@pytest.mark.parametrize("fault", ARRAYS)
def test_a_faulty_npz_is_refused_in_one_sentence(tmp_path: Path, fault: str) -> None:
    arrays, message = ARRAYS[fault]
    np.savez(tmp_path / "p.npz", **arrays)
    with pytest.raises(FormatError) as caught:
        read_predictions(tmp_path / "p.npz")
    assert str(caught.value) == message.format(tmp_path / "p.npz")


def test_pickles_in_any_wrapping_are_never_loaded(tmp_path: Path) -> None:
    (tmp_path / "p.pkl").write_bytes(pickle.dumps(THREE))
    with pytest.raises(FormatError, match=r"^the file is a pickle, which may run code when read: "):
        read_predictions(tmp_path / "p.pkl")
    np.save(tmp_path / "p.npy", np.array([{}], object))
    with pytest.raises(FormatError, match=r"^the npy cannot be read: "):
        read_predictions(tmp_path / "p.npy")


def test_what_is_no_file_of_predictions_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceNotFound):
        read_predictions(tmp_path / "none.npz")
    (tmp_path / "p.csv").write_bytes(b"\xff\xfe\0\1")
    with pytest.raises(FormatError, match=r"^no file of predictions"):
        read_predictions(tmp_path / "p.csv")


@pytest.mark.parametrize("name", ["p.npz", "p.npy", "p.csv"])
def test_a_damaged_file_ends_in_a_sentence_of_ours(tmp_path: Path, name: str) -> None:
    np.savez(tmp_path / "p.npz", probabilities=np.full((40, 5), 0.2))
    np.save(tmp_path / "p.npy", np.full((40, 5), 0.2))
    (tmp_path / "p.csv").write_text("a,b,c,d,e\n" + "0.2,0.2,0.2,0.2,0.2\n" * 40)
    whole = (tmp_path / name).read_bytes()
    rng = np.random.default_rng(3)
    refused = 0
    for _ in range(150):
        damaged = bytearray(whole[: int(rng.integers(len(whole)))] if rng.random() < 0.5 else whole)
        for at in rng.integers(0, max(len(damaged), 1), 3):
            if damaged:
                damaged[at] ^= 1 << int(rng.integers(8))
        (tmp_path / "damaged").write_bytes(bytes(damaged))
        try:
            read_predictions(tmp_path / "damaged")
        except InkreadError:
            refused += 1
    assert refused > 50
