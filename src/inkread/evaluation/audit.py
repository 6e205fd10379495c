"""Which labels are likely to be wrong: confident learning on predictions of networks that did not see the pictures."""

from __future__ import annotations

import warnings
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..alphabet import Alphabet, look_alike
from ..errors import DataError, MissingExtra
from .truth import as_targets, check_length

FILTER = "low_normalized_margin"
"""Of cleanlab's ways to choose: of 2 % of EMNIST's labels, moved at random, it finds 97 % where `prune_by_noise_rate` finds 91 %
and `confident_learning` 80 %, with no more false alarms than the first."""


@dataclass(frozen=True)
class Suspect:
    """A picture whose label is likely to be wrong.

    ``index``: the picture. ``given``: its label, of several characters where it is known only up to them. ``suggested``:
    what it is likelier to be, as the alphabet tells that answer (``Cc`` where it stands for both). ``quality``: 0..1, low
    for a label that is hardly right. ``probability_given``, ``probability_suggested``: of the two. ``look_alike``: the two
    have one shape, so that nobody can tell them apart by the picture alone.
    """

    index: int
    given: str
    suggested: str
    quality: float
    probability_given: float
    probability_suggested: float
    look_alike: bool


@dataclass(frozen=True)
class PairOfLabels:
    """How many pictures labelled ``given`` are suspected to be ``suggested``, and how many are ``estimated`` to be so."""

    given: str
    suggested: str
    suspects: int
    estimated: float
    look_alike: bool


@dataclass(frozen=True)
class Audit:
    """What is wrong with the labels of ``pictures`` pictures.

    ``suspects``: those of another shape first, then look-alikes, both from the worst label on. ``pairs``: the same by
    (given, suggested), most pictures first. ``estimated``: how many labels are wrong in all, ``estimated_look_alikes``:
    how many of them between look-alikes; estimates of the joint distribution of given and true labels, without telling which.
    """

    pictures: int
    suspects: tuple[Suspect, ...]
    pairs: tuple[PairOfLabels, ...]
    estimated: float
    estimated_look_alikes: float

    def as_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        return asdict(self)


def audit(truth: ArrayLike, probabilities: ArrayLike, alphabet: Alphabet) -> Audit:
    """The labels that confident learning finds wrong (Northcutt, Jiang & Chuang 2021, JAIR 70; cleanlab).

    ``truth``: int (N,) or bool (N,K) over ``alphabet``; a picture that may be several characters is suspected only where
    it is likelier to be none of them. ``probabilities``: (N,K), rows summing to 1, of a reader that was not trained on
    these pictures: one that was has learnt the wrong labels as well. Suspected are as many labels as confident learning
    counts beside the diagonal, those of the lowest ``quality``: cleanlab's normalized margin, (1 + P(given) - P(suggested)) / 2.

    :class:`DataError` where shapes or lengths disagree; :class:`MissingExtra` without cleanlab.
    """
    given = np.asarray(probabilities, np.float64)
    if given.ndim != 2 or given.shape[1] != len(alphabet):
        raise DataError(f"probabilities must have the shape (N,{len(alphabet)}): {given.shape}")
    targets = as_targets(truth, len(alphabet))
    check_length("rows of probabilities", given, targets)
    if not np.isfinite(given).all() or given.min() < -1e-9 or np.abs(given.sum(axis=1) - 1.0).max() > 1e-3:
        raise DataError("rows of probabilities must not be negative and must sum to 1")
    labels, gathered = _gathered(targets, given)
    found, joint = _confident_learning(labels, gathered)
    rows = np.arange(len(labels))
    answers = gathered.argmax(axis=1)
    kept = found & (answers != labels)
    quality = (1.0 + gathered[rows, labels] - gathered[rows, answers]) / 2.0
    alike = np.array([[_alike(alphabet, a, b) for b in range(len(alphabet))] for a in range(len(alphabet))])
    order = np.flatnonzero(kept)
    order = order[np.lexsort((quality[order], alike[labels[order], answers[order]]))]
    suspects = tuple(
        Suspect(
            index=at,
            given=_told(alphabet, targets[at]),
            suggested=alphabet.stands_for[answers[at]],
            quality=float(quality[at]),
            probability_given=float(gathered[at, labels[at]]),
            probability_suggested=float(gathered[at, answers[at]]),
            look_alike=bool(alike[labels[at], answers[at]]),
        )
        for at in order.tolist()
    )
    np.fill_diagonal(joint, 0.0)
    counts = np.zeros_like(joint)
    np.add.at(counts, (labels[order], answers[order]), 1.0)
    return Audit(len(labels), suspects, _pairs(alphabet, counts, joint, alike), float(joint.sum()), float(joint[alike].sum()))


def _gathered(targets: NDArray[np.bool_], given: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """One class a picture, int64 (N,), and probabilities (N,K) in which it has the mass of all classes the picture may be.

    The class is the likeliest that is allowed, so that a suggestion inside the set is none.
    """
    labels = np.where(targets, given, -1.0).argmax(axis=1)
    several = np.flatnonzero(targets.sum(axis=1) > 1)
    gathered = given.copy()
    mass = (given[several] * targets[several]).sum(axis=1)
    gathered[several] = np.where(targets[several], 0.0, given[several])
    gathered[several, labels[several]] = mass
    return labels.astype(np.int64), gathered


def _confident_learning(labels: NDArray[np.int64], probabilities: NDArray[np.float64]) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Which labels are found wrong, bool (N,), and the estimated numbers of (given, true) labels, float64 (K,K)."""
    try:
        from cleanlab.count import compute_confident_joint
        from cleanlab.filter import find_label_issues
    except ImportError as error:
        raise MissingExtra("cleanlab", "train") from error
    present = np.unique(labels)
    size = probabilities.shape[1]
    if len(present) < 2:
        return np.zeros(len(labels), np.bool_), np.zeros((size, size))
    # classes that no picture has have no threshold of their own: nothing can be suspected to be one of them
    place = np.searchsorted(present, labels)
    inside = probabilities[:, present]
    inside = inside / np.maximum(inside.sum(axis=1, keepdims=True), 1e-300)
    joint = np.zeros((size, size))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="cleanlab")  # classes of few pictures: there is little to estimate from, that is all
        confident = compute_confident_joint(place, inside)
        found = find_label_issues(place, inside, confident_joint=confident, filter_by=FILTER, min_examples_per_class=0, n_jobs=1)
    joint[np.ix_(present, present)] = confident
    return np.asarray(found, np.bool_), joint


def _alike(alphabet: Alphabet, first: int, second: int) -> bool:
    return any(look_alike(a, b) for a in alphabet.stands_for[first] for b in alphabet.stands_for[second])


def _told(alphabet: Alphabet, targets: NDArray[np.bool_]) -> str:
    return "".join(alphabet.stands_for[at] for at in np.flatnonzero(targets).tolist())


def _pairs(
    alphabet: Alphabet, counts: NDArray[np.float64], joint: NDArray[np.float64], alike: NDArray[np.bool_]
) -> tuple[PairOfLabels, ...]:
    """Every pair of which something is suspected, most pictures first."""
    rows, columns = np.nonzero(counts)
    pairs = [
        PairOfLabels(alphabet.stands_for[a], alphabet.stands_for[b], int(counts[a, b]), float(joint[a, b]), bool(alike[a, b]))
        for a, b in zip(rows.tolist(), columns.tolist(), strict=True)
    ]
    return tuple(sorted(pairs, key=lambda pair: (-pair.suspects, -pair.estimated, pair.given, pair.suggested)))
