"""Sources as they are: pictures not prepared, labels as numbers, kept as memory-mapped arrays after the first opening."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import compress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..alphabet import Alphabet
from ..errors import FormatError, InkreadError
from ..formats import Contents, Orientation, files_of, read
from .cache import Entry, Kept, code_digest
from .decoding import decode_all
from .digests import digests
from .glyphset import chosen, rows_joined, targets_of, texts_joined
from .known import card_of_files
from .lazy import Decoded, PenPictures
from .places import Place, places

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .lazy import Pictures
    from .parallel import Progress

_PACKAGE = Path(__file__).parents[1]
_ROOMS = ("formats", "picture", "datasets")
"""The rooms whose code decides what pictures and labels look like."""


@dataclass(frozen=True, eq=False)
class Opened:
    """A source as it is, upright, before an alphabet is chosen or anything is prepared.

    ``pictures``: uint8 (N,H,W), memory-mapped where the cache holds them, or a lazy row of pictures of any size.
    ``kinds``: the labels that occur, each of one or more characters; ``codes``: int64 (N,) into them, -1 where nothing
    is told. ``names``: a path a picture, or None. ``writer``: str (N,), or None. ``format``, ``orientation``: what the
    source was taken for, and how its pictures are stored. ``part``: which part this is. ``source``: as it was asked
    for. ``card``: the name of the published set that it is, "" where it is none that is known.
    """

    pictures: Pictures
    kinds: tuple[str, ...]
    codes: NDArray[np.int64]
    names: tuple[str, ...] | None
    writer: NDArray[np.str_] | None
    format: str
    orientation: Orientation
    part: str
    source: str
    card: str = ""

    def __len__(self) -> int:
        return len(self.pictures)

    @cached_property
    def labels(self) -> tuple[str, ...] | None:
        """A string a picture ("" where nothing is told), made when first asked for; None where no picture has a label."""
        if not self.kinds:
            return None
        return tuple(np.array([*self.kinds, ""], dtype=object)[self.codes].tolist())

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """How many pictures each of ``kinds`` has, int64 (K,)."""
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.kinds)).astype(np.int64)

    @cached_property
    def digests(self) -> NDArray[np.uint64]:
        """A hash of each picture (:func:`inkread.datasets.digests.digests`), made when first asked for."""
        return digests(self.pictures)

    def take(self, indices: NDArray[np.int64]) -> Opened:
        """The pictures at these indices, in this order."""
        return replace(
            self,
            pictures=chosen(self.pictures, indices),
            codes=self.codes[indices],
            names=None if self.names is None else tuple(self.names[at] for at in indices.tolist()),
            writer=None if self.writer is None else self.writer[indices],
        )

    def within(self, alphabet: Alphabet) -> Opened:
        """The pictures whose label ``alphabet`` knows, every character of it, labelled as it tells them: `a` becomes `Aa` in letters."""
        told = ["".join(compress(alphabet.stands_for, row)) for row in targets_of(self.kinds, alphabet)]
        kinds = tuple(sorted({each for each in told if each}))
        table = np.array([kinds.index(each) if each else -1 for each in told] + [-1], np.int64)
        codes = table[self.codes]
        kept = np.flatnonzero(codes >= 0)
        return replace(self.take(kept), kinds=kinds, codes=codes[kept])


def open_source(source: str | os.PathLike[str], *, seed: int = 0, progress: Progress | None = None) -> Opened:
    """A source, or several joined by `+` (see :func:`places`), for those who look at it; labels of test parts are shown.

    ``seed`` chooses the pens that draw strokes. Nothing here trains: :func:`load` does not hand out the labels of a test
    part. :class:`FormatError` and :class:`SourceNotFound`.
    """
    return together([open_place(place, seed, progress) for place in places(source)])


def open_place(place: Place, seed: int = 0, progress: Progress | None = None, *, keep: bool = True) -> Opened:
    """One source; with ``keep`` its pictures are written to the cache, where they are all of one size."""
    (entry,) = entries_of("opened", place, {})
    kept = entry.kept()
    if kept is not None and (opened := from_kept(kept, place)) is not None:
        return opened
    opened = _from_contents(_read(place, progress), place, seed)
    if not keep or not isinstance(opened.pictures, np.ndarray | Decoded):
        return opened
    with suppress(OSError, InkreadError):  # a cache that cannot be written costs time; pictures of several sizes stay as they are
        entry.make(lambda folder: write(opened, folder, decode_all(opened.pictures, folder, progress)))
        kept = entry.kept()
    return (from_kept(kept, place) if kept is not None else None) or opened


def entries_of(shelf: str, place: Place, *wanted: Mapping[str, object]) -> list[Entry]:
    """Where what is made of a source is kept, for each of ``wanted``; it depends on the files and on the code that makes it.

    However people write the path, the entries are the same.
    """
    path = place.path.resolve() if place.path.is_dir() else place.path.parent.resolve() / place.path.name  # a link's own name tells things
    files = [(str(each), found.st_size, found.st_mtime_ns) for each in files_of(path) for found in [each.stat()]]
    made_from = {"files": files, "code": code_digest(*(_PACKAGE / each for each in _ROOMS))}
    asked = {"part": place.part, "card": place.card, "called": path.name}
    return [Entry.of(shelf, path, {**asked, **each}, made_from) for each in wanted]


def write(opened: Opened, folder: Path, pictures: NDArray[np.uint8] | None) -> Mapping[str, str]:
    """Write what was opened as .npy files, with ``pictures`` unless they are there already; gives the plain values."""
    if pictures is not None:
        np.save(folder / "pictures.npy", pictures)
    np.save(folder / "codes.npy", opened.codes)
    np.save(folder / "kinds.npy", np.array(opened.kinds, np.str_))
    for name, texts in (("names", opened.names), ("writer", opened.writer)):
        if texts is not None:
            np.save(folder / f"{name}.npy", np.array(texts, np.str_))
    orientation = opened.orientation
    return {
        "format": opened.format,
        "stored": orientation.stored,
        "known_by": orientation.known_by,
        "part": opened.part,
        "card": opened.card,
    }


def from_kept(kept: Kept, place: Place) -> Opened | None:
    """What the cache holds of a source; None where its parts do not fit together."""
    arrays, values = kept.arrays, kept.values
    try:
        kinds = tuple(map(str, arrays["kinds"].tolist()))
        opened = Opened(
            pictures=arrays["pictures"].view(np.uint8),
            kinds=kinds,
            codes=arrays["codes"].view(np.int64),
            names=tuple(arrays["names"].tolist()) if "names" in arrays else None,
            writer=np.array(arrays["writer"], np.str_) if "writer" in arrays else None,
            format=values["format"],
            orientation=Orientation(values["stored"], values["known_by"]),
            part=values["part"],
            source=str(place),
            card=values["card"],
        )
    except (KeyError, ValueError, TypeError):
        return None
    codes = opened.codes
    fits = len(codes) == len(opened) and int(codes.max(initial=-1)) < len(kinds) and int(codes.min(initial=-1)) >= -1
    return opened if fits else None


def together(parts: Sequence[Opened]) -> Opened:
    """Several sources as one, in their order; nothing is copied."""
    if len(parts) == 1:
        return parts[0]
    kinds = tuple(sorted({kind for each in parts for kind in each.kinds}))
    place = {kind: at for at, kind in enumerate(kinds)}
    tables = [np.array([*(place[kind] for kind in each.kinds), -1], np.int64) for each in parts]
    names, writer = texts_joined(parts)
    return Opened(
        pictures=rows_joined([each.pictures for each in parts]),
        kinds=kinds,
        codes=np.concatenate([table[each.codes] for table, each in zip(tables, parts, strict=True)]),
        names=names,
        writer=writer,
        format="+".join(dict.fromkeys(each.format for each in parts)),
        orientation=_one_of([each.orientation for each in parts]),
        part="+".join(dict.fromkeys(each.part for each in parts)),
        source="+".join(each.source for each in parts),
        card="+".join(dict.fromkeys(each.card for each in parts)),
    )


def coded(labels: Sequence[str] | None, count: int) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """The labels that occur, in order, and int64 (N,) into them; -1 everywhere where there are none."""
    if labels is None:
        return (), np.full(count, -1, np.int64)
    kinds = tuple(sorted(set(labels)))
    place = {label: at for at, label in enumerate(kinds)}
    return kinds, np.fromiter((place[each] for each in labels), np.int64, count)


def _read(place: Place, progress: Progress | None) -> tuple[Contents, str]:
    """The contents and the card they belong to; its checksum says how pictures are stored, before any name or layout.

    ``progress`` is told of pictures that are drawn now.
    """
    if place.known and place.part is None and len(place.known.parts) > 1:
        each = ", ".join(f"{place.card}:{part}" for part in place.known.parts)
        raise FormatError(f"the set has several parts: {place.card}", f"say which: {each}")
    if place.known and place.known.drawn and place.part:
        from .drawn.source import contents

        return contents(place.part, progress), place.card
    card = place.known or card_of_files(files_of(place.path))
    known = Orientation(card.orientation, f"the checksums of {card.name}") if card else None
    return read(place.path, None if place.card else place.part, orientation=known), card.name if card else ""


def _from_contents(found: tuple[Contents, str], place: Place, seed: int) -> Opened:
    contents, card = found
    pictures: Pictures
    if contents.pictures is not None:
        pictures = contents.pictures
    elif contents.strokes is not None:
        pictures = PenPictures(contents.strokes, seed)
    else:
        pictures = Decoded(contents.encoded or (), contents.names, turn=contents.turn)
    kinds, codes = coded(contents.labels, len(contents))
    part = place.part if place.card and place.part else contents.part
    return Opened(pictures, kinds, codes, contents.names, contents.writer, contents.format, contents.orientation, part, str(place), card)


def _one_of(orientations: Sequence[Orientation]) -> Orientation:
    stored = "+".join(dict.fromkeys(each.stored for each in orientations))
    return Orientation(stored, "; ".join(dict.fromkeys(each.known_by for each in orientations)))
