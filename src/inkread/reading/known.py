"""What a bundle knows already, as the start and the memory of teaching: its last layer and its left-out pictures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..bundle import Bundle
from ..errors import BundleError
from ..picture import scribbles
from .fit import Floats, Layer, Lessons, softmax
from .session import Session

PROBES = 1536
"""Scribbles that the network is asked about: ten times the features of a usual one."""

EXACT = 1e-3
"""By how much logits that a last layer gave may miss a linear function of its inputs, as a share of their spread."""

REMEMBERED = 24
"""Left-out pictures of each untaught character that stand for it: eight are worse by a point, all are no better."""

MEMORY = 0.5
"""How many pictures they count for together, against each one of the user's. Where half of the characters are taught, the
others lose 1 to 2 points instead of 10 to 13 without any memory, and the taught ones still gain (UNIPEN writers)."""

RIDGE = 1e-2
"""Share of their mean spread by which the logits of left-out pictures may miss: they were stored with half precision."""


@dataclass(frozen=True, eq=False)
class Known:
    """A bundle's ``session``, its ``answers``, and the last ``layer`` that gives them, not yet divided by ``temperature``."""

    session: Session
    answers: str
    layer: Layer
    temperature: float


def known_of(bundle: Bundle, pictures: NDArray[np.uint8]) -> Known:
    """What the bundle knows; ``pictures``: prepared ones, uint8 (N, 28, 28), whose features the layer has to be right about.

    The layer of a head that was taught before is in the manifest; that of the network is found by asking it about
    pictures, since its logits are a linear function of its features. :class:`BundleError` where they are not.
    """
    session, manifest = Session(bundle), bundle.manifest
    head = manifest.head
    if head is not None:
        layer = Layer(head.weights.astype(np.float64), head.bias.astype(np.float64))
        return Known(session, head.characters, layer, head.temperature)
    turned = [pictures[:PROBES], pictures[:PROBES].transpose(0, 2, 1), pictures[:PROBES, ::-1]]
    logits, features = session.run(np.concatenate([scribbles(PROBES, np.random.default_rng(0)), *turned]))
    inputs = np.c_[features.astype(np.float64), np.ones(len(features))]
    found = np.linalg.lstsq(inputs, logits.astype(np.float64), rcond=1e-7)[0]
    if float(np.abs(inputs @ found - logits).max()) > EXACT * float(logits.std()):
        raise BundleError("this bundle cannot be taught: its answers are no linear function of its features")
    return Known(session, manifest.characters, Layer(found[:-1], found[-1]), manifest.temperature)


def extended(layer: Layer, columns: dict[int, int], size: int, lessons: Lessons) -> Layer:
    """The layer (D, K) with ``size`` columns: ``columns`` says which old one each new place takes.

    A character that is new begins as the mixture of those that the layer takes its pictures for.
    """
    weights, bias = np.zeros((len(layer.weights), size)), np.zeros(size)
    for place, old in columns.items():
        weights[:, place], bias[place] = layer.weights[:, old], layer.bias[old]
    for place in sorted(set(range(size)) - set(columns)):
        own = lessons.features[lessons.targets == place]
        taken_for = softmax(layer.logits(own)).mean(axis=0) if len(own) else np.full(len(layer.bias), 1.0 / len(layer.bias))
        weights[:, place], bias[place] = layer.weights @ taken_for, layer.bias @ taken_for
    return Layer(weights, bias)


def remembered(bundle: Bundle, known: Known, untaught: str, features: Floats) -> Lessons:
    """What stands for characters that nobody teaches: features that give the logits of the bundle's left-out pictures.

    Of all features with these logits they are the most probable under the normal distribution of ``features`` (N, D).
    ``targets`` are indices in the bundle's own answers.
    """
    risk = bundle.manifest.left_out
    targets = np.zeros(0, np.int64) if risk is None else risk.targets.astype(np.int64)
    chosen = np.concatenate([_some(np.flatnonzero(targets == known.answers.index(each))) for each in untaught] or [targets[:0]])
    if risk is None or not len(chosen):
        return Lessons(np.zeros((0, features.shape[1])), targets[:0], np.zeros(0))
    mean, layer = features.mean(axis=0), known.layer
    spread = np.atleast_2d(np.cov(features.T))
    spread += 0.05 * np.trace(spread) / len(spread) * np.eye(len(spread))
    # only differences of logits count
    weights = layer.weights - layer.weights.mean(axis=1, keepdims=True)
    logits = risk.logits[chosen].astype(np.float64)
    missing = logits - logits.mean(axis=1, keepdims=True) - (mean @ weights + layer.bias - layer.bias.mean())
    of_logits = weights.T @ spread @ weights
    of_logits += RIDGE * np.trace(of_logits) / len(of_logits) * np.eye(len(of_logits))
    lifted = mean + missing @ np.linalg.solve(of_logits, weights.T @ spread)
    here = targets[chosen]
    return Lessons(lifted, here, MEMORY / np.bincount(here)[here])


def _some(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """At most :data:`REMEMBERED` of the rows, evenly from all of them."""
    return rows if len(rows) <= REMEMBERED else rows[np.linspace(0, len(rows) - 1, REMEMBERED).astype(np.int64)]
