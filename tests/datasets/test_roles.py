"""Which part of a source trains, validates and tests, without anybody naming it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inkread.datasets import Place, load, to_test_on, to_train_on
from inkread.errors import DataError
from inkread.picture import encode_png


def course(file: Path) -> Path:
    """The course's six arrays: three parts, two letters."""
    arrays = {}
    for part, count in (("train", 4), ("validate", 3), ("test", 2)):
        arrays[f"{part}_images"] = np.zeros((count, 28, 28), np.float32)
        arrays[f"{part}_labels"] = np.eye(27, dtype=np.float32)[1 + np.arange(count) % 2]
    np.savez(file, **arrays)
    return file


def test_a_source_of_three_parts_trains_validates_and_tests_on_its_own(tmp_path: Path) -> None:
    file = course(tmp_path / "letters.npz")
    (found,) = to_train_on(file)
    assert (found.place.part, found.validation and found.validation.part) == ("train", "validation")
    assert [each.part for each in to_test_on(file)] == ["test"]


def test_the_part_that_was_asked_for_stands_alone(tmp_path: Path) -> None:
    file = course(tmp_path / "letters.npz")
    (found,) = to_train_on(f"{file}:validation")
    assert (found.place.part, found.validation) == ("validation", None)
    assert [each.part for each in to_test_on(f"{file}:train")] == ["train"]


def test_a_source_without_parts_is_taken_whole(tmp_path: Path) -> None:
    for character in "ab":
        (tmp_path / "mine" / character).mkdir(parents=True)
        for number in range(2):
            picture = np.zeros((28, 28), np.uint8)
            picture[4:24, 10 + number] = 255
            (tmp_path / "mine" / character / f"{number}.png").write_bytes(encode_png(picture))
    (found,) = to_train_on(tmp_path / "mine")
    assert (found.place.path, found.place.part, found.validation) == (tmp_path / "mine", None, None)
    assert load(tmp_path / "mine", alphabet=None).alphabet.characters == "ab"


def test_parts_of_other_names_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = course(tmp_path / "letters.npz")
    monkeypatch.setattr(Place, "parts", lambda place: ("balanced/train", "letters/train"))
    with pytest.raises(DataError) as caught:
        to_train_on(file)
    assert str(caught.value) == f"the source has no part `train`: {file}"
    assert caught.value.hint == f"name one of its parts: {file}:balanced/train, {file}:letters/train"
