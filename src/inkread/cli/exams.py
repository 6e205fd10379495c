"""The labelled pictures that `evaluate` and `compare` score on: a test part, its labels handed out on record, or another part."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import DataError, UsageError
from ..interrupt import ending_at_once

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..alphabet import Alphabet
    from ..datasets import GlyphSet, Opened, Place
    from ..evaluation import Labelled
    from ..preparation import Preparation

TRAIN = "train"

RUNS = Path("runs")
"""Where runs are kept, and beside them the record of who asked for test labels."""


@dataclass(frozen=True, eq=False)
class Exam:
    """A test as it was loaded.

    ``labelled``: the pictures with a label, prepared. ``pictures``: how many the source has; ``rows``: int64, which of
    them have a label; ``names``: of all, or None. ``files``: of the source, without those of which only a part that does
    not train was loaded. ``card``: the published set that it is, ``whole``: whether it is all of its test part. ``test``: whether
    labels of a test part were handed out, then noted in ``record``. ``source``: as loaded, its parts told.
    """

    labelled: Labelled
    pictures: int
    rows: NDArray[np.int64]
    names: Sequence[str] | None
    files: tuple[str, ...]
    card: str
    whole: bool
    test: bool
    record: Path
    source: str

    @cached_property
    def seen(self) -> NDArray[np.uint8]:
        """The labelled pictures, uint8 (N,28,28)."""
        import numpy as np

        pictures = self.labelled.pictures
        assert pictures is not None
        return pictures if isinstance(pictures, np.ndarray) else np.stack([np.asarray(each) for each in pictures])


@dataclass(frozen=True)
class Asked:
    """What is asked of a source. ``labels``: the contest's file of right answers, ``reason``: for the record of test labels,
    kept in ``folder``."""

    source: str
    labels: Path | None
    reason: str
    folder: Path = RUNS


def exam(asked: Asked, characters: str, preparation: Preparation) -> Exam:
    """The pictures and labels of a source: its test part where none is asked for, and all where it has no parts.

    ``characters``: what the targets are over, beside the 62 of byclass and what the labels are.
    :class:`UsageError` for one file of labels for several sources, :class:`DataError` where nothing is labelled, and the
    errors of the source.
    """
    with ending_at_once():
        from ..datasets import to_test_on

    places = to_test_on(asked.source)
    if asked.labels is not None and len(places) > 1:
        raise UsageError(f"--labels belongs to one source, not to several: {asked.source}")
    opened = [_open(place, asked) for place in places]
    wide = _wide(characters + "".join(kind for each in opened for kind in each.kinds))
    return _together([_loaded(place, each, asked, wide, preparation) for place, each in zip(places, opened, strict=True)], asked)


def lessons(source: str, characters: str, preparation: Preparation) -> Labelled:
    """The training pictures of a source: its training part where none is asked for; test labels are refused."""
    from ..datasets import joined, load, to_train_on
    from ..evaluation import Labelled

    wide = _wide(characters)
    glyphs = joined([load(str(each.place), alphabet=wide, preparation=preparation) for each in to_train_on(source)])
    told = glyphs.take(glyphs.targets.any(axis=1))
    return Labelled(told.targets, told.alphabet, source, told.pictures, None, told.writer, told.names)


def _wide(characters: str) -> Alphabet:
    """Every character by itself: the 62 of byclass and these."""
    from ..alphabet import BYCLASS, Alphabet

    more = "".join(dict.fromkeys(each for each in characters if each not in BYCLASS))
    return Alphabet(BYCLASS.characters + more) if more else BYCLASS


@dataclass(frozen=True, eq=False)
class _Part:
    place: Place
    glyphs: GlyphSet
    card: str
    whole: bool
    test: bool


def _open(place: Place, asked: Asked) -> Opened:
    from ..datasets import open_source
    from .progress import Progress

    with Progress(doing="opening") as progress:
        opened = open_source(str(place), progress=progress.reached)
    if not opened.kinds and asked.labels is None:
        raise DataError(f"the source has no labels: {place}", "--labels FILE names the right answers, a CSV of Id,Category")
    return opened


def _loaded(place: Place, opened: Opened, asked: Asked, alphabet: Alphabet, preparation: Preparation) -> _Part:
    from ..datasets import CARDS, Handout, load, load_test
    from .progress import Progress

    source = str(place)
    test = opened.part == "test" or asked.labels is not None
    with Progress(doing="preparing") as progress:
        if test:
            handout = Handout(asked.folder, asked.reason, asked.labels)
            glyphs = load_test(source, handout, alphabet, preparation, progress=progress.reached)
        else:
            glyphs = load(source, alphabet=alphabet, preparation=preparation, progress=progress.reached)
    card = CARDS.get(opened.card)
    whole = card is not None and len(opened) == card.pictures.get("test") and opened.part == "test"
    return _Part(place, glyphs, opened.card, whole, test)


def _together(found: Sequence[_Part], asked: Asked) -> Exam:
    import numpy as np

    from ..datasets import joined
    from ..evaluation import Labelled

    glyphs = joined([each.glyphs for each in found])
    rows = np.flatnonzero(glyphs.targets.any(axis=1))
    if not len(rows):
        raise DataError(f"no picture of the source has a label: {asked.source}")
    told = glyphs.take(rows)
    source = "+".join(str(each.place) for each in found)
    names = [_short(each.place) for each in found]
    if len(set(names)) < len(names):
        names = [str(each.place) for each in found]
    sources = np.repeat(names, [len(each.glyphs) for each in found])[rows]
    labelled = Labelled(
        told.targets, told.alphabet, "+".join(names), told.pictures, sources if len(found) > 1 else None, told.writer, told.names
    )
    return Exam(
        labelled=labelled,
        pictures=len(glyphs),
        rows=rows,
        names=glyphs.names,
        files=tuple(str(each.place.path) for each in found if (each.place.part or TRAIN) == TRAIN),
        card=found[0].card if len(found) == 1 else "",
        whole=len(found) == 1 and found[0].whole and asked.labels is None,
        test=any(each.test for each in found),
        record=asked.folder / "test-reads.csv",
        source=source,
    )


def _short(place: Place) -> str:
    """The source without its folders."""
    name = place.card or os.path.basename(os.path.normpath(place.path))
    return f"{name}:{place.part}" if place.part else name
