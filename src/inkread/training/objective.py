"""What a network is asked to make small, and how much of the classes' frequency it thereby learns."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor, nn

from ..recipes import Training
from .balance import class_weights
from .feed import Batch
from .loss import certain_counts, imitation, log_prior, set_loss
from .mix import mixup

UNSEEN = 30.0
"""What is taken from the logit of a class that was never seen, in nats: it is then less likely than any other by far."""


class Objective(nn.Module):
    """The loss of a batch as ``training`` says, over S sources of K classes.

    ``targets``: of each source's training pictures, bool (N_s,K); ``repeat``: how often each is drawn an epoch.
    ``source_priors`` float64 (S,K): the log prior of each source. ``learnt`` float64 (K,): the log prior that the
    network's own logits come to hold (zeros where the loss keeps them free of it); without it they are free of priors.
    Of classes that no picture was of it is :data:`UNSEEN`: such a class is not answered.

    ``expected`` float32 (S,K): how frequent classes are to what this loss teaches, as logs: the prior of each source where the
    network's own logits have it added, that of all sources where they are to hold it, nothing where the classes count the
    same (weighted or drawn evenly). Smoothing spreads over it. It is added to what ``teacher`` gives: logits (B,K) free
    of priors of pictures (B,28,28).
    """

    def __init__(
        self,
        training: Training,
        targets: Sequence[NDArray[np.bool_]],
        repeat: Sequence[float],
        teacher: Callable[[Tensor], Tensor] | None = None,
    ) -> None:
        super().__init__()
        self.of = training
        self.teacher = teacher
        self.source_priors = np.stack([log_prior(each) for each in targets])
        drawn = np.array([times * len(each) for times, each in zip(repeat, targets, strict=True)])
        mixed = np.log(np.average(np.exp(self.source_priors), axis=0, weights=drawn))
        together = np.concatenate(targets)
        learnt = mixed if training.imbalance == "none" else np.zeros_like(mixed)
        self.learnt: NDArray[np.float64] = np.where(together.any(axis=0), learnt, UNSEEN)
        added = self.source_priors if training.imbalance == "prior-correction" else np.zeros_like(self.source_priors)
        expected = added + learnt
        self.added: Tensor
        self.certain: Tensor
        self.weights: Tensor
        self.expected: Tensor
        counts, weights = certain_counts(together) + 1.0, class_weights(targets, repeat)
        for name, values in {"added": added, "expected": expected, "certain": counts, "weights": weights}.items():
            self.register_buffer(name, torch.from_numpy(np.array(values)).float(), persistent=False)

    def forward(self, network: nn.Module, batch: Batch, pictures: Tensor, generator: Generator) -> tuple[Tensor, Tensor]:
        """The mean loss (a number) and which answers were right, bool (B,).

        ``pictures``: float (B,28,28), those of the batch, changed.
        """
        prior, expected, targets = self.added[batch.source], self.expected[batch.source], batch.targets
        if not self.of.mixup:
            logits = network(pictures)[0].float()
            loss = self._loss(logits, targets, prior, expected)
        else:
            pictures, targets, others, share = mixup(pictures, targets, self.of.mixup, generator)
            logits = network(pictures)[0].float()
            loss = share * self._loss(logits, targets, prior, expected) + (1.0 - share) * self._loss(logits, others, prior, expected)
        if self.teacher is not None:
            told = self.teacher(pictures) + expected
            loss = torch.lerp(loss, imitation(logits + prior, told, self.of.temperature), self.of.distillation)
        right = targets.gather(1, (logits + prior).argmax(dim=1, keepdim=True)).squeeze(1)
        return loss.mean(), right

    def _loss(self, logits: Tensor, targets: Tensor, prior: Tensor, expected: Tensor) -> Tensor:
        """Float (B,), each picture by the weight of its class."""
        loss = set_loss(logits, targets, prior, self.of.smoothing, expected)
        if self.of.imbalance != "weights":
            return loss
        allowed = targets.float()
        return loss * (allowed @ (self.certain * self.weights)) / (allowed @ self.certain)
