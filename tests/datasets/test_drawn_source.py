from __future__ import annotations

import importlib
import shutil
from pathlib import Path

import numpy as np
import pytest

from inkread.alphabet import BYCLASS, NAMED
from inkread.datasets import (
    CARDS,
    Handout,
    check,
    fetch,
    folder_of,
    holding,
    load,
    load_test,
    open_parts,
    open_source,
    places,
    published_counts,
    remove,
    to_test_on,
    to_train_on,
)
from inkread.datasets.drawn import drawn
from inkread.datasets.drawn.source import EDITION, HANDS
from inkread.errors import DataError, FormatError, SourceNotFound
from inkread.picture import prepare
from made_files import many

DRAWN = CARDS["drawn"]


@pytest.fixture(scope="module")
def drawn_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that holds both parts: they are drawn once for all tests here."""
    cache = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INKREAD_CACHE", str(cache))
        open_parts("drawn")
    return cache


@pytest.fixture(autouse=True)
def _here(drawn_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder of one's own, where nothing is drawn anew."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("INKREAD_CACHE", str(drawn_once))
    source = importlib.import_module("inkread.datasets.drawn.source")
    monkeypatch.setattr(source, "contents", lambda *_: pytest.fail("drawn again"))


def test_it_opens_by_name_as_its_card_says() -> None:
    assert {part: 62 * hands for part, hands in HANDS.items()} == DRAWN.pictures
    for opened in open_parts("drawn"):
        assert (opened.source, opened.card, opened.format) == (f"drawn:{opened.part}", "drawn", "drawn")
        assert isinstance(opened.pictures, np.memmap)
        assert opened.pictures.shape == (DRAWN.pictures[opened.part], 28, 28)
        assert dict(zip(opened.kinds, opened.counts.tolist(), strict=True)) == published_counts(opened)
        assert str(opened.orientation) == "stored upright, known by the program that draws it"


def test_no_hand_draws_in_both_parts() -> None:
    train, test = (set(np.asarray(each.writer).tolist()) for each in open_parts("drawn"))
    assert (len(train), len(test)) == (60, 20)
    assert not train & test


def test_nothing_is_wrong_with_it() -> None:
    report = check(open_parts("drawn"), expected=published_counts)
    assert [each.says for each in report.findings if each.spoils] == []


def test_it_is_the_same_wherever_it_is_drawn() -> None:
    """Another edition has other numbers here, and its file another digest."""
    opened = open_source("drawn:test")
    glyphs = drawn(BYCLASS, sum(HANDS.values()), EDITION, paper=False)
    first = HANDS["train"] * len(BYCLASS)
    for at in (0, 61, 500, 1239):
        assert (prepare(glyphs.pictures[first + at]).picture == opened.pictures[at]).all()
    greys = np.asarray(opened.pictures).reshape(20, 62, -1).mean(axis=(0, 2))
    assert greys[:10] == pytest.approx(GREYS, abs=0.3)


GREYS = (53.1, 26.8, 44.8, 45.0, 42.2, 46.8, 48.1, 35.5, 55.6, 45.6)
"""The mean grey of the ten digits in the test part, as edition 1 is drawn."""


def test_its_parts_train_and_test() -> None:
    (trained,) = to_train_on("drawn")
    assert (str(trained.place), trained.validation) == ("drawn:train", None)
    assert [str(each) for each in to_test_on("drawn")] == ["drawn:test"]


def test_preparing_leaves_it_as_it_is_and_alphabets_restrict_it() -> None:
    opened = open_source("drawn:train")
    digits = load("drawn:train", alphabet=NAMED["digits"], unknown="leave out")
    assert (digits.single_labels() == np.tile(np.arange(10), 60)).all()
    assert (np.asarray(digits.pictures) == np.asarray(opened.pictures)[opened.codes < 10]).all()
    letters = load("drawn:train", alphabet=NAMED["letters"], unknown="leave out")
    assert set(letters.counts().values()) == {120}


def test_it_is_joined_with_others(tmp_path: Path) -> None:
    np.savez(tmp_path / "own.npz", x=many(2), label=np.array(["a", "b"]))
    glyphs = load("drawn:train+own.npz")
    assert (len(glyphs), glyphs.source) == (3722, "drawn:train+own.npz")
    assert np.asarray(glyphs.writer)[[0, -1]].tolist() == ["hand-0000", ""]


def test_its_test_labels_leave_on_record_only(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="a test part is loaded with its labels: drawn:test"):
        load("drawn:test")
    assert len(load_test("drawn:test", Handout(tmp_path, "a test"))) == 1240
    assert (tmp_path / "test-reads.csv").read_text().splitlines()[1].endswith(",drawn:test,,,1240,a test")


def test_it_has_no_other_part() -> None:
    with pytest.raises(FormatError, match="the set has no part of this name: drawn:validation"):
        places("drawn:validation")
    with pytest.raises(FormatError, match="the set has several parts: drawn") as refused:
        open_source("drawn")
    assert refused.value.hint == "say which: drawn:train, drawn:test"


def test_a_path_of_that_name_wins() -> None:
    with pytest.raises(SourceNotFound):
        places("./drawn")
    Path("drawn").mkdir()
    assert [(str(each), each.card) for each in places("drawn:train+drawn")] == [("drawn:train", ""), ("drawn", "")]


def test_it_is_always_here_and_never_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INKREAD_CACHE", str(tmp_path / "cache"))
    assert holding(DRAWN).complete
    assert fetch(DRAWN).names == ()
    assert not (tmp_path / "cache").exists()


def test_removing_it_removes_its_arrays_and_not_the_program(drawn_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(drawn_once, tmp_path / "cache")
    monkeypatch.setenv("INKREAD_CACHE", str(tmp_path / "cache"))
    assert len(holding(DRAWN).arrays()) >= 2
    assert remove(DRAWN) > 4960 * 28 * 28
    assert holding(DRAWN).arrays() == []
    assert (folder_of(DRAWN) / "source.py").is_file()
