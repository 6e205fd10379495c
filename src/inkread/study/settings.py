"""The settings that a design asks for: which level of each factor, and how tables call that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import Any

from .. import networks
from ..errors import UsageError
from ..recipes import Recipe
from .factors import Factor, Level, called
from .questions import Question

NOTHING, ALL, BASE = "nothing", "all", "base"


@dataclass(frozen=True)
class Setting:
    """``name``: in tables. ``levels``: factor -> its level, in the study's order. ``applied``: what changes the recipe, in order."""

    name: str
    levels: Mapping[str, Level]
    applied: tuple[Level, ...]

    @cached_property
    def key(self) -> str:
        """All of it as a text: settings that have it in common are the same."""
        return repr(self)

    @property
    def names(self) -> dict[str, str]:
        """Factor -> the name of its level."""
        return {factor: level.name for factor, level in self.levels.items()}


def based(factor: Factor, recipe: Recipe | None) -> Factor:
    """The factor with its base named: where it does not say, the recipe's own value, which becomes a level if it is none yet.

    Without ``recipe``, or where its levels are no values of one key, the first level is the base.
    """
    if factor.base or factor.range:
        return factor
    if not factor.key or recipe is None:
        return replace(factor, base=factor.levels[0].name)
    own = value_of(recipe, factor.key)
    for each in factor.levels:
        if each.set.get(factor.key) == own:
            return replace(factor, base=each.name)
    levels = (*factor.levels, Level(called(own), {factor.key: own}))
    if all(_is_number(each.set[factor.key]) for each in levels):
        levels = tuple(sorted(levels, key=lambda each: float(each.set[factor.key])))
    return replace(factor, levels=levels, base=called(own))


def value_of(recipe: Recipe, key: str) -> Any:
    """What a recipe has at a dotted key, a network's default included; :class:`UsageError` where it has no such key."""
    place: Any = recipe.as_dict()
    *way, last = key.split(".")
    for step in way:
        place = place.get(step) if isinstance(place, dict) else None
    if isinstance(place, dict) and last in place:
        return tuple(place[last]) if isinstance(place[last], list) else place[last]
    if way == ["network"]:
        known = networks.settings_of(recipe.network.name)
        if last in known:
            return known[last].default
    raise UsageError(f"the recipe {recipe.name} has no value {key}", "`inkread recipes NAME` tells its keys")


def settings(design: str, factors: Sequence[Factor], questions: Sequence[Question] = ()) -> list[Setting]:
    """Every setting of a design but a search, the base first; each factor's base is named (:func:`based`)."""
    if design == "questions":
        return _questions(factors, questions)
    made = {"one-at-a-time": _one_at_a_time, "grid": _grid, "add-and-leave-out": _add_and_leave_out, "steps": _steps}
    return made[design](factors)


def chosen(levels: Mapping[str, Level]) -> Setting:
    """The setting of these levels, called by all of them."""
    return Setting(_all(levels), levels, tuple(levels.values()))


def _one_at_a_time(factors: Sequence[Factor]) -> list[Setting]:
    base = {each.name: each.level(each.base) for each in factors}
    found = [Setting(BASE, base, tuple(base.values()))]
    for each in factors:
        for level in each.levels:
            if level.name != each.base:
                levels = base | {each.name: level}
                found.append(Setting(f"{each.name} = {level.name}", levels, tuple(levels.values())))
    return found


def _grid(factors: Sequence[Factor]) -> list[Setting]:
    base = tuple(each.base for each in factors)
    cells = list(product(*([level.name for level in each.levels] for each in factors)))
    cells.sort(key=lambda cell: cell != base)
    return [chosen({each.name: each.level(name) for each, name in zip(factors, cell, strict=True)}) for cell in cells]


def _questions(factors: Sequence[Factor], questions: Sequence[Question]) -> list[Setting]:
    """What several questions share is one setting; each is called by what it has that the base has not."""
    known = {each.name: each for each in factors}
    tried = {each.name: [level.name for level in each.levels] for each in factors}
    base = {each.name: each.base for each in factors}
    found = [base]
    for each in questions:
        if each.vary in known:
            found += [cell | {each.vary: level} for cell in each.cells(tried, base) for level in each.asked(tried[each.vary])]
    made = {}
    for cell in found:
        levels = {name: of.level(cell[name]) for name, of in known.items()}
        other = {name: level for name, level in levels.items() if level.name != base[name]}
        name = _all(other) or BASE
        made[name] = Setting(name, levels, tuple(levels.values()))
    return list(made.values())


def _add_and_leave_out(factors: Sequence[Factor]) -> list[Setting]:
    off, on = ({each.name: each.levels[at] for each in factors} for at in (0, 1))
    found = [Setting(NOTHING, off, tuple(off.values()))]
    for each in factors:
        levels = off | {each.name: each.levels[1]}
        found.append(Setting(f"{NOTHING} + {each.name}", levels, tuple(levels.values())))
    found.append(Setting(ALL, on, tuple(on.values())))
    for each in factors if len(factors) > 2 else ():  # of two, all without one is nothing with the other
        levels = on | {each.name: each.levels[0]}
        found.append(Setting(f"{ALL} - {each.name}", levels, tuple(levels.values())))
    return found if len(factors) > 1 else found[:2]


def _steps(factors: Sequence[Factor]) -> list[Setting]:
    (factor,) = factors
    return [Setting(each.name, {factor.name: each}, factor.levels[: at + 1]) for at, each in enumerate(factor.levels)]


def _all(levels: Mapping[str, Level]) -> str:
    return ", ".join(f"{factor} = {level.name}" for factor, level in levels.items())


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
