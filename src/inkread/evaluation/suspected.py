"""Mistakes that may be the label's and not the model's, set apart from the others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import MissingExtra
from .audit import audit
from .examples import Example, example
from .given import Labelled
from .view import View


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
    (O and 0). ``estimated``, ``estimated_look_alikes``: how many labels are wrong of either kind. ``shown``: of the ``count`` the
    worst. The model must not have learnt from these labels, or it has learnt their errors too.
    """

    count: int
    look_alikes: int
    estimated: float
    estimated_look_alikes: float
    shown: tuple[SuspectedLabel, ...]


def suspected(seen: View, labelled: Labelled, most: int) -> tuple[SuspectedLabels, NDArray[np.bool_]] | None:
    """The suspected labels of a view, and which pictures they are, bool (M,), look-alikes apart; None without probabilities or cleanlab."""
    if not seen.answered.sure:
        return None
    try:
        found = audit(seen.targets, seen.probabilities, seen.alphabet)
    except MissingExtra:
        return None
    told = [each for each in found.suspects if not each.look_alike]
    apart = np.zeros(len(seen), np.bool_)
    apart[[each.index for each in told]] = True
    shown = tuple(SuspectedLabel(example(seen, labelled, each.index), each.suggested, each.quality) for each in told[:most])
    alike = len(found.suspects) - len(told)
    estimated = found.estimated - found.estimated_look_alikes
    return SuspectedLabels(len(told), alike, estimated, found.estimated_look_alikes, shown), apart
