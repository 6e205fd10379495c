"""Reading: a bundle's graph at work on pictures, one or many."""

from __future__ import annotations

from ..picture import Occlusion
from .adapt import Score, Taught, teach
from .diagnosis import Diagnosis, diagnose, turned_together
from .facing import Facing, facing
from .nearest import Gallery, Neighbour
from .prior import log_prior, prior_over
from .reader import Reader, ReaderOptions, read
from .reading import Reading
from .row import Row, cut_row
from .session import Session
from .sources import Found, Source, find
from .stream import Answer, Batch, read_batches, read_files
from .suspicions import Finding
from .vin import VinCharacter, VinReading, read_boxes, read_vin

__all__ = [
    "Answer",
    "Batch",
    "Diagnosis",
    "Facing",
    "Finding",
    "Found",
    "Gallery",
    "Neighbour",
    "Occlusion",
    "Reader",
    "ReaderOptions",
    "Reading",
    "Row",
    "Score",
    "Session",
    "Source",
    "Taught",
    "VinCharacter",
    "VinReading",
    "cut_row",
    "diagnose",
    "facing",
    "find",
    "log_prior",
    "prior_over",
    "read",
    "read_batches",
    "read_boxes",
    "read_files",
    "read_vin",
    "teach",
    "turned_together",
]
