from __future__ import annotations

import json
from pathlib import Path

import pytest

from command_line import Inkread
from inkread.datasets import CARDS, folder_of, open_source
from published import digits_set, put_here


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INKREAD_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a set that is here."""
    return put_here(*digits_set(), monkeypatch)


def test_the_folder_of_a_set_is_told(inkread: Inkread, here: Path) -> None:
    done = inkread("data", "where", "mnist")
    assert (done.exit_code, done.output) == (0, f"{here}\n")


def test_a_set_that_is_not_here_is_told_with_the_command(inkread: Inkread, tmp_path: Path) -> None:
    done = inkread("data", "where", "emnist/letters")
    assert done.exit_code == 1
    assert done.stdout == f"{tmp_path / 'cache' / 'data' / 'emnist' / 'letters'}\n"
    assert done.stderr == "not fetched yet: emnist/letters\n\nhint: inkread data fetch emnist/letters\n"


def test_of_what_inkread_draws_the_program_is_told(inkread: Inkread) -> None:
    done = inkread("data", "where", "drawn")
    assert (done.exit_code, done.stdout) == (0, f"{folder_of(CARDS['drawn'])}\n")
    assert done.stderr == "this is the program that draws it\n\nhint: inkread data convert drawn FOLDER\n"


def test_without_a_name_the_cache_is_told(inkread: Inkread, tmp_path: Path) -> None:
    assert inkread("data", "where").output == f"{tmp_path / 'cache'}\n"


def test_json_names_files_and_the_arrays_made_of_them(inkread: Inkread, here: Path) -> None:
    open_source("mnist:test")
    facts = json.loads(inkread("data", "where", "mnist", "--json").stdout)
    assert facts["here"] is True
    assert len(facts["files"]) == 4
    (array,) = facts["arrays"]
    assert array["bytes"] > 2 * 28 * 28
