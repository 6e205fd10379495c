"""One way from what people name to labelled pictures."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..alphabet import BYCLASS, Alphabet
from ..errors import DataError, UsageError
from ..formats import Contents, files_of, read, read_answers
from ..preparation import Preparation
from .cache import Entry, code_digest
from .glyphset import GlyphSet, joined
from .handout import Handout, record
from .lazy import Decoded, PenPictures
from .places import Place, places
from .preparing import prepare_all

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .lazy import Pictures

UNKNOWN = ("refuse", "leave out")
"""What may be done with pictures whose labels lie outside the alphabet."""

ROOMS = ("formats", "picture", "datasets")
"""The rooms whose code decides what prepared pictures look like."""

DEFAULT = Preparation()


@dataclass(frozen=True, eq=False)
class Labelled:
    """A source before an alphabet is chosen. ``kinds``: the labels that occur; ``codes``: int (N,) into them, -1 for none."""

    pictures: Pictures
    kinds: tuple[str, ...]
    codes: NDArray[np.int64]
    names: tuple[str, ...] | None
    writer: NDArray[np.str_] | None
    part: str


def load(
    source: str | os.PathLike[str],
    part: str | None = None,
    alphabet: Alphabet = BYCLASS,
    preparation: Preparation | None = DEFAULT,
    *,
    unknown: str = "refuse",
    seed: int = 0,
) -> GlyphSet:
    """The labelled pictures of a source: `PATH`, `PATH:PART`, or several joined by `+` (see :func:`places`).

    ``part``: of the source, where it stands alone. ``preparation``: None leaves the pictures as they are, decoded when
    asked for. A label of several characters makes each of them a target. ``unknown``: pictures whose label, or one
    character of it, the alphabet does not know are refused, or left out. ``seed`` chooses the pens that draw strokes.
    Prepared pictures are kept in the cache and memory-mapped.

    :class:`DataError` for labels outside the alphabet (with counts) and for a test part with labels, which only
    :func:`load_test` hands out; :class:`FormatError`, :class:`PictureError` and :class:`SourceNotFound` of the source.
    """
    if unknown not in UNKNOWN:
        raise UsageError(f"unknown labels can be refused or left out: {unknown}", "known: " + ", ".join(UNKNOWN))
    sets = []
    for place in _places(source, part):
        labelled = _labelled(place, preparation, seed, test=False)
        sets.append(_glyphs(labelled, place, alphabet, unknown))
    return joined(sets)


def load_test(
    source: str | os.PathLike[str],
    handout: Handout,
    alphabet: Alphabet = BYCLASS,
    preparation: Preparation | None = DEFAULT,
    *,
    unknown: str = "refuse",
    seed: int = 0,
) -> GlyphSet:
    """Like :func:`load`, with test labels; every call adds a row to the `test-reads.csv` of ``handout.folder``.

    Where ``handout.labels`` names the contest's answers they are joined to the pictures by row.
    """
    sets = []
    for place in places(source):
        labelled = _labelled(place, preparation, seed, test=True)
        chosen = np.arange(len(labelled.pictures))
        if handout.labels is not None:
            labelled, chosen = _with_answers(labelled, place, handout)
        record(handout, str(place), len(chosen))
        sets.append(_glyphs(labelled, place, alphabet, unknown, chosen))
    return joined(sets)


def targets_of(labels: Sequence[str], alphabet: Alphabet) -> NDArray[np.bool_]:
    """Targets bool (N,K): every character of a label; none at all where the alphabet does not know one of them."""
    targets = np.zeros((len(labels), len(alphabet)), np.bool_)
    for row, label in enumerate(labels):
        found = [at for each in label if (at := alphabet.find(each)) is not None]
        if len(found) == len(label):
            targets[row, found] = True
    return targets


def _places(source: str | os.PathLike[str], part: str | None) -> list[Place]:
    found = places(source)
    if part is None:
        return found
    if len(found) > 1 or found[0].part is not None:
        raise UsageError(f"the part is told twice, or of several sources: {part} of {source}", "write it as PATH:PART")
    return [replace(found[0], part=part)]


def _labelled(place: Place, preparation: Preparation | None, seed: int, *, test: bool) -> Labelled:
    """The source, prepared; ``test`` says whether labels of a test part may leave."""
    entry = None if preparation is None else _entry(place, preparation, seed)
    kept = None if entry is None else entry.arrays()
    labelled = _from_contents(read(place.path, place.part), seed) if kept is None else _from_arrays(kept)
    if labelled.part == "test" and labelled.kinds and not test:
        raise DataError(f"a test part is loaded with its labels: {place}", "`load_test` hands test labels out and writes it down")
    if preparation is None or entry is None or kept is not None:
        return labelled
    with suppress(OSError):  # a cache that cannot be written costs time, not the work
        entry.make(lambda folder: _write(labelled, preparation, folder))
    kept = entry.arrays()
    return replace(labelled, pictures=prepare_all(labelled.pictures, preparation)) if kept is None else _from_arrays(kept)


def _entry(place: Place, preparation: Preparation, seed: int) -> Entry:
    """Where these pictures are kept; they depend on the files and on the code that reads and prepares."""
    package = Path(__file__).parents[1]
    wanted = {"path": str(place.path.resolve()), "part": place.part, "preparation": asdict(preparation), "seed": seed}
    files = [(str(each), each.stat().st_size, each.stat().st_mtime_ns) for each in files_of(place.path)]
    return Entry.of(place.path.name, wanted, {"files": files, "code": code_digest(*(package / each for each in ROOMS))})


def _from_contents(contents: Contents, seed: int) -> Labelled:
    count = len(contents)
    pictures: Pictures
    if contents.pictures is not None:
        pictures = contents.pictures
    elif contents.strokes is not None:
        pictures = PenPictures(contents.strokes, seed)
    else:
        pictures = Decoded(contents.encoded or (), contents.names, turn=contents.turn)
    kinds, codes = _coded(contents.labels, count)
    return Labelled(pictures, kinds, codes, contents.names, contents.writer, contents.part)


def _coded(labels: tuple[str, ...] | None, count: int) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    if labels is None:
        return (), np.full(count, -1, np.int64)
    kinds = tuple(sorted(set(labels)))
    place = {label: at for at, label in enumerate(kinds)}
    return kinds, np.fromiter((place[each] for each in labels), np.int64, count)


def _write(labelled: Labelled, preparation: Preparation, folder: Path) -> None:
    shape = (len(labelled.pictures), preparation.side, preparation.side)
    out = np.lib.format.open_memmap(folder / "pictures.npy", "w+", np.uint8, shape)
    prepare_all(labelled.pictures, preparation, out)
    out.flush()
    np.save(folder / "codes.npy", labelled.codes)
    np.save(folder / "kinds.npy", np.array(labelled.kinds, np.str_))
    np.save(folder / "part.npy", np.array(labelled.part))
    for name, texts in (("names", labelled.names), ("writer", labelled.writer)):
        if texts is not None:
            np.save(folder / f"{name}.npy", np.array(texts, np.str_))


def _from_arrays(kept: dict[str, NDArray[np.generic]]) -> Labelled:
    return Labelled(
        pictures=kept["pictures"].view(np.uint8),
        kinds=tuple(map(str, kept["kinds"].tolist())),
        codes=np.array(kept["codes"], np.int64),
        names=tuple(kept["names"].tolist()) if "names" in kept else None,
        writer=np.array(kept["writer"], np.str_) if "writer" in kept else None,
        part=str(kept["part"]),
    )


def _with_answers(labelled: Labelled, place: Place, handout: Handout) -> tuple[Labelled, NDArray[np.int64]]:
    assert handout.labels is not None
    answers = read_answers(handout.labels)
    if len(answers.labels) != len(labelled.pictures):
        raise DataError(f"{len(labelled.pictures):,} pictures but {len(answers.labels):,} answers: {place} and {handout.labels}")
    chosen = np.flatnonzero(answers.usage == handout.usage) if handout.usage else np.arange(len(answers.labels))
    if not len(chosen):
        known = ", ".join(sorted(set(answers.usage.tolist())))
        raise DataError(f"no answer has this usage: {handout.usage}", f"known: {known}")
    kinds, codes = _coded(answers.labels, len(answers.labels))
    return replace(labelled, kinds=kinds, codes=codes), chosen


def _glyphs(labelled: Labelled, place: Place, alphabet: Alphabet, unknown: str, chosen: NDArray[np.int64] | None = None) -> GlyphSet:
    table = np.vstack([targets_of(labelled.kinds, alphabet), np.zeros((1, len(alphabet)), np.bool_)])
    glyphs = GlyphSet(labelled.pictures, table[labelled.codes], alphabet, str(place), labelled.writer, labelled.names)
    codes = labelled.codes
    if chosen is not None and len(chosen) < len(glyphs):
        glyphs, codes = glyphs.take(chosen), codes[chosen]
    outside = (codes >= 0) & ~glyphs.targets.any(axis=1)
    if not outside.any():
        return glyphs
    if unknown == "refuse" or outside.all():
        raise DataError(_told(labelled.kinds, codes[outside], alphabet, place), "choose another alphabet, or leave these pictures out")
    return glyphs.take(~outside)


def _told(kinds: Sequence[str], codes: NDArray[np.int64], alphabet: Alphabet, place: Place) -> str:
    most = sorted(Counter(kinds[code] for code in codes.tolist()).items(), key=lambda each: (-each[1], each[0]))
    shown = ", ".join(f"{label} ({count:,})" for label, count in most[:12])
    more = f" and {len(most) - 12} more" if len(most) > 12 else ""
    return f"{len(codes):,} labels are outside the alphabet {alphabet}: {shown}{more}: {place}"
