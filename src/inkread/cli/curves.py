"""``inkread curves``: loss and accuracy of runs by epoch, in the terminal or as a picture."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import UsageError
from ..interrupt import ending_at_once
from .commands import DONE, count, plain
from .extras import needing
from .output import say

if TYPE_CHECKING:
    from ..report import Curves
    from ..runs import Record

WIDEST, PIPED = 110, 80
"""Columns that a chart takes on a terminal, at most, and where there is none."""


@click.command(
    epilog="While a run goes on `tensorboard --logdir runs` shows the same curves and more. JSON: `runs`, each with run, best_epoch (its "
    "weights are kept; null until the run has ended), tested_on, and for each part train, val and test that it has: epochs, loss, accuracy."
)
@click.argument("runs", nargs=-1, required=True, metavar="RUN...")
@click.option(
    "--on", metavar="test|SOURCE", help="First score the weights of every epoch on the test part of the run's data, or of SOURCE."
)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.png", help="Draw a picture instead (needs matplotlib)."
)
@click.option("--json", "as_json", is_flag=True, help="The curves as one JSON object.")
def curves(runs: tuple[str, ...], on: str | None, out: Path | None, as_json: bool) -> int:
    """Draw loss and accuracy of runs by epoch.

    Of training, validation and test, those of several on the same charts. RUN is the folder of a run, or its name in
    runs/. What is dotted is training, the dot on the line of validation is the epoch whose weights are kept. --on is
    for runs that have ended: nothing is chosen by the test, and every reading of it is written to test-reads.csv beside
    the run.
    """
    with ending_at_once():
        from .. import runs as room

    if out is not None and out.suffix.lower() != ".png":
        raise UsageError(f"the picture is a PNG: {out}", f"--out {out.with_suffix('.png')}")
    found = [room.find(each) for each in runs]
    for each in found if on else ():
        _score(each, on or "")
    drawn = room.curves(*(room.record(each.folder) for each in found))
    if as_json:
        from .lines import written

        say(written(drawn.as_dict()))
    if out is not None:
        out.write_bytes(drawn.png)
        click.echo(f"picture: {plain(str(out))}", err=True)
    elif not as_json:
        say(_charts(drawn))
    return DONE


def _score(run: Record, on: str) -> None:
    """Scores every epoch's weights on a test part, and puts the rows beside the run."""
    with needing("train"):
        from ..training import Run
    from .progress import Progress
    from .tested import scored

    reason = f"curves {run.name}: every epoch, nothing is chosen by it"
    with Progress() as progress:
        rows, new = scored(Run(run.folder), on, reason, told=progress.reached)
    name = plain(rows[0].source)
    if not new:
        click.echo(f"{plain(run.name)}: every epoch was scored on {name} before; it is not read again", err=True)
        return
    told = f"{plain(run.name)}: {count(len(rows), 'epoch')} scored on {name}, {count(rows[0].pictures, 'picture')}"
    click.echo(f"{told}; written down in {plain(str(run.folder.parent / 'test-reads.csv'))}", err=True)


def _charts(drawn: Curves) -> str:
    """Both charts in plain characters, and what the kept epochs came to."""
    terminal = sys.stdout.isatty()
    width = min(shutil.get_terminal_size().columns, WIDEST) if terminal else PIPED
    colour = terminal and not os.environ.get("NO_COLOR")
    lines = []
    for metric in ("loss", "accuracy"):
        rows = ["".join(_span(text, number, colour) for text, number in row).rstrip() for row in drawn.rows(metric, width)]
        lines += [metric, *rows, ""]
    return "\n".join(lines + _kept(drawn))


def _span(text: str, number: int, colour: bool) -> str:
    from ..report import COLOURS

    if number < 0 or not colour:
        return plain(text)
    code = COLOURS[number].removeprefix("#")
    red, green, blue = (int(code[at : at + 2], 16) for at in (0, 2, 4))
    return click.style(plain(text), fg=(_light(red), _light(green), _light(blue)))


def _light(value: int) -> int:
    """A colour made for white paper, so that it can be read on a dark terminal as on a light one."""
    return (value + 150) * 255 // 405


def _kept(drawn: Curves) -> list[str]:
    """Of each run the epoch that is kept, for one that has not ended the last one, and what it came to on each part."""
    lines = []
    for run in drawn.runs:
        of = [each for each in drawn.of if each.run == run]
        epoch = drawn.best.get(run, of[0].epochs[-1])
        lines.append(f"{plain(run)}: epoch {epoch} {'is kept' if run in drawn.best else 'is the last so far'}")
        for each in [each for each in of if epoch in each.epochs]:
            at = each.epochs.index(epoch)
            source = f"  {plain(drawn.tested_on[run])}; nothing was chosen by it" if each.part == "test" else ""
            lines.append(f"    {each.part:<5}  loss {each.loss[at]:.4f}  accuracy {each.accuracy[at]:.2%}{source}")
    return lines
