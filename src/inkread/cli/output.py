"""Standard output in whole lines: an interrupt or a reader that goes away never leaves half of one."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import BinaryIO

import click

from ..interrupt import held_interrupt
from .lines import Layout


class Output:
    """Writes the lines of one layout to ``stream`` (standard output), each batch in one piece."""

    def __init__(self, layout: Layout, stream: BinaryIO | None = None) -> None:
        self.layout = layout
        self.count = 0
        self._stream = stream or sys.stdout.buffer

    def lines(self, lines: Sequence[str]) -> None:
        """Write some lines. :class:`BrokenPipeError` where nobody reads any more."""
        if not lines:
            return
        start = self.layout.between if self.count else self.layout.head
        self._write(start + (self.layout.end + self.layout.between).join(lines) + self.layout.end, len(lines))

    def close(self, summary: Mapping[str, object]) -> None:
        """Write what ends the output."""
        self._write(("" if self.count else self.layout.head) + self.layout.tail(summary, self.count))

    def _write(self, text: str, lines: int = 0) -> None:
        """Write and count at once: an interrupt comes before both or after both."""
        if text:
            with held_interrupt():
                self._stream.write(text.encode("utf-8", "surrogateescape"))
                self._stream.flush()
                self.count += lines


def say(text: str) -> None:
    """Write a text to standard output in UTF-8, whatever the terminal's own encoding is."""
    # who calls from Python may have put a stream there that takes text alone
    click.echo(text.encode("utf-8", "surrogateescape") if hasattr(sys.stdout, "buffer") else text)
