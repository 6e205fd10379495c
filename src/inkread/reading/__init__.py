"""Reading: a bundle's graph at work on pictures, one or many."""

from __future__ import annotations

from .reader import Reader, ReaderOptions, read
from .reading import Reading
from .session import Session

__all__ = ["Reader", "ReaderOptions", "Reading", "Session", "read"]
