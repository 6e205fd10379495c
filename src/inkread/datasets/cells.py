"""Neighbours in a space of few dimensions, among hundreds of thousands: cells around centres, several of them probed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from .parallel import in_parallel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float32]
    Found: TypeAlias = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]

PER_CELL = 600
"""Points a cell on the average: less makes more cells to choose from, more makes more points to compare with."""

PROBES = 6
"""How many of the cells nearest to a point are looked through."""

SAMPLE, ROUNDS = 30, 6
"""Points a cell that its centre is placed by, and how often it is placed anew (Lloyd's k-means)."""

_ROWS, _SLICE = 2048, 1 << 17


@dataclass(frozen=True, eq=False)
class Cells:
    """Points float32 (N,D) sorted into cells. ``centres``: (C,D). ``order``: places cell by cell; ``starts``: (C+1)."""

    points: Floats
    centres: Floats
    order: NDArray[np.int64]
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, points: Floats) -> Cells:
        """The cells of these points, the same ones every time."""
        count = max(1, round(len(points) / PER_CELL))
        rng = np.random.default_rng(0)
        some = points[np.sort(rng.choice(len(points), min(len(points), count * SAMPLE), replace=False))]
        centres = some[np.sort(rng.choice(len(some), count, replace=False))].copy() if len(some) else points[:0]
        for _ in range(ROUNDS if count > 1 else 0):
            nearest = _nearest(some, centres, 1)[:, 0]
            sizes = np.bincount(nearest, minlength=count)
            sums = np.zeros_like(centres)
            np.add.at(sums, nearest, some)
            centres = np.where(sizes[:, None] > 0, sums / np.maximum(sizes, 1)[:, None], centres).astype(np.float32)
        cell = _nearest(points, centres, 1)[:, 0] if len(points) else np.zeros(0, np.int64)
        starts = np.concatenate([[0], np.cumsum(np.bincount(cell, minlength=count))])
        return cls(points, centres, np.argsort(cell, kind="stable"), starts)

    def within(self, queries: Floats, radius: float, most: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Places of a query and of a point each that lie at most ``radius`` apart; for every query its ``most`` nearest.

        A few neighbours across the border of a cell that is not probed are missed.
        """
        if not len(self.points) or not len(queries):
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        found = [self._slice(queries, start, radius, most) for start in range(0, len(queries), _SLICE)]
        return np.concatenate([first for first, _ in found]), np.concatenate([second for _, second in found])

    def _slice(self, queries: Floats, start: int, radius: float, most: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The same for some of the queries: what all cells give for all of them would not fit into memory."""
        probes = _nearest(queries[start : start + _SLICE], self.centres, min(PROBES, len(self.centres)))
        flat = np.argsort(probes.ravel(), kind="stable")
        ends = np.searchsorted(probes.ravel()[flat], np.arange(len(self.centres) + 1))
        askers = flat // probes.shape[1] + start

        def work(cell: int) -> list[Found]:
            asking = askers[ends[cell] : ends[cell + 1]]
            members = self.order[self.starts[cell] : self.starts[cell + 1]]
            return [_close(queries, asking[at : at + _ROWS], self.points, members, radius, most) for at in range(0, len(asking), _ROWS)]

        found = [each for cell in in_parallel(work, range(len(self.centres))) for each in cell]
        first, second, squares = (np.concatenate(each) for each in zip(*found, strict=True))
        return _best(first, second, squares, most)


def _nearest(points: Floats, centres: Floats, count: int) -> NDArray[np.int64]:
    """The nearest ``count`` centres of every point, int64 (N,count), in no order."""
    half = (centres**2).sum(axis=1) / 2

    def work(start: int) -> NDArray[np.int64]:
        nearness = points[start : start + _ROWS] @ centres.T - half
        if count == 1:
            return np.asarray(nearness.argmax(axis=1)[:, None], np.int64)
        return np.asarray(np.argpartition(nearness, len(centres) - count, axis=1)[:, len(centres) - count :], np.int64)

    return np.concatenate(list(in_parallel(work, range(0, len(points), _ROWS))))


def _close(queries: Floats, asking: NDArray[np.int64], points: Floats, members: NDArray[np.int64], radius: float, most: int) -> Found:
    """Which members lie within the radius of which of the queries that ask, at most ``most`` each."""
    ours, theirs = queries[asking], points[members]
    squares = (ours**2).sum(axis=1)[:, None] + (theirs**2).sum(axis=1) - 2 * (ours @ theirs.T)
    row, column = np.nonzero(squares <= radius**2)
    crowded = np.flatnonzero(np.bincount(row, minlength=len(asking)) > most)
    if len(crowded):
        alone = ~np.isin(row, crowded)
        nearest = np.argpartition(squares[crowded], most, axis=1)[:, :most]
        row = np.concatenate([row[alone], np.repeat(crowded, most)])
        column = np.concatenate([column[alone], nearest.ravel()])
    return asking[row], members[column], squares[row, column]


def _best(first: NDArray[np.int64], second: NDArray[np.int64], squares: Floats, most: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The ``most`` nearest of every first, of candidates that several cells gave."""
    order = np.lexsort((squares, first))
    first, second = first[order], second[order]
    rank = np.arange(len(first)) - np.searchsorted(first, first)
    return first[rank < most], second[rank < most]
