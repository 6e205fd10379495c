"""NPZ files in the layouts that are known, found by their keys and shapes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..errors import FormatError
from .arrays import Arrays, as_pictures
from .classes import BYCLASS_LABELS, as_characters, whole_numbers
from .contents import TRANSPOSED, UPRIGHT, Contents, Orientation
from .idx import transposed
from .pictures import choose_part
from .strokes import Strokes

if TYPE_CHECKING:
    from numpy.typing import NDArray

CONTEST_STORED = TRANSPOSED
"""The contest's pair holds EMNIST's pictures as NIST stores them (SPEC A1)."""

EXTRA_STORED = UPRIGHT
"""The layout of `x` and `label` holds pictures upright and labels as characters."""

_CONTEST_PARTS = {"train": "training", "test": "testing"}


@dataclass(frozen=True)
class Layout:
    """One way to lay out arrays in an npz: its name, whether a file ``has`` it, and how to ``read`` a part of it."""

    name: str
    has: Callable[[Arrays], bool]
    read: Callable[[Arrays, str | None, bool], Contents]


def read_npz(path: Path, part: str | None, *, as_stored: bool) -> Contents:
    """The contents of an npz; :class:`FormatError` where no layout fits or more than one does, with the keys that stand there."""
    arrays = Arrays(path)
    fitting = [layout for layout in LAYOUTS if layout.has(arrays)]
    if len(fitting) != 1:
        keys = ", ".join(f"{name} {told.dtype} {told.shape}" for name, told in arrays.announced.items()) or "no arrays"
        tried = "; ".join(each.name for each in LAYOUTS)
        message = "no known layout of npz" if not fitting else f"several layouts of npz fit ({', '.join(each.name for each in fitting)})"
        raise FormatError(f"{message}: {path}: it holds {keys}", f"tried: {tried}")
    return fitting[0].read(arrays, part, as_stored)


def _are_pictures(shape: tuple[int, ...]) -> bool:
    return len(shape) == 3 or (len(shape) == 4 and shape[3] == 1) or (len(shape) == 2 and round(shape[1] ** 0.5) ** 2 == shape[1] > 1)


def _is_contest(arrays: Arrays) -> bool:
    return any(_are_pictures(arrays.shape(f"{key}_images")) for key in _CONTEST_PARTS.values())


def _read_contest(arrays: Arrays, part: str | None, as_stored: bool) -> Contents:
    parts = [each for each, key in _CONTEST_PARTS.items() if f"{key}_images" in arrays]
    chosen, told = choose_part(arrays.path, parts, part)
    key = _CONTEST_PARTS[parts[chosen[0]]]
    pictures = as_pictures(arrays[f"{key}_images"], f"{arrays.path}:{key}_images")
    labels = None
    if f"{key}_labels" in arrays:
        where = f"{arrays.path}:{key}_labels"
        numbers = whole_numbers(arrays[f"{key}_labels"], where)
        _same_length(len(pictures), len(numbers), where)
        labels = as_characters(numbers, BYCLASS_LABELS, where)
    return Contents(
        _CONTEST,
        Orientation(CONTEST_STORED, "the contest's keys"),
        pictures=pictures if as_stored else transposed(pictures),
        labels=labels,
        part=told,
    )


def _read_extra(arrays: Arrays, part: str | None, as_stored: bool) -> Contents:
    choose_part(arrays.path, [""], part)
    pictures = as_pictures(arrays["x"], f"{arrays.path}:x")
    labels = _texts(arrays, "label", len(pictures))
    return Contents(_EXTRA, Orientation(EXTRA_STORED, "the keys x and label"), pictures=pictures, labels=_label_tuple(labels, arrays.path))


def _read_strokes(arrays: Arrays, part: str | None, as_stored: bool) -> Contents:
    choose_part(arrays.path, [""], part)
    starts = [whole_numbers(arrays[key], f"{arrays.path}:{key}") for key in ("stroke_start", "char_start")]
    strokes = Strokes(arrays["points"], *starts)
    labels = _label_tuple(_texts(arrays, "label", len(strokes)), arrays.path)
    writer = _texts(arrays, "writer", len(strokes)) if "writer" in arrays else None
    return Contents(_STROKES, Orientation(UPRIGHT, "y going down in pen files"), strokes=strokes, labels=labels, writer=writer)


def _texts(arrays: Arrays, name: str, count: int) -> NDArray[np.str_]:
    where = f"{arrays.path}:{name}"
    found = arrays[name]
    if found.ndim != 1 or found.dtype.kind not in "US":
        raise FormatError(f"one text a picture is expected: {found.dtype} {found.shape}: {where}")
    _same_length(count, len(found), where)
    try:
        return found.astype(np.str_)
    except (UnicodeDecodeError, ValueError) as error:
        raise FormatError(f"the texts are no Unicode: {where}") from error


def _label_tuple(labels: NDArray[np.str_], path: str) -> tuple[str, ...]:
    if (empty := labels == "").any():
        raise FormatError(f"a label is empty: the {int(empty.argmax()) + 1:,}. of {path}:label")
    return tuple(labels.tolist())


def _same_length(pictures: int, labels: int, where: str) -> None:
    if pictures != labels:
        raise FormatError(f"{pictures:,} pictures but {labels:,} entries: {where}")


_CONTEST, _EXTRA, _STROKES = "contest npz", "npz of x and label", "pen strokes npz"

LAYOUTS = (
    Layout(_CONTEST, _is_contest, _read_contest),
    Layout(_EXTRA, lambda arrays: _are_pictures(arrays.shape("x")) and "label" in arrays, _read_extra),
    Layout(_STROKES, lambda arrays: all(key in arrays for key in ("points", "stroke_start", "char_start", "label")), _read_strokes),
)
"""The layouts that are known; a new one is a line here and a function above."""
