"""A writer: the forms, proportions and pen that one person keeps to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from ...picture import Pen, render
from .forms import LINE, MIDDLE, TAIL, Form, forms, forms_of
from .trace import Points, curve, hurried, lengthened, warped, wavering

UNFAITHFUL = 0.04
"""How often a writer uses another form than the usual one."""


@dataclass(frozen=True)
class Hand:
    """One writer's habits. Lengths are in hundredths of the height of a capital.

    ``slant``: degrees to the right. ``width``: of all characters, 1 as in the tables. ``middle``: height of small
    letters, 0..1 of a capital; ``tails``: length of what hangs below the line, 1 as in the tables. ``haste``: over which
    length corners are rounded off. ``overshoot``: how far strokes end before or behind their place. ``waver``: of the
    lines; ``variety``: of shapes from one time to the next; ``own``: how far this writer's shapes lie from the tables'.
    ``forms``: the usual form of each character. ``seed``: what makes these shapes this writer's.
    """

    slant: float = 4.0
    width: float = 1.0
    middle: float = 0.5
    tails: float = 1.0
    haste: float = 3.0
    overshoot: float = 3.0
    waver: float = 1.2
    variety: float = 2.0
    own: float = 2.5
    pen: Pen = field(default_factory=Pen)
    forms: tuple[tuple[str, str], ...] = ()
    seed: int = 0

    @classmethod
    def random(cls, rng: np.random.Generator) -> Hand:
        """A writer met by chance; everything that is drawn for it comes from ``rng``."""
        return cls(
            slant=float(np.clip(rng.normal(5.0, 8.0), -18.0, 28.0)),
            width=float(np.exp(rng.normal(0.0, 0.13))),
            middle=float(np.clip(rng.normal(0.52, 0.06), 0.38, 0.68)),
            tails=float(np.clip(rng.normal(1.0, 0.2), 0.55, 1.6)),
            haste=float(rng.gamma(2.5, 1.3)),
            overshoot=float(rng.gamma(2.0, 1.6)),
            waver=float(rng.gamma(3.0, 0.4)),
            variety=float(rng.uniform(1.0, 3.0)),
            own=float(rng.uniform(1.5, 4.5)),
            pen=Pen.random(rng),
            forms=_usual_forms(rng),
            seed=int(rng.integers(2**31)),
        )

    def form(self, character: str) -> Form:
        """The form in which this writer usually draws the character; the tables' first one where nothing is settled."""
        known = forms_of(character)
        usual = dict(self.forms).get(character)
        return next((each for each in known if each.name == usual), known[0])


def strokes_of(character: str, rng: np.random.Generator, hand: Hand | None = None) -> list[NDArray[np.float64]]:
    """The strokes of one character as arrays (P, 2) of x and y (down), 100 a capital's height, the line at y = 100.

    By ``hand``, or by a hand of its own; twice the same never comes out. :class:`AlphabetError` for a character
    beyond 0-9, A-Z, a-z.
    """
    hand = hand or Hand.random(rng)
    known = forms_of(character)
    form = hand.form(character)
    if rng.random() < UNFAITHFUL:
        form = known[int(rng.choice(len(known), p=_shares([each.weight for each in known])))]
    own = np.random.default_rng([hand.seed, ord(character), known.index(form)])
    bends = (own.normal(0.0, hand.own, (2, 6)) + rng.normal(0.0, hand.variety, (2, 6))) * 0.6
    drawn = [_stroke(points, corners, hand, rng, bends) for points, corners in form.strokes]
    return _placed(drawn, character, hand, rng)


def draw(character: str, rng: np.random.Generator, hand: Hand | None = None, *, size: int = 96) -> NDArray[np.uint8]:
    """The picture uint8 (H, ``size``) of one character, white ink on black, as it stands on its line.

    The frame reaches from above the tops to below the tails whatever the character is, so that a small letter is
    small; it is as wide as the character asks for.
    """
    hand = hand or Hand.random(rng)
    strokes = strokes_of(character, rng, hand)
    top, bottom, side = -18.0, TAIL + 12.0, 10.0
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    top, bottom = min(top, low[1] - 10.0), max(bottom, high[1] + 10.0)
    scale = size / (bottom - top)
    thick = hand.pen.width * 100.0
    long = float((high - low).max())
    ink = render(strokes, replace(hand.pen, width=min(thick / max(long, thick), 1.0)), size=max(round((long + thick) * scale), 1), margin=0)
    width = max(round((high[0] - low[0] + thick + 2 * side) * scale), ink.shape[1] + 2)
    picture = np.zeros((max(size, ink.shape[0]), width), np.uint8)
    y = int(np.clip(round((low[1] - thick / 2.0 - top) * scale), 0, picture.shape[0] - ink.shape[0]))
    x = (width - ink.shape[1]) // 2
    picture[y : y + ink.shape[0], x : x + ink.shape[1]] = ink
    return picture


def _usual_forms(rng: np.random.Generator) -> tuple[tuple[str, str], ...]:
    """One form for each character; the taste for a name of a form holds for all characters that know it."""
    names = sorted({form.name for each in forms().values() for form in each})
    taste = dict(zip(names, np.exp(rng.normal(0.0, 0.8, len(names))), strict=True))
    usual = []
    for character, known in forms().items():
        shares = _shares([form.weight * taste[form.name] for form in known])
        usual.append((character, known[int(rng.choice(len(known), p=shares))].name))
    return tuple(usual)


def _shares(weights: list[float]) -> NDArray[np.float64]:
    return np.array(weights) / sum(weights)


def _stroke(points: Points, corners: NDArray[np.bool_], hand: Hand, rng: np.random.Generator, bends: Points) -> Points:
    """One stroke in the table's units, as this hand draws it this time."""
    moved = points + rng.normal(0.0, 0.35 * hand.variety, points.shape) + rng.normal(0.0, 0.5 * hand.variety, 2)
    if len(points) == 1:
        # the pen seldom leaves a dot without moving
        tick = rng.normal(0.0, 2.5, 2) + np.array([0.0, 2.0])
        return warped(np.linspace(moved[0] - tick / 2.0, moved[0] + tick / 2.0, 3), bends)
    way = lengthened(curve(moved, corners), *rng.normal(0.0, hand.overshoot, 2))
    return hurried(wavering(warped(way, bends), hand.waver, rng), hand.haste * float(np.exp(rng.normal(0.0, 0.2))))


def _placed(strokes: list[Points], character: str, hand: Hand, rng: np.random.Generator) -> list[Points]:
    """The strokes in this hand's proportions: height of small letters, tails, width, slant, and a little of everything."""
    tilt, grow = rng.normal(0.0, 1.2), np.exp(rng.normal(0.0, 0.04, 2))
    lean = np.tan(np.deg2rad(hand.slant + rng.normal(0.0, 1.5)))
    lift = rng.normal(0.0, 1.5)
    middle = LINE - 100.0 * hand.middle if character.islower() else MIDDLE
    placed = []
    for way in strokes:
        y = np.interp(way[:, 1], [-100.0, 0.0, MIDDLE, LINE, TAIL, TAIL + 100.0], _heights(middle, hand.tails))
        x, y = way[:, 0] * hand.width * grow[0], LINE + (y - LINE) * grow[1] + lift
        x = x + (LINE - y) * lean
        y = y + x * np.tan(np.deg2rad(tilt))
        placed.append(np.stack([x, y], axis=1))
    return placed


def _heights(middle: float, tails: float) -> list[float]:
    tail = LINE + (TAIL - LINE) * tails
    return [-100.0, 0.0, middle, LINE, tail, tail + 100.0]
