"""A page of pictures and labels, in rows by class or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from inkread.datasets import Judgement, oriented, show
from inkread.datasets.opening import open_source
from inkread.datasets.turning import Turned, as_stored, turned
from inkread.errors import DataError
from inkread.picture import decode
from inkread.reading.orientation import VIEWS, views
from made_files import idx, many


@pytest.fixture
def digits(tmp_path: Path) -> Path:
    """Thirty pictures of 0, 1 and 2 as idx, named as EMNIST's (so transposed)."""
    (tmp_path / "emnist-mnist-test-images-idx3-ubyte").write_bytes(idx(many(30)))
    (tmp_path / "emnist-mnist-test-labels-idx1-ubyte").write_bytes(idx(np.array([0] * 20 + [1] * 9 + [2], np.uint8)))
    return tmp_path / "emnist-mnist-test-images-idx3-ubyte"


def test_every_label_is_shown_before_a_second_of_any(digits: Path) -> None:
    found = show(str(digits), count=3)
    assert [at >= 20 for at in found.shown] == [False, True, True]
    assert found.counts == {"0": 20, "1": 9, "2": 1}
    assert show(str(digits), count=3).shown == found.shown != show(str(digits), count=3, seed=1).shown


def test_rows_by_class_have_gaps_where_pictures_are_few(digits: Path) -> None:
    found = show(str(digits), count=5, by_class=True)
    assert len(found.shown) == 5 + 5 + 1


def test_rows_are_no_longer_than_the_largest_class(digits: Path) -> None:
    found = show(str(digits), count=100_000, by_class=True)
    assert len(found.shown) == 30
    assert found.page.shape == show(str(digits), count=20, by_class=True).page.shape


def test_a_notebook_shows_the_page(digits: Path) -> None:
    found = show(str(digits), count=4)
    assert decode(found._repr_png_()).shape == found.page.shape[:2]


def test_the_histogram_is_as_wide_as_its_largest_class(digits: Path) -> None:
    lines = show(str(digits), count=1).histogram(10)
    assert lines == ["0  20  ██████████", "1   9  ████", "2   1  █"]


def test_rows_by_class_need_labels(tmp_path: Path) -> None:
    (tmp_path / "some-images").write_bytes(idx(many(3)))
    assert show(str(tmp_path / "some-images")).counts == {}
    with pytest.raises(DataError, match="no picture has a label, there are no rows by class"):
        show(str(tmp_path / "some-images"), by_class=True)


def test_a_source_turned_back_is_as_its_file_stores_it(digits: Path) -> None:
    opened = open_source(str(digits))
    assert np.array_equal(np.asarray(opened.pictures), many(30).swapaxes(1, 2))
    assert np.array_equal(np.asarray(as_stored(opened).pictures), many(30))


@pytest.mark.parametrize("view", range(8))
def test_pictures_are_turned_into_the_views_that_a_judge_is_shown(digits: Path, view: int) -> None:
    opened = open_source(str(digits))
    shown = views(np.asarray(opened.pictures))[:, view]
    assert np.array_equal(np.asarray(turned(opened, view).pictures), shown)
    lazy = turned(replace(opened, pictures=Turned(opened.pictures, 0)), view)
    assert np.array_equal(np.stack([lazy.pictures[at] for at in range(30)]), shown)


STORED = {
    "upright": lambda picture: picture,
    "turned a quarter to the right": lambda picture: picture[::-1].T,
    "turned upside down": lambda picture: picture[::-1, ::-1],
    "turned a quarter to the left": lambda picture: picture.T[::-1],
    "transposed": lambda picture: picture.T,
    "mirrored top to bottom": lambda picture: picture[::-1],
    "transposed and turned upside down": lambda picture: picture.T[::-1, ::-1],
    "mirrored left to right": lambda picture: picture[:, ::-1],
}


@pytest.mark.parametrize("view", range(8))
def test_a_source_is_said_to_be_stored_as_it_is(tmp_path: Path, view: int) -> None:
    lies = list(STORED)[view]
    np.savez(tmp_path / "lying.npz", x=np.stack([STORED[lies](each) for each in many(30)]), label=np.array(["F"] * 30))

    def judge(pictures: Sequence[NDArray[np.uint8]], labels: Sequence[str] | None) -> Judgement:
        (best,) = [each for each in range(8) if np.array_equal(views(np.stack(pictures))[:, each], many(30))]
        return Judgement(best, VIEWS[best].says, True, (), (), (), None)

    found, judgement = oriented(open_source(str(tmp_path / "lying.npz")), judge)
    assert np.array_equal(np.asarray(found.pictures), many(30))
    assert (judgement is not None and judgement.best, found.orientation.stored) == (view, lies)
