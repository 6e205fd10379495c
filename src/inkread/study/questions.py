"""A study of several questions: each varies one factor, the others being what it says or the base."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from ..errors import UsageError, nearest
from ..recipes import values


@dataclass(frozen=True)
class Question:
    """What is compared, of a study that asks several things.

    ``vary``: a factor. ``levels``: between which of its levels (none: all). ``at``: factor = the levels at which that is asked;
    the base of each that it does not name.
    """

    vary: str
    levels: tuple[str, ...] = ()
    at: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def cells(self, levels: Mapping[str, Sequence[str]], base: Mapping[str, str]) -> Iterator[dict[str, str]]:
        """The places at which it is asked, factor -> level of each other factor, of those ``levels`` of each that are tried."""
        others = [each for each in levels if each != self.vary]
        wanted = [[level for level in self.at.get(each, (base[each],)) if level in levels[each]] for each in others]
        yield from (dict(zip(others, cell, strict=True)) for cell in product(*wanted))

    def asked(self, levels: Sequence[str]) -> list[str]:
        """Which of these levels it compares."""
        return [each for each in levels if not self.levels or each in self.levels]

    def asks(self, factor: str, pair: tuple[str, str], where: Mapping[str, str], base: Mapping[str, str]) -> bool:
        """Whether two levels of a factor, the others being ``where``, are what it compares."""
        there = all(level in self.at.get(name, (base.get(name, ""),)) for name, level in where.items())
        return factor == self.vary and there and len(self.asked(pair)) == 2

    def check(self, known: Mapping[str, Sequence[str]]) -> None:
        """:class:`UsageError` where it names a factor or a level that is not among these, or its own factor twice."""
        if self.vary in self.at:
            raise UsageError(f"a question is asked at levels of other factors than it varies: {self.vary}")
        for name, levels in ((self.vary, self.levels), *self.at.items()):
            if name not in known:
                raise UsageError(f"a question is about no factor of this study: {name}", nearest(name, tuple(known)))
            for level in levels:
                if level not in known[name]:
                    raise UsageError(f"the factor {name} has no level of this name: {level}", nearest(level, tuple(known[name])))


def question(told: object, where: str) -> Question:
    """The question that a table of a study's TOML tells; :class:`UsageError` for what it cannot be."""
    if isinstance(told, Mapping):
        at = told.get("at", {})
        if not isinstance(at, Mapping):
            raise UsageError(f"{where}.at must be a table of factors: {at!r}", 'such as at = { body = ["mine"] }')
        for name, each in (("levels", told.get("levels", [])), *((f"at.{key}", each) for key, each in at.items())):
            if not isinstance(each, list) or not all(isinstance(level, str) for level in each):
                raise UsageError(f"{where}.{name} must be a row of names of levels: {each!r}")
        told = {**told, "levels": tuple(told.get("levels", ())), "at": {key: tuple(each) for key, each in at.items()}}
    return values(Question, told, where)
