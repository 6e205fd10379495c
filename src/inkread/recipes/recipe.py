"""What one training is: data, network, schedule and augmentation, as a frozen value that reads and writes TOML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from ..alphabet import alphabet
from ..errors import RunError, UsageError, nearest
from ..preparation import Preparation
from .parts import Augmentation, Export, Finish, LeaveOut, NetworkUse, SourceUse, Training
from .values import values

SIDE = 28
"""Pixels of the edge of what every network reads."""


@dataclass(frozen=True)
class Recipe:
    """Everything that, with the data, decides what a training gives.

    ``name``: how runs call it. ``sources``: none in a recipe for any data (:meth:`on` gives it some). ``claim``: what it is good
    for, in a sentence. ``seed``: with which all drawing begins: first weights, order, augmentation.
    ``alphabet``: the answers, by name or as characters; empty until the data are known, whose labels then decide.
    ``main_source``: whose class counts are the prior `training`; the first, where none is named.
    """

    name: str
    sources: tuple[SourceUse, ...] = ()
    claim: str = field(default="", compare=False)
    seed: int = 1
    alphabet: str = ""
    main_source: str = ""
    preparation: Preparation = field(default_factory=Preparation)
    network: NetworkUse = field(default_factory=NetworkUse)
    training: Training = field(default_factory=Training)
    augmentation: Augmentation = field(default_factory=Augmentation)
    leave_out: LeaveOut = field(default_factory=LeaveOut)
    finish: Finish = field(default_factory=Finish)
    export: Export = field(default_factory=Export)

    def __post_init__(self) -> None:
        names = [each.name for each in self.sources]
        if self.seed < 0:
            raise UsageError(f"a seed is a whole number from 0: {self.seed}")
        if self.preparation.side != SIDE:
            raise UsageError(f"networks read pictures of {SIDE}x{SIDE} pixels, not of side {self.preparation.side}")
        if len(set(names)) < len(names):
            raise UsageError(f"a recipe has each source once: {', '.join(names)}")
        if self.alphabet:
            alphabet(self.alphabet)
        for name in (*self.leave_out.sources, *([self.main_source] if self.main_source else [])):
            if name not in names:
                raise UsageError(f"the recipe has no source of this name: {name}", nearest(name, tuple(names)))
        if names and not self.main_source:
            object.__setattr__(self, "main_source", names[0])

    def as_dict(self) -> dict[str, Any]:
        """The recipe as plain values, for TOML and JSON."""
        told = asdict(self)
        told["preparation"] = self.preparation.as_dict()
        told["sources"] = [asdict(each) for each in self.sources]
        told["network"] = self.network.as_dict()
        return told

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Recipe:
        """The recipe of these values; :class:`UsageError` naming the nearest key where one is unknown or of a wrong type."""
        parts = dict(told)
        built: dict[str, Any] = {}
        if "preparation" in parts:
            if not isinstance(parts["preparation"], Mapping):
                raise UsageError(f"preparation must be a table of keys and values: {parts['preparation']!r}")
            built["preparation"] = Preparation.from_dict(parts.pop("preparation"))
        if "network" in parts:
            built["network"] = NetworkUse.from_dict(parts.pop("network"))
        if "sources" in parts:
            if not isinstance(parts["sources"], list | tuple):
                raise UsageError(f"sources must be a row of tables: {parts['sources']!r}")
            built["sources"] = tuple(values(SourceUse, each, f"sources[{at}]") for at, each in enumerate(parts.pop("sources")))
        for key, kind in PARTS.items():
            if key in parts:
                built[key] = values(kind, parts.pop(key), key)
        return values(cls, parts | built, "recipe")

    def on(self, sources: Sequence[SourceUse], characters: str) -> Recipe:
        """The recipe for one training on these sources, with this alphabet; its own alphabet stays where it names one."""
        main = self.main_source if self.main_source in {each.name for each in sources} else ""
        told = self.alphabet or characters
        return replace(self, sources=tuple(sources), main_source=main, alphabet=told, leave_out=LeaveOut(), finish=Finish())

    def without(self, *names: str) -> Recipe:
        """The recipe that leaves these sources out; :class:`RunError` where it has no such source or none remains."""
        known = [each.name for each in self.sources]
        unknown = [each for each in names if each not in known]
        if unknown:
            raise RunError(f"the recipe {self.name} has no source {', '.join(unknown)}", f"it has {', '.join(known)}")
        kept = tuple(each for each in self.sources if each.name not in names)
        if not kept:
            raise RunError("no source is left to train on")
        leave_out = replace(self.leave_out, sources=tuple(each for each in self.leave_out.sources if each not in names))
        main = self.main_source if self.main_source not in names else kept[0].name
        return replace(self, sources=kept, main_source=main, leave_out=leave_out)

    def first(self) -> Recipe:
        """The first training: without the sources that are left out of it."""
        return self.without(*self.leave_out.sources).changed({"training.epochs": self.leave_out.epochs or self.training.epochs})

    def last(self) -> Recipe:
        """The training with all sources: short and gentle where it goes on from the first one."""
        if not self.finish.epochs:
            return self
        finish = self.finish
        return self.changed({"training.epochs": finish.epochs, "training.rate": finish.rate, "augmentation.share": finish.share})

    def changed(self, changes: Mapping[str, Any]) -> Recipe:
        """The recipe with values changed by dotted key: ``{"training.epochs": 3, "sources.photo.repeat": 2.0}``."""
        told = self.as_dict()
        for key, value in changes.items():
            *way, last = key.split(".")
            place: Any = told
            for step in way:
                place = _step(place, step, key)
            if isinstance(place, list) or (last not in place and way != ["network"]):
                raise UsageError(f"the recipe has no value {key}", "keys are dotted, such as training.epochs")
            place[last] = value
        return Recipe.from_dict(told)


PARTS: dict[str, type] = {
    "training": Training,
    "augmentation": Augmentation,
    "leave_out": LeaveOut,
    "finish": Finish,
    "export": Export,
}


def _step(place: Any, step: str, key: str) -> Any:
    if isinstance(place, list):
        place = {each["name"]: each for each in place}
    if not isinstance(place, dict) or not isinstance(place.get(step), dict | list):
        raise UsageError(f"the recipe has no value {key}", "keys are dotted, such as training.epochs")
    return place[step]
