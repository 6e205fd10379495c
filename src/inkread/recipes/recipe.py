"""What one training is: data, network, schedule and augmentation, as a frozen value that reads and writes TOML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from ..alphabet import alphabet
from ..errors import RunError, UsageError, nearest
from ..preparation import Preparation
from .values import values

OPTIMIZERS = ("adamw", "sgd")
PRECISIONS = ("float32", "bfloat16")
BITS = (8, 32)


@dataclass(frozen=True)
class SourceUse:
    """How one source of pictures is used.

    ``name``: how runs, counts and options call it. ``data``: what ``datasets.load`` is given, relative to the data
    folder (``+`` joins several). ``repeat``: how often each of its pictures is drawn an epoch (0.5: every second one).
    ``renderings``: versions of each picture; the first is the plain one. ``paper``: share of the further renderings
    that are put on paper (light, rules, borders, JPEG) and prepared again; the others of a pen's strokes differ by the
    pen. ``validation``: share of the source held back to validate on; -1 takes that of the training.
    """

    name: str
    data: str
    repeat: float = 1.0
    renderings: int = 1
    paper: float = 1.0
    validation: float = -1.0

    def __post_init__(self) -> None:
        if self.renderings < 1 or self.repeat < 0 or not 0.0 <= self.paper <= 1.0 or self.validation >= 1.0:
            raise UsageError(f"a source needs renderings >= 1, repeat >= 0, paper in 0..1 and validation < 1: {self}")


@dataclass(frozen=True)
class NetworkUse:
    """Which network: its ``name`` in ``inkread.networks`` and the settings of its family."""

    name: str = "residual"
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Training:
    """How the weights are found.

    ``batch``: pictures a step. ``rate``: the highest learning rate; it rises over ``warmup`` (share of all steps) and
    falls along a cosine (one cycle, Smith & Topin 2018). ``decay``: weight decay, not on norms and biases. ``average``:
    decay of the moving average of the weights, which is what is validated and kept (0: none). ``smoothing``: share of
    each target spread over the source's prior. ``adjustment``: how much of the source's log prior is added to the
    logits in the loss (Menon et al. 2021; 1 leaves the output free of priors, 0 is ordinary training). ``precision``:
    ``float32`` or ``bfloat16``. ``patience``: epochs without a better value before stopping (0: never). ``validation``:
    share of each source held back, stratified. ``choose_by``: the value whose best epoch is kept, ``SOURCE/METRIC`` or
    ``mean/METRIC`` (mean of the sources).
    """

    epochs: int = 20
    batch: int = 256
    optimizer: str = "adamw"
    rate: float = 2e-3
    warmup: float = 0.1
    decay: float = 0.02
    average: float = 0.998
    smoothing: float = 0.0
    adjustment: float = 1.0
    precision: str = "bfloat16"
    patience: int = 0
    validation: float = 0.05
    choose_by: str = "mean/loss"

    def __post_init__(self) -> None:
        if self.optimizer not in OPTIMIZERS:
            raise UsageError(f"unknown optimizer: {self.optimizer}", f"known: {', '.join(OPTIMIZERS)}")
        if self.precision not in PRECISIONS:
            raise UsageError(f"unknown precision: {self.precision}", f"known: {', '.join(PRECISIONS)}")
        if self.epochs < 1 or self.batch < 1 or not 0.0 < self.validation < 1.0:
            raise UsageError(f"epochs and batch are at least 1 and validation lies between 0 and 1: {self}")


@dataclass(frozen=True)
class Augmentation:
    """How far a training picture is changed each time it is seen; 0 everywhere changes nothing. Never a flip.

    ``share``: of the pictures that are changed at all. Sigmas of normal distributions (cut at twice): ``rotation`` and
    ``slant`` in degrees, ``scale`` and ``stretch`` (width against height) as log ratios, ``shift`` in pixels, ``bend``
    in pixels (elastic, Simard et al. 2003). ``stroke``: up to which share the ink is grown or thinned by a pixel
    (grey dilation, erosion). ``blur``: up to which share a 3x3 binomial blur is mixed in. ``contrast``: up to which
    exponent's logarithm greys are bent. ``erase``: share of pictures that lose a square of 3 to 7 pixels.
    """

    share: float = 0.9
    rotation: float = 5.0
    slant: float = 8.0
    scale: float = 0.06
    stretch: float = 0.08
    shift: float = 1.0
    bend: float = 0.8
    stroke: float = 0.5
    blur: float = 0.5
    contrast: float = 0.3
    erase: float = 0.05


@dataclass(frozen=True)
class LeaveOut:
    """How one knows what the reader does to a stranger's hand: ``sources`` are left out of a first training, ``epochs``
    long (0: as the recipe's), and their pictures are then read by that."""

    sources: tuple[str, ...] = ()
    epochs: int = 0


@dataclass(frozen=True)
class Finish:
    """How the weights of the first training get to see what was left out of it: ``epochs`` more with all sources at the
    highest rate ``rate``, ``share`` of the pictures augmented. 0 epochs: the full training starts anew instead and is
    as long as the recipe says."""

    epochs: int = 0
    rate: float = 4e-4
    share: float = 0.6


@dataclass(frozen=True)
class Export:
    """What of the finished network travels: ``bits`` of its numbers, 32 (float32, as it was trained) or 8 (whole numbers:
    a quarter of the size, two to three times as fast, other in some of a hundred unsure answers)."""

    bits: int = 32

    def __post_init__(self) -> None:
        if self.bits not in BITS:
            raise UsageError(f"a network is exported with 8 or 32 bits: {self.bits}")


@dataclass(frozen=True)
class Recipe:
    """Everything that, with the data, decides what a training gives."""

    name: str
    sources: tuple[SourceUse, ...]
    claim: str = ""
    seed: int = 1
    alphabet: str = "byclass"
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
        if not names or len(set(names)) < len(names):
            raise UsageError(f"a recipe needs sources, each name once: {', '.join(names) or 'none'}")
        alphabet(self.alphabet)
        for name in (*self.leave_out.sources, *([self.main_source] if self.main_source else [])):
            if name not in names:
                raise UsageError(f"the recipe has no source of this name: {name}", nearest(name, tuple(names)))
        if not self.main_source:
            object.__setattr__(self, "main_source", names[0])

    def as_dict(self) -> dict[str, Any]:
        """The recipe as plain values, for TOML and JSON."""
        told = asdict(self)
        told["preparation"] = self.preparation.as_dict()
        told["sources"] = [asdict(each) for each in self.sources]
        told["network"] = {"name": self.network.name, "settings": dict(self.network.settings)}
        return told

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Recipe:
        """The recipe of these values; :class:`UsageError` naming the nearest key where one is unknown or of a wrong type."""
        parts = dict(told)
        built: dict[str, Any] = {}
        if "preparation" in parts:
            built["preparation"] = Preparation.from_dict(parts.pop("preparation"))
        if "sources" in parts:
            if not isinstance(parts["sources"], list | tuple):
                raise UsageError(f"sources must be a row of tables: {parts['sources']!r}")
            built["sources"] = tuple(values(SourceUse, each, f"sources[{at}]") for at, each in enumerate(parts.pop("sources")))
        for key, kind in PARTS.items():
            if key in parts:
                built[key] = values(kind, parts.pop(key), key)
        return values(cls, parts | built, "recipe")

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
            if isinstance(place, list) or (last not in place and way[:2] != ["network", "settings"]):
                raise UsageError(f"the recipe has no value {key}", "keys are dotted, such as training.epochs")
            place[last] = value
        return Recipe.from_dict(told)


PARTS: dict[str, type] = {
    "network": NetworkUse,
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
