"""Bytes to arrays or still-encoded pictures, labels as characters, upright; and nothing else."""

from __future__ import annotations

from .answers import Answers, read_answers
from .archive import Archive
from .contents import TRANSPOSED, UPRIGHT, Contents, Orientation
from .holders import empty_folders
from .names import character_of, labels_of, natural_key
from .predictions import Origin, Predictions, read_predictions
from .source import files_of, is_there, parts_of, place_of, read
from .strokes import Strokes
from .write import Upright, refuse, write, writers
from .write_predictions import write_predictions

__all__ = [
    "TRANSPOSED",
    "UPRIGHT",
    "Answers",
    "Archive",
    "Contents",
    "Orientation",
    "Origin",
    "Predictions",
    "Strokes",
    "Upright",
    "character_of",
    "empty_folders",
    "files_of",
    "is_there",
    "labels_of",
    "natural_key",
    "parts_of",
    "place_of",
    "read",
    "read_answers",
    "read_predictions",
    "refuse",
    "write",
    "write_predictions",
    "writers",
]
