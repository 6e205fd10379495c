"""Everything that is to be said of a model on a test: one value, from which JSON and the page are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..alphabet import NAMED, Alphabet
from .accuracy import Accuracy, accuracy, macro_accuracy
from .characters import CharacterScore, Evenness, characters, evenness
from .confusion import Confusion, confusion
from .examples import Example, Gallery, blank, example, surest_mistakes
from .given import Answered, Labelled, Model, Pictures, answered_by_classes
from .letter import LetterPage, letter_page
from .pairs import ConfusedPair, confused_pairs, told_apart
from .plain import plain
from .predictor import Predictor
from .published import Beside, beside
from .robustness import Prepare, Robustness, as_usual, robustness
from .saliency import Saliency, saliency
from .scores import Calibrated, Selective, Top, calibrated, likelihood, selective, top
from .spaces import CaseScore, SpaceScore, case_policies, spaces
from .suspected import SuspectedLabels, suspected
from .truth import as_targets
from .view import View, view

MISTAKES = 100
SALIENT = 6


@dataclass(frozen=True)
class Test:
    """What was read. ``name``: the source; ``pictures``: how many it has; ``outside``: labels that the alphabet in use leaves
    out -> pictures (not scored); ``ambiguous``: pictures known only up to several characters, where any of them is right;
    ``characters``: how many occur; ``absent``: answers that no picture is of; ``has_pictures``: whether pictures were
    given, and how many of those are ``blank``, without any ink."""

    name: str
    pictures: int
    outside: Mapping[str, int]
    ambiguous: int
    characters: int
    absent: str
    has_pictures: bool
    blank: int

    __test__ = False  # its name is no invitation to pytest


@dataclass(frozen=True)
class Wishes:
    """What is asked of :func:`evaluate` beside the answers.

    ``alphabet``: the answers to score over, None for all of the model's; ``case``: ``keep``, ``fold``, ``upper``. ``letter``: for a
    letter's page, or empty. ``card``: the test's name in the catalogue, ``whole``: whether it is all of its official test part.
    ``pairs``, ``mistakes``: how many. ``thorough``: suspected labels, robustness and saliency too, which take a minute, and the
    last two a predictor.
    """

    alphabet: Alphabet | None = None
    case: str = "keep"
    letter: str = ""
    card: str = ""
    whole: bool = False
    pairs: int = 10
    mistakes: int = MISTAKES
    thorough: bool = False
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Evaluation:
    """A model on a test. What needs probabilities, pictures or a predictor is None (or empty) where there are none.

    ``overall``: share of right answers with its interval; ``macro_accuracy``: mean over the characters that occur.
    ``likelihood``: negative log likelihood in nats. ``spaces``: largest first. ``characters``: lowest accuracy first.
    ``pairs``: most mistakes first. ``mistakes``: surest first, without those of ``suspects``.
    """

    model: Model
    test: Test
    alphabet: Alphabet
    case: str
    overall: Accuracy
    macro_accuracy: float
    top: tuple[Top, ...]
    likelihood: float | None
    calibration: Calibrated | None
    selective: Selective | None
    spaces: tuple[SpaceScore, ...]
    cases: tuple[CaseScore, ...]
    characters: tuple[CharacterScore, ...]
    evenness: Evenness
    confusion: Confusion
    pairs: tuple[ConfusedPair, ...]
    mistakes: tuple[Example, ...]
    suspects: SuspectedLabels | None
    letter: LetterPage | None
    robustness: Robustness | None
    saliency: tuple[Saliency, ...]
    published: tuple[Beside, ...]

    @property
    def ece(self) -> float | None:
        """The expected calibration error of the probabilities as they are told, or None."""
        return None if self.calibration is None else self.calibration.after.error

    def as_dict(self) -> dict[str, Any]:
        """As plain values, for JSON: ``accuracy``, ``interval``, ``macro_accuracy``, ``ece``, ``n`` first, then the fields."""
        told = {each.name: plain(getattr(self, each.name)) for each in fields(self) if each.name != "overall"}
        first = {
            "accuracy": self.overall.value,
            "interval": [self.overall.low, self.overall.high],
            "macro_accuracy": self.macro_accuracy,
            "ece": self.ece,
            "n": self.overall.count,
            "right": self.overall.right,
        }
        return {name: plain(value) for name, value in first.items()} | told


def evaluate(
    answered: Answered,
    labelled: Labelled,
    wishes: Wishes = Wishes(),
    *,
    predictor: Predictor | None = None,
    training: Labelled | None = None,
    prepared: Prepare = as_usual,
    advance: Callable[[int], object] = lambda count: None,
) -> Evaluation:
    """Everything that is to be said of these answers.

    ``predictor``: the model itself over the alphabet in use, for robustness and saliency. ``training``: with pictures, to
    show beside a misread one what it was learnt from. ``prepared``: prepares a damaged picture as the predictor's are.
    ``advance`` is told how many pictures more were read for
    robustness. :class:`DataError` where lengths disagree or labels lie outside, :class:`AlphabetError` where the model
    cannot answer the alphabet, :class:`UsageError` for a letter that is not there.
    """
    seen = view(answered, labelled, _target(answered.alphabet, wishes))
    sure = answered.sure
    found = confusion(seen.answers, seen.targets, seen.alphabet)
    gallery = Gallery(training, wishes.seed) if training is not None and training.pictures is not None else None
    scores = characters(seen)
    doubted = suspected(seen, labelled, wishes.mistakes) if wishes.thorough else None
    mistakes = surest_mistakes(seen, labelled, wishes.mistakes, doubted[1] if doubted else None)
    asked = predictor if wishes.thorough and labelled.pictures is not None else None
    return Evaluation(
        model=answered.model,
        test=_test(seen, labelled),
        alphabet=seen.alphabet,
        case=wishes.case,
        overall=accuracy(seen.answers, seen.targets),
        macro_accuracy=macro_accuracy(seen.answers, seen.targets, len(seen.alphabet)),
        top=top(seen) if sure else (),
        likelihood=likelihood(seen) if sure else None,
        calibration=calibrated(seen) if sure else None,
        selective=selective(seen) if sure else None,
        spaces=spaces(answered, labelled),
        cases=case_policies(answered, labelled, wishes.alphabet or answered.alphabet),
        characters=scores,
        evenness=evenness(scores, seed=wishes.seed),
        confusion=found,
        pairs=confused_pairs(told_apart(seen), labelled, gallery, wishes.pairs, wishes.seed),
        mistakes=mistakes if gallery is None else gallery.with_nearest(mistakes, seen.alphabet),
        suspects=doubted[0] if doubted else None,
        letter=letter_page(seen, labelled, wishes.letter) if wishes.letter else None,
        robustness=robustness(asked, labelled, seed=wishes.seed, advance=advance, prepared=prepared) if asked else None,
        saliency=saliency(_salient(seen, labelled, mistakes), asked) if asked else (),
        published=beside(_space_of(seen.alphabet), wishes.card, wishes.whole),
    )


def evaluated(
    labels: ArrayLike,
    probabilities: ArrayLike,
    alphabet: Alphabet,
    pictures: Pictures | None = None,
    *,
    name: str = "",
    wishes: Wishes = Wishes(),
) -> Evaluation:
    """The evaluation of any model's answers from arrays alone.

    ``labels``: int (N,) classes, or bool (N,K) where a picture may be several. ``probabilities``: float (N,K), or int (N,)
    classes where there are none. ``pictures``: prepared uint8 (N,28,28). Raises as :func:`evaluate` does.
    """
    given = np.asarray(probabilities)
    model = Model(name, "predictions")
    answered = answered_by_classes(given, alphabet, model) if given.ndim == 1 else Answered(alphabet, _doubles(given), model=model)
    return evaluate(answered, Labelled(as_targets(labels, len(alphabet)), alphabet, "", pictures), wishes)


def _doubles(given: NDArray[Any]) -> NDArray[np.float64]:
    return np.asarray(given, np.float64)


def _target(known: Alphabet, wishes: Wishes) -> Alphabet | None:
    if wishes.alphabet is None and wishes.case == "keep":
        return None
    return (wishes.alphabet or known).with_case(wishes.case)


def _test(seen: View, labelled: Labelled) -> Test:
    there = seen.targets.any(axis=0)
    absent = "".join(seen.alphabet[at] for at in np.flatnonzero(~there).tolist())
    ambiguous = int((~seen.single).sum())
    inkless, pictured = int(blank(labelled, seen.rows).sum()), labelled.pictures is not None
    return Test(labelled.name, len(labelled), seen.outside, ambiguous, int(there.sum()), absent, pictured, inkless)


def _space_of(alphabet: Alphabet) -> str:
    """The name of this alphabet where it has one, by what its answers stand for."""
    return next((name for name, known in NAMED.items() if set(known.stands_for) == set(alphabet.stands_for)), "")


def _salient(seen: View, labelled: Labelled, mistakes: tuple[Example, ...]) -> tuple[Example, ...]:
    """The surest mistakes, and right answers from sure to unsure of as many different characters."""
    right = np.flatnonzero(seen.right)
    order = right[np.argsort(-seen.confidence[right], kind="stable")]
    chosen: dict[int, int] = {}
    for at in order[np.linspace(0, len(order) - 1, 8 * SALIENT).round().astype(np.int64)].tolist() if len(order) else ():
        chosen.setdefault(int(seen.answers[at]), at)
    return mistakes[:SALIENT] + tuple(example(seen, labelled, at) for at in list(chosen.values())[:SALIENT])
