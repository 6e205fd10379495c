"""The chart of accuracy over the amount of labels, and what reuse is worth there."""

from __future__ import annotations

from functools import partial
from math import isfinite, nan

from .. import report
from ..report import Figure
from .answer import Answer
from .comparison import Result
from .reuse import Worth
from .worth import Line, from_nothing, lines, test_share, without_labels, worths


def measured(of: Result | None) -> report.Measured:
    """A setting as the charts take it."""
    if of is None:
        return report.Measured(nan)
    return report.Measured(of.mean, of.low, of.high, (*of.values, *(nan for _ in of.failed)))


def by_amount(answer: Answer, worth: Worth) -> Figure:
    """A line for each way, dashed what needs no label, and the labels that this is worth."""
    comparison = answer.comparison
    told = lines(worth, comparison, answer.rows)
    scratch = from_nothing(worth, comparison, told)
    bare = without_labels(worth, comparison, answer.rows, scratch) if scratch else None
    shown = measured(comparison.at(bare.where)) if bare else None
    series = [
        report.Series(
            each.name, tuple(measured(comparison.result(name)) for name in each.settings.values()), tuple(map(float, each.settings))
        )
        for each in told
    ]
    draw = partial(report.examples_chart, series, as_is=shown, worth=_worth(worth, scratch, bare, answer), x=worth.unit)
    return Figure.drawn("amounts", draw, f"Accuracy over {worth.unit}, with 95 % intervals.", f"Accuracy by {worth.unit}.")


def _worth(worth: Worth, scratch: Line | None, bare: Line | None, answer: Answer) -> report.Worth | None:
    told = worths(worth, scratch, bare, test_share(answer.rows)) if scratch and bare else ()
    if not told or not isfinite(told[0].equals) or told[0].equals <= 0:
        return None
    return report.Worth(told[0].equals, told[0].accuracy, f"worth {told[0].says} {worth.unit}")
