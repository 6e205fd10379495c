"""The notation of the tables: one form of one character a line.

::

    7 crossed 3 | 2,4 53,2! 22,100 / 13,53 50,49

is the digit 7, its form `crossed`, its weight 3 among the forms of 7, and two strokes. A stroke is a row of points x,y
that the pen passes in a smooth curve; at a point with `!` it turns a corner; a stroke of one point is a dot. x runs to
the right and y down; the tops of capitals, digits and tall letters are at 0, those of small letters at 50, the line is
at 100 and tails reach 140. One name in several characters (`looped`, `crossed`) is one habit: who has it in one is
likelier to have it in the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ....alphabet import BYCLASS
from ....errors import AlphabetError

TOP, MIDDLE, LINE, TAIL = 0.0, 50.0, 100.0, 140.0
"""Heights of the notation: tops, tops of small letters, the line, ends of tails."""


@dataclass(frozen=True, eq=False)
class Form:
    """One way to draw a character: points (P, 2) and which of them are corners (P,) of each stroke."""

    name: str
    weight: float
    strokes: tuple[tuple[NDArray[np.float64], NDArray[np.bool_]], ...]


@cache
def forms() -> dict[str, tuple[Form, ...]]:
    """Every form of each of the 62 characters, in the order of the tables."""
    from .capitals import CAPITALS
    from .digits import DIGITS
    from .small import SMALL

    known: dict[str, list[Form]] = {character: [] for character in BYCLASS}
    for line in (DIGITS + CAPITALS + SMALL).splitlines():
        if line:
            head, _, body = line.partition("|")
            character, name, weight = head.split()
            known[character].append(Form(name, float(weight), tuple(_stroke(each) for each in body.split("/"))))
    return {character: tuple(each) for character, each in known.items()}


def forms_of(character: str) -> tuple[Form, ...]:
    """The forms of this character; :class:`AlphabetError` for one that the hand cannot draw."""
    try:
        return forms()[character]
    except KeyError:
        raise AlphabetError(f"the synthetic hand cannot draw: {character!r}", f"it draws {BYCLASS.characters}") from None


def _stroke(text: str) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    written = text.split()
    points = np.array([[float(number) for number in each.rstrip("!").split(",")] for each in written])
    return points, np.array([each.endswith("!") for each in written])
