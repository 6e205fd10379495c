"""One model scored in every label space that fits, and under each case policy (SPEC A9, E3)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..alphabet import CASE_POLICIES, NAMED, Alphabet
from ..errors import AlphabetError, DataError
from .accuracy import Accuracy, accuracy, macro_accuracy
from .given import Answered, Labelled
from .view import View, targets_in, view

SPACES = {
    "byclass": "digits, both cases",
    "balanced": "cases of one shape joined",
    "byclass-upper": "digits, cases joined",
    "letters": "letters, cases joined",
    "upper": "capitals",
    "lower": "small letters",
    "digits": "digits",
    "vin": "VIN (no I, O, Q)",
}
"""The label spaces of these data sets by name, 62, 47, 36, 26 (joined, capitals, small), 10, and 33 for VINs, in words."""


@dataclass(frozen=True)
class SpaceScore:
    """One label space: its ``name``, what that ``says``, how many ``classes``, ``accuracy`` over the pictures inside, ``macro_accuracy``
    (mean over the characters present), and how many pictures were left ``outside``."""

    name: str
    says: str
    classes: int
    accuracy: Accuracy
    macro_accuracy: float
    outside: int


@dataclass(frozen=True)
class CaseScore:
    """One case policy: ``keep``, ``fold`` (twins of case joined) or ``upper`` (every letter told as its capital)."""

    policy: str
    classes: int
    accuracy: Accuracy
    macro_accuracy: float


def spaces(answered: Answered, labelled: Labelled) -> tuple[SpaceScore, ...]:
    """The scores in all label spaces that the model can answer and that the test has pictures of, largest first.

    Mass goes over before anything is normalised (:class:`inkread.alphabet.Conversion`). A picture is in a space where all
    that it may be lies inside: a letter known only up to its case is neither among the capitals nor among the small letters.
    """
    found = []
    for name, says in SPACES.items():
        try:
            seen = view(answered, labelled, _space(name), wholly=True)
        except (AlphabetError, DataError):
            continue
        if _told_apart(seen):
            found.append(SpaceScore(name, says, len(seen.alphabet), *_scores(seen), sum(seen.outside.values())))
    return tuple(found)


def case_policies(answered: Answered, labelled: Labelled, alphabet: Alphabet) -> tuple[CaseScore, ...]:
    """The scores under the three case policies over the same pictures, those whose label ``alphabet`` knows as it is.

    Empty where the alphabet has no two cases of a letter, or knows no label as it is.
    """
    known = np.asarray(targets_in(labelled, alphabet).any(axis=1))
    if len(alphabet.with_case("upper")) == len(alphabet) or not known.any():
        return ()
    seen = [(policy, view(answered, labelled, alphabet.with_case(policy))) for policy in CASE_POLICIES]
    return tuple(CaseScore(policy, len(each.alphabet), *_scores(each, known[each.rows])) for policy, each in seen)


def _space(name: str) -> Alphabet:
    base, _, policy = name.partition("-")
    return NAMED[base].with_case(policy or "keep")


def _told_apart(seen: View) -> bool:
    """Whether at least two of the classes occur: an accuracy over one of them says nothing."""
    return int(seen.targets.any(axis=0).sum()) > 1


def _scores(seen: View, chosen: NDArray[np.bool_] | slice = slice(None)) -> tuple[Accuracy, float]:
    answers, targets = seen.answers[chosen], seen.targets[chosen]
    return accuracy(answers, targets), macro_accuracy(answers, targets, len(seen.alphabet))
