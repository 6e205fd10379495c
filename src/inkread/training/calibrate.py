"""The temperature under which held-back pictures are likeliest, every source counting the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ..evaluation import fit_temperature
from .loss import log_prior
from .run import Answers


@dataclass(frozen=True)
class Group:
    """Answers that count the same as every other group: of one source, with the log prior (K,) under which they are asked."""

    name: str
    answers: Answers
    prior: NDArray[np.float64]

    @classmethod
    def of(cls, name: str, answers: Answers) -> Group:
        """Asked under the prior that these pictures themselves have."""
        return cls(name, answers, log_prior(answers.targets))


class Validated(Protocol):
    """What has answered held-back pictures: a run, or several that answer together."""

    def validation(self) -> Answers:
        """The answers to the held-back pictures of its sources."""
        ...


def groups_of(held: Answers) -> list[Group]:
    """The answers, source by source."""
    return [Group.of(str(name), held.take(held.sources == name)) for name in np.unique(held.sources)]


def shared_temperature(groups: Sequence[Group]) -> float:
    """The temperature under which the truth is likeliest, each group under its own prior and counting the same."""
    logits = np.concatenate([group.answers.logits for group in groups])
    targets = np.concatenate([group.answers.targets for group in groups])
    prior = np.concatenate([np.broadcast_to(group.prior, group.answers.logits.shape) for group in groups])
    weights = np.concatenate([np.full(len(group.answers.logits), 1.0 / len(group.answers.logits)) for group in groups])
    return fit_temperature(logits, targets, prior, weights).value


def joint_temperature_of(run: Validated) -> float:
    """The temperature of a run's logits with the prior of each source already added; 1 where it held none back.

    It says how sure the run is in what it was trained for, and changes no answer (Guo et al. 2017). :func:`temperature_of`
    is for readers, which are asked under other priors.
    """
    asked = []
    for each in groups_of(run.validation()):
        logits = (each.answers.logits + each.prior).astype(np.float32)
        asked.append(Group(each.name, replace(each.answers, logits=logits), np.zeros_like(each.prior)))
    return shared_temperature(asked) if asked else 1.0


def temperature_of(run: Validated) -> float:
    """The temperature of a run that is not packed yet, from its held-back pictures alone; 1 where it held none back."""
    groups = groups_of(run.validation())
    return shared_temperature(groups) if groups else 1.0
