"""Which pictures of one source stand in another: equal ones by hash, near duplicates by comparing pixels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from .digests import UNREADABLE, digests
from .near import near
from .opening import Opened

if TYPE_CHECKING:
    from numpy.typing import NDArray

CLOSEST = 2.0
"""Grey levels within which near duplicates are hardly anything but copies: a JPEG of quality 95 differs by about one."""


@dataclass(frozen=True)
class Overlap:
    """How many of the ``pictures`` of one part (``source``) stand in another of ``others`` pictures (``beside``).

    ``equal``: pixel for pixel. ``near``: differing by a few grey levels or moved by a pixel, equal ones apart, and of these
    the ``closest``, at most :data:`CLOSEST` levels apart: two written by one hand in one stroke, such as ones, are near, but
    seldom so close. Both None where not looked for. Of equal and near together: ``agree`` with a label there, ``differ``
    from every one, ``untold`` where a label is missing. ``transposed``: how many would be equal if they were transposed,
    looked for where none is as it is. ``inside``: bool (N,), which they are;
    ``unreadable``: bool (N,), which cannot be decoded.
    """

    source: str
    beside: str
    pictures: int
    others: int
    equal: int
    near: int | None
    closest: int | None
    agree: int
    differ: int
    untold: int
    transposed: int
    inside: NDArray[np.bool_] = field(repr=False, compare=False)
    unreadable: NDArray[np.bool_] = field(repr=False, compare=False)

    def facts(self) -> dict[str, object]:
        """Everything but the pictures themselves, for JSON."""
        return {name: value for name, value in vars(self).items() if name not in ("inside", "unreadable")}


def overlap(ours: Opened, theirs: Opened, *, nearly: bool = False, advance: Callable[[int], None] = lambda count: None) -> Overlap:
    """The overlap of two sources as they are, upright. ``nearly``: with near duplicates (:func:`near`), ``advance`` told of them.

    Labels agree where they have a character in common: `Cc` (case not known) agrees with `c`.
    """
    here, there = ours.digests, theirs.digests
    first, second = _equal(here, there, theirs.codes)
    equal = np.zeros(len(ours), np.bool_)
    equal[first] = True
    inside, closest = equal, 0
    if nearly:
        pairs = near(ours.pictures, theirs.pictures, advance=advance)
        inside = equal.copy()
        inside[pairs.first] = True
        new = ~equal[pairs.first]
        closest = len(np.unique(pairs.first[new & (pairs.distance <= CLOSEST)]))
        first, second = np.concatenate([first, pairs.first[new]]), np.concatenate([second, pairs.second[new]])
    both = (ours.codes[first] >= 0) & (theirs.codes[second] >= 0)
    first, second = first[both], second[both]
    told, same = np.zeros(len(ours), np.bool_), np.zeros(len(ours), np.bool_)
    told[first] = True
    same[first[_agreeing(ours.kinds, theirs.kinds)[ours.codes[first], theirs.codes[second]]]] = True
    return Overlap(
        ours.source,
        theirs.source,
        len(ours),
        len(theirs),
        int(equal.sum()),
        int((inside & ~equal).sum()) if nearly else None,
        closest if nearly else None,
        int(same.sum()),
        int((told & ~same).sum()),
        int((inside & ~told).sum()),
        0 if equal.any() else int(np.isin(digests(ours.pictures, transposed=True), there[there != UNREADABLE]).sum()),
        inside,
        here == UNREADABLE,
    )


def _equal(ours: NDArray[np.uint64], theirs: NDArray[np.uint64], codes: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Places of equal pictures; of equal ones there with the same label only the first counts (a thousand blank ones)."""
    order = np.lexsort((codes, theirs))
    keys, kinds = theirs[order], codes[order]
    fresh = np.ones(len(order), np.bool_)
    fresh[1:] = (keys[1:] != keys[:-1]) | (kinds[1:] != kinds[:-1])
    order, keys = order[fresh], keys[fresh]
    low, high = np.searchsorted(keys, ours, "left"), np.searchsorted(keys, ours, "right")
    counts = np.where(ours == UNREADABLE, 0, high - low)
    first = np.repeat(np.arange(len(ours)), counts)
    within = np.arange(len(first)) - np.repeat(np.cumsum(counts) - counts, counts)
    return first, order[np.repeat(low, counts) + within]


def _agreeing(ours: tuple[str, ...], theirs: tuple[str, ...]) -> NDArray[np.bool_]:
    """Which labels have a character in common, bool (kinds, kinds)."""
    return np.array([[bool(set(one) & set(other)) for other in theirs] for one in ours], np.bool_).reshape(len(ours), len(theirs))
