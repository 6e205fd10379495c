"""What stands in two sources is counted, with whether the labels agree."""

from __future__ import annotations

import numpy as np

from inkread.datasets import Opened, overlap
from inkread.datasets.digests import digests
from inkread.formats import UPRIGHT, Orientation


def opened(pictures: object, labels: str | list[str] | None = None, part: str = "", source: str = "here") -> Opened:
    """A source made by hand; ``labels``: one each, blanks for none."""
    told = list(labels or [""] * len(pictures))  # type: ignore[arg-type]
    kinds = tuple(sorted({each for each in told if each.strip()}))
    codes = np.array([kinds.index(each) if each.strip() else -1 for each in told], np.int64)
    return Opened(pictures, kinds, codes, None, None, "made", Orientation(UPRIGHT, "being made"), part, source)  # type: ignore[arg-type]


def glyphs(count: int, seed: int = 0) -> np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]:
    return np.random.default_rng(seed).integers(0, 256, (count, 28, 28), np.uint8)


def test_equal_pictures_and_their_labels_are_counted() -> None:
    theirs = glyphs(6)
    ours = np.concatenate([theirs[:4], glyphs(3, seed=1)])
    found = overlap(opened(ours, ["a", "Bb", "c", " ", "a", "a", "a"]), opened(theirs, ["a", "b", "x", "d", "e", "f"]))
    assert (found.pictures, found.others, found.equal, found.near) == (7, 6, 4, None)
    assert (found.agree, found.differ, found.untold) == (2, 1, 1)
    assert found.inside.tolist() == [True] * 4 + [False] * 3


def test_one_that_agrees_is_enough() -> None:
    picture = glyphs(1)
    found = overlap(opened(picture, "a"), opened(np.concatenate([picture] * 3), "zab"))
    assert (found.equal, found.agree, found.differ) == (1, 1, 0)


def test_near_ones_are_counted_apart_from_equal_ones() -> None:
    theirs = np.zeros((2, 28, 28), np.uint8)
    theirs[0, 5:20, 10:13], theirs[1, 5:8, 4:20] = 255, 255
    ours = np.stack([theirs[0], np.roll(theirs[1], 1, 0)])
    found = overlap(opened(ours, "ab"), opened(theirs, "ax"), nearly=True)
    assert (found.equal, found.near, found.agree, found.differ) == (1, 1, 1, 1)
    assert found.inside.all()


def test_a_source_that_lies_on_its_side_is_told() -> None:
    pictures = glyphs(3)
    found = overlap(opened(pictures.swapaxes(1, 2), "abc"), opened(pictures, "abc"))
    assert (found.equal, found.transposed) == (0, 3)
    assert overlap(opened(pictures[:1], "a"), opened(pictures, "abc")).transposed == 0


def test_the_same_bytes_in_another_shape_are_another_picture() -> None:
    flat = np.arange(24, dtype=np.uint8)
    found = digests([flat.reshape(4, 6), flat.reshape(6, 4), flat.reshape(4, 6).copy()])
    assert found[0] == found[2] != found[1]


def test_nothing_stands_in_nothing() -> None:
    found = overlap(opened(glyphs(2), "ab"), opened(glyphs(0), ""), nearly=True)
    assert (found.equal, found.near, found.agree) == (0, 0, 0)
