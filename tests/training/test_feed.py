"""Batches by index: every epoch is a function of seed and number, and sources are mixed as their ``repeat`` says."""

from __future__ import annotations

import numpy as np
import pytest

from inkread.errors import DataError
from inkread.training import Pool
from inkread.training.feed import Feed, Held


def pool(name: str, count: int, repeat: float, mark: int) -> Pool:
    pictures = np.full((2, count, 28, 28), mark, np.uint8)
    pictures[1] += 1
    pictures[:, :, 0, 0] = np.arange(count)
    return Pool(name, pictures, np.eye(4, dtype=bool)[np.arange(count) % 4], repeat)


def feed(seed: int = 0) -> Feed:
    pools = [pool("one", 40, 1.0, 10), pool("two", 10, 2.5, 20)]
    return Feed(pools, [np.arange(4, 40), np.arange(2, 10)], 8, seed)


def test_an_epoch_is_the_same_for_the_same_seed_and_number_and_differs_from_the_next() -> None:
    assert np.array_equal(feed().order(3), feed().order(3))
    assert not np.array_equal(feed().order(3), feed().order(4))
    assert not np.array_equal(feed().order(3), feed(1).order(3))


def test_sources_are_mixed_as_their_repeat_says_and_held_back_pictures_never_come() -> None:
    order = feed().order(0)
    assert np.bincount(order[:, 0]).tolist() == [36, 20]
    counts = np.bincount(order[order[:, 0] == 1, 2], minlength=10)
    assert counts[:2].tolist() == [0, 0]
    assert set(counts[2:].tolist()) <= {2, 3}
    assert sorted(order[order[:, 0] == 0, 2].tolist()) == list(range(4, 40))


def test_batches_hold_the_picture_the_targets_and_the_source_together() -> None:
    seen = set()
    for batch in feed().epoch(0):
        assert len(batch.pictures) == 8
        for picture, targets, source in zip(batch.pictures.numpy(), batch.targets.numpy(), batch.source.numpy(), strict=True):
            mark = int(picture[5, 5])
            assert source == (mark >= 20)
            assert targets.argmax() == picture[0, 0] % 4
            seen.add(mark)
    assert seen == {10, 11, 20, 21}, "every rendering is shown"


def test_validation_shows_the_plain_rendering_in_order() -> None:
    batches = list(Held(pool("one", 40, 1.0, 10), 0, np.array([3, 7, 9]), batch=2))
    assert [batch.pictures[:, 0, 0].tolist() for batch in batches] == [[3, 7], [9]]
    assert all((batch.pictures[:, 5, 5] == 10).all() for batch in batches)


def test_a_pool_without_a_label_is_refused() -> None:
    with pytest.raises(DataError, match="without a label: 1"):
        Pool("x", np.zeros((1, 2, 28, 28), np.uint8), np.array([[True, False], [False, False]]))
