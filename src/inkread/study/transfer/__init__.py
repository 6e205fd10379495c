"""What a trained network is worth on a small set: as it is, in part or whole, against one trained there alone."""

from __future__ import annotations

from .asked import METHODS, PREPARATIONS, Transfer
from .perform import equal_across_folds, transferred

__all__ = ["METHODS", "PREPARATIONS", "Transfer", "equal_across_folds", "transferred"]
