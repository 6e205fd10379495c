"""Batches by index: every epoch is a function of seed and number, and sources are mixed as their ``repeat`` says."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest
import torch

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


def test_the_last_batch_is_left_out_or_kept_as_asked() -> None:
    pools, indices = [pool("one", 21, 1.0, 10)], [np.arange(21)]
    dropped, kept = Feed(pools, indices, 8, 0), Feed(pools, indices, 8, 0, keep_last=True)
    assert [len(batch.pictures) for batch in dropped.epoch(0)] == [8, 8]
    assert [len(batch.pictures) for batch in kept.epoch(0)] == [8, 8, 5]
    assert (len(dropped), len(kept)) == (2, 3)
    assert sorted(int(each) for batch in kept.epoch(0) for each in batch.pictures[:, 0, 0]) == list(range(21))
    assert [len(batch.pictures) for batch in Feed(pools, indices, 64, 0).epoch(0)] == [21], "a batch larger than the set is the set"


def test_pictures_are_not_copied_into_memory(tmp_path: Path) -> None:
    np.save(tmp_path / "made.npy", pool("one", 40, 1.0, 10).renderings)
    mapped = np.load(tmp_path / "made.npy", mmap_mode="r")
    made = Feed([Pool("one", mapped, np.eye(4, dtype=bool)[np.arange(40) % 4])], [np.arange(40)], 8, 0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(next(iter(made.epoch(0))).pictures) == 8
    assert made.placed[0].pictures.data_ptr() == mapped.ctypes.data


@pytest.mark.parametrize(("world", "each"), [(1, 8), (2, 4), (3, 3)])
def test_processes_share_every_batch_out(world: int, each: int) -> None:
    whole = list(feed().epoch(2))
    shares = [list(feed().epoch(2, rank, world)) for rank in range(world)]
    assert {len(share) for share in shares} == {len(whole)}
    for at, batch in enumerate(whole):
        assert {len(share[at].pictures) for share in shares} == {each}
        seen = {(int(s), int(p[0, 0]), int(p[5, 5])) for share in shares for s, p in zip(share[at].source, share[at].pictures, strict=True)}
        assert seen == {(int(s), int(p[0, 0]), int(p[5, 5])) for s, p in zip(batch.source, batch.pictures, strict=True)}


def test_pictures_are_drawn_by_their_weight() -> None:
    weights = [np.where(np.arange(4, 40) < 22, 1.0, 3.0), np.zeros(8)]
    pools = [pool("one", 40, 1.0, 10), pool("two", 10, 2.5, 20)]
    drawn = np.concatenate([Feed(pools, [np.arange(4, 40), np.arange(2, 10)], 8, 0, weights=weights).order(epoch) for epoch in range(50)])
    assert len(drawn) == 50 * 56
    assert set(drawn[:, 0]) == {0}
    assert set(drawn[:, 2]) == set(range(4, 40))
    assert (drawn[:, 2] >= 22).mean() == pytest.approx(0.75, abs=0.03)
    again = Feed(pools, [np.arange(4, 40), np.arange(2, 10)], 8, 0, weights=weights)
    assert np.array_equal(again.order(49), drawn[-56:])


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_batches_are_made_on_the_device() -> None:
    pools, indices = feed().pools, feed().indices
    there = Feed(pools, indices, 8, 0, device="cuda")
    for one, other in zip(feed().epoch(1), there.epoch(1), strict=True):
        assert other.pictures.is_cuda
        assert torch.equal(one.pictures, other.pictures.cpu())
        assert torch.equal(one.targets, other.targets.cpu())
    assert next(iter(Held(pools[0], 0, np.arange(4), device="cuda"))).pictures.is_cuda
