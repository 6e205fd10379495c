"""One model scored in every label space that fits, and under each case policy (SPEC A9, E3)."""

from __future__ import annotations

from dataclasses import dataclass

from ..alphabet import CASE_POLICIES, NAMED, Alphabet
from ..errors import AlphabetError, DataError
from .accuracy import Accuracy, accuracy, macro_accuracy
from .given import Answered, Labelled
from .view import View, view

SPACES = ("byclass", "balanced", "byclass-upper", "letters", "upper", "lower", "digits", "vin")
"""The label spaces of these data sets by name: 62, 47, 36, 26 (joined, capitals, small), 10, and 33 for VINs."""


@dataclass(frozen=True)
class SpaceScore:
    """One label space: its ``name``, how many ``classes``, ``accuracy`` over the pictures inside, ``macro_accuracy``
    (mean over the characters present), and how many pictures were left ``outside``."""

    name: str
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

    Mass goes over before anything is normalised (:class:`inkread.alphabet.Conversion`); pictures whose label lies outside
    a space are left out of it. Capitals and small letters apart are no spaces of a test that knows letters only up to their case.
    """
    found = []
    cases_known = bool((labelled.targets.sum(axis=1) == 1).any())
    for name in SPACES:
        if name in ("upper", "lower") and not cases_known:
            continue
        try:
            seen = view(answered, labelled, _space(name))
        except (AlphabetError, DataError):
            continue
        if _told_apart(seen):
            found.append(SpaceScore(name, len(seen.alphabet), *_scores(seen), sum(seen.outside.values())))
    return tuple(found)


def case_policies(answered: Answered, labelled: Labelled, alphabet: Alphabet) -> tuple[CaseScore, ...]:
    """The scores under the three case policies over the same pictures; empty where the alphabet has no two cases of a letter."""
    if len(alphabet.with_case("upper")) == len(alphabet):
        return ()
    seen = [(policy, view(answered, labelled, alphabet.with_case(policy))) for policy in CASE_POLICIES]
    return tuple(CaseScore(policy, len(each.alphabet), *_scores(each)) for policy, each in seen)


def _space(name: str) -> Alphabet:
    base, _, policy = name.partition("-")
    return NAMED[base].with_case(policy or "keep")


def _told_apart(seen: View) -> bool:
    """Whether at least two of the classes occur: an accuracy over one of them says nothing."""
    return int(seen.targets.any(axis=0).sum()) > 1


def _scores(seen: View) -> tuple[Accuracy, float]:
    return accuracy(seen.answers, seen.targets), macro_accuracy(seen.answers, seen.targets, len(seen.alphabet))
