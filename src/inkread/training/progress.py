"""What a person sees of a training: a bar with the time left and a line an epoch; without a terminal the lines alone."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from math import isfinite
from time import perf_counter
from typing import TYPE_CHECKING, Any

import lightning

from ..recipes import LAST, falling
from .history import History, Row
from .scores import chosen

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as Bar

WIDE, NARROW = 72, 44
"""Columns from which a line tells everything, and from which it tells the accuracy of training too."""


ECHO = 3
"""Columns that a bar leaves free at the end of its line."""


class Progress(lightning.Callback):
    """Draws on stderr what ``history`` is told, the best epoch by ``choose_by`` marked.

    On a terminal a bar: the epoch, how much of it is done, pictures a second, the time left of the whole run (early
    stopping may end it sooner). ``terminal``: whether stderr is one; None looks. Lines stay, the bar goes at the end. Of
    several processes that train together only the first one tells anything.
    """

    def __init__(self, history: History, choose_by: str, terminal: bool | None = None) -> None:
        self.history = history
        self.choose_by = choose_by
        self.terminal = sys.stderr.isatty() if terminal is None else terminal
        self._bar: Bar | None = None
        self._told = 0
        self._began = 0.0
        self._steps = self._pictures = 0
        self._silent = False

    def on_train_start(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        """Starts the bar; what a resumed run did before is not told again."""
        self._told = len(self.history.rows)
        self._began, self._steps = perf_counter(), 0
        self._silent = not trainer.is_global_zero
        if self.terminal and not self._silent:
            self._start_bar(trainer)

    def on_train_epoch_start(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        """Tells the epoch before, which is finished only now."""
        self._tell(trainer)
        self._epoch_began, self._pictures = perf_counter(), 0
        if self._bar is not None:
            self._bar.reset(self._task, total=trainer.num_training_batches, epoch=self._epoch(trainer), speed="", left="")

    def on_train_batch_end(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Moves the bar."""
        self._steps += 1
        self._pictures += len(batch.pictures)
        if self._bar is not None:
            speed = self._pictures / max(perf_counter() - self._epoch_began, 1e-9)
            self._bar.update(self._task, completed=batch_idx + 1, speed=f"{speed:,.0f}/s", left=self._left(trainer))

    def on_train_end(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        """Tells the last epoch and takes the bar away."""
        self._tell(trainer)
        self._stop_bar()

    def on_exception(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, exception: BaseException) -> None:
        """Leaves the terminal as it was."""
        self._tell(trainer)
        self._stop_bar()

    def _left(self, trainer: lightning.Trainer) -> str:
        """The time left of the whole run, by what its steps have taken so far, validation included."""
        per_epoch = int(trainer.num_training_batches)
        ahead = int(trainer.max_epochs or 1) * per_epoch - trainer.current_epoch * per_epoch - self._steps % per_epoch
        return clock((perf_counter() - self._began) / self._steps * max(ahead, 0)) + " left"

    def _tell(self, trainer: lightning.Trainer) -> None:
        if self._silent:
            return
        rows, first = self.history.rows, not self._told
        for number in range(self._told, len(rows)):
            best = is_best(rows[: number + 1], self.choose_by)
            if self.terminal:
                self._print(rows[number], best, head=first and number == 0)
            else:
                sys.stderr.write(plain_line(rows[number], int(trainer.max_epochs or 0), best) + "\n")
                sys.stderr.flush()
        self._told = len(rows)

    def _print(self, row: Row, best: bool, head: bool) -> None:
        console = self._console()
        width = console.width
        if head:
            console.print(heading(width), style="dim", highlight=False, markup=False, no_wrap=True, crop=True)
        console.print(line(row, best, width), style="bold" if best else "", highlight=False, markup=False, no_wrap=True, crop=True)

    def _start_bar(self, trainer: lightning.Trainer) -> None:
        from rich.progress import BarColumn, TextColumn
        from rich.progress import Progress as Bar

        text = (TextColumn("epoch {task.fields[epoch]}"), BarColumn(bar_width=None))
        facts = (TextColumn("{task.fields[speed]}"), TextColumn("{task.fields[left]}"))
        self._bar = Bar(*text, *facts, console=self._console(), transient=True, expand=True, refresh_per_second=5)
        self._bar.start()
        self._task = self._bar.add_task("", total=trainer.num_training_batches, epoch=self._epoch(trainer), speed="", left="")

    def _stop_bar(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def _console(self) -> Console:
        return self._bar.console if self._bar is not None else _console()

    def _epoch(self, trainer: lightning.Trainer) -> str:
        return f"{trainer.current_epoch + 1}/{trainer.max_epochs}"


def _console() -> Console:
    """Stderr, a little narrower than it is: what a terminal echoes of Ctrl-C stays on the bar's line, and the bar can be removed."""
    from rich.console import Console, ConsoleDimensions

    class Narrower(Console):
        @property  # type: ignore[misc]  # there it can be set too
        def size(self) -> ConsoleDimensions:
            width, height = super().size
            return ConsoleDimensions(max(width - ECHO, 1), height)

    return Narrower(stderr=True)


def is_best(rows: list[Row], choose_by: str) -> bool:
    """Whether the last of these epochs is better than all before it; never where nothing is chosen."""
    if choose_by == LAST:
        return False
    *before, last = [chosen(row.sources, choose_by) for row in rows]
    return all(last < each if falling(choose_by) else last > each for each in before)


def heading(width: int) -> str:
    """What stands above the lines of a terminal ``width`` columns wide."""
    cells = [f"{'epoch':>5}", f"{'train loss':>11} {'accuracy':>9}", f"{'val loss':>10} {'accuracy':>9}"]
    if width < NARROW:
        return f"{'epoch':>5} {'val loss':>9} {'acc.':>7}"
    if width < WIDE:
        return f"{'epoch':>5} {'train':>8} {'acc.':>7} {'val':>8} {'acc.':>7}"
    return "  ".join([*cells, f"{'rate':>9}", f"{'time':>6}"])


def line(row: Row, best: bool, width: int) -> str:
    """An epoch in at most ``width`` columns, from about 26 on; a star marks the best so far."""
    mark = " *" if best else ""
    train, val = (row.train, row.val)
    if width < NARROW:
        return f"{row.epoch:>5} {number(val, 'loss'):>9} {percent(val):>7}{mark}"
    if width < WIDE:
        return f"{row.epoch:>5} {number(train, 'loss'):>8} {percent(train):>7} {number(val, 'loss'):>8} {percent(val):>7}{mark}"
    cells = [f"{row.epoch:>5}", f"{number(train, 'loss'):>11} {percent(train):>9}", f"{number(val, 'loss'):>10} {percent(val):>9}"]
    return "  ".join([*cells, f"{row.rate:>9.2g}", f"{clock(row.seconds):>6}"]) + mark


def plain_line(row: Row, epochs: int, best: bool) -> str:
    """An epoch as one line for a log."""
    told = [f"{part} loss {number(of, 'loss')}, accuracy {percent(of)} %" for part, of in (("train", row.train), ("val", row.val)) if of]
    speed = f"; {row.pictures_per_second:,.0f} pictures/s, {row.seconds:.0f} s" if isfinite(row.seconds) else ""
    return f"epoch {row.epoch} of {epochs}: {'; '.join(told)}{' (best)' if best else ''}{speed}"


def number(of: Mapping[str, float], metric: str) -> str:
    """A loss to four places."""
    return f"{of[metric]:.4f}" if metric in of else "-"


def percent(of: Mapping[str, float]) -> str:
    """An accuracy in percent to two places."""
    return f"{100 * of['accuracy']:.2f}" if "accuracy" in of else "-"


def clock(seconds: float) -> str:
    """``0:07``, ``12:34``, ``1:02:03``."""
    if not isfinite(seconds):
        return "-"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
