"""Labelled pictures: load, split, cache; `datasets.drawn` draws its own."""

from __future__ import annotations

from .cache import cache_folder
from .glyphset import GlyphSet, joined
from .handout import Handout
from .lazy import PenPictures
from .load import load, load_test, targets_of
from .split import split

__all__ = ["GlyphSet", "Handout", "PenPictures", "cache_folder", "joined", "load", "load_test", "split", "targets_of"]
