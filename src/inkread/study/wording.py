"""Numbers as they stand in a sentence: as many digits as their interval bears, and no word that it does not."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, isnan, log10

from ..evaluation import Contrast

MINUS = "\N{MINUS SIGN}"
MOST_DIGITS = 2
"""Decimal places of a percentage point: beyond, a held-back set of ten thousand pictures has no further picture."""


def points(contrast: Contrast, unit: str = " points") -> str:
    """The size of a difference in percentage points, ``0.8 ± 0.2 points``, without an end where none is known."""
    places = decimals(contrast.half)
    size = f"{100 * abs(contrast.difference):.{places}f}"
    return (size if isnan(contrast.half) else f"{size} ± {100 * contrast.half:.{places}f}") + unit


def between(contrast: Contrast) -> str:
    """Where a difference lies: ``between 0.3 worse and 0.5 better``."""
    places = decimals(contrast.half)
    low, high = (f"{100 * abs(each):.{places}f}" for each in (contrast.low, contrast.high))
    if contrast.low >= 0:
        return f"between {low} and {high} better"
    if contrast.high <= 0:
        return f"between {high} and {low} worse"
    return f"between {low} worse and {high} better"


def decimals(half: float) -> int:
    """Decimal places of percentage points for an interval that reaches so far: its first digit is the last told, after a 1 the next."""
    if isnan(half) or half <= 0:
        return 1
    exponent = floor(log10(100 * half))
    places = -exponent + (1 if 100 * half / 10**exponent < 2 else 0)
    return min(max(places, 0), MOST_DIGITS)


def percent(value: float, half: float = float("nan")) -> str:
    """A share as ``96.3 %``."""
    return f"{100 * value:.{max(decimals(half), 1)}f} %"


def listed(items: Sequence[str], most: int = 0) -> str:
    """``a, b and c``; with ``most`` the first of them and how many more. Where an item holds a comma, semicolons part them."""
    mark = "; " if any(", " in each for each in items) else ", "
    shown = [*items[:most], f"{len(items) - most} more"] if most and len(items) > most else list(items)
    last = f"{mark}and " if mark == "; " else " and "
    return last.join([mark.join(shown[:-1]), shown[-1]] if shown[1:] else shown)


def times(ratio: float) -> str:
    """``2.1 times``, ``twice``."""
    return "twice" if 1.95 <= ratio < 2.05 else f"{ratio:.1f} times" if ratio < 9.95 else f"{ratio:.0f} times"


def sentence(text: str) -> str:
    """It begins with a capital and ends with one full stop."""
    told = text.strip().rstrip(".")
    return f"{told[:1].upper()}{told[1:]}."


def share(value: float) -> str:
    """``91.24 %``; a dash where it is not known."""
    return "-" if isnan(value) else f"{100 * value:.2f} %"


def interval(mean: float, low: float, high: float) -> str:
    """``91.24 % (90.9-91.6)``."""
    return share(mean) + ("" if isnan(low) else f" ({100 * low:.1f}-{100 * high:.1f})")


def signed(difference: float) -> str:
    """``+0.42``, in percentage points."""
    return f"{100 * difference:+.2f}".replace("-", MINUS)


def duration(seconds: float) -> str:
    """``40 seconds``, ``12 minutes``, ``3.5 hours``."""
    if seconds < 90:
        whole = max(round(seconds), 1)
        return f"{whole} second{'' if whole == 1 else 's'}"
    return f"{round(seconds / 60)} minutes" if seconds < 5400 else f"{seconds / 3600:.1f} hours"
