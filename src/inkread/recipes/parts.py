"""The parts of a recipe: which pictures, which network, how its weights are found, what a picture may suffer."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..errors import UsageError, nearest

OPTIMIZERS = ("adam", "adamw", "muon", "rmsprop", "sgd")
SCHEDULES = ("constant", "cosine", "one-cycle", "plateau", "step")
IMBALANCES = ("none", "weights", "sampler", "prior-correction")
PRECISIONS = ("float32", "bfloat16", "float16")
BITS = (8, 32)

USED_BY = {
    "warmup": ("schedule", ("constant", "one-cycle", "plateau", "step")),
    "factor": ("schedule", ("step", "plateau")),
    "plateau": ("schedule", ("plateau",)),
    "beta2": ("optimizer", ("adam", "adamw", "rmsprop", "muon")),
    "epsilon": ("optimizer", ("adam", "adamw", "rmsprop", "muon")),
}
"""Values of a training that only some schedules or optimisers use."""


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
        _within(f"renderings of {self.name}", self.renderings, 1, None)
        _within(f"repeat of {self.name}", self.repeat, 0, None)
        _within(f"paper of {self.name}", self.paper, 0, 1)
        _within(f"validation of {self.name}", self.validation, -1, 1, last=False)


@dataclass(frozen=True)
class NetworkUse:
    """Which network.

    In TOML the settings stand beside the name: ``[network]``, ``name = "mlp"``, ``layers = 2``.

    ``name``: one of ``inkread.networks``, or ``module:Class``. ``settings``: those of its family, ``inkread recipes NAME`` tells
    them.
    """

    name: str = "residual"
    settings: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "settings", {key: _frozen(value) for key, value in self.settings.items()})

    def as_dict(self) -> dict[str, Any]:
        """The name and the settings in one table."""
        return {"name": self.name, **self.settings}

    @classmethod
    def from_dict(cls, told: object) -> NetworkUse:
        """The network of such a table; :class:`UsageError` where it has no name."""
        if not isinstance(told, Mapping) or not isinstance(told.get("name"), str):
            raise UsageError(f"network must be a table with a name: {told!r}")
        return cls(told["name"], {key: value for key, value in told.items() if key != "name"})


@dataclass(frozen=True)
class Training:
    """How the weights are found.

    ``epochs``: how often all pictures are seen, at most. ``batch``: pictures a step. ``keep_last``: whether an epoch ends
    with the incomplete batch, as Keras' does.

    ``optimizer``: sgd, adam, adamw, rmsprop or muon. ``rate``: the highest learning rate. ``momentum``: that of sgd, muon
    and rmsprop, beta1 of adam and adamw. ``beta2``: memory of the squared gradients (adam's beta2, rmsprop's rho).
    ``epsilon``: what is added to their root before one divides by it. ``decay``: weight decay, not on norms and biases.
    ``clip``: largest norm of the gradient (0: not clipped).

    ``schedule``: how the rate goes: ``one-cycle`` rises over the warm-up and falls along a cosine (Smith & Topin 2018),
    ``cosine`` only falls, ``step`` falls at the shares in ``steps``, ``plateau`` where it gets no better, ``constant``
    stays. ``warmup``: share of all steps in which the rate rises (``cosine`` has none). ``factor``: what step and plateau
    multiply the rate by. ``steps``: shares of the training at which step does so. ``plateau``: epochs without a better
    value after which plateau does so.

    ``average``: decay of the moving average of the weights, which is what is validated and kept (0: none).
    ``smoothing``: share of each target spread over the classes, as frequent as the loss takes them to be.
    ``mixup``: alpha of the Beta distribution by which pairs of pictures are mixed (Zhang et al. 2018; 0: none).

    ``imbalance``: ``none``, every picture counts the same, the network learns how frequent classes are; ``weights``, a
    class counts the less the more pictures it has; ``sampler``, so many more are drawn of it; ``prior-correction``, the
    log prior of each source is added to the logits in the loss (Menon et al. 2021), which come out free of it. However it
    is trained, logits that leave a run are free of priors: what was learnt of them is taken out.

    ``distillation``: where teachers are named, the share of the loss that comes from them, the rest from the labels.
    ``temperature``: by which teachers and network are softened for that (Hinton et al. 2015).

    ``precision``: float32, or mixed with bfloat16 or float16. ``patience``: epochs without a better value before stopping
    (0: never). ``validation``: share of each source held back, stratified, where it brings no validation part.
    ``split``: the number that draws it, apart from the seed, so that runs of several seeds hold back the same pictures.
    ``choose_by``: the value whose best epoch is kept, ``SOURCE/METRIC`` or ``mean/METRIC`` (mean of the sources), or
    ``last`` for the last one. ``callbacks``: Lightning callbacks of one's own, each ``module:Class``, made without arguments.
    """

    epochs: int = 20
    batch: int = 256
    keep_last: bool = False
    optimizer: str = "adamw"
    rate: float = 2e-3
    momentum: float = 0.9
    beta2: float = 0.99
    epsilon: float = 1e-8
    decay: float = 0.02
    clip: float = 0.0
    schedule: str = "one-cycle"
    warmup: float = 0.1
    factor: float = 0.1
    steps: tuple[float, ...] = ()
    plateau: int = 3
    average: float = 0.998
    smoothing: float = 0.0
    mixup: float = 0.0
    imbalance: str = "prior-correction"
    distillation: float = 0.7
    temperature: float = 2.0
    precision: str = "float32"
    patience: int = 0
    validation: float = 0.05
    split: int = 1
    choose_by: str = "mean/loss"
    callbacks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _one_of("optimizer", self.optimizer, OPTIMIZERS)
        _one_of("schedule", self.schedule, SCHEDULES)
        _one_of("way with imbalance", self.imbalance, IMBALANCES)
        _one_of("precision", self.precision, PRECISIONS)
        for name in ("epochs", "batch", "plateau"):
            _within(f"training.{name}", getattr(self, name), 1, None)
        for name in ("momentum", "beta2", "average", "smoothing", "warmup"):
            _within(f"training.{name}", getattr(self, name), 0, 1, last=False)
        for name in ("decay", "clip", "mixup", "patience", "split"):
            _within(f"training.{name}", getattr(self, name), 0, None)
        for name in ("rate", "epsilon", "temperature", "validation"):
            _within(f"training.{name}", getattr(self, name), 0, None, first=False)
        _within("training.validation", self.validation, 0, 1, first=False, last=False)
        _within("training.distillation", self.distillation, 0, 1)
        _within("training.factor", self.factor, 0, 1, first=False)
        for share in self.steps:
            _within("training.steps", share, 0, 1, first=False, last=False)
        if (self.schedule == "step") != bool(self.steps):
            raise UsageError(f"the schedule `step` and its steps belong together: {self.schedule}, {list(self.steps)}")

    def check_used(self, name: str) -> None:
        """:class:`UsageError` where somebody has set ``name`` to a value of his own that the schedule or the optimiser has no use for."""
        if name not in USED_BY or getattr(self, name) == getattr(Training, name):
            return
        of, users = USED_BY[name]
        if getattr(self, of) not in users:
            raise UsageError(f"training.{name} does nothing with {of} = {getattr(self, of)}", f"it is for {' and '.join(users)}")


@dataclass(frozen=True)
class Augmentation:
    """How far a training picture is changed each time it is seen; 0 everywhere changes nothing. Never a flip.

    Sigmas are those of normal distributions, cut at twice.

    ``share``: how many of the pictures are changed at all. ``rotation``: sigma in degrees. ``slant``: sigma in degrees.
    ``scale``: sigma of the size, as a log ratio. ``stretch``: sigma of width against height, as a log ratio. ``shift``:
    sigma in pixels. ``bend``: sigma in pixels of the elastic bend (Simard et al. 2003). ``stroke``: up to which share the
    ink is grown or thinned by a pixel (grey dilation, erosion). ``blur``: up to which share a 3x3 binomial blur is mixed
    in. ``contrast``: up to how much greys x of 0..1 are lightened or darkened, by that times x (1 - x). ``noise``: sigma of
    Gaussian noise, as a share of white. ``erase``: share of pictures that lose a square of 3 to 7 pixels (cutout, DeVries & Taylor 2017).
    """

    share: float = 0.9
    rotation: float = 0.0
    slant: float = 0.0
    scale: float = 0.0
    stretch: float = 0.0
    shift: float = 0.0
    bend: float = 0.0
    stroke: float = 0.0
    blur: float = 0.0
    contrast: float = 0.0
    noise: float = 0.0
    erase: float = 0.0

    @property
    def changes(self) -> bool:
        """Whether any picture is changed at all: some are, and something is not 0."""
        return bool(self.share) and any(value for name, value in vars(self).items() if name != "share")

    def __post_init__(self) -> None:
        for name in ("share", "stroke", "blur", "contrast", "erase"):
            _within(f"augmentation.{name}", getattr(self, name), 0, 1)
        for name in ("rotation", "slant", "scale", "stretch", "shift", "bend", "noise"):
            _within(f"augmentation.{name}", getattr(self, name), 0, None)


@dataclass(frozen=True)
class LeaveOut:
    """How one knows what the reader does to a stranger's hand: some sources are left out of a first training, and then read by it.

    ``sources``: those that are left out of the first training. ``epochs``: how long that is (0: as the recipe's).
    """

    sources: tuple[str, ...] = ()
    epochs: int = 0

    def __post_init__(self) -> None:
        _within("leave_out.epochs", self.epochs, 0, None)


@dataclass(frozen=True)
class Finish:
    """How the weights of the first training get to see what was left out of it.

    ``epochs``: so many more, with all sources (0: the full training starts anew and is as long as the recipe says).
    ``rate``: the highest learning rate of these. ``share``: how many pictures are augmented in these.
    """

    epochs: int = 0
    rate: float = 4e-4
    share: float = 0.6

    def __post_init__(self) -> None:
        _within("finish.epochs", self.epochs, 0, None)
        _within("finish.rate", self.rate, 0, None, first=False)
        _within("finish.share", self.share, 0, 1)


@dataclass(frozen=True)
class Export:
    """What of the finished network travels.

    ``bits``: width of its numbers: 32 (float32, as it was trained) or 8 (whole numbers, a quarter of the size, two to three
    times as fast, other in some of a hundred unsure answers).
    """

    bits: int = 32

    def __post_init__(self) -> None:
        if self.bits not in BITS:
            raise UsageError(f"a network is exported with 8 or 32 bits: {self.bits}")


def _frozen(value: Any) -> Any:
    """Rows as tuples, so that what TOML gives compares equal with what code writes."""
    if isinstance(value, list | tuple):
        return tuple(_frozen(each) for each in value)
    return {key: _frozen(each) for key, each in value.items()} if isinstance(value, Mapping) else value


def _one_of(what: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise UsageError(f"unknown {what}: {value}", nearest(value, known))


def _within(name: str, value: float, low: float, high: float | None, *, first: bool = True, last: bool = True) -> None:
    """``low``..``high`` (None: no end); ``first`` and ``last`` say whether the ends belong to it."""
    below = value < low or (value == low and not first)
    above = high is not None and (value > high or (value == high and not last))
    if below or above or not math.isfinite(value):
        start = f"{'at least' if first else 'above'} {low:g}"
        end = " and finite" if high is None and value > low else "" if high is None else f" and {'at most' if last else 'below'} {high:g}"
        raise UsageError(f"{name} must be {start}{end}: {value:g}")
