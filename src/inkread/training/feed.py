"""Pictures in memory -> batches by index: no worker processes, and every epoch is a function of the seed and its number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .pool import Pool


@dataclass(frozen=True)
class Batch:
    """``pictures`` uint8 (B,28,28), ``targets`` bool (B,K), ``source`` int64 (B,): the number of each picture's pool."""

    pictures: Tensor
    targets: Tensor
    source: Tensor


class Feed:
    """The training pictures of several pools, mixed as their ``repeat`` says.

    ``pools``: with ``indices[s]`` the pictures of pool s that are for training. ``batch``: pictures a step; the last
    incomplete batch of an epoch is left out (its pictures come again in another).
    """

    def __init__(self, pools: Sequence[Pool], indices: Sequence[NDArray[np.int64]], batch: int, seed: int) -> None:
        self.pools = list(pools)
        self.indices = list(indices)
        self.batch = batch
        self.seed = seed
        self.size = sum(round(pool.repeat * len(at)) for pool, at in zip(pools, indices, strict=True))

    def __len__(self) -> int:
        return max(self.size // self.batch, 1)

    def order(self, epoch: int) -> NDArray[np.int64]:
        """What epoch number ``epoch`` shows, int64 (size,3): pool, rendering, picture. The same for the same seed."""
        rng = np.random.default_rng((self.seed, epoch))
        parts = []
        for number, (pool, at) in enumerate(zip(self.pools, self.indices, strict=True)):
            count = round(pool.repeat * len(at))
            rounds = -(-count // len(at)) if len(at) else 0
            drawn = np.concatenate([rng.permutation(at) for _ in range(rounds)] or [at[:0]])[:count]
            rendering = rng.integers(len(pool.renderings), size=count)
            parts.append(np.stack([np.full(count, number), rendering, drawn], axis=1))
        order = np.concatenate(parts)
        return np.asarray(order[rng.permutation(len(order))])

    def epoch(self, number: int) -> Epoch:
        """The batches of this epoch."""
        return Epoch(self, number)


class Epoch:
    """The batches of one epoch, in order; can be gone through again."""

    def __init__(self, feed: Feed, number: int) -> None:
        self.feed = feed
        self.number = number

    def __len__(self) -> int:
        return len(self.feed)

    def __iter__(self) -> Iterator[Batch]:
        order = self.feed.order(self.number)
        for start in range(0, len(self) * self.feed.batch, self.feed.batch):
            yield self._gather(order[start : start + self.feed.batch])

    def _gather(self, chosen: NDArray[np.int64]) -> Batch:
        pools = self.feed.pools
        pictures = np.empty((len(chosen), *pools[0].renderings.shape[2:]), np.uint8)
        targets = np.empty((len(chosen), pools[0].targets.shape[1]), np.bool_)
        for number, pool in enumerate(pools):
            mine = chosen[:, 0] == number
            pictures[mine] = pool.renderings[chosen[mine, 1], chosen[mine, 2]]
            targets[mine] = pool.targets[chosen[mine, 2]]
        return Batch(torch.from_numpy(pictures), torch.from_numpy(targets), torch.from_numpy(chosen[:, 0].copy()))


class Held:
    """The validation pictures of one pool, plain renderings, in order."""

    def __init__(self, pool: Pool, number: int, indices: NDArray[np.int64], batch: int = 500) -> None:
        self.pool = pool
        self.number = number
        self.indices = indices
        self.batch = batch

    def __len__(self) -> int:
        return -(-len(self.indices) // self.batch)

    def __iter__(self) -> Iterator[Batch]:
        for start in range(0, len(self.indices), self.batch):
            at = self.indices[start : start + self.batch]
            pictures = torch.from_numpy(np.array(self.pool.renderings[0, at]))
            yield Batch(pictures, torch.from_numpy(self.pool.targets[at]), torch.full((len(at),), self.number))
