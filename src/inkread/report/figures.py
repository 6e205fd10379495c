"""The pictures of an evaluation as PNG, for handing in: drawn by matplotlib, white and large enough to print."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from ..evaluation import ConfusedPair, Evaluation
from . import canvas
from .charts import Plane, highest_risk, labels, reached
from .curves import COLOURS
from .judgement import share_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MONO = "DejaVu Sans Mono"
POINTS = (340.0, 225.0)
"""Width and height of the plane of ``risk.png``, about, in points: what labels are placed by."""
SHOWN = 6
"""Misread pictures of a pair."""


def evaluation_figures(found: Evaluation) -> dict[str, bytes]:
    """File names and PNGs: ``confusion.png``, ``characters.png``, and where there are the values for it ``calibration.png``,
    ``risk.png`` and ``pairs.png``. :class:`MissingExtra` without matplotlib."""
    drawn: dict[str, Callable[[Evaluation], Figure]] = {"confusion.png": _confusion, "characters.png": _characters}
    if found.calibration is not None:
        drawn["calibration.png"] = _calibration
    if found.selective is not None:
        drawn["risk.png"] = _risk
    if _to_show(found):
        drawn["pairs.png"] = _pairs
    return {name: canvas.png(draw(found)) for name, draw in drawn.items()}


def _titled(axes: Axes, title: str, x: str = "", y: str = "") -> None:
    axes.set_title(title, loc="left", fontsize=11)
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.spines[["top", "right"]].set_visible(False)


def _said(found: Evaluation) -> str:
    """What was evaluated on what, without what matplotlib takes for formulas."""
    name = f"{found.model.name or 'model'} on {found.test.name or 'labelled pictures'}"
    return f"{name}: {share_of(found.overall.value, 2)} right".replace("$", r"\$")


def _confusion(found: Evaluation) -> Figure:
    """Mistakes by their share of the row on a logarithmic scale; grey: what was read right."""
    names, counts = found.confusion.alphabet.characters, found.confusion.counts[:, : len(found.alphabet)]
    side = max(5.0, 0.17 * len(names) + 1.2)
    figure = canvas.figure(side + 0.9, side + 0.3)
    from matplotlib.colors import LogNorm  # after the figure, which says what is missing where matplotlib is

    axes = figure.add_subplot()
    shares = counts / np.maximum(found.confusion.counts.sum(axis=1, keepdims=True), 1e-12)
    diagonal = np.eye(len(names), dtype=bool) & (counts > 0)
    axes.imshow(np.where(diagonal, 0.88, np.nan), cmap="gray", vmin=0, vmax=1)
    wrong = np.ma.masked_where(diagonal | (shares <= 0), shares)
    drawn = axes.imshow(wrong, cmap="OrRd", norm=LogNorm(0.002, 0.5, clip=True))
    axes.set_xticks(range(len(names)), [*map(_plain, names)], family=MONO, fontsize=8)
    axes.set_yticks(range(len(names)), [*map(_plain, names)], family=MONO, fontsize=8)
    axes.tick_params(length=0, labeltop=True, labelright=True)
    axes.set_xticks(np.arange(len(names) + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(len(names) + 1) - 0.5, minor=True)
    axes.grid(which="minor", color="#e4e4e0", linewidth=0.4)
    axes.tick_params(which="minor", length=0)
    bar = figure.colorbar(drawn, ax=axes, shrink=0.5, pad=0.02, ticks=[0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5])
    bar.ax.set_yticklabels([f"{100 * each:g} %" for each in (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)], fontsize=8)
    bar.minorticks_off()
    axes.set_title(f"{_said(found)}.\nMistakes, share of the row", loc="left", fontsize=11, wrap=True)
    axes.set_xlabel("read as")
    axes.set_ylabel("is")
    return figure


def _characters(found: Evaluation) -> Figure:
    scores = sorted(found.characters, key=lambda each: (-each.accuracy, -each.count))
    figure = canvas.figure(max(6.0, 0.2 * len(scores) + 1.2), 3.9)
    axes, places = figure.add_subplot(), np.arange(len(scores))
    values = np.array([each.accuracy for each in scores])
    low, high = (np.array([getattr(each, name) for each in scores]) for name in ("low", "high"))
    errors = np.stack([values - low, high - values])
    axes.bar(places, values, color=COLOURS[0], width=0.72, yerr=errors, error_kw={"elinewidth": 0.9, "capsize": 1.6})
    axes.axhline(found.overall.value, color=COLOURS[1], linewidth=1, linestyle="--")
    axes.annotate("all", (len(scores) - 0.4, found.overall.value), color=COLOURS[1], fontsize=9, va="bottom")
    axes.set_xticks(places, [_plain(each.character) for each in scores], family=MONO, fontsize=9)
    axes.set_xlim(-0.7, len(scores) + 0.6)
    _percent(axes)
    even = found.evenness
    _titled(
        axes, f"{_said(found)}. By character: spread {100 * even.spread:.1f} points, Gini {even.gini:.3f}", y="right, with 95 % interval"
    )
    return figure


def _calibration(found: Evaluation) -> Figure:
    assert found.calibration is not None
    figure = canvas.figure(5.2, 4.8)
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], ":", color="#888", linewidth=1)
    for name, each, colour, style in (
        ("before the temperature", found.calibration.before, COLOURS[1], "o--"),
        ("as told", found.calibration.after, COLOURS[0], "o-"),
    ):
        if each is not None:
            bins = [bin_ for bin_ in each.bins if bin_.count]
            x, y = [bin_.probability for bin_ in bins], [bin_.accuracy for bin_ in bins]
            axes.plot(x, y, style, color=colour, markersize=4.5, label=f"{name}: error {share_of(each.error)}")
    axes.legend(frameon=False, fontsize=9, loc="upper left")
    _percent(axes, both=True)
    _titled(axes, _said(found), "the probability that it tells", "of those answers right")
    return figure


def _risk(found: Evaluation) -> Figure:
    assert found.selective is not None
    figure = canvas.figure(5.8, 4.2)
    axes, curve = figure.add_subplot(), found.selective.curve
    axes.plot(curve.coverage, curve.risk, color=COLOURS[0])
    told, top = reached(found.selective), highest_risk(found.selective)
    axes.plot([each[2] for each in told], [each[3] for each in told], "o", color=COLOURS[0], markerfacecolor="white", markersize=6)
    plane = Plane((0, 1), (0, top), 0, 0, *POINTS)
    for each in labels(found.selective, plane):
        at, offset = (each.x / plane.width, top * (1 - each.y / plane.height)), (each.right - each.x, each.y - each.base)
        axes.annotate(each.says, at, xytext=offset, textcoords="offset points", ha="right", fontsize=9)
    sure = "\n".join(f"{100 * error:g} %: sure from {probability:.3f}" for error, probability, _, _ in told)
    axes.text(0.02, 0.98, sure, transform=axes.transAxes, va="top", fontsize=9)
    _percent(axes, both=True)
    axes.set_ylim(0, top)
    _titled(axes, _said(found), "of all pictures it answers itself", "of those answers wrong")
    return figure


def _pairs(found: Evaluation) -> Figure:
    """A row a pair: its two mean pictures, then misread ones."""
    pairs = _to_show(found)
    figure = canvas.figure(9.2, 1.06 * len(pairs) + 0.4)
    grid = figure.subplots(len(pairs), 3 + SHOWN, squeeze=False, width_ratios=[2.2, *[1] * (2 + SHOWN)])
    for row, pair in zip(grid, pairs, strict=True):
        for axes in row:
            axes.set_axis_off()
        _pair(pair, row)
    figure.suptitle(f"{_said(found)}. Most confused pairs: mean pictures, then misread ones", x=0.01, ha="left", fontsize=11)
    return figure


def _to_show(found: Evaluation) -> list[ConfusedPair]:
    """The pairs of which there are pictures."""
    return [each for each in found.pairs if each.examples and each.examples[0].picture is not None]


def _pair(pair: ConfusedPair, row: np.ndarray[tuple[int], np.dtype[np.object_]]) -> None:
    row[0].text(0, 0.62, f"{_plain(pair.first)} {_plain(pair.second)}  {pair.count:,.0f}", family=MONO, fontsize=14, weight="bold")
    row[0].text(0, 0.3, pair.reason.replace(", ", ",\n"), fontsize=8, va="center", color="#444", wrap=True)
    looks = pair.looks
    means = [(None, "")] * 2 if looks is None else [(looks.first, f"mean {pair.first}"), (looks.second, f"mean {pair.second}")]
    shown = [(each.picture, f"{each.truth} read as {each.answer}") for each in pair.examples[:SHOWN]]
    for axes, (picture, says) in zip(row[1:], [*means, *shown], strict=False):
        if picture is not None:
            axes.imshow(255 - picture, cmap="gray", vmin=0, vmax=255)
            axes.set_title(_plain(says), fontsize=7.5, pad=2, family=MONO)


def _percent(axes: Axes, both: bool = False) -> None:
    from matplotlib.ticker import PercentFormatter

    axes.grid(alpha=0.3, linewidth=0.6, axis="both" if both else "y")
    axes.set_axisbelow(True)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    axes.set_ylim(0, 1.02)
    if both:
        axes.xaxis.set_major_formatter(PercentFormatter(1.0))
        axes.set_xlim(0, 1.02)


def _plain(words: str) -> str:
    """Words without what matplotlib takes for a formula."""
    return words.replace("$", r"\$")
