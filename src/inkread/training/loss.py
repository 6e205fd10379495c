"""The loss of targets that are sets of characters, free of the sources' priors."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..alphabet import log_prior_of


def class_shares(targets: NDArray[np.bool_]) -> NDArray[np.float64]:
    """How many pictures there are of each class, float64 (K,), of targets bool (N,K); they add up to the labelled N.

    A picture that may be several classes counts for each of them in proportion to the pictures known for certain (and
    one more each, so that a class without any is still possible).
    """
    several = targets.sum(axis=1) > 1
    certain = certain_counts(targets)
    shares = targets[several] * (certain + 1.0)
    shared = (shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-12)).sum(axis=0)
    return np.asarray(certain + shared)


def certain_counts(targets: NDArray[np.bool_]) -> NDArray[np.float64]:
    """How many pictures are known to be of each class and no other, float64 (K,), of targets bool (N,K)."""
    return np.asarray(targets[targets.sum(axis=1) == 1].sum(axis=0), np.float64)


def log_prior(targets: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The log share of each class in a source of such targets, float64 (K,); see :func:`inkread.alphabet.log_prior_of`."""
    return log_prior_of(class_shares(targets))


def set_loss(logits: Tensor, targets: Tensor, prior: Tensor, smoothing: float = 0.0, spread: Tensor | None = None) -> Tensor:
    """Minus the log of the probability summed over the allowed classes, float (N,).

    ``logits`` (N,K) free of priors; ``targets`` bool (N,K); ``prior`` (N,K) what is added to the logits first: the log
    prior of each picture's source makes the logits come out free of it (Menon et al. 2021, "Long-tail learning via
    logit adjustment", eq. 10), zeros make this the ordinary loss. ``smoothing`` gives that share of the target
    to the classes by their log shares ``spread`` (N,K), the ``prior`` where none are given. They are those that the targets
    have on average, so that smoothing changes none of the frequencies that are learnt: once they are divided out it is a constant.
    """
    adjusted = logits + prior
    total = adjusted.logsumexp(dim=1)
    loss = total - adjusted.masked_fill(~targets, -torch.inf).logsumexp(dim=1)
    if smoothing:
        shares = (prior if spread is None else spread).softmax(dim=1)
        loss = (1.0 - smoothing) * loss + smoothing * (total - (shares * adjusted).sum(dim=1))
    return loss


def imitation(logits: Tensor, told: Tensor, temperature: float) -> Tensor:
    """How far what a network says is from what its teacher says, float (N,), 0 where they agree.

    ``logits`` (N,K) and the teacher's ``told`` (N,K) under the same priors. The Kullback-Leibler divergence of both softened
    by ``temperature``, times its square, so that gradients are as large as those of the labels (Hinton et al. 2015, section 2).
    """
    ours, theirs = ((each / temperature).log_softmax(dim=1) for each in (logits, told))
    return temperature**2 * (theirs.exp() * (theirs - ours)).sum(dim=1)
