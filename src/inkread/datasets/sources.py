"""Every part of the sources that people name, for commands that look at all of them."""

from __future__ import annotations

from collections.abc import Sequence

from ..formats import parts_of, read
from .opening import Opened, open_source
from .places import places


def open_parts(source: str, part: str | None = None) -> list[Opened]:
    """What ``source`` means (`PATH`, `PATH:PART`, several joined by `+`), every part of each on its own.

    ``part``: only this one of every source that is named without one.
    """
    opened = []
    for place in places(source):
        told = [place.part or part] if place.part or part else list(parts_of(place.path))
        for each in told:
            named = str(place) if place.part or not each else f"{place}:{each}"
            opened.append(open_source(named))
    return opened


def encoded_of(opened: Opened) -> Sequence[bytes] | None:
    """The pictures of a source as the bytes of their files; None where they are stored as arrays or strokes, or filtered."""
    found = places(opened.source)
    if len(found) > 1:
        return None
    encoded = read(found[0].path, found[0].part).encoded
    return encoded if encoded is not None and len(encoded) == len(opened) else None
