"""Which row of a file of predictions belongs to which picture."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..errors import DataError

if TYPE_CHECKING:
    from numpy.typing import NDArray

_HINT = "ids must be the names of the pictures, each once, or numbers from 0 or 1 in the pictures' order"


def order_of(ids: Sequence[str], names: Sequence[str] | None, path: str) -> tuple[NDArray[np.int64], str]:
    """The place among ``ids`` of each picture, int64 (N,), and a remark where the ids could be taken for something else.

    Without ``names``: as they stand, numbers in their order. With them: by as many of their last parts as tell the pictures
    apart, then the same without the suffix; numbers that are no names are in the pictures' order. :class:`DataError` where
    neither holds, with the first picture that lacks an id.
    """
    numbers = all(each.isascii() and each.isdigit() and len(each) < 10 for each in ids)
    if names is None:
        return (_by_number(ids, path) if numbers else np.arange(len(ids))), ""
    shared = False
    for ours, theirs in _spellings(ids, names):
        place = {each: at for at, each in enumerate(ours)}
        if len(place) < len(ours) or len(set(theirs)) < len(theirs):
            continue
        if place.keys() == set(theirs):
            order = np.array([place[each] for each in theirs], np.int64)
            return order, _said(ids, order) if numbers else ""
        shared = shared or not place.keys().isdisjoint(theirs)
    if shared or not numbers:
        raise _unfit(ids, names, path)
    return _by_number(ids, path), ""


def _spellings(ids: Sequence[str], names: Sequence[str]) -> list[tuple[list[str], list[str]]]:
    """Ids and names from the longest spelling to the shortest: by fewer and fewer of their last parts, then without suffix."""
    parts = [[each.replace("\\", "/").strip("/").split("/") for each in given] for given in (ids, names)]
    deepest = max((len(each) for given in parts for each in given), default=1)
    found = []
    for bare in (False, True):
        for depth in range(deepest, 0, -1):
            ours, theirs = (["/".join(each[-depth:]) for each in given] for given in parts)
            found.append((ours, [os.path.splitext(each)[0] for each in theirs] if bare else theirs))
    return found


def _said(ids: Sequence[str], order: NDArray[np.int64]) -> str:
    """That numbers were taken for names, where their own order is another one."""
    in_order = np.array([int(ids[at]) for at in order.tolist()])
    return "" if (np.diff(in_order) > 0).all() else "the ids are taken for the pictures' names, not for their places"


def _by_number(ids: Sequence[str], path: str) -> NDArray[np.int64]:
    numbers = np.array(ids, np.int64)
    order = np.argsort(numbers, kind="stable")
    first, last = int(numbers[order[0]]), int(numbers[order[-1]])
    if first not in (0, 1) or last - first != len(ids) - 1 or len(np.unique(numbers)) < len(ids):
        told = f"{first} to {last} for {len(ids):,} rows"
        raise DataError(f"ids that are numbers, but no pictures' names, must run from 0 or 1 without a gap: {told}: {path}", _HINT)
    return order


def _unfit(ids: Sequence[str], names: Sequence[str], path: str) -> DataError:
    """What does not fit, by the last parts: a picture without an id, or names that do not tell the pictures apart."""
    known = {_last(each) for each in ids} | {os.path.splitext(_last(each))[0] for each in ids}
    missing = next((each for each in names if _last(each) not in known and os.path.splitext(_last(each))[0] not in known), None)
    if missing is not None:
        return DataError(f"there is no prediction of this picture: {missing}: {path}", _HINT)
    return DataError(f"the ids do not tell which picture each is, such as {ids[0]}: {path}", f"pictures are called like {names[0]}")


def _last(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]
