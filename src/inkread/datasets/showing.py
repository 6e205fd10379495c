"""A sample of a source on one page: pictures over their labels, and how many there are of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..errors import DataError, PictureError, UsageError
from .judge import sample
from .opening import Opened, open_source

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .lazy import Picture

COUNT, ACROSS = 80, 12
"""Pictures on a page unless told; pictures in a row of one class."""

UNREADABLE = "unreadable"


@dataclass(frozen=True, eq=False)
class Showing:
    """What a source looks like. ``page``: RGB uint8 (H,W,3). ``shown``: the places of the pictures on it, in their order.

    ``counts``: how many pictures of each label there are in all. A notebook shows the page by itself.
    """

    source: str
    page: NDArray[np.uint8]
    shown: tuple[int, ...]
    counts: dict[str, int]
    unlabelled: int

    def _repr_png_(self) -> bytes:
        from ..picture import encode_png

        return encode_png(self.page)

    def histogram(self, width: int = 40) -> list[str]:
        """A line a label: its number of pictures, and a bar of at most ``width`` characters."""
        if not self.counts:
            return []
        most, wide = max(self.counts.values()), max(map(len, self.counts))
        digits = len(f"{most:,}")
        return [f"{label:<{wide}}  {count:>{digits},}  {'█' * max(1, round(width * count / most))}" for label, count in self.counts.items()]


def show(source: str | Opened, *, count: int | None = None, by_class: bool = False, seed: int = 0, cell: int | None = None) -> Showing:
    """A page of pictures of a source, upright as they were read, each over its label; those without one without caption.

    ``count``: how many pictures, 80 unless told, about as many of each label; with ``by_class`` a row a label, of
    ``count`` pictures (12). ``seed`` chooses them. ``cell``: pixels of a picture's longer side. :class:`DataError` for a
    source without pictures, and for rows of labels where there are none.
    """
    opened = open_source(source) if isinstance(source, str) else source
    if not len(opened):
        raise DataError(f"the source holds no picture: {opened.source}")
    if count is not None and count < 1:
        raise UsageError(f"at least one picture has to be shown: {count}")
    if by_class and not opened.kinds:
        raise DataError(f"no picture has a label, there are no rows by class: {opened.source}", "show it without --by-class")
    chosen = sample(opened, count or COUNT, seed)
    across = min(count or ACROSS, int(opened.counts.max(initial=1)))
    places = _rows(opened, across, seed) if by_class else chosen[np.argsort(opened.codes[chosen], kind="stable")].tolist()
    return Showing(
        opened.source,
        _page(opened, places, across if by_class else None, cell or (56 if len(places) > 200 else 72)),
        tuple(at for at in places if at >= 0),
        dict(zip(opened.kinds, opened.counts.tolist(), strict=True)),
        int((opened.codes < 0).sum()),
    )


def _rows(opened: Opened, across: int, seed: int) -> list[int]:
    """Places of pictures, as many a label; -1 where a label has fewer."""
    rng = np.random.default_rng(seed)
    places: list[int] = []
    for code in range(len(opened.kinds)):
        members = np.flatnonzero(opened.codes == code)
        chosen = np.sort(rng.choice(members, min(across, len(members)), replace=False)).tolist()
        places += chosen + [-1] * (across - len(chosen))
    return places


def _page(opened: Opened, places: Sequence[int], columns: int | None, cell: int) -> NDArray[np.uint8]:
    from ..picture import sheet

    labels = opened.labels
    shown = [(_picture(opened, at), labels[at] if labels and at >= 0 else "") for at in places]
    captions = [label if picture is not None else f"{label}\n{UNREADABLE}" for picture, label in shown]
    pictures = [np.full((28, 28), 255, np.uint8) if picture is None else picture for picture, _ in shown]
    captions = ["" if at < 0 else caption for at, caption in zip(places, captions, strict=True)]
    told = f" · {opened.part}" if opened.part and not opened.source.endswith(opened.part) else ""
    title = f"{opened.source.rpartition('/')[2]}{told} · {sum(at >= 0 for at in places):,} of {len(opened):,} pictures"
    return sheet(pictures, captions, columns=columns, cell=cell, title=title)


def _picture(opened: Opened, at: int) -> Picture | None:
    if at < 0:
        return None
    try:
        return np.asarray(opened.pictures[at])
    except PictureError:
        return None
