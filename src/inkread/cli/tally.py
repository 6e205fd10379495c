"""How many pictures there were and what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from time import perf_counter
from typing import TYPE_CHECKING

from .commands import count
from .search import LeftAlone

if TYPE_CHECKING:
    from ..reading import Batch, Reader


def expectation(reader: Reader) -> dict[str, object]:
    """The reader's threshold for JSON, with the ``coverage`` and ``error`` that it gave on the bundle's left-out pictures."""
    shares = {"coverage": reader.coverage, "error": reader.error} if reader.threshold else {}
    return {"threshold": reader.threshold} | {name: None if isnan(share) else round(share, 6) for name, share in shares.items()}


def expected(reader: Reader) -> str:
    """What the reader's threshold did to pictures that it never saw, as one line for people; empty without one."""
    if not reader.threshold or isnan(reader.coverage) or isnan(reader.error):
        return ""
    kept, wrong = f"{reader.coverage:.1%}", f"{reader.error:.1%}"
    return f"threshold {reader.threshold:.3g}: of pictures left out of training {kept} are sure, and {wrong} of those wrong"


@dataclass
class Tally:
    """Counts of one run. ``unsure``: answers below the threshold, blank pictures apart; ``several``: pictures that seem to
    hold more than one character; ``left``: what was no picture.

    ``began``: by ``perf_counter``.
    """

    began: float
    left: LeftAlone
    pictures: int = 0
    blank: int = 0
    unreadable: int = 0
    unsure: int = 0
    several: int = 0

    def count(self, batch: Batch) -> None:
        """Count one batch."""
        for source in batch.skipped:
            self.left.add(source)
        self.pictures += len(batch.answers)
        for answer in batch.answers:
            if answer.reading is None:
                self.unreadable += 1
            elif answer.reading.blank:
                self.blank += 1
            elif not answer.reading.sure:
                self.unsure += 1
            self.several += answer.reading is not None and answer.reading.several

    @property
    def seconds(self) -> float:
        """Since the run began."""
        return perf_counter() - self.began

    def facts(self) -> dict[str, object]:
        """The counts as plain values for JSON."""
        facts: dict[str, object] = {name: getattr(self, name) for name in ("pictures", "blank", "unreadable", "unsure", "several")}
        return facts | {"skipped": self.left.files, "seconds": round(self.seconds, 3)}

    def told(self, reader: Reader) -> str:
        """The counts as one line for people."""
        line = count(self.pictures, "picture")
        if self.blank:
            line += f", {self.blank:,} blank"
        if self.unreadable:
            line += f", {self.unreadable:,} unreadable"
        if reader.threshold:
            line += f", {self.unsure:,} unsure (below {reader.threshold:.3g})"
        if self.several:
            line += f", {self.several:,} with more than one character, it seems (see `inkread doctor`)"
        if self.left.told():
            line += f"; {self.left.told()}"
        seconds = self.seconds
        speed = f", {self.pictures / seconds:,.0f}/s" if self.pictures >= 100 else ""
        return f"{line}; {seconds:.1f} s{speed}, {reader.engine}"
