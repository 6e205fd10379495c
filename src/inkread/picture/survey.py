"""What can be measured on a picture and its preparation before anybody reads it: the grounds for suspicion."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import UsageError
from .ink import ink_of, two_tone, working_frame
from .steps import Log, Picture, Prepared

INKED = 100
"""Level of an ink map (0..255) from which a pixel counts as ink."""

SMALLEST = 0.002
"""Share of the frame below which a piece of ink is a speck and no reason for anything."""

EDGES = ("top", "bottom", "left", "right")


@dataclass(frozen=True)
class Survey:
    """Measures of one picture.

    ``contrast``: grey levels 0..255 between ink and paper as given; of a blank picture between its lighter and its darker
    part. ``dark``: share 0..1 of the frame that is on the dark side of Otsu's threshold. ``size``: longer side of the
    character's ink in pixels of the picture as given. ``proportion``: its width over its height. ``abreast``: how many
    pieces of a character's size stand side by side. ``edges``: the sides of the frame (inside a printed border: of that)
    that its ink runs into. ``removed``: share 0..1 of the ink that was taken for lines, specks or neighbours.
    """

    contrast: float = 0.0
    dark: float = 0.0
    size: float = 0.0
    proportion: float = math.nan
    abreast: int = 0
    edges: tuple[str, ...] = ()
    removed: float = 0.0


def survey(prepared: Prepared) -> Survey:
    """The measures of a picture prepared with ``explain``; :class:`UsageError` where it was prepared without."""
    steps = {step.name: step.picture for step in prepared.steps}
    if "given" not in steps:
        raise UsageError("a picture can be surveyed only with the steps of its preparation", "prepare it with `explain=True`")
    frame = working_frame(steps["given"])
    parted = two_tone(frame)
    dark = 1.0 - parted.share
    if prepared.blank:
        return Survey(parted.contrast if 0 < dark < 1 else 0.0, dark)
    whole = _ink(steps)
    own = _mask(steps.get("character", whole))
    if not own.any():
        return Survey(parted.contrast, dark)
    rows, columns = np.flatnonzero(own.any(axis=1)), np.flatnonzero(own.any(axis=0))
    height, width = int(rows[-1] - rows[0]) + 1, int(columns[-1] - columns[0]) + 1
    enlarged = max(frame.shape) / max(steps["given"].shape) if "ink" in steps else 1.0
    return Survey(
        contrast=_contrast(frame, steps.get("ink", frame)),
        dark=dark,
        size=max(height, width) / enlarged,
        proportion=width / height,
        abreast=_abreast(own, _mask(whole)),
        edges=tuple(name for name, edge in zip(EDGES, (own[0], own[-1], own[:, 0], own[:, -1]), strict=True) if edge.any()),
        removed=1.0 - float(own.sum()) / max(1, int(_mask(whole).sum())),
    )


def _ink(steps: dict[str, Picture]) -> Picture:
    """The ink map inside the border where there is one, else that of the frame; an EMNIST-ready picture is its own."""
    if "inside" in steps:
        inked = ink_of(steps["inside"], Log())
        return steps["ink"] if inked is None else inked[0]
    return steps.get("ink", steps["given"])


def _mask(ink: Picture) -> NDArray[np.bool_]:
    return ink >= INKED


def _contrast(frame: Picture, ink: Picture) -> float:
    """Grey levels between the middle of the strokes and the paper."""
    strokes, paper = frame[ink >= 200], frame[ink < 25]
    if not len(strokes) or not len(paper):
        return 0.0
    return abs(float(np.median(strokes)) - float(np.median(paper)))


def _abreast(own: NDArray[np.bool_], whole: NDArray[np.bool_]) -> int:
    """Pieces of a character's size side by side: the character's own, and others that do not come in over the frame's edge.

    Such a piece is about half as tall as the tallest of the character's own and a quarter as large as the largest.
    """
    pieces = _boxes(own)
    others = [each for each in _boxes(whole & ~own) if not each.at_edge]
    if not pieces:
        return 0
    tall, area = max(each.height for each in pieces), max(each.area for each in pieces)
    spans = sorted(each.span for each in (*pieces, *others) if each.height >= 0.55 * tall and each.area >= 0.25 * area)
    found, end = 0, -1
    for left, right in spans:
        found += left >= end
        end = max(end, right)
    return found


@dataclass(frozen=True)
class _Piece:
    """A connected piece of ink: its first column and the first one after it, its height and area, whether it touches the edge."""

    span: tuple[int, int]
    height: int
    area: int
    at_edge: bool


def _boxes(mask: NDArray[np.bool_]) -> list[_Piece]:
    import cv2

    tall, wide = mask.shape
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    return [
        _Piece((left, left + width), height, area, left == 0 or top == 0 or left + width == wide or top + height == tall)
        for left, top, width, height, area in stats[1:].tolist()
        if area >= SMALLEST * mask.size
    ]
