"""``inkread runs``: what has been trained, and what makes two runs differ."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import RunError
from ..interrupt import ending_at_once
from .commands import DONE, SOMETHING_TO_TELL, count, plain
from .output import say

if TYPE_CHECKING:
    from ..evaluation import Accuracy
    from ..runs import Change, Comparison, Record

SIDES = "<<<>><"
"""On which side the columns of the list stand, behind the name."""
DIGEST = 12
"""Characters of a digest that are shown."""


@click.command(
    epilog="A run that has not ended counts as killed when its folder has not been written to for 5 minutes, or 3 of its epochs. JSON: "
    "`runs`, each with run, recipe, data, state (finished, running, killed), epochs, planned, best_epoch, source (whose validation "
    "pictures the accuracy is of), accuracy, interval (95 %), n, choose_by, parameters, seconds, began, stopped (why, where the loss "
    "stopped being a number); of two or more also `differences` (key, values) and `changes` against the first (run, against, source, "
    "pictures, difference, low, high, paired, p, corrected for all changes at once, told_apart)."
)
@click.argument("runs", nargs=-1, metavar="[FOLDER | RUN RUN...]")
@click.option("--json", "as_json", is_flag=True, help="Everything as one JSON object.")
def runs(runs: tuple[str, ...], as_json: bool) -> int:
    """List runs, or say what differs between them and what it changed.

    Without arguments those in runs/ are listed, of a FOLDER those in it. Of several, each a folder or a name in runs/,
    it is told what differs in their recipes, data and code, and how their validation accuracies differ from the first
    one's: with the interval, where both held back the same pictures paired (McNemar), and whether they can be told apart
    when so many are looked at (Holm).

    Exit code: 0 done, 1 some runs cannot be read, 2 there are none.
    """
    with ending_at_once():
        from .. import runs as room
        from .lines import written

    if len(runs) > 1:
        comparison = room.compared([room.find(each) for each in runs])
        say(written(comparison.as_dict()) if as_json else "\n".join(_comparison(comparison)))
        return DONE
    broken: list[RunError] = []
    found = room.listed(Path(*runs or ("runs",)), broken.append)
    if as_json:
        say(written({"runs": [each.as_dict() for each in found]}))
    elif found:
        say("\n".join(_list(found)))
    for error in broken:
        click.echo(plain(error.message), err=True)
    return SOMETHING_TO_TELL if broken else DONE


def _list(found: list[Record]) -> list[str]:
    """Two lines a run, the columns as wide as their longest entry."""
    rows = [_cells(each) for each in found]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for each, (name, *cells) in zip(found, rows, strict=True):
        told = [f"{cell:{side}{width}}" for cell, side, width in zip(cells, SIDES, widths[1:], strict=True)]
        lines.append("  ".join([f"{name:<{widths[0]}}", *told]))
        lines.append(f"{'':<{widths[0]}}  {plain(str(each.recipe.get('name', '')))} on {plain(', '.join(each.data)) or 'nothing'}")
    return lines


def _cells(run: Record) -> tuple[str, ...]:
    done = len(run.rows)
    state = run.state if run.state == "finished" else f"{run.state} at {done}/{run.planned}"
    kept = f"epoch {run.best} of {done}" if run.best is not None else "no epoch yet"
    weights = count(run.parameters, "parameter") if run.parameters else ""
    return plain(run.name), state, kept, _accuracy(run.validation), weights, _took(run.seconds), f"{run.began:%Y-%m-%d %H:%M}"


def _accuracy(value: Accuracy | float | None) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.2%}"
    return f"{value.value:.2%} ({100 * value.low:.2f}-{100 * value.high:.2f})"


def _took(seconds: float) -> str:
    hours, rest = divmod(round(seconds), 3600)
    return f"{hours} h {rest // 60:02d} min" if hours else f"{seconds:.0f} s" if seconds < 100 else f"{rest / 60:.0f} min"


def _comparison(of: Comparison) -> list[str]:
    names = [plain(each.name) for each in of.runs]
    rows = [("", *names), ("validation accuracy", *(_accuracy(each.validation) for each in of.runs))]
    rows += [("parameters", *(f"{each.parameters:,}" if each.parameters else "" for each in of.runs))]
    rows += [("took", *(_took(each.seconds) for each in of.runs))]
    rows += [(plain(key), *(_short(value) for value in values)) for key, values in of.differences.items()]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    if not of.differences:
        lines.append("nothing in their recipes, data and code differs")
    return [*lines, "", *map(_told, of.changes)] if of.changes else lines


def _short(value: Any) -> str:
    """A value for the eyes; of a digest the beginning."""
    text = "-" if value is None else plain(str(value))
    return text[:DIGEST] if len(text) == 64 and not set(text) - set("0123456789abcdef") else text


def _told(change: Change) -> str:
    points = f"{100 * change.difference:+.2f} points ({100 * change.low:+.2f} to {100 * change.high:+.2f})"
    on = f"the same {count(change.pictures, 'picture')}, McNemar" if change.paired else "other pictures,"
    verdict = ("better" if change.difference > 0 else "worse") if change.told_apart else "cannot be told apart"
    told = f"{points} on {on} p = {change.corrected:.2g}: {verdict}"
    return f"{plain(change.run)} against {plain(change.against)}, {plain(change.source)}: {told}"
