"""Bytes to arrays or still-encoded pictures, labels as characters, upright; and nothing else."""

from __future__ import annotations

from .archive import Archive
from .contents import TRANSPOSED, UPRIGHT, Contents, Orientation
from .names import character_of, labels_of, natural_key
from .source import read
from .strokes import Strokes

__all__ = ["TRANSPOSED", "UPRIGHT", "Archive", "Contents", "Orientation", "Strokes", "character_of", "labels_of", "natural_key", "read"]
