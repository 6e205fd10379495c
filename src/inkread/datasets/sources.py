"""Every part of the sources that people name, for commands that look at all of them."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import SeveralParts
from ..formats import read
from .opening import Opened, open_source
from .places import places


def open_parts(source: str, part: str | None = None) -> list[Opened]:
    """What ``source`` means (`PATH`, `PATH:PART`, several joined by `+`), every part of each on its own.

    ``part``: only this one of every source that is named without one.
    """
    return [each for place in places(source) for each in _parts(str(place), part if place.part is None else None)]


def encoded_of(opened: Opened) -> Sequence[bytes] | None:
    """The pictures of a source as the bytes of their files; None where they are stored as arrays or strokes, or filtered."""
    found = places(opened.source)
    if len(found) > 1:
        return None
    encoded = read(found[0].path, found[0].part).encoded
    return encoded if encoded is not None and len(encoded) == len(opened) else None


def _parts(source: str, part: str | None) -> list[Opened]:
    if part is not None:
        return [open_source(f"{source}:{part}")]
    try:
        return [open_source(source)]
    except SeveralParts as error:
        return [open_source(f"{source}:{each}") for each in error.parts]
