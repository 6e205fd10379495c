"""Which epoch of a run is kept: what ``training.choose_by`` means."""

from __future__ import annotations

from collections.abc import Sequence

LAST = "last"
"""Chosen by nothing: the last epoch is kept."""

FALLING = ("loss",)
"""Metrics of which the lower value is the better one."""


def judged_by(choose_by: str) -> tuple[str, str]:
    """The source (``mean``: the mean of all) and the metric; for ``last`` the mean loss, which stops early and lowers rates."""
    source, _, metric = ("mean/loss" if choose_by == LAST else choose_by).partition("/")
    return source, metric


def falling(choose_by: str) -> bool:
    """Whether a lower value is the better one."""
    return judged_by(choose_by)[1] in FALLING


def kept(values: Sequence[float], choose_by: str) -> int:
    """Which of the epochs with these values is kept: the best, the first of equals; for ``last`` the last."""
    if choose_by == LAST:
        return len(values) - 1
    return values.index(min(values) if falling(choose_by) else max(values))
