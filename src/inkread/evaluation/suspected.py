"""Mistakes that may be the label's and not the model's, set apart from the others."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..alphabet import look_alike
from ..errors import MissingExtra
from .audit import audit
from .examples import Example, example
from .given import Labelled
from .view import View

WRONG_LABELS = 0.033
"""Share of wrong labels in published test sets, on average over ten of them (Northcutt, Athalye & Mueller 2021)."""

ERRS_TOO_OFTEN = 2 * WRONG_LABELS
"""Share of pictures misread as a character of another shape from which on most of what a model doubts are its own mistakes: of
twice as many contradictions as there are wrong labels, at least half are not the label's."""

WORST = 6
"""Labels that are shown nevertheless where a model errs too often: those it contradicts most surely."""


@dataclass(frozen=True, eq=False)
class SuspectedLabel:
    """A picture whose label is likely to be wrong: what is ``suggested`` instead, and the label's ``quality`` 0..1 (low: hardly right)."""

    example: Example
    suggested: str
    quality: float


@dataclass(frozen=True, eq=False)
class SuspectedLabels:
    """What confident learning says of the test's labels (see :func:`inkread.evaluation.audit`).

    ``count``: labels under suspicion whose two characters differ in shape; ``look_alikes``: further ones that no shape tells apart
    (O and 0). ``estimated``, ``estimated_look_alikes``: how many labels are wrong of either kind, at most: what the model itself
    misreads with confidence is counted among them. ``shown``: of the ``count`` the worst. ``misread``: the share of pictures that the
    model reads as another shape; above :data:`ERRS_TOO_OFTEN` it ``errs_too_often`` to say anything of labels: both estimates are
    None and :data:`WORST` labels are shown. The model must not have learnt from these labels, or it has learnt their errors too.
    """

    count: int
    look_alikes: int
    estimated: float | None
    estimated_look_alikes: float | None
    shown: tuple[SuspectedLabel, ...]
    misread: float
    errs_too_often: bool


def suspected(seen: View, labelled: Labelled, most: int) -> tuple[SuspectedLabels, NDArray[np.bool_]] | None:
    """The suspected labels of a view, and which pictures are to be told as such and not as mistakes, bool (M,), look-alikes apart.

    Where the model errs too often these are those shown alone. None without probabilities or cleanlab.
    """
    if not seen.answered.sure:
        return None
    try:
        found = audit(seen.targets, seen.probabilities, seen.alphabet)
    except MissingExtra:
        return None
    told = [each for each in found.suspects if not each.look_alike]
    misread = _misread(seen)
    often = misread > ERRS_TOO_OFTEN
    listed = told[: min(WORST, most) if often else most]
    apart = np.zeros(len(seen), np.bool_)
    apart[[each.index for each in (listed if often else told)]] = True
    shown = tuple(SuspectedLabel(example(seen, labelled, each.index), each.suggested, each.quality) for each in listed)
    alike = len(found.suspects) - len(told)
    estimated, between_alike = found.estimated - found.estimated_look_alikes, found.estimated_look_alikes
    if often:
        return SuspectedLabels(len(told), alike, None, None, shown, misread, True), apart
    return SuspectedLabels(len(told), alike, estimated, between_alike, shown, misread, False), apart


def _misread(seen: View) -> float:
    """The share of pictures that are read as a character of another shape than they may be."""
    wrong = np.flatnonzero(~seen.right & (seen.answers >= 0))
    pairs = Counter(zip(map(seen.label, wrong.tolist()), map(seen.answer, wrong.tolist()), strict=True))
    return sum(count for (truth, answer), count in pairs.items() if not any(look_alike(each, answer) for each in truth)) / len(seen)
