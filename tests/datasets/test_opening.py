from __future__ import annotations

import errno
import gzip
import importlib
import io
import os
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inkread.alphabet import NAMED
from inkread.datasets import CARDS, GlyphSet, load, open_source, places
from inkread.datasets.cache import TAG, entries
from inkread.datasets.known import card_of_files
from inkread.errors import DataError, FormatError, SourceNotFound
from made_files import idx, letter_f, many, pens, png, zipped
from published import digits_set, letters_zip, put_here


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("INKREAD_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def digits(monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a published set of 3 and 2 pictures that is here."""
    return put_here(*digits_set(), monkeypatch)


def _source(path: Path, labels: list[str]) -> Path:
    np.savez(path, x=many(len(labels)), label=np.array(labels))
    return path


def test_the_second_opening_maps_what_the_first_one_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = _source(tmp_path / "a.npz", ["b", "Aa", "b"])
    first = open_source(source)
    monkeypatch.setattr(importlib.import_module("inkread.datasets.opening"), "read", None)
    second = open_source(source)
    assert isinstance(second.pictures, np.memmap)
    assert (np.asarray(second.pictures) == many(3)).all()
    assert second.labels == first.labels == ("b", "Aa", "b")
    assert (second.kinds, second.codes.tolist()) == (("Aa", "b"), [1, 0, 1])
    assert (second.format, str(second.orientation), second.part, second.source) == (
        first.format,
        str(first.orientation),
        first.part,
        first.source,
    )


def test_encoded_pictures_of_one_size_are_decoded_once(tmp_path: Path) -> None:
    source = zipped(tmp_path / "a.zip", {f"train/f_{at:05}.jpg": png(letter_f().T) for at in range(300)})
    seen: list[tuple[int, int]] = []
    opened = open_source(source, progress=lambda done, count: seen.append((done, count)))
    assert seen == [(256, 300), (300, 300)]
    assert isinstance(opened.pictures, np.memmap)
    assert (opened.pictures == letter_f()).all(), "upright"
    open_source(source, progress=lambda *_: pytest.fail("decoded again"))


def test_pictures_of_several_sizes_stay_as_they_are(tmp_path: Path) -> None:
    opened = open_source(zipped(tmp_path / "a.zip", {"A/1.png": png(letter_f()), "A/2.png": png(letter_f(40, 30))}))
    assert [each.shape for each in opened.pictures] == [(28, 28), (40, 30)]
    assert list(entries()) == []


def test_a_picture_that_cannot_be_decoded_does_not_stop_the_opening(tmp_path: Path) -> None:
    opened = open_source(zipped(tmp_path / "a.zip", {"A/1.png": png(letter_f()), "A/2.png": png(letter_f())[:60]}))
    assert len(opened) == 2
    assert (opened.pictures[0] == letter_f()).all()


def test_strokes_are_drawn_when_they_are_looked_at(tmp_path: Path) -> None:
    opened = open_source(pens(tmp_path / "pens.npz", "LL"))
    assert opened.pictures[0].max() > 200
    assert opened.labels == ("L", "L")


def test_labels_that_do_not_fit_their_kinds_make_it_anew(tmp_path: Path) -> None:
    source = _source(tmp_path / "a.npz", ["a", "b"])
    open_source(source)
    ((entry, path),) = entries()
    assert path == str(source)
    np.save(entry / "codes.npy", np.array([0, 7], np.int64))
    assert open_source(source).labels == ("a", "b")


def test_the_cache_is_marked_for_backups(cache: Path, tmp_path: Path) -> None:
    open_source(_source(tmp_path / "a.npz", ["a"]))
    assert (cache / TAG).read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55\n")


def test_a_cache_that_cannot_be_written_costs_only_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = _source(tmp_path / "a.npz", ["a"])
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("INKREAD_CACHE", str(tmp_path / "file"))
    assert open_source(source).labels == ("a",)


def test_a_disk_that_is_full_costs_only_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "posix_fallocate", full)
    source = zipped(tmp_path / "a.zip", {"F/1.png": png(letter_f())})
    assert (open_source(source).pictures[0] == letter_f()).all()
    assert list(entries()) == []
    assert len(load(source)) == 1


def test_only_what_an_alphabet_knows(tmp_path: Path) -> None:
    source = _source(tmp_path / "a.npz", ["A", "7", "Bb", "b"])
    assert open_source(source).within(NAMED["digits"]).labels == ("7",)
    assert open_source(source).within(NAMED["letters"]).labels == ("Aa", "Bb", "Bb")


def test_several_sources_are_one_without_a_copy(tmp_path: Path) -> None:
    first, second = _source(tmp_path / "a.npz", ["b"]), _source(tmp_path / "b.npz", ["a", "b"])
    opened = open_source(f"{first}+{second}")
    assert opened.labels == ("b", "a", "b")
    assert not isinstance(opened.pictures, np.ndarray)
    assert [int(each[0, 0]) for each in opened.pictures] == [1, 1, 2]


def test_a_published_set_opens_by_name(digits: Path) -> None:
    opened = open_source("mnist:test")
    assert (opened.source, opened.card, opened.part, opened.labels) == ("mnist:test", "mnist", "test", ("0", "1"))
    assert str(opened.orientation) == "stored upright, known by the checksums of mnist"
    assert len(open_source("mnist:train+mnist:test")) == 5


def test_a_published_test_part_does_not_train(digits: Path) -> None:
    assert isinstance(load("mnist:train", preparation=None), GlyphSet)
    with pytest.raises(DataError, match="a test part is loaded with its labels: mnist:test"):
        load("mnist:test", preparation=None)


def test_the_part_of_a_published_set_may_stand_alone(digits: Path) -> None:
    glyphs = load("mnist", "train")
    assert (len(glyphs), glyphs.source) == (3, "mnist:train")
    with pytest.raises(DataError, match="a test part is loaded with its labels: mnist:test"):
        load("mnist", "test")
    with pytest.raises(FormatError, match="the set has no part of this name: mnist:validation"):
        load("mnist", "validation")


def test_a_set_of_several_parts_wants_one(digits: Path) -> None:
    with pytest.raises(FormatError, match="the set has several parts: mnist") as refused:
        open_source("mnist")
    assert refused.value.hint == "say which: mnist:train, mnist:test"
    with pytest.raises(FormatError, match="the set has no part of this name: mnist:validation"):
        open_source("mnist:validation")


def test_a_place_tells_its_parts(digits: Path, tmp_path: Path) -> None:
    source = zipped(tmp_path / "a.zip", {f"{part}/F/1.png": png(letter_f()) for part in ("train", "test")})
    assert [tuple(sorted(each.parts())) for each in places(f"mnist+mnist:test+{source}")] == [
        ("test", "train"),
        ("test",),
        ("test", "train"),
    ]


def test_a_set_that_is_not_here_is_told_with_the_command() -> None:
    with pytest.raises(SourceNotFound) as refused:
        open_source("emnist/letters:train")
    assert (str(refused.value), refused.value.hint) == ("not fetched yet: emnist/letters", "inkread data fetch emnist/letters")


def test_a_known_checksum_goes_before_name_and_layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pictures of EMNIST Digits under MNIST's names: the name says upright, the checksum knows better."""
    card, files = digits_set()
    monkeypatch.setitem(CARDS, "mnist", replace(card, name="emnist/digits", orientation="transposed"))
    for path, data in files.items():
        (tmp_path / path.rpartition("/")[2]).write_bytes(data)
    opened = open_source(tmp_path / "train-images-idx3-ubyte.gz")
    assert str(opened.orientation) == "stored transposed, known by the checksums of emnist/digits"
    assert opened.card == "emnist/digits"
    assert (opened.pictures[0] == many(1)[0].T).all()
    (tmp_path / "train-images-idx3-ubyte.gz").write_bytes(gzip.compress(idx(many(3)), 1, mtime=1))
    assert open_source(tmp_path / "train-images-idx3-ubyte.gz").orientation.stored == "upright"


@pytest.fixture
def renamed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of published digits under names of one's own; the set is stored transposed."""
    card, files = digits_set()
    monkeypatch.setitem(CARDS, "mnist", replace(card, name="emnist/digits", orientation="transposed"))
    folder = tmp_path / "mine"
    folder.mkdir()
    for name in ("images-idx3-ubyte", "labels-idx1-ubyte"):
        (folder / f"mine-{name}").write_bytes(files[f"/mnist/train-{name}.gz"])
    return folder


def test_what_lies_beside_published_pictures_does_not_hide_them(renamed: Path) -> None:
    (renamed / "README").write_text("Digits.")
    (renamed / "empty.gz").write_bytes(b"\x1f\x8b")
    assert str(open_source(renamed).orientation) == "stored transposed, known by the checksums of emnist/digits"
    (renamed / "mine-labels-idx1-ubyte").write_bytes(idx(np.arange(3, dtype=np.uint8)))
    assert open_source(renamed).card == "emnist/digits"


def test_published_labels_alone_tell_nothing_of_the_pictures(renamed: Path) -> None:
    (renamed / "mine-images-idx3-ubyte").write_bytes(idx(many(3)))
    assert open_source(renamed).card == ""


def test_pictures_that_are_not_published_stand_for_themselves(renamed: Path) -> None:
    (renamed / "more-images-idx3-ubyte").write_bytes(idx(many(2)))
    files = sorted(renamed.iterdir())
    assert card_of_files(files) is None
    assert card_of_files(files[:2]) is CARDS["mnist"]


def test_a_renamed_pair_of_uncertain_numbers_is_refused_with_the_name_that_tells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    card, archive = letters_zip()
    monkeypatch.setitem(CARDS, card.name, card)
    with zipfile.ZipFile(io.BytesIO(archive)) as held:
        for name in ("images-idx3-ubyte", "labels-idx1-ubyte"):
            (tmp_path / f"mine-{name}").write_bytes(held.read(f"gzip/emnist-letters-train-{name}.gz"))
    with pytest.raises(FormatError, match="labels from 0 to 26 could be several sets") as refused:
        open_source(tmp_path / "mine-images-idx3-ubyte")
    assert "emnist-letters-" in refused.value.hint
    for each in sorted(tmp_path.glob("mine-*")):
        each.rename(tmp_path / each.name.replace("mine", "emnist-letters-mine"))
    opened = open_source(tmp_path / "emnist-letters-mine-images-idx3-ubyte")
    assert (opened.card, opened.kinds[:2]) == (card.name, ("Aa", "Bb"))
