"""What the folders of runs say, read without PyTorch: a list of them, their curves, and what makes two of them differ."""

from __future__ import annotations

from .compare import Change, Comparison, compared
from .curves import curves
from .record import Record, find, listed, record

__all__ = ["Change", "Comparison", "Record", "compared", "curves", "find", "listed", "record"]
