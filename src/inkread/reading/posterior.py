"""From logits to probabilities over the characters that may be answered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..alphabet import Alphabet, Conversion, conversion
from ..alphabet import alphabet as named
from ..bundle import Manifest
from .prior import Prior, log_prior


@dataclass(frozen=True, eq=False)
class Posterior:
    """Temperature, prior, and the conversion to the alphabet in use, in this order (DESIGN, "Alphabets restrict by Bayes").

    ``log_prior``: float64 (K,), over the answers that the bundle tells. ``conversion``: from those to the alphabet in use.
    """

    temperature: float
    log_prior: NDArray[np.float64]
    conversion: Conversion

    def of(self, logits: NDArray[np.floating]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Probabilities float64 (N, K') over the alphabet in use, and the mass outside of it (N,), of logits (N, K)."""
        scores = np.asarray(logits, np.float64) / self.temperature + self.log_prior
        scores -= scores.max(axis=1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=1, keepdims=True)
        return self.conversion.restrict(scores)


def posterior(manifest: Manifest, alphabet: str | Alphabet | None, case: str, prior: Prior) -> Posterior:
    """The posterior of a bundle for an alphabet (None: all that the bundle tells), a case policy and a prior.

    :class:`AlphabetError` for a choice that is not known or that the bundle cannot answer.
    """
    answers, head = manifest.answers, manifest.head
    told = (answers if alphabet is None else named(alphabet)).with_case(case)
    temperature = head.temperature if head else manifest.temperature
    return Posterior(temperature, log_prior(prior, manifest), conversion(answers, told, manifest.case_weight))
