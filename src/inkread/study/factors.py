"""What a study varies: factors and their levels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from ..errors import UsageError, nearest
from ..recipes import values

RATE_RULES = ("", "linear", "root")


@dataclass(frozen=True)
class Level:
    """One way that a factor can be.

    ``name``: how tables call it. ``set``: values of the recipe by dotted key. ``recipe``: instead of the study's. ``data``: to
    train on instead of the study's. ``alphabet``: instead of the study's. ``weights``: a file or ``library``, what the network
    begins with. ``pictures``: to train on (0: as the budget says). ``rate_rule``: how the learning rate follows the batch, from
    the base recipe's: ``linear`` (Goyal et al. 2017) or ``root`` (Krizhevsky 2014). ``tune``: a key of the recipe and the values
    of which the best is taken, chosen with a seed of its own. ``reason``: why one would do so, for the report. ``published``:
    what others reached so, in percent.
    """

    name: str
    set: Mapping[str, Any] = field(default_factory=dict)
    recipe: str = ""
    data: str = ""
    alphabet: str = ""
    weights: str = ""
    pictures: int = 0
    rate_rule: str = ""
    tune: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    reason: str = ""
    published: float = 0.0

    def __post_init__(self) -> None:
        if self.rate_rule not in RATE_RULES:
            raise UsageError(f"unknown rate_rule: {self.rate_rule}", nearest(self.rate_rule, RATE_RULES[1:]))
        if self.pictures < 0:
            raise UsageError(f"a level trains on a number of pictures, 0 for all: {self.pictures}")
        if any(not isinstance(each, list | tuple) or not each for each in self.tune.values()):
            raise UsageError(f"tune names values for each key: {dict(self.tune)}", 'such as tune = { "training.rate" = [0.01, 0.1] }')
        object.__setattr__(self, "tune", {key: tuple(each) for key, each in self.tune.items()})


@dataclass(frozen=True)
class Range:
    """Where a search looks.

    ``low``: the lowest number that a search tries. ``high``: the highest. ``log``: evenly in the logarithm. ``whole``: whole
    numbers only.
    """

    low: float
    high: float
    log: bool = False
    whole: bool = False

    def __post_init__(self) -> None:
        if not self.low < self.high or not isfinite(self.high - self.low) or (self.log and self.low <= 0):
            raise UsageError(f"a range goes from low up to high, above 0 with log: {self.low:g} to {self.high:g}")
        if self.whole and not (self.low.is_integer() and self.high.is_integer()):
            raise UsageError(f"a range of whole numbers ends in whole numbers: {self.low:g} to {self.high:g}")

    def some(self) -> tuple[float, float, float]:
        """Its lowest value, the one in the middle and its highest."""
        middle = (self.low * self.high) ** 0.5 if self.log else (self.low + self.high) / 2
        return tuple(round(each) if self.whole else each for each in (self.low, middle, self.high))  # type: ignore[return-value]


@dataclass(frozen=True)
class Factor:
    """One thing that is varied.

    ``name``: in tables and in ``values`` of budgets; without one the last part of its key. ``label``: in sentences; without one
    its name. ``key``: the recipe's value that it is; empty where its levels set several. ``levels``: in order. ``base``: the
    level that the others are measured against; without one the recipe's own value, or of ``levels`` the first. ``range``:
    instead of levels, in a search.
    """

    name: str
    label: str
    key: str = ""
    levels: tuple[Level, ...] = ()
    base: str = ""
    range: Range | None = None

    def __post_init__(self) -> None:
        names = [each.name for each in self.levels]
        if not names and self.range is None:
            raise UsageError(f"a factor without levels: {self.name}", "give it values, or levels")
        if len(set(names)) < len(names):
            raise UsageError(f"a factor has each level once: {self.name}", ", ".join(names))
        if self.base and self.base not in names:
            raise UsageError(f"the factor {self.name} has no level of this name: {self.base}", nearest(self.base, tuple(names)))

    def level(self, name: str) -> Level:
        """The level of this name; :class:`UsageError` where there is none."""
        for each in self.levels:
            if each.name == name:
                return each
        raise UsageError(
            f"the factor {self.name} has no level of this name: {name}", nearest(name, tuple(each.name for each in self.levels))
        )


def called(value: Any) -> str:
    """A value as the name of a level: ``0.001``, ``32-64``, ``yes``."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list | tuple):
        return "-".join(map(called, value)) or "none"
    return str(value)


def factor(told: object, where: str) -> Factor:
    """The factor that a table of a study's TOML tells; :class:`UsageError` for what it cannot be."""
    if not isinstance(told, Mapping):
        raise UsageError(f"{where} must be a table of keys and values: {told!r}")
    parts = dict(told)
    known = ("name", "label", "key", "values", "levels", "base", "low", "high", "log", "whole")
    for key in parts:
        if key not in known:
            raise UsageError(f"unknown key in {where}: {key}", nearest(str(key), known))
    for each in ("name", "label", "key"):
        if not isinstance(parts.get(each, ""), str):
            raise UsageError(f"{where}.{each} must be a text: {parts[each]!r}")
    key = parts.get("key", "")
    name = parts.get("name", "") or key.rpartition(".")[2]
    if not name:
        raise UsageError(f"{where} needs a name, or the key that it varies")
    if sum(each in parts for each in ("values", "levels", "low")) != 1:
        raise UsageError(f"the factor {name} needs either values, levels, or low and high")
    if "levels" not in parts and not key:
        raise UsageError(f"the factor {name} has values and needs the key that they are of", 'such as key = "training.rate"')
    if "levels" in parts and key:
        raise UsageError(f"the factor {name} has levels, which say themselves what they set, and a key: {key}", "give it values")
    if "low" not in parts and any(each in parts for each in ("high", "log", "whole")):
        raise UsageError(f"the factor {name} has no low, which high, log and whole belong to")
    levels: tuple[Level, ...] = ()
    over = None
    if "low" in parts:
        low, high = (_number(parts.get(each), f"{where}.{each}") for each in ("low", "high"))
        over = Range(low, high, *(_truth(parts.get(each, False), f"{where}.{each}") for each in ("log", "whole")))
    elif "values" in parts:
        levels = tuple(Level(called(each), {key: _row(each)}) for each in _listed(parts["values"], f"{where}.values"))
    else:
        levels = tuple(_level(each, f"{where}.levels[{at}]") for at, each in enumerate(_listed(parts["levels"], f"{where}.levels")))
    base = called(parts["base"]) if "base" in parts else ""
    if over and base:
        raise UsageError(f"a factor with low and high has no base: {name}")
    return Factor(name, parts.get("label", "") or name, key, levels, base, over)


def _level(told: object, where: str) -> Level:
    if isinstance(told, Mapping):
        for key in ("set", "tune"):
            if not isinstance(told.get(key, {}), Mapping):
                raise UsageError(f"{where}.{key} must be a table of dotted keys: {told[key]!r}")
        if "set" in told:
            told = {**told, "set": {key: _row(each) for key, each in flat_keys(told["set"]).items()}}
        if "tune" in told:
            told = {**told, "tune": flat_keys(told["tune"])}
    return values(Level, told, where)


def flat_keys(told: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    """A table by dotted keys, whether it was written ``"training.rate" = 1`` or ``training.rate = 1``."""
    found: dict[str, Any] = {}
    for key, value in told.items():
        name = f"{before}.{key}" if before else key
        found |= flat_keys(value, name) if isinstance(value, Mapping) else {name: value}
    return found


def _listed(value: object, where: str) -> Sequence[Any]:
    if not isinstance(value, list | tuple) or not value:
        raise UsageError(f"{where} must be a row with something in it: {value!r}")
    return value


def _row(value: Any) -> Any:
    return tuple(_row(each) for each in value) if isinstance(value, list) else value


def _number(value: object, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UsageError(f"{where} must be a number: {value!r}")
    return float(value)


def _truth(value: object, where: str) -> bool:
    if not isinstance(value, bool):
        raise UsageError(f"{where} must be true or false: {value!r}")
    return value
