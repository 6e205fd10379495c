"""The reader: pictures in, readings out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import replace
from functools import cached_property, lru_cache
from itertools import islice
from pathlib import Path
from typing import TypedDict, Unpack

import numpy as np
from numpy.typing import NDArray

from ..alphabet import Alphabet, conversion
from ..bundle import Bundle, load
from ..errors import UsageError
from ..picture import Prepared, as_picture, prepare
from ..preparation import Preparation
from .posterior import posterior
from .prior import NAMED, Prior
from .reading import Ranking, Reading
from .session import Session, engine_for
from .threshold import Curve, Threshold, curve

BATCH = 32
FEW = 64
"""Pictures up to which a reader's own session is good enough, whatever the engine and however many threads call."""


class ReaderOptions(TypedDict, total=False):
    """The options of :class:`Reader`, by name."""

    bundle: str | Path | Bundle | None
    alphabet: str | Alphabet | None
    case: str
    prior: Prior
    reject_below: float | None
    max_error: float | None
    engine: str
    threads: int


class Reader:
    """Reads pictures of single characters; safe to share between threads.

    ``bundle``: a shipped one's name, a path, a loaded :class:`~inkread.bundle.Bundle`, or None for the one that inkread
    reads with. ``alphabet``: a name or the characters that may be answered; None for all that the bundle tells. ``case``:
    ``keep``, ``fold`` or ``upper``. ``prior``: ``flat``, ``training``, a path to a file of counts, or counts by character.
    ``reject_below``: the probability from which an answer is sure; ``max_error``: instead of it the share of wrong answers
    among the sure ones, 0..1, from which that probability is computed. ``engine``: ``onnxruntime``, ``openvino`` or
    ``auto``. ``threads``: how many one call computes with.

    Raises :class:`BundleError` for the bundle, :class:`AlphabetError` for alphabet, case and prior, :class:`UsageError`
    for thresholds and engine, :class:`MissingExtra` where the engine is not installed.

    ``alphabet``: the answers as an :class:`Alphabet`. ``threshold``: the probability in use, 0 where none was asked for;
    ``coverage``: the share of left-out pictures that it accepts, ``error``: the share of wrong ones among those.
    """

    def __init__(
        self,
        bundle: str | Path | Bundle | None = None,
        *,
        alphabet: str | Alphabet | None = None,
        case: str = "keep",
        prior: Prior = "flat",
        reject_below: float | None = None,
        max_error: float | None = None,
        engine: str = "auto",
        threads: int = 1,
    ) -> None:
        self.bundle = bundle if isinstance(bundle, Bundle) else load(bundle)
        self.threads = threads
        self._wanted_engine = engine
        self._posterior = posterior(self.bundle.manifest, alphabet, case, prior)
        self.alphabet = self._posterior.conversion.target
        self.threshold = self._chosen(reject_below, max_error)
        self._session = Session(self.bundle, engine, threads)

    @property
    def preparation(self) -> Preparation:
        """The settings that this reader's pictures are prepared with."""
        return self.bundle.manifest.preparation

    @property
    def engine(self) -> str:
        """The engine at work: ``onnxruntime`` or ``openvino``."""
        return self._session.engine

    @property
    def coverage(self) -> float:
        """The share of the bundle's left-out pictures that the threshold accepts, 0..1; NaN where there are none."""
        return self._cost.coverage

    @property
    def error(self) -> float:
        """The share of wrong answers among the left-out pictures that the threshold accepts, 0..1; NaN where there are none."""
        return self._cost.error

    def read(self, picture: object) -> Reading:
        """The reading of one picture: a path, bytes of a file, a Pillow image or an array; :class:`PictureError`."""
        return self.readings([self.prepare(picture)])[0]

    def read_many(self, pictures: Iterable[object]) -> Iterator[Reading]:
        """A reading for each picture, in order, taken from the iterable as they are needed; raises as :meth:`read`."""
        if isinstance(pictures, str | bytes | Path):
            raise UsageError("`read_many` takes several pictures, not one", "`read` takes one")
        rest = iter(pictures)
        while batch := [self.prepare(each) for each in islice(rest, BATCH)]:
            yield from self.readings(batch)

    def prepare(self, picture: object) -> Prepared:
        """The picture as this reader's network will see it."""
        return prepare(as_picture(picture), self.preparation)

    def readings(self, prepared: Sequence[Prepared]) -> list[Reading]:
        """The readings of pictures prepared by :meth:`prepare`."""
        inked = [each for each in prepared if not each.blank]
        seen = np.stack([each.picture for each in inked]) if inked else np.zeros((0, 28, 28), np.uint8)
        probabilities, outside = self._posterior.of(self.logits(seen))
        likeliest = zip(
            probabilities.argmax(axis=1).tolist(), probabilities.max(axis=1).tolist(), probabilities, outside.tolist(), strict=True
        )
        return [_blank(each) if each.blank else self._reading(each, *next(likeliest)) for each in prepared]

    def probabilities(self, pictures: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Probabilities float64 (N, K) over :attr:`alphabet` of prepared pictures uint8 (N, 28, 28)."""
        return self._posterior.of(self.logits(pictures))[0]

    def logits(self, pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        """What the network (or the head that was taught) says of prepared pictures uint8 (N, 28, 28): float32 (N, K).

        Over all answers of the bundle, before temperature, prior and alphabet.
        """
        logits, features = self._session.run(pictures)
        head = self.bundle.manifest.head
        return logits if head is None else features @ head.weights + head.bias

    def features(self, pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        """The inputs of the network's last layer, float32 (N, D), of prepared pictures uint8 (N, 28, 28)."""
        return self._session.run(pictures)[1]

    def unrestricted(self, pictures: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Probabilities float64 (N, K) over all answers of the bundle, whatever the alphabet, of prepared pictures uint8 (N, 28, 28)."""
        everything = conversion(self.bundle.manifest.answers, self.bundle.manifest.answers)
        return replace(self._posterior, conversion=everything).of(self.logits(pictures))[0]

    def expecting(self, pictures: int, callers: int | None = None) -> Reader:
        """This reader set up for so many pictures, read by so many threads at once (``threads`` of them unless told).

        For few pictures that is the reader itself. For many it is another one with the same answers, whose engine is the
        one that ``auto`` means for them, and whose calls compute with one thread each where there are several callers.
        """
        callers = self.threads if callers is None else callers
        engine = engine_for(self._wanted_engine, pictures)
        if pictures <= FEW or (engine == self.engine and callers == 1):
            return self
        other = copy(self)
        other._session = Session(self.bundle, engine, self.threads if callers == 1 else 1, callers)
        return other

    def _chosen(self, reject_below: float | None, max_error: float | None) -> float:
        if reject_below is not None and max_error is not None:
            raise UsageError("`reject_below` and `max_error` exclude each other", "the second chooses the threshold of the first")
        if max_error is not None:
            return self._curve().within(max_error).probability
        if reject_below is not None and not 0.0 <= reject_below <= 1.0:
            raise UsageError(f"a probability to reject below must be in 0..1: {reject_below:g}")
        return reject_below or 0.0

    def _curve(self) -> Curve:
        return curve(self.bundle.manifest.left_out, self._posterior)

    @cached_property
    def _cost(self) -> Threshold:
        return self._curve().at(self.threshold)

    def _reading(self, prepared: Prepared, answer: int, probability: float, row: NDArray[np.float64], outside: float) -> Reading:
        characters, sure = self.alphabet.characters, probability >= self.threshold
        ranking = Ranking(characters, row)
        return Reading(characters[answer], probability, ranking, sure, outside, False, prepared.picture, prepared.notes, prepared.placement)


def _blank(prepared: Prepared) -> Reading:
    return Reading("", 0.0, (), False, 0.0, True, prepared.picture, prepared.notes, prepared.placement)


def read(picture: object, **options: Unpack[ReaderOptions]) -> Reading:
    """The reading of one picture: a path, bytes of a file, a Pillow image or an array.

    ``options``: those of :class:`Reader`, which raises for them; :class:`PictureError` for the picture. A reader of the
    shipped bundle is kept for the next call with the same options; one that depends on a file or a value of yours is made anew.
    """
    lasting = options.get("bundle") is None and options.get("prior", "flat") in NAMED
    reader = _kept(tuple(sorted(options.items()))) if lasting else Reader(**options)
    return reader.read(picture)


@lru_cache(maxsize=8)
def _kept(options: tuple[tuple[str, object], ...]) -> Reader:
    return Reader(**dict(options))  # type: ignore[arg-type]
