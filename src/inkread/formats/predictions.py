"""Files of predictions, as any program writes them: an npz or npy of probabilities, a CSV of probabilities, classes or characters."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from ..alphabet import Alphabet
from ..errors import AlphabetError, DataError, FormatError
from .arrays import Arrays
from .inflate import Packed, packed
from .predictions_csv import read_csv
from .predictions_order import order_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

PROBABILITY_KEYS = ("probabilities", "predictions", "probs", "proba", "pred_probs", "y_pred")
CLASS_KEYS = ("classes", "predictions", "predicted", "pred", "labels", "y_pred")
"""What arrays are called, the likeliest name first, where a file holds several that could be meant."""

BESIDE = ("characters", "stands_for", "ids")
"""Arrays of texts that say what the predictions are of."""

ORIGIN = "origin"
"""One text, JSON: the model that gave them."""

SUM_WITHIN = 0.01
"""How far a row's sum may be from 1: 62 values rounded to three decimals are; a row is then divided by its sum."""

_ZIP, _NPY, _PICKLE = b"PK\x03\x04", b"\x93NUMPY", b"\x80"


@dataclass(frozen=True)
class Origin:
    """The model that gave predictions, as far as the file tells.

    Its ``name``, the ``temperature`` that the predictions have, and the SHA-256 of what trained it by source.
    """

    name: str = ""
    temperature: float | None = None
    trained_by: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Predictions:
    """What some program says of N pictures. Exactly one of ``probabilities`` and ``classes`` is not None.

    ``probabilities``: float64 (N,K), rows summing to 1. ``classes``: int64 (N,), from 0, or -1 for no answer. ``characters``: what the K
    columns or the class numbers stand for, in their order; None where the file does not say: they are then places in the
    alphabet that the reader of the file has in mind. ``stands_for``: the characters of handwriting that each of them
    stands for, where the file says it. ``complete``: whether these are all the program may answer; answers that are
    written as characters tell only those that it gave. ``ids``: the pictures' names as they stand in the file, or numbers;
    None where there are none. ``path``: the file, for messages. ``remark``: what was assumed of the file, for people.
    ``columns``: of classes that were a table of one 1 a row, how many columns it had. ``origin``: what gave the predictions,
    where `inkread evaluate` wrote them.
    """

    probabilities: NDArray[np.float64] | None
    classes: NDArray[np.int64] | None
    characters: tuple[str, ...] | None
    ids: tuple[str, ...] | None
    path: str = ""
    stands_for: tuple[str, ...] | None = None
    complete: bool = True
    remark: str = ""
    columns: int | None = None
    origin: Origin = Origin()

    def __len__(self) -> int:
        held = self.classes if self.probabilities is None else self.probabilities
        return 0 if held is None else len(held)

    def for_pictures(self, count: int, names: Sequence[str] | None = None) -> Predictions:
        """The predictions in the order of ``count`` pictures: by ``names``, where both sides have them, else as they stand.

        A name may be a path of which the other side tells only the end, or lack its suffix. Ids that are numbers are names
        too where they are the pictures'; else the rows are taken in the numbers' order, from 0 or from 1.
        :class:`DataError` for another number of pictures, for a picture without a prediction, and for numbers with gaps.
        """
        if len(self) != count:
            raise DataError(f"the file has {len(self):,} predictions for {count:,} pictures: {self.path}")
        if self.ids is None:
            return self
        order, remark = order_of(self.ids, names, self.path)
        return replace(self.at(order), remark="; ".join(filter(None, (self.remark, remark))))

    def at(self, rows: NDArray[np.int64]) -> Predictions:
        """The predictions in these rows."""
        probabilities = None if self.probabilities is None else self.probabilities[rows]
        classes = None if self.classes is None else self.classes[rows]
        ids = None if self.ids is None else tuple(self.ids[each] for each in rows.tolist())
        return replace(self, probabilities=probabilities, classes=classes, ids=ids)


def read_predictions(path: str | os.PathLike[str]) -> Predictions:
    """The predictions in a file, told by its content.

    npz: one float array (N,K), or one of whole numbers or characters (N,); ``characters``, ``stands_for`` and ``ids`` beside
    it where the program told them. npy: one such array. Whole numbers may be floats, and a table of one 1 a row is classes.
    CSV (with semicolons or tabs): a column a character under a header of characters, `p_A` and the like included, or K columns
    without a header; or one column of classes, of characters or of code points; before either, where a header says so, a
    column of ids; or what `inkread read` writes. All may be gzipped.

    :class:`FormatError` for anything else, pickles included, and for rows that are no probabilities, naming the first;
    :class:`SourceNotFound`.
    """
    file = packed(path)
    head = file.head(8)
    if head.startswith(_ZIP):
        return _checked(_from_npz(Arrays(file)))
    if head.startswith(_NPY):
        return _checked(_of_array(_npy(file), None, None, file.path))
    if head.startswith(_PICKLE):
        raise FormatError(f"the file is a pickle, which may run code when read: {file.path}", "save it with numpy.savez, or as CSV")
    table = read_csv(file)
    complete = table.probabilities is not None or table.characters is None
    return _checked(Predictions(table.probabilities, table.classes, table.characters, table.ids, file.path, None, complete, table.remark))


def _from_npz(arrays: Arrays) -> Predictions:
    def shape(name: str) -> tuple[int, ...]:
        return arrays.shape(name)

    def tables_of(kinds: str) -> list[str]:
        return [name for name in rest if len(shape(name)) == 2 and arrays.announced[name].dtype.kind in kinds]

    def rows_of(kinds: str) -> list[str]:
        return [name for name in rest if len(shape(name)) == 1 and arrays.announced[name].dtype.kind in kinds]

    rest = [name for name in arrays.announced if name not in (*BESIDE, ORIGIN)]
    rows = rows_of("iuUSO")
    tables = tables_of("f") or ([] if rows else tables_of("iub"))
    rows = rows or rows_of("f")
    name = _one_of(tables, PROBABILITY_KEYS) or ("" if tables else _one_of(rows, CLASS_KEYS))
    if not name:
        held = ", ".join(f"{each} {told.dtype} {told.shape}" for each, told in arrays.announced.items()) or "no arrays"
        hint = "one float array (N,K) of probabilities, or one array (N,) of classes, is looked for"
        raise FormatError(f"no predictions, or several: {arrays.path}: it holds {held}", hint)
    characters, stands_for, ids = (_texts(arrays[each], f"{arrays.path}:{each}") if each in arrays else None for each in BESIDE)
    origin = _origin(arrays[ORIGIN]) if ORIGIN in arrays else Origin()
    return replace(_of_array(arrays[name], characters, ids, f"{arrays.path}:{name}"), stands_for=stands_for, origin=origin)


def _origin(array: NDArray[np.generic]) -> Origin:
    """What the file says of the model; nothing where that is not what we write."""
    try:
        told = json.loads(str(array))
        trained_by = {str(source): str(digests) for source, digests in told["trained_by"].items()}
        temperature = told["temperature"]
        return Origin(str(told["name"]), None if temperature is None else float(temperature), trained_by)
    except (ValueError, TypeError, KeyError, AttributeError):
        return Origin()


def _one_of(names: Sequence[str], likeliest: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    return next((each for each in likeliest if each in names), "")


def _npy(file: Packed) -> NDArray[np.generic]:
    try:
        if file.gzipped:
            return np.asarray(np.load(file.seekable(), allow_pickle=False))
        return np.asarray(np.load(file.path, mmap_mode="r", allow_pickle=False))
    except FormatError:
        raise
    except Exception as error:  # NumPy parses the header as Python source, and any error of that parser may come out
        raise FormatError(f"the npy cannot be read: {file.path}", "save plain numbers with numpy.save") from error


def _of_array(array: NDArray[np.generic], characters: tuple[str, ...] | None, ids: tuple[str, ...] | None, path: str) -> Predictions:
    if array.ndim == 2 and array.dtype.kind in "fiub" and array.shape[1] > 1:
        return Predictions(np.asarray(array, np.float64), None, _spelt(characters), ids, path)
    if array.ndim == 1 and array.dtype.kind in "iu":
        return Predictions(None, array.astype(np.int64), _spelt(characters), ids, path)
    if array.ndim == 1 and array.dtype.kind == "f":
        return Predictions(None, _whole(array.astype(np.float64), path), _spelt(characters), ids, path)
    if array.ndim == 1 and array.dtype.kind in "US":
        told, classes = np.unique(np.array(_texts(array, path)), return_inverse=True)
        return Predictions(None, classes.astype(np.int64), tuple(map(str, told.tolist())), ids, path, complete=False)
    raise FormatError(f"predictions must have the shape (N,K), or (N,) as classes: {array.dtype} {array.shape}: {path}")


def _whole(array: NDArray[np.float64], path: str) -> NDArray[np.int64]:
    """Class numbers that some program kept as floats."""
    wrong = ~((array == np.trunc(array)) & (np.abs(array) < 2**31))
    if wrong.any():
        at = int(wrong.argmax())
        hint = "probabilities have a column a character, (N,K)"
        raise FormatError(f"classes must be whole numbers: {array[at]:.6g} in row {at + 1:,} of {path}", hint)
    return array.astype(np.int64)


def _spelt(characters: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """The characters one by one, also where they stand in one string."""
    return tuple(characters[0]) if characters and len(characters) == 1 else characters


def _texts(array: NDArray[np.generic], path: str) -> tuple[str, ...]:
    if array.dtype.kind in "iu" and array.ndim == 1:
        return tuple(map(str, array.tolist()))
    if array.dtype.kind not in "US" or array.ndim > 1:
        raise FormatError(f"a row of texts is expected: {array.dtype} {array.shape}: {path}")
    try:
        return tuple(map(str, np.atleast_1d(array).astype(np.str_).tolist()))
    except UnicodeDecodeError as error:
        raise FormatError(f"the texts are no Unicode: {path}") from error


def _checked(found: Predictions) -> Predictions:
    """:class:`FormatError` for rows that are no probabilities, classes below -1 and characters that do not fit."""
    if not len(found):
        raise FormatError(f"there is no prediction in the file: {found.path}")
    if found.ids is not None:
        _check_ids(found.ids, found)
    if found.characters is not None:
        _check_characters(found)
    if found.classes is not None:
        highest = len(found.characters) - 1 if found.characters else np.iinfo(np.int64).max
        outside = (found.classes < -1) | (found.classes > highest)
        if outside.any():
            at = int(outside.argmax())
            told = f"0..{highest}" if found.characters else "0 or more"
            raise FormatError(f"classes must be {told}, or -1 for no answer: {found.classes[at]} in row {at + 1:,} of {found.path}")
        return found
    probabilities = _normalised(found)
    if (np.count_nonzero(probabilities, axis=1) == 1).all():
        classes, remark = probabilities.argmax(axis=1).astype(np.int64), "every row is one 1: these are answers without probabilities"
        return replace(found, probabilities=None, classes=classes, columns=probabilities.shape[1], remark=remark)
    return replace(found, probabilities=probabilities)


def _check_ids(ids: Sequence[str], found: Predictions) -> None:
    if len(ids) != len(found):
        raise FormatError(f"{len(found):,} predictions but {len(ids):,} ids: {found.path}")
    if len(set(ids)) < len(ids):
        double = Counter(ids).most_common(1)[0][0]
        raise FormatError(f"an id stands twice: {double}: {found.path}")


def _check_characters(found: Predictions) -> None:
    characters = found.characters or ()
    long = [each for each in characters if len(each) != 1]
    if long:
        raise FormatError(f"each of `characters` must be one character: {long[0][:20]!r}: {found.path}")
    if len(set(characters)) < len(characters):
        double = next(each for each in characters if characters.count(each) > 1)
        raise FormatError(f"a character stands twice: {double}: {found.path}")
    if found.probabilities is not None and found.probabilities.shape[1] != len(characters):
        raise FormatError(f"{found.probabilities.shape[1]} columns but {len(characters)} characters: {found.path}")
    if found.stands_for is not None:
        try:
            Alphabet("".join(characters), found.stands_for)
        except AlphabetError as error:
            raise FormatError(f"{error.message}: {found.path}") from error


def _normalised(found: Predictions) -> NDArray[np.float64]:
    given = found.probabilities
    assert given is not None
    unknown = ~np.isfinite(given).all(axis=1)
    if unknown.any():
        raise FormatError(f"a probability is not a number: row {int(unknown.argmax()) + 1:,} of {found.path}")
    sums = given.sum(axis=1)
    negative, astray = given.min(axis=1) < -1e-6, np.abs(sums - 1.0) > SUM_WITHIN
    if (negative | astray).any():
        at = int((negative | astray).argmax())
        what = f"is negative: {given[at].min():.6g}" if negative[at] else f"sums to {sums[at]:.6g}, not to 1"
        raise FormatError(f"a row of probabilities {what} in row {at + 1:,} of {found.path}", "a softmax turns logits into probabilities")
    kept = np.maximum(given, 0.0)
    return np.asarray(kept / kept.sum(axis=1, keepdims=True))
