"""An evaluation as a summary for the terminal."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from io import StringIO
from typing import TYPE_CHECKING

from .commands import count, plain

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table

    from ..evaluation import Accuracy, CharacterScore, ConfusedPair, Evaluation, LetterPage, Selective

WIDTH = 100
"""Columns where the output is no terminal."""

PAIRS, WORST = 10, 10
WIDE, BAR, SHORT_BAR = 100, 16, 8
"""Columns from which on bars are long, and columns of a long and of a short one."""


def summary(found: Evaluation) -> str:
    """What an evaluation says, in at most 60 lines as wide as the terminal."""
    console = terminal()
    for part in _parts(found, BAR if console.width >= WIDE else SHORT_BAR, console.width):
        console.print(part)
    text = console.file
    assert isinstance(text, StringIO)
    return "\n".join(line.rstrip() for line in text.getvalue().rstrip().split("\n"))


def terminal() -> Console:
    """A console that writes into memory, as wide as the terminal and in its colours."""
    from rich.console import Console

    there = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if there else WIDTH
    return Console(file=StringIO(), width=width, force_terminal=there or None, highlight=False, emoji=False)


def _parts(found: Evaluation, bar: int, width: int) -> list[RenderableType]:
    parts: list[RenderableType] = [*_head(found, width)]
    if found.letter is not None:
        parts += ["", *_letter(found.letter)]
    beside = [_spaces(found), *([_thresholds(found.selective)] if found.selective else [])]
    parts += ["", _beside(beside)]
    parts += ["", _characters(found, bar)]
    if found.pairs:
        parts += ["", "[bold]Most often taken for each other[/]", _pairs(found.pairs[:PAIRS])]
    return parts


def _head(found: Evaluation, width: int) -> list[RenderableType]:
    over = f"{len(found.alphabet)} answers" + ("" if found.case == "keep" else f", case {found.case}")
    if speed := found.model.pictures_per_second:
        over += f"; {found.test.pictures / speed:.1f} s, {speed:,.0f}/s"
    model, test = safe(found.model.name or "the answers"), safe(found.test.name or "these labels")
    around = f"[dim]95 % interval {interval(found.overall)}[/]"
    lines: list[RenderableType] = [
        f"[bold]{model}[/] on [bold]{test}[/]  [dim]{count(found.overall.count, 'picture')}, {over}[/]",
        f"[bold cyan]{found.overall.value:.2%}[/] right  {around}   mean of the characters {found.macro_accuracy:.2%}",
    ]
    more = [f"first {each.k}: {each.accuracy.value:.1%}" for each in found.top]
    if found.calibration is not None:
        before = found.calibration.before
        beside = (f"{before.error:.1%} before, " if before else "") + f"chance {found.calibration.by_chance.mean:.1%}"
        more.append(f"calibration error {found.ece:.1%} ({beside})")
    if found.likelihood is not None:
        more.append(f"log loss {found.likelihood:.3f}")
    return lines + [f"[dim]{line}[/]" for line in _lines(more, width)]


def _lines(phrases: Sequence[str], width: int) -> list[str]:
    """The phrases one after the other, none of them broken: as many on a line as fit."""
    lines: list[str] = []
    for each in phrases:
        if lines and len(lines[-1]) + 3 + len(each) <= width:
            lines[-1] += f"   {each}"
        else:
            lines.append(each)
    return lines


def _letter(page: LetterPage) -> list[RenderableType]:
    asked = f"  [dim]{safe(page.asked.says)}[/]" if page.asked.says else ""
    precision = f"   precision {page.precision.value:.1%}" if page.precision else ""
    lines: list[RenderableType] = [
        f"[bold]The letter {safe(page.asked.character)}[/]{asked}",
        f"{page.accuracy.value:.1%} of {page.accuracy.count:,} right  [dim]{interval(page.accuracy)}[/]{precision}",
    ]
    if len(page.members) > 1:
        lines.append("   ".join(f"{safe(each.character)} alone {each.accuracy:.1%} of {each.count:,.0f}" for each in page.cases))
    for what, taken in (("taken for", page.taken_for), ("taken for it", page.taken_for_it)):
        if taken:
            lines.append(f"{what}: " + ", ".join(f"{safe(each.character) or 'nothing'} ×{each.count}" for each in taken[:8]))
    return lines


def _spaces(found: Evaluation) -> RenderableType:
    shown = table("Label space", "right", "interval")
    for each in found.spaces:
        shown.add_row(f"{each.classes:>2} {each.says}", f"{each.accuracy.value:.2%}", f"[dim]{interval(each.accuracy)}[/]")
    return shown


def _thresholds(found: Selective) -> RenderableType:
    shown = table("Error", "read", "sure from", "")
    for each in found.thresholds:
        if each.coverage is None or each.probability is None:
            shown.add_row(f"{each.error:.1%}", "none", "")
        else:
            few = "[dim]too few to show it[/]" if each.too_few else ""
            shown.add_row(f"{each.error:.1%}", f"{each.coverage:.1%}", f"{each.probability:.3f}", few)
    return shown


def _characters(found: Evaluation, bar: int) -> RenderableType:
    """The worst characters and the best with bars, side by side."""
    even = found.evenness
    spread = f"spread {even.spread:.3f} (chance {even.spread_by_chance.mean:.3f})"
    title = f"[bold]Characters[/]  [dim]{even.lowest:.1%} to {even.highest:.1%}, {spread}, Gini {even.gini:.3f}[/]"
    half = min(WORST, (len(found.characters) + 1) // 2)
    worst, best = found.characters[:half], found.characters[half:][::-1][:half]
    from rich.console import Group

    return Group(title, _beside([_bars("worst", worst, bar), _bars("best", best, bar)]))


def _bars(title: str, scores: Sequence[CharacterScore], bar: int) -> Table:
    shown = table(title, "", "right", "precision", "of")
    for each in scores:
        precision = "-" if each.precision != each.precision else f"{each.precision:.0%}"
        shown.add_row(f"[bold]{safe(each.character)}[/]", _bar(each.accuracy, bar), f"{each.accuracy:.1%}", precision, f"{each.count:,.0f}")
    return shown


def _pairs(pairs: Sequence[ConfusedPair]) -> Table:
    shown = table("", "mistakes", "which way")
    shown.add_column("why", overflow="fold")
    for each in pairs:
        ways = "   ".join(f"{safe(way.truth)}→{safe(way.answer)} ×{way.count:,.0f}" for way in each.directions)
        shown.add_row(f"[bold]{safe(each.first)} {safe(each.second)}[/]", f"{each.count:,.0f}", ways, f"[dim]{safe(each.reason)}[/]")
    return shown


def table(*columns: str) -> Table:
    """A table without lines: the first column, bars and intervals to the left, figures to the right."""
    from rich.table import Table

    made = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0), show_edge=False)
    for at, column in enumerate(columns):
        made.add_column(column, justify="left" if at == 0 or column in ("", "interval", "which way", "time") else "right", no_wrap=True)
    return made


def _beside(tables: Sequence[RenderableType]) -> RenderableType:
    """Side by side where the terminal is wide enough, else below each other."""
    from rich.columns import Columns

    return Columns(tables, padding=(0, 4), expand=False)


def _bar(share: float, columns: int) -> str:
    """A bar of eighths of a column."""
    eighths = round(8 * columns * share)
    whole, rest = divmod(eighths, 8)
    drawn = "█" * whole + ("" if not rest else "▏▎▍▌▋▊▉"[rest - 1])
    colour = "green" if share >= 0.95 else "yellow" if share >= 0.8 else "red"
    return f"[{colour}]{drawn}[/]"


def interval(share: Accuracy) -> str:
    """The interval of a share in percent."""
    return f"{share.low:.1%} to {share.high:.1%}"


def safe(text: str) -> str:
    """Text that is neither markup nor moves the cursor."""
    from rich.markup import escape

    return escape(plain(text))
