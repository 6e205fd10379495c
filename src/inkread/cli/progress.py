"""A progress bar for long work, on a terminal's stderr only."""

from __future__ import annotations

import sys
from time import perf_counter
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

PATIENCE = 0.5
"""Seconds of work before a bar appears."""


class Progress:
    """A bar that appears when stderr is a terminal and the work has gone on for :data:`PATIENCE` seconds.

    ``doing``: the word beside the bar. What else is written to the terminal goes between :meth:`clear` and the next
    :meth:`advance`, so that lines and bar never mix.
    """

    def __init__(self, total: int = 0, wanted: bool = True, doing: str = "reading") -> None:
        self._total = total
        self._doing = doing
        self._done = 0
        self._began = perf_counter()
        self._wanted = wanted and sys.stderr is not None and sys.stderr.isatty()
        self._bar: Bar | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def advance(self, count: int) -> None:
        """So many more are done."""
        self.reached(self._done + count, self._total)

    def reached(self, done: int, total: int) -> None:
        """So many of ``total`` are done, for work that tells how far it is; another piece of work begins anew."""
        if self._bar is not None and self._task is not None and done < self._done:
            self._bar.reset(self._task, total=total)
        self._done, self._total = done, total
        if self._bar is None and self._wanted and perf_counter() - self._began > PATIENCE and self._done < self._total:
            self._bar = self._begun()
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=self._done, total=self._total, refresh=True)

    def clear(self) -> None:
        """Take the bar off the terminal until the next :meth:`advance`."""
        if self._bar is not None:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()

    def say(self, line: str) -> None:
        """Write a line to stderr, above the bar."""
        self.clear()
        click.echo(line, err=True)

    def _begun(self) -> Bar:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        columns = (TextColumn(self._doing), BarColumn(), MofNCompleteColumn(), TextColumn("[dim]left[/]"), TimeRemainingColumn())
        bar = Bar(*columns, console=Console(stderr=True), auto_refresh=False, transient=True, redirect_stdout=False, redirect_stderr=False)
        bar.start()
        self._task = bar.add_task(self._doing, total=self._total)
        return bar
