"""LEAF's FEMNIST: json of users, each with pictures as lists of numbers and class numbers (Caldas et al. 2018)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import FormatError
from .arrays import as_pictures
from .classes import BYCLASS_LABELS, as_characters, whole_numbers
from .contents import UPRIGHT, Contents, Orientation
from .inflate import Packed
from .parts import Found, part_told_by

if TYPE_CHECKING:
    from numpy.typing import NDArray

NAME = "LEAF json"

LEAF_LABELS = BYCLASS_LABELS
"""LEAF counts digits, capitals and small letters 0..61, as ByClass does (`relabel_class` in its preparation)."""

MAX_JSON = 1 << 30
"""Bytes of one json; LEAF's own files have some tens of megabytes each."""


def json_of(file: Packed) -> Any:
    """What a json holds; :class:`FormatError` where it is none, is nested too deep or is too large."""
    try:
        return json.loads(file.whole(MAX_JSON))
    except RecursionError as error:
        raise FormatError(f"the json is nested too deep: {file.path}") from error
    except (ValueError, MemoryError) as error:
        raise FormatError(f"the json cannot be read ({str(error)[:80]}): {file.path}", "an interrupted copy? fetch it again") from error


def begins_as_leaf(head: bytes) -> bool:
    """Whether the first bytes are those of an object with LEAF's keys; its users come first, and may be many."""
    return head.lstrip().startswith(b"{") and any(f'"{key}"'.encode() in head for key in ("users", "user_data", "num_samples"))


def find_leaf(files: Sequence[Packed], names: Sequence[str], path: str) -> Found:
    """LEAF files as one source; those of one part (a folder or a name tells it) are joined in the order of their names."""
    told = [part_told_by(each) for each in names]
    parts = tuple(dict.fromkeys(told))

    def take(at: int, as_stored: bool) -> Contents:
        chosen = [file for file, part in zip(files, told, strict=True) if part == parts[at]]
        pieces = [_users(each) for each in chosen]
        pictures = np.concatenate([each[0] for each in pieces])
        numbers = np.concatenate([each[1] for each in pieces])
        writers = np.concatenate([each[2] for each in pieces])
        labels = as_characters(numbers, LEAF_LABELS, chosen[0].path)
        return Contents(NAME, Orientation(UPRIGHT, "being LEAF's"), pictures=pictures, labels=labels, writer=writers, part=parts[at])

    return Found(path, NAME, parts, take)


def _users(file: Packed) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.str_]]:
    """Pictures (N,H,W), class numbers (N,) and writers (N,) of one file."""
    given = json_of(file)
    data = given.get("user_data") if isinstance(given, dict) else None
    users = given.get("users") if isinstance(given, dict) else None
    if not isinstance(data, dict) or not isinstance(users, list) or not users:
        raise FormatError(f"no LEAF json: {file.path}", "it has `users`, a list, and `user_data`, an object with `x` and `y` for each")
    pictures, numbers, writers = [], [], []
    for user in users:
        own = data.get(user) if isinstance(user, str) else None
        if not isinstance(own, dict) or not isinstance(own.get("x"), list) or not isinstance(own.get("y"), list):
            raise FormatError(f"the user has no `x` and `y` in `user_data`: {str(user)[:60]!r} of {file.path}")
        if len(own["x"]) != len(own["y"]):
            raise FormatError(f"{len(own['x']):,} pictures but {len(own['y']):,} entries: user {user[:60]!r} of {file.path}")
        if own["x"]:
            pictures.append(_array(own["x"], np.float32, user, file))
            numbers.append(whole_numbers(_array(own["y"], np.float64, user, file), file.path))
            writers.append(np.full(len(own["x"]), user))
    if not pictures or len({each.shape[1:] for each in pictures}) > 1:
        raise FormatError(f"the users' pictures are none, or not of one size: {file.path}")
    # One scale for all: LEAF's numbers are shares of white, and a writer may have no picture with white in it.
    return as_pictures(np.concatenate(pictures), file.path), np.concatenate(numbers), np.concatenate(writers)


def _array(values: list[Any], dtype: type[np.floating[Any]], user: str, file: Packed) -> NDArray[np.generic]:
    try:
        return np.array(values, dtype)
    except (TypeError, ValueError, OverflowError) as error:
        raise FormatError(f"`x` and `y` must be lists of numbers: user {user[:60]!r} of {file.path}") from error
