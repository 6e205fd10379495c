"""NPZ files in the layouts that are known, found by their keys and shapes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..errors import FormatError
from .arrays import Arrays, as_pictures
from .classes import (
    BALANCED_LABELS,
    BYCLASS_LABELS,
    DIGIT_LABELS,
    LETTERS_LABELS,
    ONE_HOT_OFFSET,
    as_characters,
    meaning_of,
    whole_numbers,
)
from .contents import TRANSPOSED, UPRIGHT, Contents, Orientation
from .idx import transposed
from .inflate import Packed
from .parts import PARTS, Found, part_told_by
from .strokes import Strokes

if TYPE_CHECKING:
    from numpy.typing import NDArray

CONTEST_STORED = TRANSPOSED
"""The contest's pair holds EMNIST's pictures as NIST stores them (SPEC A1)."""

EXTRA_STORED = UPRIGHT
"""The layout of `x` and `label` holds pictures upright and labels as characters."""

_MOST = 8
"""Arrays that a message names."""

_CONTEST_PARTS = {"train": "training", "test": "testing"}
_KERAS_PARTS = {"train": ("x_train", "y_train"), "validation": ("x_val", "y_val"), "test": ("x_test", "y_test")}
_COURSE_WORDS = ("train", "validate", "validation", "val", "valid", "test")

ONE_HOT: Mapping[int, tuple[str, ...]] = {
    len(DIGIT_LABELS): DIGIT_LABELS,
    26 + ONE_HOT_OFFSET: LETTERS_LABELS,
    len(BALANCED_LABELS): BALANCED_LABELS,
    len(BYCLASS_LABELS): BYCLASS_LABELS,
}
"""Width of one-hot labels -> what their places mean; 26 places could be several alphabets."""

ALPHADIGITS_SHAPE = (20, 16)
"""Height and width of Binary AlphaDigits, whose letters are capitals."""


@dataclass(frozen=True)
class Layout:
    """One way to lay out arrays in an npz: its name, the ``parts`` that a file has of it (none: it has not), and how to ``read`` one."""

    name: str
    parts: Callable[[Arrays], tuple[str, ...]]
    read: Callable[[Arrays, str, bool], Contents]


def find_npz(file: Packed) -> Found:
    """An npz as a source; :class:`FormatError` where no layout fits or more than one does, with the keys that stand there."""
    arrays = Arrays(file)
    fitting = [(layout, parts) for layout in LAYOUTS if (parts := layout.parts(arrays))]
    if len(fitting) != 1:
        shown = [f"{name} {told.dtype} {told.shape}" for name, told in arrays.announced.items()]
        keys = ", ".join(shown[:_MOST] + [f"and {len(shown) - _MOST} more"] * (len(shown) > _MOST)) or "no arrays"
        tried = "; ".join(each.name for each in LAYOUTS)
        message = "no known layout of npz" if not fitting else f"several layouts of npz fit ({', '.join(each.name for each, _ in fitting)})"
        raise FormatError(f"{message}: {file.path}: it holds {keys}", f"tried: {tried}")
    layout, parts = fitting[0]
    return Found(file.path, layout.name, parts, lambda at, as_stored: layout.read(arrays, parts[at], as_stored))


def _are_pictures(shape: tuple[int, ...]) -> bool:
    return len(shape) == 3 or (len(shape) == 4 and shape[3] == 1) or (len(shape) == 2 and round(shape[1] ** 0.5) ** 2 == shape[1] > 1)


def _contest_parts(arrays: Arrays) -> tuple[str, ...]:
    return tuple(part for part, key in _CONTEST_PARTS.items() if _are_pictures(arrays.shape(f"{key}_images")))


def _read_contest(arrays: Arrays, part: str, as_stored: bool) -> Contents:
    key = _CONTEST_PARTS[part]
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
        part=part,
    )


def _course_words(arrays: Arrays) -> dict[str, str]:
    """Part -> the word before `_images`."""
    return {PARTS[word]: word for word in _COURSE_WORDS if _are_pictures(arrays.shape(f"{word}_images")) and f"{word}_labels" in arrays}


def _read_course(arrays: Arrays, part: str, as_stored: bool) -> Contents:
    word = _course_words(arrays)[part]
    pictures = as_pictures(arrays[f"{word}_images"], f"{arrays.path}:{word}_images")
    labels = _classes(arrays, f"{word}_labels", len(pictures))
    return Contents(_COURSE, Orientation(UPRIGHT, "the course's keys"), pictures=pictures, labels=labels, part=part)


def _keras_parts(arrays: Arrays) -> tuple[str, ...]:
    return tuple(part for part, (x, y) in _KERAS_PARTS.items() if _are_pictures(arrays.shape(x)) and y in arrays)


def _read_keras(arrays: Arrays, part: str, as_stored: bool) -> Contents:
    x, y = _KERAS_PARTS[part]
    pictures = as_pictures(arrays[x], f"{arrays.path}:{x}")
    labels = _classes(arrays, y, len(pictures))
    return Contents(_KERAS, Orientation(UPRIGHT, "Keras' keys"), pictures=pictures, labels=labels, part=part)


def _read_pair(arrays: Arrays, part: str, as_stored: bool) -> Contents:
    pictures = as_pictures(arrays["images"], f"{arrays.path}:images")
    labels = _classes(arrays, "labels", len(pictures))
    if pictures.shape[1:] == ALPHADIGITS_SHAPE:
        labels = tuple(each[0] for each in labels)  # `Aa` stands for both cases of EMNIST; these are capitals
    return Contents(_PAIR, Orientation(UPRIGHT, "the keys images and labels"), pictures=pictures, labels=labels, part=part)


def _classes(arrays: Arrays, key: str, count: int) -> tuple[str, ...]:
    """Labels out of class numbers or of one-hot rows; :class:`FormatError` where a row has not exactly one 1."""
    where = f"{arrays.path}:{key}"
    given = arrays[key]
    _same_length(count, len(given) if given.ndim else 0, where)
    if given.ndim != 2 or given.shape[1] == 1:
        numbers = whole_numbers(given, where)
        return as_characters(numbers, meaning_of(arrays.name, numbers, where), where)
    if given.shape[1] not in ONE_HOT or given.dtype.kind not in "buif":
        known = ", ".join(map(str, ONE_HOT))
        raise FormatError(f"one-hot labels must have {known} places: {given.dtype} {given.shape}: {where}")
    doubtful = ((given != 0).sum(axis=1) != 1) | (given.max(axis=1, initial=0) != 1)
    if doubtful.any():
        raise FormatError(f"a row of one-hot labels has not exactly one 1: the {int(doubtful.argmax()) + 1:,}. of {where}")
    return as_characters(given.argmax(axis=1), ONE_HOT[given.shape[1]], where)


def _read_extra(arrays: Arrays, part: str, as_stored: bool) -> Contents:
    pictures = as_pictures(arrays["x"], f"{arrays.path}:x")
    labels = _texts(arrays, "label", len(pictures))
    return Contents(_EXTRA, Orientation(EXTRA_STORED, "the keys x and label"), pictures=pictures, labels=_label_tuple(labels, arrays.path))


def _read_strokes(arrays: Arrays, part: str, as_stored: bool) -> Contents:
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


def _one_if(fits: bool) -> tuple[str, ...]:
    return ("",) if fits else ()


def _pair_parts(arrays: Arrays) -> tuple[str, ...]:
    fits = _are_pictures(arrays.shape("images")) and "labels" in arrays
    return (part_told_by(arrays.name),) if fits else ()


_CONTEST, _COURSE, _KERAS, _PAIR = "contest npz", "course npz", "Keras npz", "npz of images and labels"
_EXTRA, _STROKES = "npz of x and label", "pen strokes npz"

LAYOUTS = (
    Layout(_CONTEST, _contest_parts, _read_contest),
    Layout(_COURSE, lambda arrays: tuple(_course_words(arrays)), _read_course),
    Layout(_KERAS, _keras_parts, _read_keras),
    Layout(_PAIR, _pair_parts, _read_pair),
    Layout(_EXTRA, lambda arrays: _one_if(_are_pictures(arrays.shape("x")) and "label" in arrays), _read_extra),
    Layout(
        _STROKES,
        lambda arrays: _one_if(all(key in arrays for key in ("points", "stroke_start", "char_start", "label"))),
        _read_strokes,
    ),
)
"""The layouts that are known; a new one is a line here and a function above."""
