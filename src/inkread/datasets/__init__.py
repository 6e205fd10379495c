"""Labelled pictures: load, look, check, split, cache; `datasets.drawn` draws its own."""

from __future__ import annotations

from .cache import cache_folder
from .check import CHECKS, Report, check
from .checked import Finding
from .glyphset import GlyphSet, joined
from .handout import Handout
from .judge import Judge, Judgement, sample
from .lazy import PenPictures
from .load import load, load_test, targets_of
from .near import Pairs, near
from .opening import Opened, open_source
from .overlap import Overlap, overlap
from .places import Place, places
from .showing import Showing, show
from .sources import encoded_of, open_parts
from .split import split
from .turning import oriented, turned

__all__ = [
    "CHECKS",
    "Finding",
    "GlyphSet",
    "Handout",
    "Judge",
    "Judgement",
    "Opened",
    "Overlap",
    "Pairs",
    "PenPictures",
    "Place",
    "Report",
    "Showing",
    "cache_folder",
    "check",
    "encoded_of",
    "joined",
    "load",
    "load_test",
    "near",
    "open_parts",
    "open_source",
    "oriented",
    "overlap",
    "places",
    "sample",
    "show",
    "split",
    "targets_of",
    "turned",
]
