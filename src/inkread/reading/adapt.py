"""Teaching: a few labelled pictures per character make an adapted reader, also of characters that nobody knew, in seconds.

The network stays as it is; a new last layer on its features is fitted (``fit``) and travels in the bundle's manifest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..bundle import MAX_LEFT_OUT, Bundle, Head, RiskData, load
from ..errors import DataError
from ..picture import Prepared, as_picture, distorted, prepare
from .fit import DISCOUNT, Floats, Layer, Lessons, best_scale, fitted, scatter
from .known import Known, extended, known_of, remembered

COPIES, MOST_COPIES = 8, 2_000
"""Distorted copies of each picture, and of all together: they only measure the features' scatter."""

FOLDS = 20
"""Parts that are left out in turn, so that a picture is judged by a layer that learnt from all others but a twentieth."""

ENOUGH = 10
"""Pictures of known characters from which on they tell how far the reader's own sureness is to be trusted."""


@dataclass(frozen=True)
class Score:
    """How many of the ``pictures`` were read ``right``."""

    right: int
    pictures: int

    @property
    def accuracy(self) -> float:
        """Share of right answers, 0..1."""
        return self.right / self.pictures


@dataclass(frozen=True)
class Taught:
    """A bundle that was taught, and what teaching did.

    ``before``: the old reader on the pictures that could be left out. ``after``: the new one on the same pictures, each
    read by a layer that was fitted without it; None where no character has two pictures. Both answer with any of the new
    reader's characters. ``counts``: pictures of each character. ``new``: characters that the bundle did not know.
    ``single``: characters with one picture, which cannot be left out. ``blank``: which of the given pictures hold no
    ink and were skipped. ``mistakes``: (truth, answer, how often) of ``after``, the most frequent first. ``rivals``: a new
    character and the known one that it was taken for, where nobody taught that one: pictures of both would part them.
    """

    bundle: Bundle
    before: Score
    after: Score | None
    counts: Mapping[str, int]
    new: str
    single: str
    blank: tuple[int, ...]
    mistakes: tuple[tuple[str, str, int], ...]
    rivals: tuple[tuple[str, str], ...]


def teach(
    bundle: str | Path | Bundle | None, pictures: Sequence[object], labels: Sequence[str], *, only: bool = False, seed: int = 0
) -> Taught:
    """The bundle with a last layer that was taught these pictures.

    ``bundle``: a path, a shipped one's name, None for the one that inkread reads with; one that was taught before learns
    on. ``pictures``: N of anything that :func:`inkread.picture.as_picture` takes, or prepared as the bundle wants it;
    ``labels``: the character of each. ``only``: forget all characters that are not taught. The same pictures and ``seed``
    give the same bundle.

    :class:`DataError` where labels are no single characters or fewer than two different ones, :class:`PictureError` for
    what is no picture, :class:`BundleError` for a bundle that cannot be taught.
    """
    source = bundle if isinstance(bundle, Bundle) else load(bundle)
    settings = source.manifest.preparation
    prepared = [each if isinstance(each, Prepared) else prepare(as_picture(each), settings) for each in pictures]
    _check(labels, len(prepared))
    inked = np.array([not each.blank for each in prepared], bool)
    told = [label for label, there in zip(labels, inked, strict=True) if there]
    if len(set(told)) < 2:
        raise DataError(f"teaching needs pictures of two different characters: {''.join(sorted(set(told))) or 'none'}", _TWO)
    seen = np.stack([each.picture for each in prepared if not each.blank])
    lesson = _Lesson(source, seen, told, only, seed)
    blank = tuple(np.flatnonzero(~inked).tolist())
    return lesson.taught(blank)


_TWO = "one folder per character, such as `A/1.png` and `B/1.png`, with a few pictures in each"


def _check(labels: Sequence[str], pictures: int) -> None:
    if len(labels) != pictures:
        raise DataError(f"{pictures} pictures but {len(labels)} labels")
    for label in labels:
        if len(label) != 1:
            raise DataError(f"a label is one character: {label!r}")


class _Lesson:
    """One teaching: everything that does not change while parts of the pictures are left out."""

    def __init__(self, bundle: Bundle, pictures: NDArray[np.uint8], labels: Sequence[str], only: bool, seed: int) -> None:
        self.bundle, self.labels = bundle, labels
        self.known: Known = known_of(bundle, pictures)
        self.digest = sha256(pictures.tobytes() + "".join(labels).encode()).hexdigest()
        new = [each for each in dict.fromkeys(labels) if each not in self.known.answers]
        self.new = "".join(new)
        kept = [each for each in self.known.answers if not only or each in labels]
        self.answers = "".join([*kept, *new])
        features = self.known.session.run(pictures)[1].astype(np.float64)
        copies = self._copies(pictures, np.random.default_rng(seed))
        again = self.known.session.run(distorted(pictures[copies], np.random.default_rng(seed)))[1].astype(np.float64)
        self.metric = scatter(again - features[copies])
        targets = np.array([self.answers.index(each) for each in labels], np.int64)
        self.lessons = Lessons(features, targets, np.ones(len(targets)))
        untaught = "".join(each for each in kept if each not in labels)
        memory = remembered(bundle, self.known, untaught, np.concatenate([features, again]))
        places = np.array([self.answers.find(each) for each in self.known.answers], np.int64)
        self.memory = replace(memory, targets=places[memory.targets])
        self.columns = {self.answers.index(each): self.known.answers.index(each) for each in kept}

    def taught(self, blank: tuple[int, ...]) -> Taught:
        """Fits once on everything, and in turn without a part."""
        layer = self._fitted(self.lessons)
        counts = Counter(self.labels)
        single = "".join(each for each in counts if counts[each] == 1)
        judged = np.array([counts[each] > 1 for each in self.labels])
        left_out = self._left_out()[judged]
        targets = self.lessons.targets[judged]
        before = Score(int(self._right_before(judged if judged.any() else ~judged).sum()), int(judged.sum()) or len(judged))
        answers = left_out.argmax(axis=1)
        after = Score(int((answers == targets).sum()), len(targets)) if len(targets) else None
        scale = best_scale(left_out, targets) if len(targets) else DISCOUNT
        risk = RiskData(
            left_out[:MAX_LEFT_OUT].astype(np.float16), targets[:MAX_LEFT_OUT].astype(np.int16), ["taught"] * len(targets[:MAX_LEFT_OUT])
        )
        head = Head(self.answers, layer.weights.astype(np.float32), layer.bias.astype(np.float32), 1.0 / scale, risk if after else None)
        wrong = Counter(
            (self.answers[truth], self.answers[answer]) for truth, answer in zip(targets, answers, strict=True) if truth != answer
        )
        mistakes = tuple((truth, answer, often) for (truth, answer), often in wrong.most_common())
        return Taught(self._bundle(head, before, after), before, after, counts, self.new, single, blank, mistakes, self._rivals())

    def _fitted(self, lessons: Lessons) -> Layer:
        familiar = np.isin(lessons.targets, list(self.columns))
        old = np.array([self.columns.get(each, 0) for each in lessons.targets.tolist()], np.int64)
        scale = 1.0 / self.known.temperature
        if familiar.sum() >= ENOUGH:
            scale = best_scale(self.known.layer.logits(lessons.features[familiar]), old[familiar])
        start = extended(self.known.layer.scaled(DISCOUNT * scale), self.columns, len(self.answers), lessons)
        return fitted(lessons.with_more(self.memory), start, self.metric)

    def _left_out(self) -> Floats:
        """Logits (N, K) of each picture by a layer that was fitted without it and the others of its part."""
        order = np.argsort(self.lessons.targets, kind="stable")
        part = np.empty(len(order), np.int64)
        # neighbours of one character come into different parts
        part[order] = np.arange(len(order)) % min(FOLDS, len(order))
        logits = np.zeros((len(order), len(self.answers)))
        for each in range(int(part.max()) + 1):
            away = part == each
            logits[away] = self._fitted(self.lessons.take(~away)).logits(self.lessons.features[away])
        return logits

    def _right_before(self, judged: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Whether the old reader, asked for any of the new one's characters, was right."""
        places, old = (list(each) for each in (self.columns, self.columns.values()))
        logits = np.full((int(judged.sum()), len(self.answers)), -np.inf)
        logits[:, places] = self.known.layer.logits(self.lessons.features[judged])[:, old]
        return np.asarray(logits.argmax(axis=1) == self.lessons.targets[judged])

    def _rivals(self) -> tuple[tuple[str, str], ...]:
        """New characters, each with the known one that most of its pictures were taken for, if that stays and is untaught."""
        found = []
        for each in self.new:
            own = self.lessons.features[self.lessons.targets == self.answers.index(each)]
            taken_for = self.known.answers[int(np.bincount(self.known.layer.logits(own).argmax(axis=1)).argmax())]
            if taken_for in self.answers and taken_for not in self.labels:
                found.append((each, taken_for))
        return tuple(found)

    def _copies(self, pictures: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.int64]:
        every = np.tile(np.arange(len(pictures)), COPIES)
        return every if len(every) <= MOST_COPIES else rng.choice(len(pictures), MOST_COPIES)

    def _bundle(self, head: Head, before: Score, after: Score | None) -> Bundle:
        manifest = self.bundle.manifest
        told: dict[str, object] = {"pictures": len(self.labels), "before": before.accuracy, "after": after.accuracy if after else None}
        changed = replace(
            manifest,
            name=manifest.name if manifest.name.endswith("-taught") else f"{manifest.name}-taught",
            head=head,
            data={**manifest.data, "taught": self.digest},
            figures={**manifest.figures, "taught": told},
        )
        return replace(self.bundle, manifest=changed, path=None)
