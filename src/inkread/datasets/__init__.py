"""Labelled pictures: load, split, cache; `datasets.drawn` draws its own."""

from __future__ import annotations

from .glyphset import GlyphSet, joined

__all__ = ["GlyphSet", "joined"]
