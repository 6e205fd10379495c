from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from inkread.alphabet import NAMED
from inkread.datasets import GlyphSet, PenPictures, load
from inkread.errors import DataError, FormatError, PictureError, UsageError
from inkread.picture import prepare
from made_files import idx, letter_f, many, pens, png, zipped


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INKREAD_CACHE", str(tmp_path / "cache"))


def _extra(path: Path, labels: list[str]) -> Path:
    np.savez(path, x=many(len(labels)), label=np.array(labels))
    return path


def _told(glyphs: GlyphSet) -> list[str]:
    return ["".join(each for each, true in zip(glyphs.alphabet, row, strict=True) if true) for row in glyphs.targets]


def test_a_label_of_several_characters_makes_each_a_target(tmp_path: Path) -> None:
    source = _extra(tmp_path / "a.npz", ["Cc", "7", "b"])
    assert _told(load(source)) == ["Cc", "7", "b"]
    assert _told(load(source, alphabet=NAMED["balanced"])) == ["C", "7", "b"]


def test_pictures_come_prepared_as_prepare_makes_them(tmp_path: Path) -> None:
    sizes = [(28, 28), (40, 90), (200, 31)]
    pictures = [255 - letter_f(*size) for size in sizes]
    source = zipped(tmp_path / "a.zip", {f"upper_F/{at}.png": png(picture) for at, picture in enumerate(pictures)})
    glyphs = load(source)
    assert isinstance(glyphs.pictures, np.ndarray)
    assert (glyphs.pictures == [prepare(each).picture for each in pictures]).all()
    assert glyphs.names == ("upper_F/0.png", "upper_F/1.png", "upper_F/2.png")
    assert _told(glyphs) == ["F", "F", "F"]


def test_without_preparation_pictures_of_one_size_are_an_array_and_others_stay_lazy(tmp_path: Path) -> None:
    picture = letter_f(40, 90)
    one = load(zipped(tmp_path / "a.zip", {"F/1.png": png(picture)}), preparation=None)
    assert isinstance(one.pictures, np.memmap)
    assert (one.pictures == picture).all()
    several = load(zipped(tmp_path / "b.zip", {"F/1.png": png(picture), "F/2.png": png(letter_f())}), preparation=None)
    assert not isinstance(several.pictures, np.ndarray)
    assert (several.pictures[0] == picture).all()


def test_the_letters_lab_comes_upright(tmp_path: Path) -> None:
    source = zipped(tmp_path / "a.zip", {"train/f_00001.jpg": png(letter_f().T), "test/f_00002.jpg": png(letter_f().T)})
    glyphs = load(f"{source}:train", preparation=None)
    assert (glyphs.pictures[0] == letter_f()).all()
    assert _told(glyphs) == ["Ff"]


def test_strokes_are_drawn_by_seeded_pens(tmp_path: Path) -> None:
    source = pens(tmp_path / "pens.npz", "LLL")
    glyphs, again, other = load(source), load(source, preparation=None), load(source, seed=1)
    assert isinstance(glyphs.pictures, np.ndarray)
    assert isinstance(again.pictures, PenPictures)
    assert (glyphs.pictures[2] == prepare(again.pictures[2]).picture).all()
    assert (glyphs.pictures != other.pictures).any()
    assert glyphs.pictures[0][24, 4:24].max() > 200, "the foot of the L lies below"
    assert glyphs.writer is not None
    assert glyphs.writer.tolist() == ["w0", "w1", "w2"]


def test_several_sources_become_one(tmp_path: Path) -> None:
    first, second = _extra(tmp_path / "a.npz", ["a"]), _extra(tmp_path / "b.npz", ["Bb", "c"])
    glyphs = load(f"{first}+{second}")
    assert _told(glyphs) == ["a", "Bb", "c"]
    assert glyphs.source == f"{first}+{second}"


def test_labels_outside_the_alphabet_are_refused_with_their_counts(tmp_path: Path) -> None:
    source = _extra(tmp_path / "a.npz", ["A", "b", "b", "Cc", "7"])
    with pytest.raises(DataError) as refused:
        load(source, alphabet=NAMED["upper"])
    assert str(refused.value) == f"4 labels are outside the alphabet upper: b (2), 7 (1), Cc (1): {source}"


def test_labels_outside_the_alphabet_are_left_out_on_request(tmp_path: Path) -> None:
    source = _extra(tmp_path / "a.npz", ["A", "b", "Cc", "7", "D"])
    glyphs = load(source, alphabet=NAMED["upper"], unknown="leave out")
    assert _told(glyphs) == ["A", "D"]
    assert len(glyphs.pictures) == 2
    with pytest.raises(DataError, match="5 labels are outside"):
        load(_extra(tmp_path / "b.npz", ["1", "2", "3", "4", "5"]), alphabet=NAMED["upper"], unknown="leave out")
    with pytest.raises(UsageError, match="unknown labels can be refused or left out: guess"):
        load(source, unknown="guess")


def test_pictures_without_labels_have_no_target(tmp_path: Path) -> None:
    (tmp_path / "images").write_bytes(gzip.compress(idx(many(2))))
    assert not load(tmp_path / "images").targets.any()


def test_a_broken_picture_is_named(tmp_path: Path) -> None:
    source = zipped(tmp_path / "a.zip", {"A/1.png": png(letter_f()), "A/2.png": png(letter_f())[:60]})
    with pytest.raises(PictureError, match=r"A/2\.png"):
        load(source)


def test_a_part_told_twice_or_of_several_sources_is_refused(tmp_path: Path) -> None:
    source = _extra(tmp_path / "a.npz", ["a"])
    for wrong in (f"{source}:x", f"{source}+{source}"):
        with pytest.raises(UsageError, match="the part is told twice, or of several sources: train"):
            load(wrong, part="train")
    with pytest.raises(FormatError, match="no part of this name"):
        load(source, part="train")
