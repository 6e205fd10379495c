"""A study at work: how long it will take, a live table of how far it is, what came out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from ..commands import count, plain

if TYPE_CHECKING:
    from rich.table import Table

    from ...study import Plan, State, StudyFolder, Where

SHOWN = 8
"""Rows of the live table for settings that have ended, the best of them."""


def worked(plan: Plan, folder: StudyFolder, where: Where, *, as_json: bool) -> int:
    """Does what is left of a study, writes its report and tells what came out; the exit code."""
    from .telling import tell

    done(plan, folder, where)
    return tell(plan, folder, as_json=as_json)


def done(plan: Plan, folder: StudyFolder, where: Where) -> None:
    """Does what is left of a study, after saying how long that will take."""
    from ...study import JOURNAL, Bench, Runner, measured

    asked = folder.asked()
    bench = Bench(folder.path, asked.threads, asked.device)
    estimate = measured(plan, asked.threads, asked.device, folder.rows())
    _announce(plan, folder, estimate.left(plan, folder.rows(), {}, where.workers), where.workers)
    with _shown() as told:
        Runner(plan, folder, where, bench, asked.storage or str(folder.path / JOURNAL), estimate, told).run()


def _announce(plan: Plan, folder: StudyFolder, seconds: float, workers: int) -> None:
    from ...study import brought, duration

    finished = sum(row.finished for row in folder.rows())
    kept = f", {finished} of them done" if finished else ""
    at_once = f" {workers} at once" if workers > 1 else ""
    for what, digest in brought(plan):
        click.echo(f"{plain(what)}: SHA-256 {digest}", err=True)
    click.echo(f"{plan.study.name}: {count(plan.total(), 'training')}{kept};{at_once} about {duration(seconds)}", err=True)


@contextmanager
def _shown() -> Iterator[Any]:
    """A table that renews itself on a terminal's stderr; a line for each trial that ends where it is none."""
    if sys.stderr.isatty():
        from rich.console import Console
        from rich.live import Live

        with Live(console=Console(stderr=True), transient=True, auto_refresh=False) as live:
            yield lambda state: live.update(_table(state), refresh=True)
        return
    told: set[str] = set()

    def line(state: State) -> None:
        for row in state.rows:
            if row.run not in told:
                told.add(row.run)
                came = plain(row.error) if row.error else f"{row.accuracy:.2%}"
                click.echo(f"{len(told)} of {state.total}: {plain(row.setting)}, seed {row.seed}: {came}", err=True)

    yield line


def _table(state: State) -> Table:
    from rich.table import Table
    from rich.text import Text

    from ...study import duration, ranking

    measure = state.plan.study.compare
    failed = sum(bool(row.error) for row in state.rows)
    title = f"{state.plan.study.name}: {len(state.rows)} of {state.total} done" + (f", {failed} failed" if failed else "")
    table = Table(title=f"{title}, about {duration(state.left)} left", title_justify="left", box=None, pad_edge=False)
    for name, side in (("setting", "left"), ("seeds", "right"), (measure, "right"), ("", "left")):
        table.add_column(name, justify=side, overflow="ellipsis", no_wrap=True)  # type: ignore[arg-type]
    seeds: dict[str, int] = {}
    for row in state.rows:
        seeds[row.setting] = seeds.get(row.setting, 0) + row.finished
    for at, (setting, mean) in enumerate(ranking(list(state.rows), measure)[:SHOWN]):
        table.add_row(Text(setting), str(seeds[setting]), f"{mean:.2%}", "best so far" if not at else "")
    for job, epochs in state.running.values():
        table.add_row(Text(job.setting, style="dim"), "", "", Text(f"seed {job.seed}, {count(epochs, 'epoch')} done", style="dim"))
    return table
