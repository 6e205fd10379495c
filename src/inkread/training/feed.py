"""Pictures on the device -> batches by index: no worker processes, and every epoch is a function of the seed and its number."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

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

    ``pools``: with ``indices[s]`` the pictures of pool s that are for training. ``batch``: pictures a step. ``keep_last``:
    whether an epoch ends with what is left over as a smaller batch (as in Keras; a single picture joins the batch before);
    else that is left out (its pictures come again in another epoch). ``weights``: one array a pool, float (len(indices[s]),)
    >= 0: an epoch of the same size is then drawn with replacement, each picture in proportion to its weight times its
    pool's ``repeat``. ``device``: where the pictures are kept and the batches are made; they go there when the first batch
    is asked for.
    """

    def __init__(
        self,
        pools: Sequence[Pool],
        indices: Sequence[NDArray[np.int64]],
        batch: int,
        seed: int,
        *,
        keep_last: bool = False,
        weights: Sequence[NDArray[np.floating]] | None = None,
        device: str | torch.device = "cpu",
    ) -> None:
        self.pools = list(pools)
        self.indices = list(indices)
        self.batch = batch
        self.seed = seed
        self.keep_last = keep_last
        self.weights = weights
        self.device = torch.device(device)
        self.size = sum(round(pool.repeat * len(at)) for pool, at in zip(pools, indices, strict=True))

    def __len__(self) -> int:
        full, rest = divmod(self.size, self.batch)
        # one picture alone is no batch: a norm would have nothing to compare it with
        return full + (rest > 1) if self.keep_last and full else max(full, 1)

    def order(self, epoch: int) -> NDArray[np.int64]:
        """What epoch number ``epoch`` shows, int64 (size,3): pool, rendering, picture. The same for the same seed."""
        rng = np.random.default_rng((self.seed, epoch))
        drawn = self._in_turn(rng) if self.weights is None else self._by_weight(self.weights, rng)
        parts = []
        for number, (pool, pictures) in enumerate(zip(self.pools, drawn, strict=True)):
            rendering = rng.integers(len(pool.renderings), size=len(pictures))
            parts.append(np.stack([np.full(len(pictures), number), rendering, pictures], axis=1))
        order = np.concatenate(parts)
        return np.asarray(order[rng.permutation(len(order))])

    def epoch(self, number: int, rank: int = 0, world: int = 1) -> Epoch:
        """The batches of this epoch; of ``world`` processes that train together, those that process ``rank`` sees."""
        return Epoch(self, number, rank, world)

    @cached_property
    def placed(self) -> list[Placed]:
        """The pools on the device."""
        return [Placed.of(pool, self.device) for pool in self.pools]

    def _in_turn(self, rng: np.random.Generator) -> list[NDArray[np.int64]]:
        """Of each pool ``repeat`` rounds through its pictures, the last one in part."""
        drawn = []
        for pool, at in zip(self.pools, self.indices, strict=True):
            count = round(pool.repeat * len(at))
            rounds = -(-count // len(at)) if len(at) else 0
            drawn.append(np.concatenate([rng.permutation(at) for _ in range(rounds)] or [at[:0]])[:count])
        return drawn

    def _by_weight(self, weights: Sequence[NDArray[np.floating]], rng: np.random.Generator) -> list[NDArray[np.int64]]:
        """``size`` pictures of all pools, with replacement."""
        each = [np.asarray(weight, np.float64) * pool.repeat for pool, weight in zip(self.pools, weights, strict=True)]
        until = np.cumsum(np.concatenate(each))
        drawn = np.searchsorted(until, rng.random(self.size) * until[-1], side="right")
        starts = np.cumsum([0, *map(len, self.indices)])
        return [
            at[drawn[(drawn >= start) & (drawn < end)] - start]
            for at, start, end in zip(self.indices, starts[:-1], starts[1:], strict=True)
        ]


class Epoch:
    """The batches of one epoch, in order; can be gone through again.

    Within a batch the pictures stand pool by pool. Of several processes each gets the same number of pictures of every
    batch; where a batch cannot be shared out evenly, its first pictures are seen twice.
    """

    def __init__(self, feed: Feed, number: int, rank: int = 0, world: int = 1) -> None:
        self.feed = feed
        self.number = number
        self.rank = rank
        self.world = world

    def __len__(self) -> int:
        return len(self.feed)

    def __iter__(self) -> Iterator[Batch]:
        feed = self.feed
        order = feed.order(self.number)
        for number in range(len(self)):
            last = feed.keep_last and number == len(self) - 1
            chosen = self._share(order[number * feed.batch : None if last else (number + 1) * feed.batch])
            parts = [placed.batch(chosen[chosen[:, 0] == number], number) for number, placed in enumerate(feed.placed)]
            yield _joined([part for part in parts if len(part.source)])

    def _share(self, chosen: NDArray[np.int64]) -> NDArray[np.int64]:
        if self.world == 1:
            return chosen
        each = -(-len(chosen) // self.world)
        return chosen[np.arange(self.rank, each * self.world, self.world) % len(chosen)]


@dataclass(frozen=True)
class Placed:
    """A pool on a device: ``pictures`` uint8 (R*N,28,28), rendering by rendering, and ``targets`` bool (N,K)."""

    pictures: Tensor
    targets: Tensor

    @classmethod
    def of(cls, pool: Pool, device: torch.device) -> Placed:
        """On the processor without a copy: a memory map stays one."""
        side = pool.renderings.shape[2:]
        return cls(_shared(pool.renderings.reshape(-1, *side)).to(device), _shared(pool.targets).to(device))

    def batch(self, chosen: NDArray[np.int64], number: int) -> Batch:
        """The pictures int64 (B,3) (pool, rendering, picture) of this pool, which is the one of this ``number``."""
        _, rendering, picture = chosen.T
        at = torch.from_numpy(np.stack([rendering * len(self.targets) + picture, picture])).to(self.pictures.device, non_blocking=True)
        source = torch.full((len(chosen),), number, device=self.pictures.device)
        return Batch(self.pictures.index_select(0, at[0]), self.targets.index_select(0, at[1]), source)


def _shared(array: NDArray[np.generic]) -> Tensor:
    """The array as a tensor over the same memory; nobody here writes into it, which PyTorch would warn of."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*not writable")
        return torch.from_numpy(array)


def _joined(parts: Sequence[Batch]) -> Batch:
    if len(parts) == 1:
        return parts[0]
    pictures, targets, source = ([getattr(part, name) for part in parts] for name in ("pictures", "targets", "source"))
    return Batch(torch.cat(pictures), torch.cat(targets), torch.cat(source))


class Held:
    """The validation pictures of one pool, plain renderings, in order, on the ``device`` from the first batch on."""

    def __init__(
        self, pool: Pool, number: int, indices: NDArray[np.int64], batch: int = 500, *, device: str | torch.device = "cpu"
    ) -> None:
        self.pool = pool
        self.number = number
        self.indices = indices
        self.batch = batch
        self.device = torch.device(device)

    def __len__(self) -> int:
        return -(-len(self.indices) // self.batch)

    @cached_property
    def placed(self) -> Placed:
        """The held-back pictures alone, on the device."""
        pictures = np.ascontiguousarray(self.pool.renderings[0, self.indices])
        return Placed(_shared(pictures).to(self.device), _shared(self.pool.targets[self.indices]).to(self.device))

    def __iter__(self) -> Iterator[Batch]:
        placed = self.placed
        for start in range(0, len(self.indices), self.batch):
            pictures, targets = (each[start : start + self.batch] for each in (placed.pictures, placed.targets))
            yield Batch(pictures, targets, torch.full((len(targets),), self.number, device=self.device))
