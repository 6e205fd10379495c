"""Loss and accuracy by epoch of one run or several, on the same charts: as PNG, in a notebook, as plain characters."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from math import isfinite
from typing import TYPE_CHECKING, Any

from ..errors import MissingExtra
from . import canvas
from .dots import Line, Span, chart

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PARTS = ("train", "val", "test")
METRICS = ("loss", "accuracy")
COLOURS = ("#26549a", "#c4540a", "#2a7f46", "#8a3fa0", "#a8871b", "#1f8a99", "#b23355", "#5c5c62")
"""Of the runs, or of the parts where there is one run; readable on white and for people who confuse red and green."""
STYLES = {"train": ":", "val": "-", "test": "--"}
EVERY = {"train": 3, "val": 1, "test": 2}
"""Of the dots of a line in plain characters: what is no solid line there is none in a picture either."""


@dataclass(frozen=True)
class Curve:
    """One part of one run, epoch by epoch; NaN where a value is not known."""

    run: str
    part: str
    epochs: tuple[int, ...]
    loss: tuple[float, ...]
    accuracy: tuple[float, ...]


@dataclass(frozen=True)
class Curves:
    """The curves of some runs; a notebook shows them by itself, without TensorBoard and without a frame.

    ``best``: run -> the epoch whose weights are kept, where the run has ended. ``tested_on``: run -> what test part.
    """

    of: tuple[Curve, ...]
    best: Mapping[str, int]
    tested_on: Mapping[str, str]

    @property
    def runs(self) -> tuple[str, ...]:
        """The names of the runs, in order."""
        return tuple(dict.fromkeys(each.run for each in self.of))

    def as_dict(self) -> dict[str, Any]:
        """As plain values, for JSON: what is not known is None."""
        return {"runs": [self._facts(run) for run in self.runs]}

    def rows(self, metric: str, width: int, height: int = 12) -> list[list[Span]]:
        """The chart of ``loss`` or ``accuracy`` in plain characters; a span's number is that of its colour in :data:`COLOURS`."""
        lines = [Line(self._name(each), each.epochs, getattr(each, metric), EVERY[each.part], self._kept(each)) for each in self.of]
        rows = chart(lines, width, height, share=metric == "accuracy")
        return [[(text, number if number < 0 else self.colour(self.of[number])) for text, number in row] for row in rows]

    def colour(self, curve: Curve) -> int:
        """The number of a curve's colour: that of its run, or with one run that of its part."""
        order = self.runs.index(curve.run) if len(self.runs) > 1 else PARTS.index(curve.part)
        return order % len(COLOURS)

    @cached_property
    def png(self) -> bytes:
        """Both charts side by side. :class:`MissingExtra` without matplotlib."""
        return _drawn(self)

    def _repr_png_(self) -> bytes | None:
        try:
            return self.png
        except MissingExtra:
            return None

    def _repr_html_(self) -> str:
        try:
            shown = f'<img alt="{escape(self._says())}" style="max-width:100%" src="data:image/png;base64,{b64encode(self.png).decode()}">'
        except MissingExtra:
            lines = ["".join(text for text, _ in row) for metric in METRICS for row in [[(metric, -1)], *self.rows(metric, 90)]]
            shown = f"<pre>{escape(chr(10).join(lines))}</pre>"
        return shown

    def _title(self) -> str:
        """Which runs these are, and what test each was scored on."""
        tests = set(self.tested_on.values())
        if len(tests) == 1 and len(self.tested_on) == len(self.runs):
            return f"{', '.join(self.runs)}; test = {tests.pop()}"
        return ", ".join(f"{run} (test = {self.tested_on[run]})" if run in self.tested_on else run for run in self.runs)

    def _says(self) -> str:
        return f"Loss and accuracy by epoch: {', '.join(self.runs)}"

    def _kept(self, curve: Curve) -> int | None:
        """The epoch to mark: on the curve of validation the one whose weights are kept."""
        return self.best.get(curve.run) if curve.part == "val" else None

    def _name(self, curve: Curve) -> str:
        return f"{curve.part} {curve.run}" if len(self.runs) > 1 else curve.part

    def _facts(self, run: str) -> dict[str, Any]:
        parts = {
            each.part: {"epochs": list(each.epochs)} | {name: _plain(getattr(each, name)) for name in METRICS}
            for each in self.of
            if each.run == run
        }
        return {"run": run, "best_epoch": self.best.get(run), "tested_on": self.tested_on.get(run)} | parts


def _plain(values: Sequence[float]) -> list[float | None]:
    return [value if isfinite(value) else None for value in values]


def _drawn(curves: Curves) -> bytes:
    figure = canvas.figure(11.5, 4.4, 110, "curves as a picture")
    for metric, axes in zip(METRICS, figure.subplots(1, 2), strict=True):
        _axes(curves, metric, axes)
    figure.suptitle(curves._title().replace("$", r"\$"), x=0.01, ha="left", fontsize=11)
    handles, labels = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=min(len(labels), 6), frameon=False, fontsize=9)
    return canvas.png(figure)


def _axes(curves: Curves, metric: str, axes: Axes) -> None:
    from matplotlib.ticker import MaxNLocator, PercentFormatter

    for each in curves.of:
        values, colour = getattr(each, metric), COLOURS[curves.colour(each)]
        marker = "o" if len(values) == 1 else None
        axes.plot(each.epochs, values, STYLES[each.part], color=colour, label=curves._name(each), marker=marker, linewidth=1.8)
        best = curves._kept(each)
        if best is not None and best in each.epochs:
            axes.plot(best, values[each.epochs.index(best)], "o", color=colour, markersize=6, markerfacecolor="white")
    axes.set_title(f"{metric}, kept epoch circled" if curves.best else metric, loc="left", fontsize=11)
    axes.set_xlabel("epoch")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axes.grid(alpha=0.3, linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    if metric == "accuracy":
        axes.yaxis.set_major_formatter(PercentFormatter(1.0))
