"""A comparison as a summary for the terminal."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

from .commands import count
from .findings import interval, safe, table, terminal

if TYPE_CHECKING:
    from rich.table import Table

    from ..evaluation import Compared, Comparison, Difference

CHARACTERS = 8


def summary(found: Comparison) -> str:
    """What a comparison says, as wide as the terminal."""
    console = terminal()
    over = f"{count(found.pictures, 'picture')}, {len(found.alphabet)} answers"
    console.print(f"[bold]{safe(found.test or 'these labels')}[/]  [dim]{over}[/]")
    console.print(_models(found.models))
    for each in found.differences:
        console.print("")
        for line in _told(each):
            console.print(line)
    text = console.file
    assert isinstance(text, StringIO)
    return "\n".join(line.rstrip() for line in text.getvalue().rstrip().split("\n"))


def _models(models: tuple[Compared, ...]) -> Table:
    shown = table("", "right", "interval", "macro", "ECE", "weights", "mult-adds", "time")
    for each in models:
        model = each.model
        shown.add_row(
            f"[bold]{safe(model.name)}[/]",
            f"{each.accuracy.value:.2%}",
            f"[dim]{interval(each.accuracy)}[/]",
            f"{each.macro_accuracy:.2%}",
            "-" if each.ece is None else f"{each.ece:.1%}",
            large(model.parameters),
            large(model.multiply_adds),
            "-" if (speed := model.pictures_per_second) is None else f"{each.accuracy.count / speed:.1f} s, {speed:,.0f}/s",
        )
    return shown


def _told(found: Difference) -> list[str]:
    points = f"{100 * found.test.difference:+.2f} points ({100 * found.low:+.2f} to {100 * found.high:+.2f}, over {found.over})"
    only = f"only the first right: {found.test.first_only:,}, only the second: {found.test.second_only:,}"
    verdict = "[green]told apart[/]" if found.told_apart else "[yellow]cannot be told apart[/]"
    lines = [f"[bold]{safe(found.first)}[/] against [bold]{safe(found.second)}[/]: {points}", f"{only}; {verdict} (p {p(found.corrected)})"]
    changed = [each for each in found.characters if each.corrected < 0.05]
    if changed:
        told = [f"{safe(each.character)} {100 * (each.first - each.second):+.0f}" for each in changed[:CHARACTERS]]
        more = f" and {len(changed) - CHARACTERS} more" if len(changed) > CHARACTERS else ""
        lines.append(f"characters that changed by more than chance, in points: {', '.join(told)}{more}")
    else:
        lines.append("[dim]no single character changed by more than chance[/]")
    return lines


def p(value: float) -> str:
    """A p value as people read it."""
    return "< 0.001" if value < 0.001 else f"{value:.3f}" if value < 0.995 else "1"


def large(number: int | None) -> str:
    """``59,210``, ``1.2 M``; a dash where it is not known."""
    if number is None:
        return "-"
    return f"{number:,}" if number < 1e5 else f"{number / 1e6:,.2f} M" if number < 1e9 else f"{number / 1e9:,.2f} G"
