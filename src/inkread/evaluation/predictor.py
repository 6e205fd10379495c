"""What evaluation asks of a reader or a network, without knowing either."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from ..alphabet import Alphabet


@runtime_checkable
class Predictor(Protocol):
    """Anything that gives probabilities for prepared pictures."""

    @property
    def alphabet(self) -> Alphabet:
        """The K answers."""
        ...

    def probabilities(self, pictures: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Probabilities (N,K), rows summing to 1, of prepared pictures uint8 (N,28,28)."""
        ...
