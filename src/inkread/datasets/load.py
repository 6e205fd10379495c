"""One way from what people name to labelled pictures."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..alphabet import BYCLASS, Alphabet, fitting
from ..errors import DataError, UsageError
from ..formats import read_answers
from ..preparation import Preparation
from .cache import mapped
from .glyphset import GlyphSet, joined, targets_of
from .handout import Handout, record
from .lazy import PenPictures
from .opening import Opened, coded, entries_of, from_kept, open_place, write
from .places import Place, places, with_part
from .preparing import prepare_all

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .parallel import Progress

UNKNOWN = ("refuse", "leave out")
"""What may be done with pictures whose labels lie outside the alphabet."""

DEFAULT = Preparation()


def load(
    source: str | os.PathLike[str],
    part: str | None = None,
    alphabet: Alphabet | None = BYCLASS,
    preparation: Preparation | None = DEFAULT,
    *,
    unknown: str = "refuse",
    seed: int = 0,
    progress: Progress | None = None,
) -> GlyphSet:
    """The labelled pictures of a source: `PATH`, `PATH:PART`, or several joined by `+` (see :func:`places`).

    ``part``: of the source, where it stands alone. ``alphabet``: None takes the one that the labels are of
    (:func:`inkread.alphabet.fitting`). ``preparation``: None leaves the pictures as they are, decoded when
    asked for. A label of several characters makes each of them a target. ``unknown``: pictures whose label, or one
    character of it, the alphabet does not know are refused, or left out. ``seed`` chooses the pens that draw strokes.
    Prepared pictures are kept in the cache and memory-mapped; ``progress`` is told how far that is the first time.

    :class:`DataError` for labels outside the alphabet (with counts) and for a test part with labels, which only
    :func:`load_test` hands out; :class:`FormatError`, :class:`PictureError` and :class:`SourceNotFound` of the source.
    """
    if unknown not in UNKNOWN:
        raise UsageError(f"unknown labels can be refused or left out: {unknown}", "known: " + ", ".join(UNKNOWN))
    found = _places(source, part)
    labelled = [_labelled(place, preparation, seed, progress, test=False) for place in found]
    told = alphabet or fitting(kind for each in labelled for kind in each.kinds)
    return joined([_glyphs(each, place, told, unknown) for each, place in zip(labelled, found, strict=True)])


def load_test(
    source: str | os.PathLike[str],
    handout: Handout,
    alphabet: Alphabet = BYCLASS,
    preparation: Preparation | None = DEFAULT,
    *,
    unknown: str = "refuse",
    seed: int = 0,
    progress: Progress | None = None,
) -> GlyphSet:
    """Like :func:`load`, with test labels; every call adds a row to the `test-reads.csv` of ``handout.folder``.

    Where ``handout.labels`` names the contest's answers they are joined to the pictures by row.
    """
    sets = []
    for place in places(source):
        labelled = _labelled(place, preparation, seed, progress, test=True)
        chosen = np.arange(len(labelled.pictures))
        if handout.labels is not None:
            labelled, chosen = _with_answers(labelled, place, handout)
        record(handout, str(place), len(chosen))
        sets.append(_glyphs(labelled, place, alphabet, unknown, chosen))
    return joined(sets)


def _places(source: str | os.PathLike[str], part: str | None) -> list[Place]:
    found = places(source)
    if part is None:
        return found
    if len(found) > 1 or found[0].part is not None:
        raise UsageError(f"the part is told twice, or of several sources: {part} of {source}", "write it as PATH:PART")
    return [with_part(found[0], part)]


def _labelled(place: Place, preparation: Preparation | None, seed: int, progress: Progress | None, *, test: bool) -> Opened:
    """The source, prepared; ``test`` says whether labels of a test part may leave."""
    opened = open_place(place, seed, progress) if preparation is None else _prepared(place, preparation, seed, progress, test=test)
    if not test:
        _refuse_test(opened, place)
    return opened


def _prepared(place: Place, preparation: Preparation, seed: int, progress: Progress | None, *, test: bool) -> Opened:
    """The source with every picture prepared, out of the cache where it holds them."""
    wanted = {"preparation": asdict(preparation)}
    stored, drawn = entries_of("prepared", place, wanted, {**wanted, "seed": seed})
    for entry in (stored, drawn):
        kept = entry.kept()
        if kept is not None and (opened := from_kept(kept, place)) is not None:
            return opened
    drawn_now = place.known is not None and place.known.drawn  # which takes longer than preparing: kept for others too
    opened = open_place(place, seed, progress if drawn_now else None, keep=drawn_now)
    entry = drawn if isinstance(opened.pictures, PenPictures) else stored
    if not test:
        _refuse_test(opened, place)
    with suppress(OSError):  # a cache that cannot be written costs time, not the work
        entry.make(lambda folder: _write_prepared(opened, preparation, folder, progress))
        kept = entry.kept()
    finished = None if kept is None else from_kept(kept, place)
    return finished or replace(opened, pictures=prepare_all(opened.pictures, preparation, progress=progress))


def _refuse_test(opened: Opened, place: Place) -> None:
    if opened.part == "test" and opened.kinds:
        hint = "test parts train and choose nothing; `inkread data show` looks at them, in Python `load_test` hands their labels out"
        raise DataError(f"a test part is loaded with its labels: {place}", hint)


def _write_prepared(opened: Opened, preparation: Preparation, folder: Path, progress: Progress | None) -> Mapping[str, str]:
    out = mapped(folder / "pictures.npy", (len(opened), preparation.side, preparation.side))
    prepare_all(opened.pictures, preparation, out, progress)
    return write(opened, folder, None)


def _with_answers(labelled: Opened, place: Place, handout: Handout) -> tuple[Opened, NDArray[np.int64]]:
    assert handout.labels is not None
    answers = read_answers(handout.labels)
    if len(answers.labels) != len(labelled.pictures):
        raise DataError(f"{len(labelled.pictures):,} pictures but {len(answers.labels):,} answers: {place} and {handout.labels}")
    chosen = np.flatnonzero(answers.usage == handout.usage) if handout.usage else np.arange(len(answers.labels))
    if not len(chosen):
        known = ", ".join(sorted(set(answers.usage.tolist())))
        raise DataError(f"no answer has this usage: {handout.usage}", f"known: {known}")
    kinds, codes = coded(answers.labels, len(answers.labels))
    return replace(labelled, kinds=kinds, codes=codes), chosen


def _glyphs(labelled: Opened, place: Place, alphabet: Alphabet, unknown: str, chosen: NDArray[np.int64] | None = None) -> GlyphSet:
    table = np.vstack([targets_of(labelled.kinds, alphabet), np.zeros((1, len(alphabet)), np.bool_)])
    glyphs = GlyphSet(labelled.pictures, table.take(labelled.codes, axis=0), alphabet, str(place), labelled.writer, labelled.names)
    codes = labelled.codes
    if chosen is not None and len(chosen) < len(glyphs):
        glyphs, codes = glyphs.take(chosen), codes[chosen]
    told: NDArray[np.bool_] = np.any(table, axis=1)
    outside = (codes >= 0) & ~told[codes]
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
