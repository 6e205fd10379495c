"""What is wrong with a data set: everything that would spoil a training or a measurement, and what is worth knowing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from ..errors import DataError
from .checked import Checked, Finding, look_at
from .checks_labels import balance, classes_between, counts, labelled, missing_classes, unlabelled
from .checks_pictures import between_parts, blank, channels, contradictions, copies, inked, sizes, unreadable
from .judge import Judge, sample
from .opening import Opened

if TYPE_CHECKING:
    from .judge import Judgement
    from .parallel import Progress

Expected: TypeAlias = Callable[[Opened], "Mapping[str, int] | None"]
"""The published count of each label of a source, None where it is no published one."""

CHECKS = {
    "counts": "counts against those that were published",
    "unreadable": "pictures that cannot be decoded",
    "sizes": "pictures of several sizes",
    "blank": "pictures without ink",
    "copies": "equal pictures inside a part",
    "contradictions": "equal pictures with different labels",
    "between": "equal pictures in several parts",
    "channels": "colour channels that differ",
    "unlabelled": "pictures without a label",
    "balance": "how many pictures each label has",
    "missing": "classes without any picture",
    "classes": "classes that only one part has",
    "orientation": "pictures that lie on their side or are mirrored",
    "labels": "labels that do not belong to the pictures, or count from another number",
}
"""Every check by the code of its findings."""


@dataclass(frozen=True)
class Report:
    """``findings`` in the order of the parts; ``unchecked``: what could not be looked at, by part and code, and why."""

    parts: tuple[Checked, ...]
    findings: tuple[Finding, ...]
    unchecked: tuple[tuple[str, str, str], ...]

    @property
    def spoilt(self) -> bool:
        """Whether any finding would spoil a training or what is measured after it."""
        return any(each.spoils for each in self.findings)


def check(
    parts: Sequence[Opened],
    judge: Judge | None = None,
    expected: Expected | None = None,
    encoded: Callable[[Opened], Sequence[bytes] | None] | None = None,
    progress: Progress | None = None,
) -> Report:
    """Everything in :data:`CHECKS` about the parts of a source, or of several.

    ``judge``: reads a sample, for orientation and labels. ``expected``: published counts. ``encoded``: the bytes of a
    part's pictures, for their colours. What needs one that is not given is told as unchecked. ``progress`` is told how
    many pictures of each part have been looked at.
    """
    looked = tuple(look_at(each, progress) for each in parts)
    findings: list[Finding] = []
    unchecked: list[tuple[str, str, str]] = []
    for part in looked:
        opened = part.opened
        published = expected(opened) if expected else None
        if published is None:
            unchecked.append((part.name, "counts", "no published set is known by this name or checksum"))
        else:
            findings += counts(part, published)
        findings += [*unreadable(part), *sizes(part), *blank(part)]
        if part.digests is None:
            unchecked.append((part.name, "copies", "pen strokes are drawn anew each time"))
        findings += [*copies(part), *contradictions(part)]
        files = encoded(opened) if encoded else None
        if files is None:
            unchecked.append((part.name, "channels", "the source holds no files of pictures"))
        else:
            findings += channels(part, files)
        findings += [*unlabelled(part), *balance(part), *missing_classes(part)]
        if judge is None:
            unchecked += _unjudged(part, "no reader was given")
        else:
            findings += _judged(part, judge, unchecked)
    findings += [*between_parts(looked), *classes_between(looked)]
    return Report(looked, tuple(findings), tuple(unchecked))


def _judged(part: Checked, judge: Judge, unchecked: list[tuple[str, str, str]]) -> Iterator[Finding]:
    """What a reader says of a sample: the orientation, then the labels in the orientation that is right."""
    opened = part.opened
    with_ink = np.flatnonzero(inked(part))
    places = with_ink[sample(opened.take(with_ink))].tolist()
    labels = opened.labels
    told = None if labels is None else [labels[at] for at in places]
    known = told is not None and all(each.isascii() and each.isalnum() for each in told)
    if len(places) < _FEWEST:
        unchecked += _unjudged(part, f"fewer than {_FEWEST} pictures with ink")
        return
    try:
        judgement = judge([opened.pictures[at] for at in places], told if known else None)
    except DataError as error:
        unchecked += _unjudged(part, str(error))
        return
    if not judgement.sure:
        unchecked.append((part.name, "orientation", f"not certain: {_strongest(judgement)}"))
    elif judgement.best:
        hint = "`inkread data convert --orientation auto` writes it upright"
        says = f"{judgement.says}, the pictures look more like characters: {_strongest(judgement)}"
        yield Finding("orientation", True, part.name, says, hint)
    if told is None or not known:
        unchecked.append((part.name, "labels", "no labels" if told is None else "labels that the reader does not know"))
        return
    yield from labelled(part, [told[at] for at in judgement.used], judgement)


def _unjudged(part: Checked, why: str) -> list[tuple[str, str, str]]:
    return [(part.name, code, why) for code in ("orientation", "labels")]


_FEWEST = 20


def _strongest(judgement: Judgement) -> str:
    """The evidence for the view that was best, beside that for the pictures as they are."""
    lines = [judgement.evidence[judgement.best]] + ([judgement.evidence[0]] if judgement.best else [])
    return "; ".join(lines)
