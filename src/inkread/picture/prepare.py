"""The only way to the network's picture: any picture of one character becomes EMNIST's 28x28."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..errors import PictureError
from ..preparation import Preparation
from .border import Border, border_of, strokes_beyond
from .clutter import Box, pieces_of_character
from .frame import canonical, is_ready
from .ink import LARGEST, Ink, ink_of, working_frame
from .lines import lines_of
from .rules import ruled, without_rules
from .steps import Log, Picture, Placement, Prepared

DEFAULT = Preparation()

FAINTER = 0.6
"""Share of the ink's threshold above which printed lines are looked for: they are often paler than the ink."""

SMALL_INK = 0.42
"""Share of the working frame below which the ink's longer side is looked at again closely, where the picture has more pixels."""


def prepare(picture: Picture, preparation: Preparation = DEFAULT, *, explain: bool = False) -> Prepared:
    """The prepared picture of one handwritten character.

    ``picture``: grey uint8 (H, W), any size, either polarity. Gives a :class:`Prepared` with the picture uint8 (28, 28),
    white ink on black. An EMNIST-ready picture passes as it is; one without ink comes back black and ``blank``. With
    ``explain`` every step's picture is kept. Raises :class:`PictureError` for anything but a grey picture.

    Method: EMNIST's own conversion (Cohen et al. 2017, section II.A: blur, cut to the ink, centre, pad, bring to 28)
    after what a photograph or a form needs first: polarity, even light, printed lines, specks, one stroke width.
    """
    if picture.ndim != 2 or picture.dtype != np.uint8 or 0 in picture.shape:
        raise PictureError(f"not a grey picture: {picture.dtype} {picture.shape}", "decode it with inkread.picture.as_picture")
    log = Log(explain)
    log.show("given", picture)
    if is_ready(picture, preparation):
        return Prepared(picture, notes=("ready as it is",), steps=tuple(log.steps))
    frame = working_frame(picture)
    found = _character(frame, log)
    if found is not None and _worth_a_closer_look(found, frame, picture):
        again = _character(working_frame(_closer(picture, frame, found)), Log(), found.dark)
        if again is not None:
            found = replace(again, placement=found.placement)
            log.note("looked at closely")
    if found is None:
        blank = np.zeros((preparation.side, preparation.side), np.uint8)
        return Prepared(blank, True, Placement(), (*log.notes, "no ink found"), tuple(log.steps))
    finished = canonical(found.ink, found.threshold, found.box, preparation, log)
    log.show("finished", finished)
    return Prepared(finished, False, found.placement, tuple(log.notes), tuple(log.steps))


@dataclass(frozen=True)
class _Found:
    """A character: its ink map, the threshold between paper and ink, its box there, its placement.

    ``dark``: whether the ink is darker than its paper in the picture as given. ``origin``: row and column of the working
    frame where the ink map begins (inside a border it is not 0, 0).
    """

    ink: Picture
    threshold: float
    box: Box
    placement: Placement
    dark: bool
    origin: tuple[int, int] = (0, 0)


def _character(frame: Picture, log: Log, dark: bool | None = None) -> _Found | None:
    """The character in a working frame; ``None`` where there is no ink. ``dark``: whether the ink is, where that is known."""
    ink = ink_of(frame, log, dark)
    if ink is None:
        return None
    log.show("ink", ink.map)
    # evening out takes a box at the frame's edge for darker paper: look for it in the frame as it is
    given = ink_of(frame, Log(), ink.dark, even=False) if ink.evened else None
    for seen in (given, ink):
        if seen is not None:
            mask, paler = seen.mask(), seen.mask(FAINTER)
            lines = lines_of(paler)
            border = None if ruled(lines, mask.shape) else border_of(mask, paler, lines)
            if border is not None and (seen is ink or border.count == 4):
                log.note(f"border removed ({border.count} {'side' if border.count == 1 else 'sides'})")
                return _inside_border(frame, seen._replace(out_of_shadow=ink.out_of_shadow), mask, border, log)
    return _own_ink(ink, without_rules(mask, ink.map, lines, log), mask, log)


def _inside_border(frame: Picture, ink: Ink, mask: Picture, border: Border, log: Log) -> _Found | None:
    """The character inside a printed border, judged by itself: a black box must not make a pencil's grey look like paper."""
    beyond, dark = border.beyond(), ink.dark
    if ink.out_of_shadow is not None:
        frame, dark = ink.out_of_shadow, True
    paper = np.sort(frame[(mask == 0) & ~beyond])
    across = strokes_beyond(ink.map, mask, border)
    beyond &= ~across
    top, bottom, left, right = _holding(border.inside(), across)
    filled = np.where(beyond, paper[len(paper) // 2] if len(paper) else np.uint8(255), frame)[top:bottom, left:right]
    log.show("inside", filled)
    own = ink_of(filled, log, dark)
    if own is None:
        return None
    mask = own.mask()
    ruled_too = border.count < 4
    found = _own_ink(own, without_rules(mask, own.map, lines_of(own.mask(FAINTER)), log) if ruled_too else mask, mask, log)
    return None if found is None else replace(found, origin=(top, left), dark=ink.dark)


def _holding(box: Box, pixels: NDArray[np.bool_]) -> Box:
    """The box, so much larger that it holds these pixels too."""
    rows, columns = np.flatnonzero(pixels.any(axis=1)), np.flatnonzero(pixels.any(axis=0))
    if not len(rows):
        return box
    top, bottom, left, right = box
    return min(top, int(rows[0])), max(bottom, int(rows[-1]) + 1), min(left, int(columns[0])), max(right, int(columns[-1]) + 1)


def _own_ink(ink: Ink, own: Picture, mask: Picture, log: Log) -> _Found | None:
    """The ink that is the character's own: of ``own``, the mask without ruled lines, the pieces that belong together."""
    import cv2

    found = pieces_of_character(own, log)
    if found is None:
        return None
    own, box = found
    inked = ink.map
    if own is not mask:
        # The soft rim of a stroke lies outside the mask: keep two pixels around what stays.
        inked = np.asarray(cv2.bitwise_and(inked, cv2.dilate(own, np.ones((5, 5), np.uint8))), np.uint8)
        log.show("character", inked)
    tall = inked.shape[0]
    return _Found(inked, ink.threshold, box, Placement((box[1] - box[0]) / tall, box[1] / tall), ink.dark)


def _worth_a_closer_look(found: _Found, frame: Picture, picture: Picture) -> bool:
    top, bottom, left, right = found.box
    return max(bottom - top, right - left) < SMALL_INK * LARGEST and max(picture.shape) > 1.5 * max(frame.shape)


def _closer(picture: Picture, frame: Picture, found: _Found) -> Picture:
    """The part of the original picture around the character with a quarter of its size as margin."""
    scale = max(picture.shape) / max(frame.shape)
    top, bottom, left, right = found.box
    margin = 0.25 * max(bottom - top, right - left)
    rows = (found.origin[0] + top - margin, found.origin[0] + bottom + margin)
    columns = (found.origin[1] + left - margin, found.origin[1] + right + margin)
    first, last = max(0, int(rows[0] * scale)), int(rows[1] * scale) + 1
    return picture[first:last, max(0, int(columns[0] * scale)) : int(columns[1] * scale) + 1]
