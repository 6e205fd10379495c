"""What the numbers of a study are judged by: which settings differ in what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .questions import Question


@dataclass(frozen=True)
class Varied:
    """A factor: its ``name`` in tables, its ``label`` in sentences, its ``levels`` in order (of a search: none)."""

    name: str
    label: str
    levels: tuple[str, ...] = ()

    @property
    def ordered(self) -> bool:
        """Whether its levels are numbers, so that accuracy may rise or fall with them."""
        return len(self.levels) > 1 and all(is_number(each) for each in self.levels)


@dataclass(frozen=True)
class Design:
    """``kind``: ``one-at-a-time``, ``grid``, ``questions``, ``add-and-leave-out``, ``steps`` or ``search``. ``measure``: ``accuracy`` of
    the kept epoch, or ``last``, the median of the last ones. ``base``: factor -> level. ``classes``: that are told apart.
    ``questions``: that are asked, where these are the design."""

    name: str
    question: str
    kind: str
    measure: str
    factors: tuple[Varied, ...]
    base: Mapping[str, str]
    classes: int
    questions: tuple[Question, ...] = ()

    def key(self, levels: Mapping[str, str]) -> tuple[str, ...]:
        """The level of each factor, the base's where none is told."""
        return tuple(levels.get(each.name, self.base.get(each.name, "")) for each in self.factors)

    def asks(self, factor: str, pair: tuple[str, str], where: Mapping[str, str]) -> bool:
        """Whether the difference of two levels of a factor, the others being ``where``, is asked for."""
        return self.kind != "questions" or any(each.asks(factor, pair, where, self.base) for each in self.questions)


def is_number(level: str) -> bool:
    """Whether the name of a level is a number."""
    try:
        float(level)
    except ValueError:
        return False
    return True
