"""Predictions written as the npz that :func:`inkread.formats.read_predictions` reads."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..errors import UsageError, reason
from .predictions import ORIGIN, Origin

if TYPE_CHECKING:
    from numpy.typing import NDArray


def write_predictions(
    path: str | os.PathLike[str],
    predictions: NDArray[np.float64] | NDArray[np.int64],
    characters: str,
    ids: Sequence[str] | None = None,
    stands_for: Sequence[str] | None = None,
    origin: Origin | None = None,
) -> None:
    """Write predictions with what their columns or numbers stand for.

    ``predictions``: probabilities (N,K), kept as float32, or classes int (N,), 0..K-1 or -1 for no answer. ``characters``: the
    K answers. ``ids``: the pictures' names, left out where two are equal. ``stands_for``: the characters of handwriting that
    each answer stands for, left out where it is itself. ``origin``: the model that gave them. :class:`UsageError` where the
    file cannot be written.
    """
    arrays: dict[str, NDArray[np.generic]] = {"characters": np.array(list(characters))}
    if stands_for is not None:
        arrays["stands_for"] = np.array(list(stands_for))
    if predictions.ndim == 2:
        arrays["probabilities"] = np.asarray(predictions, np.float32)
    else:
        arrays["classes"] = np.asarray(predictions, np.int64)
    if ids is not None and len(set(ids)) == len(ids):
        arrays["ids"] = np.array(ids, np.str_)
    if origin is not None:
        told = {"name": origin.name, "temperature": origin.temperature, "trained_by": dict(origin.trained_by)}
        arrays[ORIGIN] = np.array(json.dumps(told))
    try:
        with open(path, "wb") as file:
            np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
    except OSError as error:
        raise UsageError(f"the predictions cannot be written ({reason(error)}): {path}") from error
