"""Labelled pictures: fetch, load, look, check, split, cache; `datasets.drawn` draws its own."""

from __future__ import annotations

from .cache import cache_folder
from .cards import UNVERIFIED, Card, File
from .catalogue import CARDS, card
from .check import CHECKS, Report, check
from .checked import Finding
from .fetch import Fetched, Watch, Wish, fetch
from .files import file_digest, path_digest
from .glyphset import GlyphSet, joined, targets_of
from .handout import Handout
from .judge import Judge, Judgement, sample
from .lazy import PenPictures
from .load import load, load_test
from .locked import locked
from .near import Pairs, near
from .opening import Opened, open_source
from .overlap import Overlap, overlap
from .places import Place, places
from .relabel import Relabelled, SuspectRow, relabel, told_digest, write_suspects
from .roles import Trained, to_test_on, to_train_on
from .showing import Showing, show
from .sources import encoded_of, open_parts, published_counts
from .split import split
from .store import Holding, folder_of, holding, remove, remove_arrays
from .turning import oriented, stored_as, turned

__all__ = [
    "CARDS",
    "CHECKS",
    "UNVERIFIED",
    "Card",
    "Fetched",
    "File",
    "Finding",
    "GlyphSet",
    "Handout",
    "Holding",
    "Judge",
    "Judgement",
    "Opened",
    "Overlap",
    "Pairs",
    "PenPictures",
    "Place",
    "Relabelled",
    "Report",
    "Showing",
    "SuspectRow",
    "Trained",
    "Watch",
    "Wish",
    "cache_folder",
    "card",
    "check",
    "encoded_of",
    "fetch",
    "file_digest",
    "folder_of",
    "holding",
    "joined",
    "load",
    "load_test",
    "locked",
    "near",
    "open_parts",
    "open_source",
    "oriented",
    "overlap",
    "path_digest",
    "places",
    "published_counts",
    "relabel",
    "remove",
    "remove_arrays",
    "sample",
    "show",
    "stored_as",
    "split",
    "targets_of",
    "told_digest",
    "to_test_on",
    "to_train_on",
    "turned",
    "write_suspects",
]
