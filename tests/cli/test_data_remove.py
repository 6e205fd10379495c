from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from command_line import Inkread
from inkread.datasets import cache_folder, open_source
from made_files import many
from published import digits_set, put_here


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a set that is here and was opened; another source was opened too."""
    monkeypatch.setenv("INKREAD_CACHE", str(tmp_path / "cache"))
    folder = put_here(*digits_set(), monkeypatch)
    open_source("mnist:train")
    np.savez(tmp_path / "own.npz", x=many(1), label=np.array(["a"]))
    open_source(tmp_path / "own.npz")
    return folder


def _kept() -> list[str]:
    return sorted(each.name.partition("-")[0] for each in (cache_folder() / "opened").iterdir())


def test_a_set_goes_with_its_arrays_and_nothing_else(inkread: Inkread, here: Path) -> None:
    assert _kept() == ["own", "train"]
    done = inkread("data", "remove", "mnist", "--yes")
    assert (done.exit_code, done.output) == (0, "removed mnist: 0.0 MB freed\n")
    assert not here.exists()
    assert _kept() == ["own"]


def test_json_tells_the_bytes(inkread: Inkread, here: Path) -> None:
    held = sum(each.stat().st_size for each in here.iterdir())
    facts = json.loads(inkread("data", "remove", "mnist", "--yes", "--json").stdout)
    assert facts["removed"] == ["mnist"]
    assert facts["freed"] > held + 3 * 28 * 28


def test_there_is_nothing_to_remove_of_what_was_not_drawn_yet(inkread: Inkread) -> None:
    done = inkread("data", "remove", "drawn", "--yes")
    assert (done.exit_code, done.output) == (1, "nothing was removed\n")


def test_nobody_to_ask_is_told(inkread: Inkread, here: Path) -> None:
    done = inkread("data", "remove", "mnist")
    assert done.exit_code == 2
    assert done.stderr == "error: nobody can be asked whether to remove mnist\n\nhint: say it beforehand: --yes\n"
    assert here.exists()


@pytest.mark.parametrize(("answer", "gone"), [(True, True), (False, False)])
def test_it_asks(inkread: Inkread, here: Path, monkeypatch: pytest.MonkeyPatch, answer: bool, gone: bool) -> None:
    asked: list[str] = []
    monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda _: True)
    monkeypatch.setattr("click.confirm", lambda text, err: asked.append(text) or answer)
    done = inkread("data", "remove", "mnist")
    assert asked == ["Remove mnist?"]
    assert done.exit_code == (0 if gone else 1)
    assert here.exists() is not gone


def test_what_is_not_here_is_no_fault(inkread: Inkread) -> None:
    done = inkread("data", "remove", "emnist/letters", "--yes")
    assert (done.exit_code, done.output) == (1, "nothing was removed\n")


def test_all_arrays_go_and_sets_stay(inkread: Inkread, here: Path) -> None:
    assert inkread("data", "remove", "--arrays", "--yes").exit_code == 0
    assert _kept() == []
    assert here.exists()


def test_something_has_to_be_named(inkread: Inkread) -> None:
    assert inkread("data", "remove", "--yes").stderr == "error: nothing is named to remove\n\nhint: inkread data remove NAME, or --arrays\n"
