"""Checks of pixels: unreadable, blank and equal pictures, inside a part and between parts, and their colours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from ..picture import channel_gap
from .checked import Checked, Finding

if TYPE_CHECKING:
    from numpy.typing import NDArray

FAINTEST = 32
"""Grey levels between the lightest and the darkest pixel below which there is no ink."""

MANY_BLANK, MANY_COPIES, MANY_CONTRADICTIONS, MANY_BETWEEN = 0.01, 0.05, 0.001, 0.001
"""Shares of a part from which a finding spoils; EMNIST and MNIST, which have a few of each kind, stay below."""

_HELD_OUT = ("test", "validation")


def unreadable(part: Checked) -> Iterator[Finding]:
    """Pictures that cannot be decoded: loading stops at the first of them."""
    if len(places := np.flatnonzero(~part.readable)):
        says = f"{_told(len(places), len(part))} cannot be decoded: {part.named(places)}"
        yield Finding("unreadable", True, part.name, says, "remove them or fetch them again", _first(places))


def sizes(part: Checked) -> Iterator[Finding]:
    """Pictures of several sizes, which is what files of handwriting are; arrays have one."""
    shapes = np.unique(part.shapes[part.readable], axis=0)
    if len(shapes) > 1:
        low, high = shapes.min(axis=0), shapes.max(axis=0)
        says = f"{len(shapes):,} sizes from {low[1]}x{low[0]} to {high[1]}x{high[0]} pixels"
        yield Finding("sizes", False, part.name, says, "they are brought to one size by the preparation")


def blank(part: Checked) -> Iterator[Finding]:
    """Pictures without ink: a label on one teaches nothing."""
    if len(places := np.flatnonzero(part.readable & ~inked(part))):
        says = f"{_told(len(places), len(part))} without ink: {part.named(places)}"
        yield Finding("blank", len(places) >= MANY_BLANK * len(part), part.name, says, "leave them out", _first(places))


def copies(part: Checked) -> Iterator[Finding]:
    """Equal pictures inside a part, beyond the first of each; blank ones are told elsewhere."""
    if part.digests is None:
        return
    places = np.flatnonzero(inked(part))
    _, first = np.unique(part.digests[places], return_index=True)
    again = np.delete(places, first)
    if len(again):
        says = f"{_told(len(again), len(part))} equal to an earlier one: {part.named(again)}"
        hint = "a validation part split from this one would hold pictures that were trained on"
        yield Finding("copies", len(again) >= MANY_COPIES * len(part), part.name, says, hint, _first(again))


def contradictions(part: Checked) -> Iterator[Finding]:
    """Equal pictures whose labels have no character in common."""
    if part.digests is None or not part.opened.kinds:
        return
    places = np.flatnonzero(inked(part) & (part.opened.codes >= 0))
    order = places[np.argsort(part.digests[places], kind="stable")]
    keys, codes = part.digests[order], part.opened.codes[order]
    suspects = np.flatnonzero((keys[1:] == keys[:-1]) & (codes[1:] != codes[:-1]))
    kinds = part.opened.kinds
    wrong = [at for at in suspects.tolist() if not set(kinds[codes[at]]) & set(kinds[codes[at + 1]])]
    if wrong:
        shown = ", ".join(f"{kinds[codes[at]]}/{kinds[codes[at + 1]]} ({part.named(order[at : at + 2])})" for at in wrong[:3])
        says = f"{len(wrong):,} equal pictures with different labels: {shown}"
        spoils = len(wrong) >= MANY_CONTRADICTIONS * len(part)
        yield Finding("contradictions", spoils, part.name, says, "look at them: `inkread data show`", _first(order[wrong]))


def between_parts(parts: Sequence[Checked]) -> Iterator[Finding]:
    """Pictures that stand in several parts: what was trained on would be measured on."""
    for one, other in combinations(parts, 2):
        if one.digests is None or other.digests is None:
            continue
        held, beside = (one, other) if one.opened.part in _HELD_OUT or other.opened.part not in _HELD_OUT else (other, one)
        assert held.digests is not None
        assert beside.digests is not None
        places = np.flatnonzero(np.isin(held.digests, beside.digests[inked(beside)]) & inked(held))
        if len(places):
            says = f"{_told(len(places), len(held))} also in {beside.name}: {held.named(places)}"
            hint = f"`inkread data overlap {held.name} {beside.name} --minus DEST` writes it without them"
            yield Finding("between", len(places) >= MANY_BETWEEN * len(held), held.name, says, hint, _first(places))


def channels(part: Checked, encoded: Sequence[bytes]) -> Iterator[Finding]:
    """Colour pictures whose channels differ, where grey ones are expected."""
    unequal, largest = [], 0
    for at in np.flatnonzero(part.readable).tolist():
        if apart := channel_gap(encoded[at]):
            unequal.append(at)
            largest = max(largest, apart)
    if unequal:
        places = np.array(unequal)
        says = f"{_told(len(places), len(part))} with colour channels that differ, by up to {largest} levels: {part.named(places)}"
        yield Finding("channels", False, part.name, says, "they are read as grey; a channel taken alone would differ", _first(places))


def inked(part: Checked) -> NDArray[np.bool_]:
    """Which pictures can be decoded and have ink, bool (N,)."""
    return np.asarray(part.contrast >= FAINTEST, np.bool_)


def _told(count: int, of: int) -> str:
    return f"{count:,} of {of:,} pictures ({count / of:.2%})"


def _first(places: NDArray[np.int64]) -> tuple[int, ...]:
    return tuple(places[:10].tolist())
