"""How many errors remain where the least sure answers are left to a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import DataError


@dataclass(frozen=True, eq=False)
class RiskCoverage:
    """One point a threshold, falling: where answers of at least ``threshold`` are kept, the share ``coverage`` of all is
    kept and the share ``risk`` of the kept is wrong. All float64 (M,)."""

    threshold: NDArray[np.float64]
    coverage: NDArray[np.float64]
    risk: NDArray[np.float64]

    @property
    def area(self) -> float:
        """The mean risk over all coverages (AURC, Geifman et al. 2019): lower is better."""
        return float((self.risk * np.diff(self.coverage, prepend=0.0)).sum())

    def place_for(self, most: float) -> int | None:
        """The place of the lowest threshold whose risk is at most ``most``; None where none is."""
        good = np.flatnonzero(self.risk <= most)
        return int(good[-1]) if len(good) else None

    def as_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        return {"threshold": self.threshold.tolist(), "coverage": self.coverage.tolist(), "risk": self.risk.tolist(), "area": self.area}


def risk_coverage(confidence: ArrayLike, right: ArrayLike) -> RiskCoverage:
    """The curve of answers with these confidences (N,), of which ``right`` bool (N,) were right. Equal ones go together.

    Source: El-Yaniv & Wiener 2010, "On the foundations of noise-free selective classification".
    """
    sure, hits = np.asarray(confidence, np.float64), np.asarray(right, np.bool_)
    if sure.shape != hits.shape or sure.ndim != 1 or not len(sure):
        raise DataError(f"one confidence a picture is needed: {sure.shape} for {hits.shape}")
    order = np.argsort(-sure, kind="stable")
    last = np.append(np.diff(sure[order]) != 0, True)
    kept = np.arange(1, len(sure) + 1)
    wrong = np.cumsum(~hits[order])
    return RiskCoverage(sure[order][last], (kept / len(sure))[last], (wrong / kept)[last])
