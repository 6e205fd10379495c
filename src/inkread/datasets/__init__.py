"""Labelled pictures: load, open, split, cache, fetch; `datasets.drawn` draws its own."""

from __future__ import annotations

from .cache import cache_folder
from .cards import UNVERIFIED, Card, File
from .catalogue import CARDS, card
from .fetch import Fetched, Watch, Wish, fetch
from .glyphset import GlyphSet, joined
from .handout import Handout
from .lazy import PenPictures
from .load import load, load_test, targets_of
from .opening import Opened, open_source
from .places import Place, places
from .split import split
from .store import Holding, folder_of, holding, remove, remove_arrays

__all__ = [
    "CARDS",
    "UNVERIFIED",
    "Card",
    "Fetched",
    "File",
    "GlyphSet",
    "Handout",
    "Holding",
    "Opened",
    "PenPictures",
    "Place",
    "Watch",
    "Wish",
    "cache_folder",
    "card",
    "fetch",
    "folder_of",
    "holding",
    "joined",
    "load",
    "load_test",
    "open_source",
    "places",
    "remove",
    "remove_arrays",
    "split",
    "targets_of",
]
