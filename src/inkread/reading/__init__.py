"""Reading: a bundle's graph at work on pictures, one or many."""

from __future__ import annotations

from .reader import Reader, ReaderOptions, read
from .reading import Reading
from .session import Session
from .sources import Found, Source, find
from .stream import Answer, Batch, read_batches, read_files

__all__ = [
    "Answer",
    "Batch",
    "Found",
    "Reader",
    "ReaderOptions",
    "Reading",
    "Session",
    "Source",
    "find",
    "read",
    "read_batches",
    "read_files",
]
