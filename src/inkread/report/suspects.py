"""Suspected labels on pages of pictures: each beside confident pictures of the label it has and of the one it may need."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..picture import sheet
from .contact import percent

ROWS = 25
"""Suspects on a page, one under the other."""

CELL = 84
_NOTHING = np.full((28, 28), 255, np.uint8)
_TINT = np.array([[24, 48, 112], [255, 255, 255]], np.float32)
"""Black and white of the suspects' own pictures, which so stand out from their witnesses."""


@dataclass(frozen=True, eq=False)
class Doubted:
    """A row of the sheet. ``number``: in the list. ``picture``: the suspect, prepared, uint8 (28,28), as the witnesses are.

    ``probability``: of the suggestion. ``like_given``, ``like_suggested``: the witnesses of either label.
    """

    number: int
    given: str
    suggested: str
    probability: float
    look_alike: bool
    picture: NDArray[np.uint8]
    like_given: Sequence[NDArray[np.uint8]]
    like_suggested: Sequence[NDArray[np.uint8]]


def suspect_pages(doubted: Sequence[Doubted], across: int, title: str) -> Iterator[NDArray[np.uint8]]:
    """RGB pages (H,W,3) uint8 of :data:`ROWS` suspects each: the suspect, then ``across`` witnesses of its label, then as many
    of the suggestion. ``title`` stands on each, with its number where there are several."""
    pages = range(0, len(doubted), ROWS)
    for number, start in enumerate(pages, 1):
        rows = doubted[start : start + ROWS]
        cells = [cell for each in rows for cell in _row(each, across)]
        head = f"{title} · page {number} of {len(pages)}" if len(pages) > 1 else title
        yield sheet([picture for picture, _ in cells], [caption for _, caption in cells], columns=1 + 2 * across, cell=CELL, title=head)


def _row(each: Doubted, across: int) -> list[tuple[NDArray[np.uint8], str]]:
    alike = "look-alikes" if each.look_alike else f"{each.suggested}: {percent(each.probability)}"
    cells = [(_tinted(each.picture), f"{each.number}: {each.given}, or {each.suggested}?\n{alike}")]
    for witnesses, says in ((each.like_given, each.given), (each.like_suggested, each.suggested)):
        shown = [(np.asarray(picture), says) for picture in witnesses[:across]]
        cells += shown + [(_NOTHING, "none" if not shown else "")] * (across - len(shown))
    return cells


def _tinted(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    dark, light = _TINT
    return np.asarray(dark + picture[..., None].astype(np.float32) / 255.0 * (light - dark), np.uint8)
