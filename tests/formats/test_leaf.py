"""LEAF's json, as its preparation writes it: black on white, upright, shares of white in rows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inkread.errors import FormatError
from inkread.formats import UPRIGHT, parts_of, read
from made_files import letter_f

INK_ON_PAPER = 255 - letter_f()


def _leaf(path: Path, writers: dict[str, list[int]], **changes: object) -> Path:
    row = [value / 255 for line in INK_ON_PAPER.tolist() for value in line]
    data = {user: {"x": [row] * len(labels), "y": labels} for user, labels in writers.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = {"users": list(writers), "num_samples": [len(each) for each in writers.values()], "user_data": data}
    path.write_text(json.dumps(whole | changes))
    return path


def test_users_are_writers_and_classes_those_of_byclass(tmp_path: Path) -> None:
    contents = read(_leaf(tmp_path / "all_data_0.json", {"f0001_41": [0, 10], "f0002_05": [61]}))
    assert (contents.pictures == INK_ON_PAPER).all()
    assert contents.labels == ("0", "A", "z")
    assert contents.writer is not None
    assert contents.writer.tolist() == ["f0001_41", "f0001_41", "f0002_05"]
    assert (contents.format, contents.orientation.stored) == ("LEAF json", UPRIGHT)


def test_the_files_of_a_part_are_joined(tmp_path: Path) -> None:
    for name, labels in (("train/all_data_0.json", [1]), ("train/all_data_1.json", [2, 3]), ("test/all_data_0.json", [4])):
        _leaf(tmp_path / name, {"w": labels})
    assert set(parts_of(tmp_path)) == {"train", "test"}
    assert read(tmp_path, "train").labels == ("1", "2", "3")
    assert read(tmp_path, "test").labels == ("4",)


DEEP = "[" * 100_000
FAULTS = {
    "no LEAF json: PATH": {"user_data": []},
    "the user has no `x` and `y` in `user_data`: 'b' of PATH": {"users": ["b"]},
    "the user has no `x` and `y` in `user_data`: '[1]' of PATH": {"users": [[1]]},
    "2 pictures but 1 entries: user 'a' of PATH": {"user_data": {"a": {"x": [[0.0] * 784] * 2, "y": [1]}}},
    "`x` and `y` must be lists of numbers: user 'a' of PATH": {"user_data": {"a": {"x": [[0.0], [0.0, 1.0]], "y": [1, 2]}}},
    "labels must be 0..61: the 1. is 62: PATH": {"user_data": {"a": {"x": [[0.0] * 784], "y": [62]}}},
    "the users' pictures are none, or not of one size: PATH": {"user_data": {"a": {"x": [], "y": []}}},
    "pictures must be grey levels from 0 up to 1, 255 or 65,535: -1 to -1: PATH": {"user_data": {"a": {"x": [[-1.0] * 784], "y": [1]}}},
}


@pytest.mark.parametrize("message", FAULTS)
def test_a_fault_is_told(tmp_path: Path, message: str) -> None:
    path = _leaf(tmp_path / "a.json", {"a": [1]}, **FAULTS[message])
    with pytest.raises(FormatError) as refused:
        read(path)
    assert str(refused.value) == message.replace("PATH", str(path))


@pytest.mark.parametrize("rest", [DEEP, '{"a":' * 100_000, "", '{"x": [1', "1e}", "\x00"])
def test_json_that_is_broken_or_nested_too_deep_is_refused(tmp_path: Path, rest: str) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"users": ' + rest)
    with pytest.raises(FormatError, match=r"the json (is nested too deep|cannot be read .*): .*a\.json"):
        read(path)
