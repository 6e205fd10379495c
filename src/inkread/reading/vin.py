"""Seventeen boxes read together: the most probable vehicle identification number, not 17 most probable characters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nlargest
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError
from ..picture import Prepared
from .check_digit import CHARACTERS, LENGTH, MODULUS, Rule, rules
from .reader import Reader

UNKNOWN = "?"
"""Stands for a blank box whose character the check digit does not settle."""

SURE = 0.95
"""From this probability on a whole number is called sure: one in twenty may still be wrong."""

SETTLED = 0.5
"""A blank box is filled when the check digit makes one character more probable than all others together."""

DOUBT = 1e-3
"""Share of the boxes that hold what no network expects (a smudge, a character written over another): without it one box
read with a probability of 1e-9 would outvote all others."""

Found: TypeAlias = tuple[float, tuple[int, ...]]


@dataclass(frozen=True)
class VinCharacter:
    """One box: the ``character`` of the joint answer, its ``probability`` among all 33 given the whole row, and what
    the box alone was ``read_as`` with the ``own_probability`` of that (``?`` and 0 where it is blank)."""

    character: str
    probability: float
    read_as: str
    own_probability: float

    @property
    def corrected(self) -> bool:
        """Whether the row speaks against what the box alone looks like."""
        return self.character != self.read_as


@dataclass(frozen=True)
class VinReading:
    """A vehicle identification number read from 17 boxes.

    ``text``: the joint answer, ``?`` where a box is blank and nothing settles it. ``characters``: the 17 boxes.
    ``check_digit``: ``holds`` (demanded, and the boxes' own best characters obey it), ``applied`` (demanded, and it
    corrected one or stood in for a blank box) or ``not applied``. ``probability``: of the whole string, given what was read and
    what the rule allows; ``runner_up`` and ``runner_up_probability``: the next one. ``sure``: probability at least
    0.95 and no box unknown.
    """

    text: str
    characters: tuple[VinCharacter, ...]
    check_digit: str
    probability: float
    runner_up: str
    runner_up_probability: float

    @property
    def read_as(self) -> str:
        """The boxes' own best characters, one by one."""
        return "".join(each.read_as for each in self.characters)

    @property
    def corrected(self) -> tuple[int, ...]:
        """Positions, counted from 1 as the standard does, where the joint answer is not the box's own best."""
        return tuple(at for at, each in enumerate(self.characters, 1) if each.corrected)

    @property
    def blank(self) -> tuple[int, ...]:
        """Positions, counted from 1, of the blank boxes."""
        return tuple(at for at, each in enumerate(self.characters, 1) if each.read_as == UNKNOWN)

    @property
    def sure(self) -> bool:
        return self.probability >= SURE and UNKNOWN not in self.text


def read_boxes(boxes: Sequence[Prepared | None], reader: Reader, check_digit: str = "auto") -> VinReading:
    """The most probable VIN of 17 prepared pictures (:meth:`Reader.prepare`), from left to right.

    ``reader``: one over the alphabet ``vin``. A blank picture, or None for one that could not be read, says nothing
    about its character. :class:`DataError` for another number of boxes or another alphabet; see :func:`read_vin`.
    """
    if reader.alphabet.characters != CHARACTERS:
        raise DataError(f"a VIN is read with the alphabet `vin`, not with: {reader.alphabet}")
    if len(boxes) != LENGTH:
        raise DataError(f"a VIN has 17 boxes, not {len(boxes)}")
    blank = [at for at, each in enumerate(boxes) if each is None or each.blank]
    probabilities = np.full((LENGTH, len(CHARACTERS)), 1.0 / len(CHARACTERS))
    inked = [each.picture for each in boxes if each is not None and not each.blank]
    if inked:
        probabilities[[at for at in range(LENGTH) if at not in blank]] = reader.probabilities(np.stack(inked))
    return read_vin(np.log((1.0 - DOUBT) * probabilities + DOUBT / len(CHARACTERS)), check_digit, blank)


def read_vin(log_probabilities: NDArray[np.floating], check_digit: str = "auto", blank: Sequence[int] = ()) -> VinReading:
    """The most probable VIN of 17 boxes.

    ``log_probabilities``: float (17, 33), natural logarithms over the alphabet ``vin`` under a flat prior, -inf allowed;
    ``check_digit``: ``yes``, ``no`` or ``auto`` (see :func:`check_digit.rules`); ``blank``: indices from 0 of the boxes
    that hold nothing, whose rows do not count. The search is exact: dynamic programming over the sum modulo 11.
    :class:`DataError` for another shape or where no string is possible.
    """
    scores = np.array(log_probabilities, np.float64)
    if scores.shape != (LENGTH, len(CHARACTERS)):
        raise DataError(f"a VIN is read from log-probabilities of shape (17, 33), not {scores.shape}")
    scores[list(blank)] = 0.0
    if np.isnan(scores).any() or not np.isfinite(scores.max(axis=1)).all():
        raise DataError("log-probabilities that are not numbers, or a box without any possible character")
    scores -= np.log(np.exp(scores - scores.max(axis=1, keepdims=True)).sum(axis=1, keepdims=True)) + scores.max(axis=1, keepdims=True)
    return _posterior(scores, rules(check_digit), frozenset(blank))


def _posterior(scores: NDArray[np.float64], possible: tuple[Rule, ...], blank: frozenset[int]) -> VinReading:
    probabilities = np.exp(scores)
    found = [(score + np.log(rule.density), string, rule) for rule in possible for score, string in best_strings(scores, rule)]
    masses = [rule.density * string_mass(probabilities, rule) for rule in possible]
    joint = np.sum(masses, axis=0)
    total = float(joint[0].sum())
    if not found or total <= 0.0:
        raise DataError("no string of 17 characters is possible: the boxes and the check digit exclude one another")
    ranked = sorted(found, key=lambda each: -each[0])
    _, string, rule = ranked[0]
    seen = ["?" if at in blank else CHARACTERS[int(row.argmax())] for at, row in enumerate(scores)]
    chances = joint / total
    text = [UNKNOWN if at in blank and chances[at, best] < SETTLED else CHARACTERS[best] for at, best in enumerate(string)]
    boxes = tuple(
        VinCharacter(text[at], float(chances[at, best]), seen[at], 0.0 if at in blank else float(probabilities[at].max()))
        for at, best in enumerate(string)
    )
    chance = [float(np.exp(score - np.log(total))) for score, _, _ in ranked]
    state = "not applied" if not rule.demands else "holds" if text == seen and not blank else "applied"
    runner_up = "".join(CHARACTERS[each] for each in ranked[1][1]) if len(ranked) > 1 else ""
    return VinReading("".join(text), boxes, state, chance[0], runner_up, chance[1] if len(ranked) > 1 else 0.0)


def best_strings(scores: NDArray[np.float64], rule: Rule, count: int = 2) -> list[Found]:
    """The ``count`` best strings that obey the rule, best first: (sum of the scores, class indices).

    For every sum modulo 11 the best beginnings are kept, box by box; O(17 * 11 * 33 * count), exact.
    """
    beginnings: list[list[Found]] = [[(0.0, ())], *([] for _ in range(MODULUS - 1))]
    for row, parts in zip(scores.tolist(), rule.parts.tolist(), strict=True):
        longer: list[list[Found]] = [[] for _ in range(MODULUS)]
        for remainder, kept in enumerate(beginnings):
            for total, string in kept:
                for index, part in enumerate(parts):
                    if part >= 0 and row[index] > -np.inf:
                        longer[(remainder + part) % MODULUS].append((total + row[index], (*string, index)))
        beginnings = [nlargest(count, each, key=lambda found: found[0]) for each in longer]
    return beginnings[0]


def string_mass(probabilities: NDArray[np.float64], rule: Rule) -> NDArray[np.float64]:
    """The mass of all strings that obey the rule and have this character in this box: float64 (17, 33).

    Every row sums to the mass of all allowed strings (forward and backward sums over the remainder).
    """
    by_part = np.zeros((LENGTH, MODULUS))
    for part in range(MODULUS):
        by_part[:, part] = np.where(rule.parts == part, probabilities, 0.0).sum(axis=1)
    before, after = [_nothing()], [_nothing()]
    for at in range(LENGTH):
        before.append(_sum_of(before[-1], by_part[at]))
        after.append(_sum_of(after[-1], by_part[LENGTH - 1 - at]))
    mass = np.zeros_like(probabilities)
    for at in range(LENGTH):
        others = _sum_of(before[at], after[LENGTH - 1 - at])
        mass[at] = np.where(rule.parts[at] < 0, 0.0, probabilities[at] * others[-rule.parts[at] % MODULUS])
    return mass


def _nothing() -> NDArray[np.float64]:
    return np.asarray(np.eye(MODULUS)[0])


def _sum_of(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """The distribution of the sum of two independent remainders (a circular convolution)."""
    shifts = (np.arange(MODULUS)[:, None] - np.arange(MODULUS)) % MODULUS
    return np.asarray(second[shifts] @ first, np.float64)
