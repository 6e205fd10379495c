"""The only way to the network's picture: any picture of one character becomes EMNIST's 28x28."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..errors import PictureError
from ..preparation import Preparation
from .clutter import Box, pieces_of_character
from .frame import canonical, is_ready
from .ink import LARGEST, ink_of, working_frame
from .lines import Border, border_of, without_rules
from .steps import Log, Picture, Placement, Prepared

DEFAULT = Preparation()

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
        again = _character(working_frame(_closer(picture, frame, found)), Log(explain))
        found = found if again is None else replace(again, placement=found.placement)
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

    ``origin``: row and column of the working frame where the ink map begins (inside a border it is not 0, 0).
    """

    ink: Picture
    threshold: float
    box: Box
    placement: Placement
    origin: tuple[int, int] = (0, 0)


def _character(frame: Picture, log: Log) -> _Found | None:
    """The character in a working frame; ``None`` where there is no ink."""
    inked = ink_of(frame, log)
    if inked is None:
        return None
    ink, threshold = inked
    log.show("ink", ink)
    mask = _mask(ink, threshold)
    border = border_of(mask)
    if border is not None:
        log.note(f"border removed ({border.count} sides)")
        return _inside_border(frame, mask, border, log)
    return _own_ink(ink, threshold, mask, log)


def _inside_border(frame: Picture, mask: Picture, border: Border, log: Log) -> _Found | None:
    """The character inside a printed border, judged by itself: a black box must not make a pencil's grey look like paper."""
    top, bottom, left, right = border.inside()
    beyond = border.outside()
    paper = frame[(mask == 0) & ~beyond]
    filled = np.where(beyond, np.uint8(np.median(paper)) if len(paper) else np.uint8(255), frame)[top:bottom, left:right]
    log.show("inside", filled)
    inked = ink_of(filled, log)
    if inked is None:
        return None
    ink, threshold = inked
    found = _own_ink(ink, threshold, _mask(ink, threshold), log)
    return None if found is None else replace(found, origin=(top, left))


def _own_ink(ink: Picture, threshold: float, mask: Picture, log: Log) -> _Found | None:
    """The ink that is the character's own, without ruled lines, specks and neighbours."""

    import cv2

    found = pieces_of_character(without_rules(mask, log), log)
    if found is None:
        return None
    own, box = found
    if own is not mask:
        # The soft rim of a stroke lies outside the mask: keep two pixels around what stays.
        ink = cv2.bitwise_and(ink, cv2.dilate(own, np.ones((5, 5), np.uint8)))  # type: ignore[assignment]
        log.show("character", ink)
    tall = ink.shape[0]
    return _Found(ink, threshold, box, Placement((box[1] - box[0]) / tall, box[1] / tall))


def _mask(ink: Picture, threshold: float) -> Picture:
    import cv2

    return cv2.threshold(ink, threshold, 255, cv2.THRESH_BINARY)[1]  # type: ignore[return-value]


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
