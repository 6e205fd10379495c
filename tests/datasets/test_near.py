"""Near duplicates are found whatever was done to them, and nothing else is called one."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from inkread.datasets import near
from inkread.datasets.cells import Cells
from inkread.datasets.lazy import Decoded
from inkread.datasets.near import distance


@pytest.fixture(scope="module")
def strokes() -> NDArray[np.uint8]:
    """400 pictures uint8 (28,28) of three random strokes each."""
    rng = np.random.default_rng(0)
    pictures = np.zeros((400, 28, 28), np.uint8)
    for picture in pictures:
        for start, end in rng.integers(4, 24, (3, 2, 2)):
            cv2.line(picture, start.tolist(), end.tolist(), 255, 2, cv2.LINE_AA)
    return pictures


def jpeg(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(cv2.imdecode(cv2.imencode(".jpg", picture, (cv2.IMWRITE_JPEG_QUALITY, 90))[1], cv2.IMREAD_GRAYSCALE), np.uint8)


def noisy(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.clip(picture + np.random.default_rng(int(picture.sum())).normal(0, 8, picture.shape), 0, 255).astype(np.uint8)


def moved(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.roll(picture, (1, -1), (0, 1))


@pytest.mark.parametrize("change", [jpeg, noisy, moved, lambda picture: noisy(jpeg(moved(picture)))], ids=["jpeg", "noisy", "moved", "all"])
def test_a_changed_copy_is_found(strokes: NDArray[np.uint8], change: object) -> None:
    copies = np.stack([change(each) for each in strokes[:100]])  # type: ignore[operator]
    pairs = near(copies, strokes)
    assert {(at, at) for at in range(100)} <= set(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True))


def test_all_that_is_found_is_near_and_found_once(strokes: NDArray[np.uint8]) -> None:
    both = np.concatenate([strokes, np.stack([moved(each) for each in strokes])])
    pairs = near(both)
    assert (pairs.first < pairs.second).all()
    assert len(set(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True))) == len(pairs) >= 400
    for first, second, told in zip(pairs.first[:50], pairs.second[:50], pairs.distance[:50], strict=True):
        assert told == pytest.approx(distance(both[first], both[second]))
        assert told <= 8


def test_recall_against_comparing_all_with_all(strokes: NDArray[np.uint8]) -> None:
    few = np.concatenate([strokes[:60], np.stack([noisy(moved(each)) for each in strokes[:30]])])
    true = {(one, other) for one in range(90) for other in range(one + 1, 90) if distance(few[one], few[other]) <= 8}
    pairs = near(few)
    assert set(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True)) == true


def test_a_shift_of_two_pixels_is_none_of_one(strokes: NDArray[np.uint8]) -> None:
    picture = strokes[0]
    assert distance(picture, np.roll(picture, 1, 0)) < 1
    assert distance(picture, np.roll(picture, 2, 0)) > 8


def test_light_paper_is_no_obstacle() -> None:
    paper = np.full((28, 28), 255, np.uint8)
    paper[5:20, 10:13] = 0
    pairs = near(np.stack([paper, moved(paper)]))
    assert len(pairs) == 1


def test_sizes_are_compared_with_their_own() -> None:
    small, large = np.zeros((20, 16), np.uint8), np.zeros((28, 28), np.uint8)
    small[4:16, 6:9], large[4:16, 6:9] = 255, 255
    pairs = near([small, large, moved(small)])
    assert (pairs.first.tolist(), pairs.second.tolist()) == ([0], [2])


def test_thousands_that_are_all_alike_stay_few_pairs() -> None:
    ones = np.zeros((1500, 28, 28), np.uint8)
    ones[:, 4:24, 12:15] = np.random.default_rng(0).integers(200, 256, (1500, 1, 1))
    pairs = near(ones)
    assert 1500 <= len(pairs) <= 1500 * 24
    assert len(np.unique(np.concatenate([pairs.first, pairs.second]))) == 1500


def test_cells_find_what_all_with_all_finds() -> None:
    points = np.random.default_rng(0).normal(0, 1, (3000, 8)).astype(np.float32)
    first, second = Cells.of(points).within(points[:200], 0.9, 50)
    true = np.argwhere(((points[:200, None] - points) ** 2).sum(axis=2) <= 0.81)
    found = set(zip(first.tolist(), second.tolist(), strict=True))
    assert found <= {(int(one), int(other)) for one, other in true}
    assert len(found) >= 0.95 * len(true)


def test_nothing_among_nothing() -> None:
    assert len(near(np.zeros((0, 28, 28), np.uint8))) == 0
    assert len(near(np.zeros((1, 28, 28), np.uint8), np.zeros((0, 28, 28), np.uint8))) == 0


def test_a_damaged_picture_is_near_to_none(strokes: NDArray[np.uint8]) -> None:
    files = [cv2.imencode(".png", each)[1].tobytes() for each in strokes[:3]]
    pairs = near(Decoded([files[0], b"\x89PNG\r\n\x1a\nbroken", files[2]], None), strokes[:3])
    assert (pairs.first.tolist(), pairs.second.tolist()) == ([0, 2], [0, 2])
