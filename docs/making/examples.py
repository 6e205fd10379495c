"""The examples in the pages: fenced blocks `console` and `pycon` are run, and what they print is compared or written."""

from __future__ import annotations

import doctest
import re
from collections.abc import Callable
from dataclasses import dataclass

from .running import Place, place

FENCE = re.compile(r"^```(console|pycon)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NUMBER = re.compile(r"\d+\.\d+")
VARYING = (
    (re.compile(r"\b\d+(\.\d+)? s\b(, [\d,]+/s)?"), "… s"),
    (re.compile(r"\b[\d,]+ pictures/s"), "… pictures/s"),
    (re.compile(r"\b\d\.\de-\d\d\b"), "…e-00"),
    (re.compile(r"\"seconds\": [\d.]+"), "seconds"),
    (re.compile(r"\babout [\d.]+ (seconds?|minutes|hours)$", re.MULTILINE), "about …"),
    (re.compile("█+ *"), "█ "),
)
"""What differs from run to run, and what it is taken for where outputs are compared."""

SLACK = 0.003
"""Numbers that differ by no more than this, or by this share, are the same: processors round differently."""


@dataclass(frozen=True)
class Outcome:
    """An example as the page shows it, and what it gives now; both with the lines that were typed."""

    line: int
    shown: str
    now: str

    @property
    def same(self) -> bool:
        """Whether both say the same, times and the last digits apart."""
        return alike(self.shown, self.now)


def outcomes(text: str) -> list[Outcome]:
    """Every example of a page, run in its order in one place."""
    found = list(FENCE.finditer(text))
    if not found:
        return []
    with place() as here:
        return [Outcome(text[: each.start()].count("\n") + 1, each[2], AGAIN[each[1]](each[2], here)) for each in found]


def renewed(text: str) -> str:
    """The page with what its examples print now; those that say the same stay as they are."""
    runs = iter(outcomes(text))

    def written(match: re.Match[str]) -> str:
        run = next(runs)
        return match[0] if run.same else f"```{match[1]}\n{run.now}```"

    return FENCE.sub(written, text)


def alike(shown: str, now: str) -> bool:
    """Whether two outputs say the same, times and the last digits apart."""
    for pattern, stands_for in VARYING:
        shown, now = pattern.sub(stands_for, shown), pattern.sub(stands_for, now)
    if NUMBER.sub("#", shown) != NUMBER.sub("#", now):
        return False
    pairs = zip(map(float, NUMBER.findall(shown)), map(float, NUMBER.findall(now)), strict=True)
    return all(abs(first - second) <= SLACK * max(1.0, abs(first)) for first, second in pairs)


def _console(block: str, here: Place) -> str:
    typed = re.findall(r"^\$ .*(?:(?<=\\)\n.*)*", block, re.MULTILINE)
    return "".join(f"{each}\n{_ended(here.console(each[2:].replace(chr(92) + chr(10), ' ')))}" for each in typed)


def _python(block: str, here: Place) -> str:
    return "".join(f"{_typed(each.source)}{_ended(here.python(each))}" for each in doctest.DocTestParser().get_examples(block))


def _typed(source: str) -> str:
    first, *others = source.splitlines()
    return "\n".join([f">>> {first}", *(f"... {each}" if each else "..." for each in others)]) + "\n"


def _ended(text: str) -> str:
    lines = "\n".join(each.rstrip() for each in text.splitlines())
    return f"{lines}\n" if lines else ""


AGAIN: dict[str, Callable[[str, Place], str]] = {"console": _console, "pycon": _python}
