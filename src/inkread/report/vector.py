"""Figures of matplotlib as SVG: text that takes the page's colours, light or dark, and is a white picture as a file of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from io import StringIO
from itertools import pairwise
from textwrap import shorten, wrap
from typing import TYPE_CHECKING

from . import canvas
from .contact import NO_BREAK
from .curves import COLOURS

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

WIDE, NARROW = 9.0, 4.2
"""Inches: of a figure on a desktop and in print, and of one that a phone shows without scrolling."""
INK, SOFT, LINE, PAPER, WRONG = "#1d1f24", "#656a75", "#dcd9d0", "#fdfefd", "#b3261e"
"""Colours that become the page's own; charts use these and :data:`COLOURS`."""
SIZE = 9.0
"""Points: of the words on a chart."""
LETTER = 0.07
"""Inches: the width of a letter on a chart, about."""
ROW = 0.19
"""Inches: the height of a row of a chart's key."""
MOST_LINES, STEEP = 4, 0.32
"""Lines that the name of a level may be broken into; inches from level to level below which turned names stand upright."""
MARKERS = "os^DvPX*"
"""One for each of :data:`COLOURS`, so that no line is told by its colour alone."""
FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"
VARIABLES = {
    INK: f"var(--ink, {INK})",
    SOFT: f"var(--soft, {SOFT})",
    LINE: f"var(--line, {LINE})",
    PAPER: "var(--paper, #fff)",
    WRONG: f"var(--wrong, {WRONG})",
} | {colour: f"var(--series-{number}, {colour})" for number, colour in enumerate(COLOURS, 1)}


def figure(width: float, height: float) -> Figure:
    """An empty figure of so many inches on the page's paper. :class:`MissingExtra` without matplotlib."""
    made = canvas.figure(width, height, what="the charts of a study")
    made.set_facecolor(PAPER)
    made.get_layout_engine().set(h_pad=0.09, w_pad=0.06)  # type: ignore[union-attr, call-arg]
    return made


def svg(of: Figure) -> str:
    """The figure as an SVG element, the same text for the same figure: nothing is loaded, and no name in it meets another's."""
    import matplotlib

    out = StringIO()
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "inkread"}):
        of.savefig(out, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    drawn = out.getvalue()
    drawn = drawn[drawn.index("<svg") :]
    for needless in (r"<metadata>.*?</metadata>", r"<!--.*?-->", r"<style.*?</style>", r' xmlns:xlink="[^"]*"', r' version="1.1"'):
        drawn = re.sub(needless, "", drawn, flags=re.DOTALL)
    drawn = re.sub(r"\s*<defs>\s*</defs>", "", drawn).replace("xlink:href", "href")
    drawn = re.sub(r"(font: (?:\w+ )*[\d.]+px) [^;\"]*", rf"\1 {FONTS}", drawn)
    drawn = re.sub("|".join(VARIABLES), lambda found: VARIABLES[found[0]], drawn)
    drawn = re.sub(r'(?<= )(?:d|x|y|transform)="[^"]*"', lambda found: re.sub(r"(\.\d\d)\d+", r"\1", found[0]), drawn)
    return _own_names(drawn).replace("<svg ", '<svg style="stroke-linejoin: round" ', 1).rstrip()


def _own_names(drawn: str) -> str:
    """Names that something refers to are made this drawing's own, all others left out."""
    prefix = "d" + sha256(drawn.encode()).hexdigest()[:8]
    used = set(re.findall(r"(?:url\(#|href=\"#)([^)\"]+)", drawn))
    drawn = re.sub(r' id="([^"]*)"', lambda found: f' id="{prefix}{found[1]}"' if found[1] in used else "", drawn)
    return re.sub(r"(url\(#|href=\"#)", rf"\g<1>{prefix}", drawn)


def plain(words: str) -> str:
    """Words without what matplotlib takes for a formula, and without what no font can show."""
    return "".join(each if each.isprintable() else " " for each in words).replace("$", r"\$")


def short(words: str, most: int) -> str:
    """Words of so many letters at most, for a place on a chart; the rest is an ellipsis."""
    if len(words) <= most:
        return plain(words)
    cut = shorten(words, most, placeholder="…")
    return plain(cut if len(cut) > most // 2 else words[: most - 1] + "…")


def broken(words: str, most: int, lines: int = 2) -> str:
    """Words on so many lines of so many letters at most; the rest is an ellipsis."""
    told = wrap(words, most, max_lines=lines, placeholder=" …") or [""]
    return "\n".join(map(plain, told))


def dress(axes: Axes, title: str = "", x: str = "", y: str = "", grid: str = "y") -> None:
    """The look that all charts share: a quiet frame, lines at the values of ``grid`` ("x", "y" or "both"), names of the axes."""
    axes.set_facecolor(PAPER)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(LINE)
    axes.tick_params(length=0, labelsize=SIZE, labelcolor=SOFT, which="both")
    axes.grid(axis=grid, color=LINE, linewidth=0.8)  # type: ignore[arg-type]
    axes.set_axisbelow(True)
    axes.set_title(title, loc="left", fontsize=SIZE + 1, color=INK, fontweight="bold")
    axes.set_xlabel(plain(x), fontsize=SIZE, color=SOFT)
    axes.set_ylabel(plain(y), fontsize=SIZE, color=SOFT)


def percents(axis: Axis, most: int = 6) -> None:
    """Ticks of an axis of shares, in percent."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis.set_major_locator(MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:.6g}{NO_BREAK}%"))


def level_ticks(axes: Axes, at: Sequence[float], names: Sequence[str], width: float) -> None:
    """Names of levels below an axis of so many inches: on one line, else on several, else shortened and turned."""
    least = min((abs(one - other) for one, other in pairwise(sorted(at))), default=1.0)
    gap = width * least / (max(at, default=0) - min(at, default=0) + 1)
    room = max(int(gap / LETTER), 1)
    lines = [wrap(name, room, break_long_words=False) or [""] for name in names]
    if all(len(each) <= MOST_LINES and max(map(len, each)) <= room for each in lines):
        axes.set_xticks(at, ["\n".join(map(plain, each)) for each in lines])
        return
    look = {"rotation": 90} if gap < STEEP else {"rotation": 32, "ha": "right", "rotation_mode": "anchor"}
    for each in axes.set_xticks(at, [short(name, 22) for name in names]):
        each.label1.set(**look)


def legend(of: Figure, named: Mapping[str, Artist], width: float) -> None:
    """One key below all panels, in as many columns as so many inches hold, by whose rows the figure grows; one line alone is
    named by the caption."""
    if len(named) < 2:
        return
    columns = max(1, min(len(named), int(width / (LETTER * max(map(len, named)) + 0.6))))
    names = ["\u200b" + plain(name) for name in named]  # matplotlib leaves out names that begin with an underscore
    of.legend([*named.values()], names, loc="outside lower center", ncols=columns, frameon=False, fontsize=SIZE, labelcolor=INK)
    of.set_figheight(of.get_figheight() + ROW * -(-len(named) // columns) + ROW)
