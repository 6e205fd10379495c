"""What a bundle knows about itself: the manifest that travels in the metadata of its ONNX file.

Format 1 (DESIGN, "The file that travels"). The graph has the input ``pictures`` uint8 (N, 28, 28), white ink on black,
and the outputs ``logits`` float32 (N, K) and ``features`` float32 (N, D). The logits are free of priors: softmax(logits /
temperature) is the answer where all K characters are equally likely. The metadata are those of :data:`KEYS`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..alphabet import NAMED, Alphabet
from ..errors import AlphabetError, BundleError
from ..preparation import Preparation

FORMAT = 1
"""The newest format that this inkread reads, and the one that it writes."""

PREFIX = "inkread."
MAX_LEFT_OUT = 4_000
MAX_CLASSES = 10_000
MAX_INPUTS = 100_000
SIDE = 28

KEYS: dict[str, str] = {
    "inkread.format": "number of this format, a whole number",
    "inkread.name": "how the reader is called",
    "inkread.characters": "the K answers in the order of the logits, one character each",
    "inkread.stands_for": "JSON: for each answer the characters of handwriting that it stands for",
    "inkread.preparation": "JSON: the settings of the preparation that the network was trained with",
    "inkread.temperature": "what the logits are divided by before the softmax, above 0",
    "inkread.case_weight": "0..1: how much of a letter counts towards its other case where its own case is left out",
    "inkread.main_source": "the source whose counts are the prior `training`",
    "inkread.counts": "JSON: for each source, how many training pictures each character had; a key of several characters is one whose "
    "case was not told",
    "inkread.risk": "JSON: `rows`, `classes`; `logits` float16 (rows, classes) and `targets` int16 (rows,) of left-out pictures as "
    "text (base64 of zlib of the bytes, low bytes first, then high ones); `sources`, one name a row as [name, rows] runs",
    "inkread.recipe": "JSON: the recipe that trained the network",
    "inkread.data": "JSON: SHA-256 of the bytes of each source that influenced it",
    "inkread.figures": "JSON: what was measured on it",
    "inkread.head": "may be absent. JSON: a last layer taught later, in place of the logits: `characters`, `inputs` (D), `weights` "
    "float32 (D, K'), `bias` float32 (K',), `temperature`, `risk` (as above, or null)",
    "inkread.graph_digest": "SHA-256 of the file without its metadata",
    "inkread.manifest_digest": "SHA-256 of all other keys of inkread and their values",
}
"""Every key of the metadata and what its text holds. All but `inkread.head` are needed: what is missing is never guessed."""

OPTIONAL = ("inkread.head",)


@dataclass(frozen=True, eq=False)
class RiskData:
    """What the network said to pictures that were left out of its training: from it thresholds are computed.

    ``logits``: float16 (n, K), not divided by the temperature. ``targets``: int16 (n,), the classes. ``sources``: n names.
    At most 4,000 rows; :class:`BundleError` where the three do not fit together.
    """

    logits: NDArray[np.float16]
    targets: NDArray[np.int16]
    sources: Sequence[str] = ()

    def __post_init__(self) -> None:
        logits, targets = np.asarray(self.logits, np.float16), np.asarray(self.targets, np.int16)
        object.__setattr__(self, "logits", logits)
        object.__setattr__(self, "targets", targets)
        object.__setattr__(self, "sources", tuple(self.sources) or ("",) * len(targets))
        if logits.ndim != 2 or targets.shape != logits.shape[:1] or len(self.sources) != len(targets):
            raise BundleError(f"risk data that do not fit together: {logits.shape}, {targets.shape}, {len(self.sources)} sources")
        if len(targets) > MAX_LEFT_OUT:
            raise BundleError(f"risk data of more than {MAX_LEFT_OUT} pictures: {len(targets)}")
        if len(targets) and not (targets.min() >= 0 and targets.max() < logits.shape[1] and np.isfinite(logits).all()):
            raise BundleError("risk data with a class or a number that cannot be")

    def __len__(self) -> int:
        return len(self.targets)

    @classmethod
    def none(cls, classes: int) -> RiskData:
        """No left-out pictures: a reader with this can reject below a probability, but not by an error."""
        return cls(np.zeros((0, classes), np.float16), np.zeros(0, np.int16))


@dataclass(frozen=True, eq=False)
class Head:
    """A last layer that was taught after training: logits = features @ weights + bias.

    ``characters``: its K' answers. ``weights``: float32 (D, K'). ``bias``: float32 (K',). ``temperature``: that of its
    logits. ``risk``: its logits for pictures left out of the teaching, or None.
    """

    characters: str
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    temperature: float = 1.0
    risk: RiskData | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "weights", np.asarray(self.weights, np.float32))
        object.__setattr__(self, "bias", np.asarray(self.bias, np.float32))
        classes = len(_checked(self.characters, ()))
        if self.weights.ndim != 2 or self.weights.shape[1] != classes or self.bias.shape != (classes,):
            raise BundleError(f"a head of {classes} characters with weights {self.weights.shape} and bias {self.bias.shape}")
        if not (np.isfinite(self.weights).all() and np.isfinite(self.bias).all()):
            raise BundleError("a head with weights that are no numbers")
        _positive("the head's temperature", self.temperature)
        if self.risk is not None and self.risk.logits.shape[1] != classes:
            raise BundleError(f"risk data of {self.risk.logits.shape[1]} classes for a head of {classes}")


@dataclass(frozen=True, eq=False, kw_only=True)
class Manifest:
    """Everything a reader must know beside the graph; the meaning of each field stands in :data:`KEYS`.

    Raises :class:`BundleError` where the fields contradict each other.
    """

    name: str
    characters: str
    stands_for: tuple[str, ...] = ()
    preparation: Preparation = field(default_factory=Preparation)
    temperature: float = 1.0
    case_weight: float = 0.0
    main_source: str
    counts: Mapping[str, Mapping[str, int]]
    risk: RiskData
    recipe: Mapping[str, object] = field(default_factory=dict)
    data: Mapping[str, str] = field(default_factory=dict)
    figures: Mapping[str, object] = field(default_factory=dict)
    head: Head | None = None
    graph_digest: str = ""
    format: int = FORMAT

    def __post_init__(self) -> None:
        classes = len(_checked(self.characters, self.stands_for))
        _positive("the temperature", self.temperature)
        if not 0.0 <= self.case_weight <= 1.0:
            raise BundleError(f"the case weight is not in 0..1: {self.case_weight}")
        settings = self.preparation
        if settings.side != SIDE or not (1 <= settings.ink <= SIDE and 0 < settings.stroke <= SIDE and 0 <= settings.blur <= SIDE):
            raise BundleError(f"a preparation that gives no pictures of {SIDE}x{SIDE}: {settings.as_dict()}")
        if self.main_source not in self.counts:
            raise BundleError(f"there are no counts of the main source: {self.main_source}")
        if self.risk.logits.shape[1] != classes:
            raise BundleError(f"risk data of {self.risk.logits.shape[1]} classes for {classes} characters")

    @cached_property
    def alphabet(self) -> Alphabet:
        """What the graph tells: the alphabet of its logits."""
        return _checked(self.characters, self.stands_for)

    @cached_property
    def answers(self) -> Alphabet:
        """What the reader tells: the alphabet of the taught head where there is one, else that of the graph."""
        return Alphabet(self.head.characters) if self.head else self.alphabet

    @property
    def left_out(self) -> RiskData | None:
        """The risk data of what the reader tells; None where a head was taught without any."""
        return self.head.risk if self.head else self.risk


def _checked(characters: str, stands_for: tuple[str, ...]) -> Alphabet:
    size = max(len(characters), sum(map(len, stands_for)))
    if size > MAX_CLASSES:
        raise BundleError(f"more than {MAX_CLASSES} characters: {size}")
    try:
        told = Alphabet(characters, stands_for)
    except AlphabetError as error:
        raise BundleError(f"characters of a bundle that are no alphabet: {error}") from None
    return next((known for known in NAMED.values() if known == told), told)


def _positive(what: str, value: float) -> None:
    if not (np.isfinite(value) and value > 0):
        raise BundleError(f"{what} is not above 0: {value}")
