from __future__ import annotations

import os
from pathlib import Path

import pytest

from inkread.datasets.places import places
from inkread.errors import SourceNotFound


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("INKREAD_CACHE", str(tmp_path / "cache"))
    for name in ("a", "b", "a+b", "c:train", "d.npz"):
        Path(name).touch()


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("a", ["a"]),
        ("a:test", ["a:test"]),
        ("a+d.npz", ["a", "d.npz"]),
        ("a:train+b:test+d.npz", ["a:train", "b:test", "d.npz"]),
        ("a+b", ["a+b"]),
        ("a+b+a", ["a+b", "a"]),
        ("a+b:train", ["a+b:train"]),
        ("./a+./b", ["a", "b"]),
        ("c:train", ["c:train"]),
        ("c:train:test", ["c:train:test"]),
    ],
)
def test_a_source_is_a_path_a_part_or_several(source: str, told: list[str]) -> None:
    assert [str(each) for each in places(source)] == told


def test_an_existing_path_wins_over_the_syntax() -> None:
    assert places("c:train")[0].part is None
    assert places("a+b")[0].path == Path("a+b")


def test_a_path_that_is_not_there_is_told_with_its_neighbours() -> None:
    with pytest.raises(SourceNotFound) as refused:
        places("a+d.npy")
    assert str(refused.value) == "no such file or folder: d.npy"
    assert refused.value.hint == "did you mean `d.npz`?"


@pytest.mark.parametrize("source", ["", "+", ":", "a+", "a:", "nowhere/x", "a\0b", "x" * 5000])
def test_nothing_to_read_is_told(source: str) -> None:
    with pytest.raises(SourceNotFound):
        places(source)


def test_paths_may_be_of_any_kind() -> None:
    assert [str(each) for each in places(Path("a"))] == ["a"]
    assert os.fspath(places("d.npz")[0].path) == "d.npz"


def test_a_name_of_the_catalogue_is_told_with_the_command_that_fetches_it() -> None:
    with pytest.raises(SourceNotFound) as refused:
        places("a+emnist/letters:train")
    assert (str(refused.value), refused.value.hint) == ("not fetched yet: emnist/letters", "inkread data fetch emnist/letters")


def test_an_existing_path_wins_over_the_catalogue_and_a_path_is_always_a_path() -> None:
    Path("mnist").touch()
    assert [str(each) for each in places("mnist:train+mnist")] == ["mnist:train", "mnist"]
    assert not any(each.card for each in places("mnist:train+mnist"))
    with pytest.raises(SourceNotFound, match=r"no such file or folder: \./usps"):
        places("./usps")


def test_a_misspelt_name_is_met_with_its_neighbours() -> None:
    with pytest.raises(SourceNotFound) as refused:
        places("emnist/leters:train")
    assert refused.value.hint.startswith("did you mean `emnist/letters`")


def test_paths_are_relative_to_a_base_and_names_are_not(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "x.npz").touch()
    assert [each.path for each in places("x.npz:train", tmp_path / "in")] == [tmp_path / "in" / "x.npz"]
