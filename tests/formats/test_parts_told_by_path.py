"""A part that only the path of a source tells: however it is named, the same pictures, the same labels, the same part."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from inkread.datasets import load
from inkread.errors import DataError, FormatError
from inkread.formats import TRANSPOSED, parts_of, read
from made_files import idx, letter_f, many, png, zipped

F = png(letter_f())


def _lab(root: Path) -> Path:
    for part in ("train", "test"):
        (root / part).mkdir(parents=True)
        for letter in "ab":
            (root / part / f"{letter}_00001.jpg").write_bytes(F)
    return root


def test_the_letters_labs_own_folder_is_its_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lab = _lab(tmp_path / "lab")
    whole = read(lab, "train")
    assert (whole.labels, whole.turn, whole.orientation.stored) == (("Aa", "Bb"), True, TRANSPOSED)
    members = {each.name: each.read_bytes() for each in (lab / "train").iterdir()}
    named = [lab / "train", zipped(tmp_path / "train.zip", members), zipped(tmp_path / "letters-train.zip", members)]
    packed = zipped(tmp_path / "lab.zip", {f"train/{name}": data for name, data in members.items()})
    monkeypatch.chdir(lab / "train")
    for each in (*named, packed, packed / "train", Path()):
        found = read(each)
        assert (found.labels, found.turn, found.part, parts_of(each)) == (("Aa", "Bb"), True, "train", ("train",)), each
    for each in (lab / "train" / "a_00001.jpg", packed / "train" / "a_00001.jpg"):
        assert (read(each).labels, read(each).turn, read(each).part) == (("Aa",), True, "train")


def _class_folders(root: Path) -> Path:
    for name in ("train/b/b_1.png", "test/a/a_1.png", "test/b/b_1.png"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(F)
    return root


def _named_test(tmp_path: Path, which: str) -> Path:
    if which.startswith("classes"):
        return _class_folders(tmp_path / "classes").parent / which
    if which.startswith("link"):
        os.symlink(_class_folders(tmp_path / "classes") / "test", tmp_path / which, target_is_directory=True)
        return tmp_path / which
    if which.startswith("z.zip"):
        return zipped(tmp_path / "z.zip", {"in/test/a/a_1.png": F, "in/train/b/1.png": F}).parent / which
    path = tmp_path / which
    path.parent.mkdir(exist_ok=True)
    if path.suffix == ".npz":
        np.savez(path, x=many(2), label=np.array(["a", "b"]))
    elif path.suffix == ".zip":
        zipped(path, {"a/1.png": F, "b/1.png": F})
    else:
        path.write_bytes(idx(many(2)))
        (path.parent / "labels-idx1-ubyte").write_bytes(idx(np.array([1, 2], np.uint8)))
    return path


NAMED = (
    "classes/test",
    "link",
    "z.zip/in/test",
    "z.zip/in/test/a",
    "z.zip/in/test/a/a_1.png",
    "test.npz",
    "Test/x.npz",
    "letters-test/x.npz",
    "test_images/x.npz",
    "test.zip",
    "idx/../test/images-idx3-ubyte",
)


@pytest.mark.parametrize("which", NAMED)
def test_labels_of_a_test_part_stay_however_it_is_named(tmp_path: Path, which: str) -> None:
    (tmp_path / "idx").mkdir()
    path = _named_test(tmp_path, which)
    assert read(path).part == "test"
    assert read(path, "test").labels == read(path).labels
    with pytest.raises(DataError, match="a test part is loaded with its labels"):
        load(path, preparation=None)


def test_words_that_only_contain_a_part_tell_none(tmp_path: Path) -> None:
    for name in ("testament", "test_of_letters0", "my-trained-eye"):
        (tmp_path / name / "A").mkdir(parents=True)
        (tmp_path / name / "A" / "1.png").write_bytes(F)
        assert (read(tmp_path / name).part, parts_of(tmp_path / name)) == ("", ("",))
        assert len(load(tmp_path / name, preparation=None)) == 1


def test_a_part_inside_goes_before_the_folder_above(tmp_path: Path) -> None:
    root = _class_folders(tmp_path / "test" / "classes")
    assert parts_of(root) == ("test", "train")
    assert read(root, "train").part == "train"
    np.savez(tmp_path / "test" / "letters-train.npz", x=many(2), label=np.array(["a", "b"]))
    assert read(tmp_path / "test" / "letters-train.npz").part == "train"


def test_what_lies_beside_the_parts_can_be_asked_for(tmp_path: Path) -> None:
    root = tmp_path / "letters"
    for name in ("A_1.png", "train/B_1.png"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(F)
    assert parts_of(root) == ("rest", "train")
    with pytest.raises(FormatError) as refused:
        read(root)
    assert refused.value.hint == f"say which: {root}:rest, {root}:train"
    assert [(each.labels, each.part) for each in (read(root, "rest"), read(root, ""), read(root, "train"))] == [
        (("A",), "rest"),
        (("A",), "rest"),
        (("B",), "train"),
    ]
    assert load(f"{root}:rest", preparation=None).names == ("A_1.png",)


def test_sets_of_which_one_has_no_parts_can_be_asked_for(tmp_path: Path) -> None:
    for name in ("emnist-digits-images-idx3-ubyte", "emnist-mnist-train-images-idx3-ubyte"):
        (tmp_path / name).write_bytes(idx(many(2)))
    assert parts_of(tmp_path) == ("digits", "mnist/train")
    assert (len(read(tmp_path, "digits")), read(tmp_path, "digits").part) == (2, "")
    test = tmp_path / "test"
    test.mkdir()
    for name in ("digits", "letters"):
        (test / f"emnist-{name}-images-idx3-ubyte").write_bytes(idx(many(2)))
        (test / f"emnist-{name}-labels-idx1-ubyte").write_bytes(idx(np.array([1, 2], np.uint8)))
    assert (parts_of(test), read(test, "digits").part) == (("digits", "letters"), "test")
    with pytest.raises(DataError, match="a test part is loaded with its labels"):
        load(test, "letters", preparation=None)


def test_pictures_beside_a_test_folder_that_lies_in_one_are_a_test_too(tmp_path: Path) -> None:
    for name in ("test/A_1.png", "test/test/B_1.png"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(F)
    for part in parts_of(tmp_path / "test"):
        with pytest.raises(DataError, match="a test part is loaded with its labels"):
            load(tmp_path / "test", part, preparation=None)
