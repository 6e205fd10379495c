"""A run, or several, that reads every picture in several slightly different views: test-time augmentation inside the network."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch
from torch import Tensor, nn

from ..evaluation import VIEWS
from ..picture import sampling
from ..recipes import Recipe
from .calibrate import temperature_of
from .ensemble import Ensemble, log_sum, scores_of
from .run import Answers, Run, Sample, logits_of


class Views(nn.Module):
    """The mean of the probabilities that ``network`` gives all :data:`inkread.evaluation.VIEWS` of a picture, as one network.

    Its logits are divided by ``temperature`` before. As in :class:`inkread.training.Joint` the log of the mean is logits
    and features.
    """

    def __init__(self, network: nn.Module, temperature: float) -> None:
        super().__init__()
        self.network = network
        self.temperature = temperature
        at, shares = zip(*(map(torch.from_numpy, sampling(**each)) for each in VIEWS), strict=True)
        self.at: Tensor
        self.shares: Tensor
        self.register_buffer("at", torch.stack(at).flatten(), persistent=False)
        self.register_buffer("shares", torch.stack(shares), persistent=False)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """Logits (N,K), twice, of pictures uint8 (N,28,28)."""
        side = pictures.shape[1:]
        pixels = pictures.flatten(1).float().index_select(1, self.at).reshape(-1, *self.shares.shape)
        views = (pixels * self.shares).sum(dim=2).round() / 255.0
        answers = self.network(views.reshape(-1, *side))[0].float() / self.temperature
        told = log_sum(answers.log_softmax(dim=1).reshape(-1, len(self.shares), answers.shape[1]) - math.log(len(self.shares)), dim=1)
        return told, told


@dataclass(frozen=True, eq=False)
class Viewed:
    """``run``, a run or an ensemble, by the mean over several views of each picture; it can be packed as a run can.

    What it says of held-back pictures is known for those that the run keeps (:data:`inkread.training.fit.SAMPLE` of each source).
    """

    run: Run | Ensemble

    @property
    def recipe(self) -> Recipe:
        """The run's."""
        return self.run.recipe

    @property
    def learnt_from(self) -> dict[str, str]:
        """The run's."""
        return self.run.learnt_from

    def sample(self) -> Sample:
        """The run's."""
        return self.run.sample()

    def left_out(self) -> None:
        """It is not asked about sources that its run never saw."""

    def network(self) -> Views:
        """One network that answers as the mean over the views."""
        return self._network

    def validation(self) -> Answers:
        """What it says of the held-back pictures that the run keeps."""
        return self._answers

    @cached_property
    def metrics(self) -> Mapping[str, Any]:
        """The run's, with ``scores`` over the views, and ``views``: how many there are."""
        told = {key: value for key, value in self.run.metrics.items() if key in ("counts", "parameters", "members", "best_epoch")}
        return told | {"scores": scores_of(self.validation(), told["counts"]), "views": len(VIEWS)}

    @cached_property
    def _network(self) -> Views:
        return Views(self.run.network(), temperature_of(self.run)).eval()

    @cached_property
    def _answers(self) -> Answers:
        held = self.sample()
        answers = logits_of(self._network, held.pictures)
        return Answers(answers, held.targets, held.sources)
