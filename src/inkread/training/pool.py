"""A source of training pictures, prepared, in one or several renderings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError


@dataclass(frozen=True, eq=False)
class Pool:
    """N pictures in R renderings each.

    ``renderings``: uint8 (R,N,28,28), the first the plain one (it is the one that validates), memory-mapped or not.
    ``targets``: bool (N,K), at least one true a row. ``repeat``: how often each picture is drawn an epoch. ``validation``:
    share held back; -1 takes the training's. ``held``: the validation part that the source brings; then nothing of the
    pool itself is held back. ``data``: file -> SHA-256 of what it was made from, for the provenance.
    """

    name: str
    renderings: NDArray[np.uint8]
    targets: NDArray[np.bool_]
    repeat: float = 1.0
    validation: float = -1.0
    data: Mapping[str, str] = field(default_factory=dict)
    held: Pool | None = None

    def __post_init__(self) -> None:
        if self.renderings.ndim != 4 or self.renderings.dtype != np.uint8:
            raise DataError(f"renderings of {self.name} must be uint8 (R,N,H,W): {self.renderings.dtype} {self.renderings.shape}")
        if self.targets.ndim != 2 or self.targets.dtype != np.bool_ or len(self.targets) != self.renderings.shape[1]:
            raise DataError(
                f"targets of {self.name} must be bool ({self.renderings.shape[1]},K): {self.targets.dtype} {self.targets.shape}"
            )
        if not self.targets.any(axis=1).all():
            raise DataError(f"pictures of {self.name} without a label: {int((~self.targets.any(axis=1)).sum())}")

    def __len__(self) -> int:
        return len(self.targets)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of its renderings and targets, and of those that the source brings to validate on."""
        digest = sha256()
        for part in filter(None, (self, self.held)):
            for rendering in part.renderings:
                digest.update(np.ascontiguousarray(rendering).data)
            digest.update(np.packbits(part.targets).data)
        return digest.hexdigest()
