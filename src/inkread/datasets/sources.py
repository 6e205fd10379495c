"""Every part of the sources that people name, for commands that look at all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..formats import read
from .catalogue import CARDS
from .opening import Opened, open_place
from .places import places, with_part

if TYPE_CHECKING:
    from .parallel import Progress


def open_parts(source: str, part: str | None = None, progress: Progress | None = None) -> list[Opened]:
    """What ``source`` means (`PATH`, `PATH:PART`, several joined by `+`), every part of each on its own.

    ``part``: only this one of every source that is named without one. ``progress`` is told of each part that is opened
    for the first time.
    """
    return [
        open_place(place if place.part or not each else with_part(place, each), progress=progress)
        for place in places(source)
        for each in ((part,) if part and not place.part else place.parts())
    ]


def published_counts(opened: Opened) -> dict[str, int] | None:
    """How many pictures each class of this part was published with; None where it is no published set, or was not told."""
    card = CARDS.get(opened.card)
    told = card.counts.get(opened.part) if card else None
    return dict(zip(card.classes, told, strict=True)) if card and told is not None and not isinstance(told, str) else None


def encoded_of(opened: Opened) -> Sequence[bytes] | None:
    """The pictures of a source as the bytes of their files; None where they are stored as arrays or strokes, or filtered."""
    found = places(opened.source)
    if len(found) > 1 or found[0].card:
        return None
    encoded = read(found[0].path, found[0].part).encoded
    return encoded if encoded is not None and len(encoded) == len(opened) else None
