"""A study as a value: a question, a base recipe, what is varied, and how much may be spent on the answer."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from ..errors import SourceNotFound, UsageError, nearest
from ..recipes import values
from .factors import Factor, called, factor, flat_keys
from .questions import Question, question
from .reuse import Body, Worth

DESIGNS = ("one-at-a-time", "grid", "questions", "add-and-leave-out", "steps", "search")
FIRST = ("add-and-leave-out", "steps")
"""Designs that begin with the first level of each factor."""
MEASURES = ("accuracy", "last", "macro_accuracy")
PROCEDURES = ("train", "transfer")
BUDGETS = ("smoke", "small", "full")
SAMPLERS = ("tpe", "random")
BEST = "best:"
"""How the base recipe is told that an earlier study of the same folder has found."""


@dataclass(frozen=True)
class Budget:
    """How much is spent.

    ``pictures``: to train on, at most (0: all). ``held``: to validate on, at most (0: all). ``epochs``: of each training (0: as
    its recipe says). ``seeds``: trainings of each setting. ``minutes``: what it is meant to take on two cores, for the list of
    studies; the time is measured before it begins. ``trials``: settings that a search tries. ``finalists``: the best of them,
    which are trained with every seed. ``set``: values of the recipe by dotted key, under what the levels set. ``values``:
    factor = the levels that are tried; an empty row leaves the factor at its base.
    """

    pictures: int = 0
    held: int = 4000
    epochs: int = 0
    seeds: int = 3
    minutes: float = 30.0
    trials: int = 20
    finalists: int = 3
    set: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("pictures", "held", "epochs"):
            if getattr(self, name) < 0:
                raise UsageError(f"a budget's {name} is at least 0: {getattr(self, name)}")
        for name in ("seeds", "trials", "finalists"):
            if getattr(self, name) < 1:
                raise UsageError(f"a budget's {name} is at least 1: {getattr(self, name)}")


@dataclass(frozen=True)
class Study:
    """What is asked and how it is answered.

    ``name``: of the study, and with the budget's that of its folder. ``question``: in a sentence. ``method``: what the report
    says of how it was done, besides what it knows itself. ``limits``: what it says of what cannot be concluded, likewise.
    ``recipe``: to start from, by name, as a file, or ``best:STUDY``, the best of another. ``otherwise``: the recipe to start
    from where that study has not ended. ``set``: values by dotted key that every recipe of the study has, the base and those
    that levels name. ``data``: what it is meant for, where ``--data`` names nothing else. ``alphabet``: of every training.
    ``design``: which settings there are: ``one-at-a-time``, each level alone against the base; ``grid``, every combination;
    ``add-and-leave-out``, each factor (off, on) added to nothing and left out of all; ``steps``, each level on top of those
    before; ``questions``, one factor each; ``search``, where Optuna looks. ``compare``: ``accuracy`` of the kept epoch, ``last``,
    the median of the last fifth of the epochs, or ``macro_accuracy``, the mean over the classes. ``also``: another of these,
    judged the same way beside it. ``sampler``: of a search, ``tpe`` or ``random``. ``prune``: whether a search breaks off what is
    behind others. ``procedure``: what a trial is: ``train``, a training; ``transfer``, a cross-validation on ``data`` of what
    becomes of a trained network there, whose values are the keys ``transfer.*`` in ``set``. ``bodies``: those networks.
    ``questions``: of the design of that name, what is varied for each. ``worth``: how many labels reuse is worth, if that is asked.
    """

    name: str
    question: str
    factors: tuple[Factor, ...]
    method: str = ""
    limits: str = ""
    recipe: str = ""
    otherwise: str = ""
    set: Mapping[str, Any] = field(default_factory=dict)
    data: str = ""
    alphabet: str = ""
    design: str = "one-at-a-time"
    compare: str = "accuracy"
    also: str = ""
    sampler: str = "tpe"
    prune: bool = True
    procedure: str = "train"
    bodies: tuple[Body, ...] = ()
    questions: tuple[Question, ...] = ()
    worth: Worth | None = None
    budgets: Mapping[str, Budget] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for what, value, known in (
            ("design", self.design, DESIGNS),
            ("measure to compare", self.compare, MEASURES),
            ("measure to compare also", self.also or self.compare, MEASURES),
            ("sampler", self.sampler, SAMPLERS),
            ("procedure", self.procedure, PROCEDURES),
        ):
            if value not in known:
                raise UsageError(f"unknown {what}: {value}", nearest(value, known))
        names = [each.name for each in self.factors]
        if not names:
            raise UsageError(f"the study varies nothing: {self.name}", "give it [[factors]]")
        if len(set(names)) < len(names):
            raise UsageError(f"a study has each factor once: {', '.join(names)}")
        if self.name in (".", "..") or not self.name.strip() or any(each in self.name for each in "/\\\0"):
            raise UsageError(f"a study's name is that of its folder too: {self.name!r}")
        if not self.recipe and not self.brings_recipes:
            raise UsageError(f"the study names no recipe: {self.name}", 'such as recipe = "mlp"')
        if self.otherwise and not self.recipe.startswith(BEST):
            raise UsageError(f"otherwise is for a study that starts from the best of another: {self.recipe}", f'recipe = "{BEST}STUDY"')
        self._check_design()
        self._check_asked()
        for of, budget in self.budgets.items():
            if of not in BUDGETS:
                raise UsageError(f"unknown budget: {of}", nearest(of, BUDGETS))
            self.within(budget)

    def _check_design(self) -> None:
        ranges = [each.name for each in self.factors if each.range]
        if ranges and self.design != "search":
            raise UsageError(f"low and high are for a search: {', '.join(ranges)}", 'design = "search", or values')
        if self.design == "steps" and len(self.factors) != 1:
            raise UsageError(f"steps have one factor, whose levels they are: {self.name} has {len(self.factors)}")
        odd = [each.name for each in self.factors if len(each.levels) != 2]
        if self.design == "add-and-leave-out" and odd:
            raise UsageError(f"what is added and left out is off or on, two levels: {', '.join(odd)}")
        for each in self.factors:
            if self.design in FIRST and each.base not in ("", each.levels[0].name):
                raise UsageError(f"the design {self.design} begins with the first level of {each.name}, not with: {each.base}")
            if self.design == "search" and any(level.tune for level in each.levels):
                raise UsageError(f"a search has levels that leave nothing to be tuned: {each.name}", "vary the key itself: low and high")

    def _check_asked(self) -> None:
        known = {each.name: [level.name for level in each.levels] for each in self.factors}
        if bool(self.questions) != (self.design == "questions"):
            raise UsageError(f"questions belong to the design of this name: {self.design}", 'design = "questions" with [[questions]]')
        for each in self.questions:
            each.check(known)
        if self.procedure == "transfer" and self.design not in ("questions", "grid", "one-at-a-time"):
            raise UsageError(f"a transfer is no such design: {self.design}", "questions, grid or one-at-a-time")
        if self.transfers and (self.compare, self.also) != ("accuracy", ""):
            raise UsageError(
                f"what a transfer gives is the accuracy of each fold, not: {self.also or self.compare}", 'compare = "accuracy"'
            )
        if self.bodies and self.procedure != "transfer":
            raise UsageError(f"bodies are for a transfer: {self.bodies[0].name}", 'procedure = "transfer"')
        if self.worth is not None and self.worth.of not in known:
            raise UsageError(f"worth is of no factor of this study: {self.worth.of}", nearest(self.worth.of, tuple(known)))

    @property
    def transfers(self) -> bool:
        """Whether its trials are cross-validations of what is reused."""
        return self.procedure == "transfer"

    @property
    def brings_recipes(self) -> bool:
        """Whether its bodies or the levels of a factor bring a recipe of their own each, so that none is needed to start from."""
        return self.transfers or any(each.levels and all(level.recipe for level in each.levels) for each in self.factors)

    def as_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        return asdict(self)

    def budget(self, name: str) -> Budget:
        """The budget of this name, as far as the study tells it; :class:`UsageError` for another name."""
        if name not in BUDGETS:
            raise UsageError(f"unknown budget: {name}", nearest(name, BUDGETS))
        return self.budgets.get(name, Budget())

    def within(self, budget: Budget) -> tuple[Factor, ...]:
        """The factors with the levels that this budget tries; :class:`UsageError` where it names others."""
        known = {each.name: each for each in self.factors}
        for name, levels in budget.values.items():
            if name not in known:
                raise UsageError(f"the study {self.name} has no factor {name}", nearest(name, tuple(known)))
            for each in levels:
                known[name].level(each)
            if levels and self.design == "add-and-leave-out" and len(levels) != 2:
                raise UsageError(f"what is added and left out is off or on, two levels: {name}", "none leaves it out of the study")
        return tuple(_narrowed(each, budget.values) for each in self.factors if budget.values.get(each.name, True))


def _narrowed(of: Factor, chosen: Mapping[str, tuple[str, ...]]) -> Factor:
    """The factor with these levels and its base, which is the first level where nothing else can be."""
    if of.name not in chosen or of.range:
        return of
    wanted = {*chosen[of.name], of.base or (of.levels[0].name if not of.key else "")}
    return replace(of, levels=tuple(each for each in of.levels if each.name in wanted))


def names() -> tuple[str, ...]:
    """The names of the studies that come with inkread."""
    folder = files(__package__).joinpath("shipped")
    return tuple(sorted(each.name.removesuffix(".toml") for each in folder.iterdir() if each.name.endswith(".toml")))


def text_of(which: str | Path) -> str:
    """The TOML of the study of this name, or of the file at this path; :class:`SourceNotFound` where there is none."""
    path = Path(which)
    if path.suffix == ".toml" or path.is_file():
        if not path.is_file():
            raise SourceNotFound(f"no study at: {path}", nearest(str(which), names()))
        try:
            return path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            raise UsageError(f"{which} is no TOML: it is no text in UTF-8") from None
    if str(which) not in names():
        raise SourceNotFound(f"no study of this name: {which}", nearest(str(which), names()))
    return files(__package__).joinpath("shipped", f"{which}.toml").read_text(encoding="utf-8")


def load(which: str | Path) -> Study:
    """The study of this name, or the one in the TOML file at this path. Errors as :func:`text_of` and :func:`parse`."""
    return parse(text_of(which), str(which))


def parse(text: str, where: str = "study") -> Study:
    """The study written in this TOML; :class:`UsageError` where it cannot be one, with the nearest key where one is unknown."""
    try:
        told = dict(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{where} is no TOML: {error}") from None
    factors, budgets = told.pop("factors", []), told.pop("budgets", {})
    if not isinstance(factors, list):
        raise UsageError(f"factors must be a row of tables: {factors!r}", "write [[factors]]")
    if not isinstance(budgets, Mapping):
        raise UsageError(f"budgets must be a table of tables: {budgets!r}", "write [budgets.small]")
    if not isinstance(told.get("set", {}), Mapping):
        raise UsageError(f"set must be a table of keys and values: {told['set']!r}")
    for key in ("bodies", "questions"):
        if not isinstance(told.get(key, []), list):
            raise UsageError(f"{key} must be a row of tables: {told[key]!r}", f"write [[{key}]]")
    built = {
        "set": flat_keys(told.get("set", {})),
        "factors": tuple(factor(each, f"factors[{at}]") for at, each in enumerate(factors)),
        "bodies": tuple(_body(each, f"bodies[{at}]") for at, each in enumerate(told.get("bodies", []))),
        "questions": tuple(question(each, f"questions[{at}]") for at, each in enumerate(told.get("questions", []))),
        "worth": values(Worth, told["worth"], f"{where}.worth") if "worth" in told else None,
        "budgets": {name: _budget(each, f"budgets.{name}") for name, each in budgets.items()},
    }
    return values(Study, told | built, where)


def _body(told: object, where: str) -> Body:
    if isinstance(told, Mapping) and "set" in told:
        if not isinstance(told["set"], Mapping):
            raise UsageError(f"{where}.set must be a table of keys and values: {told['set']!r}")
        told = {**told, "set": flat_keys(told["set"])}
    return values(Body, told, where)


def _budget(told: object, where: str) -> Budget:
    if isinstance(told, Mapping):
        for key in ("set", "values"):
            if not isinstance(told.get(key, {}), Mapping):
                raise UsageError(f"{where}.{key} must be a table of keys and values: {told[key]!r}")
        for name, each in told.get("values", {}).items():
            if not isinstance(each, list):
                raise UsageError(f"{where}.values.{name} must be a row of levels: {each!r}")
        levels = {name: tuple(map(called, each)) for name, each in told.get("values", {}).items()}
        told = {**told, "set": flat_keys(told.get("set", {})), "values": levels}
    return values(Budget, told, where)
