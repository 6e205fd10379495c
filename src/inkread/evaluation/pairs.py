"""The characters most often taken for each other, each pair with what the data say about why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray

from ..alphabet import Alphabet, joins_case, look_alike, swap_case
from .confusion import confusion
from .examples import Example, Gallery, blank, example
from .explain import SEVERAL, reason, sentences
from .given import Labelled
from .shapes import Looks, Shapes
from .view import View

PAIRS = 10
SHOWN = 8
ORIGINS = 5


@dataclass(frozen=True)
class Direction:
    """``count`` pictures of ``truth`` were read as ``answer``: the share ``of_truth`` of its ``pictures`` in the test."""

    truth: str
    answer: str
    count: float
    of_truth: float
    pictures: float


@dataclass(frozen=True)
class Origin:
    """Where mistakes of a pair come from: a source or a writer by ``name``, with ``mistakes`` among its ``pictures`` of the
    two characters."""

    name: str
    mistakes: int
    pictures: int


@dataclass(frozen=True, eq=False)
class ConfusedPair:
    """Two characters that are taken for each other.

    ``count``: mistakes in both directions, the share ``of_mistakes`` of all on pictures of one known character with ink.
    ``directions``: the more frequent first. ``kind``: ``twins of case``, ``cases of one letter``, ``look-alikes``,
    ``letter and digit``, ``letters`` or ``digits``. ``runner_up``: share of these mistakes whose right answer was the second
    most probable, ``between``: what was second most often in the others, ``probability``: mean probability of the wrong
    answers (None, empty where only classes are known). ``looks``: None without pictures or with too few. ``sources``: all
    of them, ``writers``: those with mistakes, up to five, most first, empty where not known; ``half``: how many writers
    make half of the mistakes, of how many known ones that wrote either character (``hands``). ``reason``: the likeliest
    cause in a few words, ``explanation``: sentences, both made from these numbers. ``examples``: misread pictures, surest
    first in either direction.
    """

    first: str
    second: str
    count: float
    of_mistakes: float
    directions: tuple[Direction, Direction]
    kind: str
    runner_up: float | None
    probability: float | None
    between: str = ""
    looks: Looks | None = None
    sources: tuple[Origin, ...] = ()
    writers: tuple[Origin, ...] = ()
    half: int = 0
    hands: int = 0
    reason: str = ""
    explanation: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()

    @property
    def explained(self) -> bool:
        """Whether there are mistakes enough to say why."""
        return self.count >= SEVERAL


def confused_pairs(
    seen: View, labelled: Labelled, gallery: Gallery | None = None, most: int = PAIRS, seed: int = 0
) -> tuple[ConfusedPair, ...]:
    """The ``most`` pairs with the most mistakes in both directions together, each explained.

    ``seen``: best as :func:`told_apart` gives it. ``gallery``: training pictures for the misread ones. Pictures that may be
    several characters are left out of everything here: which of the pairs their mistakes belong to is not known. So are
    pictures without ink: no shape of theirs was misread.
    """
    seen = _inked(seen, labelled)
    classes = len(seen.alphabet)
    known = confusion(seen.answers[seen.single], seen.targets[seen.single], seen.alphabet).counts if seen.single.any() else None
    if known is None:
        return ()
    counts = known[:, :classes]
    mistakes = float(known.sum() - np.trace(counts))
    both = np.triu(counts + counts.T, 1)
    order = np.argsort(-both, axis=None, kind="stable")[:most]
    places = [(int(a), int(b)) for a, b in zip(*np.unravel_index(order, both.shape), strict=True) if both[a, b] > 0]
    shapes = None
    if labelled.pictures is not None and places:
        truth = np.full(len(labelled), -1, np.int64)
        truth[seen.rows[seen.single]] = seen.truth[seen.single]
        shapes = Shapes(labelled.pictures, truth, classes, seed)
    pairs = [_pair(a, b, counts, mistakes, _Wrong.of(seen, labelled, a, b)) for a, b in places]
    pairs = [_seen(pair, a, b, shapes) for pair, (a, b) in zip(pairs, places, strict=True)]
    return tuple(_finished(pair, gallery, seen.alphabet) for pair in pairs)


def told_apart(seen: View) -> View:
    """The view with those classes joined that no picture of the test tells apart, such as K and k where every label is K or k.

    The joined class is told as the first of them, with the sum of their probabilities. The view itself where there are none.
    """
    alone = np.asarray(seen.targets[seen.single].any(axis=0))
    group = np.arange(len(seen.alphabet))
    for among in np.unique(seen.targets[~seen.single], axis=0):
        if not alone[among].any():
            group[np.isin(group, group[among])] = group[among].min()
    firsts = np.unique(group)
    if len(firsts) == len(group) or len(firsts) < 2:
        return seen
    stands_for = ["".join(seen.alphabet.stands_for[at] for at in np.flatnonzero(group == first).tolist()) for first in firsts.tolist()]
    joined = Alphabet("".join(seen.alphabet[first] for first in firsts.tolist()), tuple(stands_for))
    told = seen.answered.told_in(joined).probabilities.copy()
    told[seen.answers < 0] = 1 / len(joined)  # no answer stays none
    answered = replace(seen.answered, alphabet=joined, probabilities=told, before=None)
    targets = np.stack([seen.targets[:, group == first].any(axis=1) for first in firsts], axis=1)
    return View(joined, answered, targets, seen.rows, seen.outside)


def _inked(seen: View, labelled: Labelled) -> View:
    """The view without pictures that have no ink."""
    kept = ~blank(labelled, seen.rows)
    if kept.all():
        return seen
    answered = replace(seen.answered, probabilities=seen.probabilities[kept], before=None)
    return View(seen.alphabet, answered, seen.targets[kept], seen.rows[kept], seen.outside)


def kind_of(first: str, second: str) -> str:
    """What two characters are to each other."""
    if swap_case(first) == second and first != second:
        return "twins of case" if joins_case(first) else "cases of one letter"
    if look_alike(first, second):
        return "look-alikes"
    digits = first.isdigit() + second.isdigit()
    return ("letters", "letter and digit", "digits")[digits]


@dataclass(frozen=True, eq=False)
class _Wrong:
    """The pictures of a pair: ``places`` in the view that were taken for the other, ``all`` of either class."""

    seen: View
    labelled: Labelled
    places: NDArray[np.int64]
    all: NDArray[np.int64]

    @classmethod
    def of(cls, seen: View, labelled: Labelled, a: int, b: int) -> _Wrong:
        either = seen.single & ((seen.truth == a) | (seen.truth == b))
        crossed = either & ~seen.right & ((seen.answers == a) | (seen.answers == b))
        return cls(seen, labelled, np.flatnonzero(crossed), np.flatnonzero(either))

    def origins(self, known: NDArray[np.str_] | None) -> list[Origin]:
        """All sources or writers of the pictures, most mistakes first; empty where there are not at least two."""
        if known is None:
            return []
        names = [str(each) for each in known[self.seen.rows[self.all]] if each]
        wrong = Counter(str(each) for each in known[self.seen.rows[self.places]] if each)
        pictures = Counter(names)
        found = [Origin(name, wrong[name], count) for name, count in pictures.items()]
        return sorted(found, key=lambda each: -each.mistakes) if len(pictures) > 1 else []

    def hands(self) -> int:
        known = self.labelled.writers
        return 0 if known is None else len({str(each) for each in known[self.seen.rows[self.all]] if each})

    def runner_up(self) -> float | None:
        """Share whose truth is the second most probable."""
        if not len(self.places) or not self.seen.answered.sure:
            return None
        rows = self.seen.probabilities[self.places]
        truth = rows[np.arange(len(rows)), self.seen.truth[self.places]]
        return float(((rows > truth[:, None]).sum(axis=1) == 1).mean())

    def between(self) -> str:
        """What was the second most probable most often where that was not the truth; empty where it always was."""
        if not len(self.places) or not self.seen.answered.sure:
            return ""
        second = np.argsort(-self.seen.probabilities[self.places], axis=1, kind="stable")[:, 1]
        others = Counter(second[second != self.seen.truth[self.places]].tolist())
        return self.seen.alphabet[others.most_common(1)[0][0]] if others else ""

    def probability(self) -> float | None:
        """Mean probability of the wrong answers."""
        return float(self.seen.confidence[self.places].mean()) if len(self.places) and self.seen.answered.sure else None

    def examples(self, most: int) -> tuple[Example, ...]:
        """The surest mistakes, one of either direction in turn."""
        order = self.places[np.argsort(-self.seen.confidence[self.places], kind="stable")]
        low = self.seen.truth[order] == self.seen.truth[order].min(initial=len(self.seen.alphabet))
        turns = zip_longest(order[low].tolist(), order[~low].tolist())
        places = [at for turn in turns for at in turn if at is not None][:most]
        return tuple(example(self.seen, self.labelled, at) for at in places)


def _pair(a: int, b: int, counts: NDArray[np.float64], mistakes: float, wrong: _Wrong) -> ConfusedPair:
    alphabet = wrong.seen.alphabet
    there = wrong.seen.targets[wrong.seen.single].sum(axis=0, dtype=np.float64)
    ways = sorted((_direction(alphabet, x, y, counts, there) for x, y in ((a, b), (b, a))), key=lambda way: -way.count)
    both = float(counts[a, b] + counts[b, a])
    writers = [each for each in wrong.origins(wrong.labelled.writers) if each.mistakes]
    return ConfusedPair(
        first=alphabet[a],
        second=alphabet[b],
        count=both,
        of_mistakes=both / mistakes,
        directions=(ways[0], ways[1]),
        kind=kind_of(alphabet[a], alphabet[b]),
        runner_up=wrong.runner_up(),
        probability=wrong.probability(),
        between=wrong.between(),
        sources=tuple(wrong.origins(wrong.labelled.sources)),
        writers=tuple(writers[:ORIGINS]),
        half=_half([each.mistakes for each in writers]),
        hands=wrong.hands(),
        examples=wrong.examples(SHOWN),
    )


def _direction(alphabet: Alphabet, truth: int, answer: int, counts: NDArray[np.float64], there: NDArray[np.float64]) -> Direction:
    count, pictures = float(counts[truth, answer]), float(there[truth])
    return Direction(alphabet[truth], alphabet[answer], count, count / pictures if pictures else 0.0, pictures)


def _seen(pair: ConfusedPair, a: int, b: int, shapes: Shapes | None) -> ConfusedPair:
    return replace(pair, looks=shapes.looks(a, b)) if shapes is not None and shapes.told(a, b) else pair


def _finished(pair: ConfusedPair, gallery: Gallery | None, alphabet: Alphabet) -> ConfusedPair:
    examples = pair.examples if gallery is None else gallery.with_nearest(pair.examples, alphabet)
    whole = replace(pair, examples=examples)
    return replace(whole, reason=reason(whole), explanation=sentences(whole))


def _half(mistakes: Sequence[int]) -> int:
    """How many of these, most first, make half of all."""
    sums = np.cumsum(mistakes)
    return int(np.searchsorted(sums, sums[-1] / 2) + 1) if len(sums) else 0
