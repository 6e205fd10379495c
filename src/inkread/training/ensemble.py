"""Several finished runs that answer together: as one predictor, one module, and one bundle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ..alphabet import Alphabet, alphabet, log_prior_of
from ..datasets import file_digest
from ..errors import RunError
from ..evaluation import check_together, chosen_greedily, pooled, softmax
from ..recipes import Recipe
from .calibrate import groups_of, temperature_of
from .provenance import learnt_from
from .run import Answers, Run, Sample, logits_of
from .scores import Scores, scores


class Joint(nn.Module):
    """The mean of the probabilities of M networks, as one network.

    ``temperatures``: of each, by which its logits are divided; ``weights``: in proportion to which they count. Its logits are the
    log of the mean; they are no linear function of any member's features, so they are its features too, which
    :func:`inkread.reading.teach` can fit a layer on.
    """

    def __init__(self, networks: Sequence[nn.Module], temperatures: Sequence[float], weights: Sequence[float]) -> None:
        super().__init__()
        self.members = nn.ModuleList(networks)
        self.temperatures = list(temperatures)
        self.log_weights = [float(np.log(each / sum(weights))) for each in weights]

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        each = torch.stack(
            [
                (member(pictures)[0].float() / temperature).log_softmax(dim=1) + weight
                for member, temperature, weight in zip(self.members, self.temperatures, self.log_weights, strict=True)
            ]
        )
        logits = log_sum(each, dim=0)
        return logits, logits


@dataclass(frozen=True, eq=False)
class Ensemble:
    """Finished ``runs`` whose calibrated probabilities are averaged, each in proportion to its ``weights`` (none: all equally).

    It has what a run has that :func:`inkread.training.pack` and evaluation ask for, and is a predictor itself.
    :class:`AlphabetError` and :class:`RunError` where the runs' characters or their preparation differ.
    """

    runs: tuple[Run, ...]
    weights: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        check_together([(str(run.folder), alphabet(run.recipe.alphabet), run.recipe.preparation) for run in self.runs])
        if not self.weights:
            object.__setattr__(self, "weights", (1,) * len(self.runs))

    @classmethod
    def greedy(cls, runs: Sequence[Run]) -> Ensemble:
        """Each run as often as a greedy choice on the pictures that all of them held back takes it.

        See :func:`inkread.evaluation.chosen_greedily`; every source counts the same. :class:`RunError` where they held
        back different pictures.
        """
        every = cls(tuple(runs))
        held = every.validation()
        groups = groups_of(held)
        prior, share = np.zeros(held.logits.shape), np.zeros(len(held.logits))
        for group in groups:
            of = held.sources == group.name
            prior[of], share[of] = group.prior, 1.0 / of.sum()
        return cls(every.runs, tuple(chosen_greedily(every.calibrated, held.targets, prior, share).tolist()))

    @property
    def alphabet(self) -> Alphabet:
        """The K answers."""
        return alphabet(self.runs[0].recipe.alphabet)

    @property
    def recipe(self) -> Recipe:
        """The first run's; what differs in the others is told by :attr:`metrics`."""
        return self.runs[0].recipe

    @property
    def learnt_from(self) -> dict[str, str]:
        """Source -> SHA-256 of its files, of all data that influenced any run that counts."""
        return learnt_from([run.provenance for run, weight in zip(self.runs, self.weights, strict=True) if weight])

    @cached_property
    def temperatures(self) -> tuple[float, ...]:
        """Of each run, from its own held-back pictures."""
        return tuple(temperature_of(run) for run in self.runs)

    @cached_property
    def calibrated(self) -> list[NDArray[np.float64]]:
        """The logits of each run for its held-back pictures, divided by its temperature."""
        return [run.validation().logits.astype(np.float64) / each for run, each in zip(self.runs, self.temperatures, strict=True)]

    def validation(self) -> Answers:
        """The joint answers to the held-back pictures; :class:`RunError` where the runs held back different ones."""
        return self._validation

    @cached_property
    def _validation(self) -> Answers:
        first, *others = self.runs
        for run in others:
            if not held_back_the_same(first, run):
                raise RunError(
                    f"the runs held back different pictures: {first.folder}, {run.folder}",
                    "train all of them on the same data, with one training.validation and one training.split",
                )
        held = first.validation()
        return Answers(pooled(self.calibrated, self.weights).astype(np.float32), held.targets, held.sources)

    def sample(self) -> Sample:
        """Some held-back pictures of every source."""
        return self.runs[0].sample()

    def left_out(self) -> None:
        """Its runs are not asked about sources that they never saw."""

    def network(self) -> Joint:
        """One network that answers as all of them; those that do not count are left out."""
        counting = [each for each in zip(self.runs, self.temperatures, self.weights, strict=True) if each[2]]
        return Joint([run.network() for run, _, _ in counting], *zip(*((of, weight) for _, of, weight in counting), strict=True)).eval()

    @cached_property
    def metrics(self) -> Mapping[str, Any]:
        """As a run's: ``counts`` of the first, ``parameters`` of all that count, ``scores`` of the joint answers, and ``members``."""
        counts, members = self.runs[0].metrics["counts"], self.members()
        parameters = sum(each["parameters"] for each in members)
        return {"counts": counts, "parameters": parameters, "scores": scores_of(self.validation(), counts), "members": members}

    def members(self) -> list[dict[str, Any]]:
        """Of each run that counts: what it is, its ``weight``, and ``weights``: the digest of its own."""
        return [
            {
                "name": run.folder.resolve().name,
                "recipe": run.recipe.name,
                "network": run.recipe.network.name,
                "seed": run.recipe.seed,
                "weight": weight,
                "parameters": run.metrics["parameters"],
                "weights": file_digest(run.folder / "weights.safetensors"),
            }
            for run, weight in zip(self.runs, self.weights, strict=True)
            if weight
        ]

    def probabilities(self, pictures: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Calibrated probabilities (N,K) under a flat prior of prepared pictures uint8 (N,28,28)."""
        network, temperature = self._ready
        return softmax(logits_of(network, pictures) / temperature)

    @cached_property
    def _ready(self) -> tuple[Joint, float]:
        return self.network(), temperature_of(self)


def log_sum(each: Tensor, dim: int) -> Tensor:
    """The log of the sum along ``dim`` of numbers whose logs are given.

    Not torch.logsumexp: engines differ in how they keep that one from underflowing.
    """
    highest = each.amax(dim=dim, keepdim=True)
    return ((each - highest).exp().sum(dim=dim, keepdim=True).log() + highest).squeeze(dim)


def scores_of(held: Answers, counts: Mapping[str, Mapping[str, int]]) -> dict[str, Scores]:
    """The scores of each source in ``held`` under the prior that its ``counts`` in training are."""
    found = {}
    for name in dict.fromkeys(held.sources.tolist()):
        of = held.take(held.sources == name)
        found[name] = scores(of.logits, of.targets, log_prior_of(list(counts[name].values())))
    return found


def held_back_the_same(one: Run, other: Run) -> bool:
    """Whether two runs held back the same pictures, as far as they kept them (:data:`inkread.training.fit.SAMPLE` of each source)."""
    ours, theirs = one.validation(), other.validation()
    return (
        np.array_equal(ours.targets, theirs.targets)
        and np.array_equal(ours.sources, theirs.sources)
        and np.array_equal(one.sample().pictures, other.sample().pictures)
    )
