"""The check digit of a vehicle identification number (VIN), and the rule that a row of 17 boxes may have to obey.

ISO 3779 gives the 17 positions and the 33 characters (no I, O, Q) but no check digit; 49 CFR 565.15(c) puts one at
position 9: each character's assigned value (table III) times its position's weight (table IV), summed, modulo 11.
North America and China (GB 16735) demand it, so it says nothing about a European number, which may hold anything there.

All characters but the ninth of those 33 take part with ``weight * value``; the ninth with minus its own value. A number
holds when the sum of the parts is 0 modulo 11: that is the whole of :class:`Rule`, and what the search of ``vin`` needs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..alphabet import NAMED
from ..errors import UsageError, nearest

LENGTH = 17
CHARACTERS = NAMED["vin"].characters
CHECK_POSITION = 9
"""Where the check digit stands, counted from 1 as the standard does."""

MODULUS = 11
WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
VALUES = dict(zip(CHARACTERS, (*range(10), *range(1, 9), *range(1, 6), 7, 9, *range(2, 10)), strict=True))
"""Assigned values: digits their own, A-H 1-8, J-N 1-5, P 7, R 9, S-Z 2-9 (49 CFR 565.15, table III)."""

DEMANDING = "12345L"
"""First characters whose countries demand the check digit: United States, Canada, Mexico; China."""

CHOICES = ("auto", "yes", "no")


def check_digit(text: str) -> str:
    """The check digit, 0-9 or X, that belongs to these 17 characters, whatever stands at position 9."""
    remainder = sum(weight * VALUES[each] for weight, each in zip(WEIGHTS, text, strict=True)) % MODULUS
    return "X" if remainder == 10 else str(remainder)


def holds(text: str) -> bool:
    """Whether these are 17 characters of the VIN alphabet whose ninth is their check digit."""
    return len(text) == LENGTH and all(each in VALUES for each in text) and text[CHECK_POSITION - 1] == check_digit(text)


@dataclass(frozen=True)
class Rule:
    """What a row must obey: its parts sum to 0 modulo 11.

    ``parts``: int64 (17, 33), 0..10, or -1 where the character cannot stand there. ``density``: by how much more
    probable one string of this rule is than one that no rule binds, before anything is read. ``demands``: whether the
    rule is that of the check digit.
    """

    parts: NDArray[np.int64]
    density: float
    demands: bool


def _checked() -> NDArray[np.int64]:
    values = np.array([VALUES[each] for each in CHARACTERS], np.int64)
    parts = np.array(WEIGHTS, np.int64)[:, None] * values % MODULUS
    ninth = [10 if each == "X" else int(each) if each.isdigit() else None for each in CHARACTERS]
    parts[CHECK_POSITION - 1] = [-1 if value is None else -value % MODULUS for value in ninth]
    return parts


def rules(choice: str) -> tuple[Rule, ...]:
    """The rules that share the possible rows among them, for ``yes``, ``no`` or ``auto``.

    ``auto`` has two: rows that begin with 1-5 or L obey the check digit, all others nothing. Given its first character
    every row that its rule allows is equally probable beforehand; of the demanding ones only one in 33 is allowed (16
    characters leave one ninth), so each counts 33 times. A check digit that comes out right therefore speaks for a
    first character that demands it. :class:`UsageError` for any other word.
    """
    if choice not in CHOICES:
        raise UsageError(f"unknown choice for the check digit: {choice}", nearest(choice, CHOICES))
    free = np.zeros((LENGTH, len(CHARACTERS)), np.int64)
    if choice == "no":
        return (Rule(free, 1.0, False),)
    checked = _checked()
    if choice == "yes":
        return (Rule(checked, 1.0, True),)
    demanding = np.array([each in DEMANDING for each in CHARACTERS])
    checked[0, ~demanding] = -1
    free[0, demanding] = -1
    return (Rule(checked, float(len(CHARACTERS)), True), Rule(free, 1.0, False))
