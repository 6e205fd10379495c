"""Numbers as a report says them."""

from __future__ import annotations

from math import isnan

MINUS = "\N{MINUS SIGN}"


def share(value: float) -> str:
    """``91.24 %``; a dash where it is not known."""
    return "-" if isnan(value) else f"{100 * value:.2f} %"


def interval(mean: float, low: float, high: float) -> str:
    """``91.24 % (90.9-91.6)``."""
    return share(mean) + ("" if isnan(low) else f" ({100 * low:.1f}-{100 * high:.1f})")


def points(difference: float) -> str:
    """``+0.42``, in percentage points."""
    return f"{100 * difference:+.2f}".replace("-", MINUS)


def duration(seconds: float) -> str:
    """``40 seconds``, ``12 minutes``, ``3.5 hours``."""
    if seconds < 90:
        whole = max(round(seconds), 1)
        return f"{whole} second{'' if whole == 1 else 's'}"
    return f"{round(seconds / 60)} minutes" if seconds < 5400 else f"{seconds / 3600:.1f} hours"
