"""Two pictures laid over each other, and what the network should say of them."""

from __future__ import annotations

import torch
from torch import Generator, Tensor

LEAST = 2.0**-25
"""What stands for a uniform number of 0, which has no logarithm: half the least that is drawn beside it."""


def mixup(pictures: Tensor, targets: Tensor, alpha: float, generator: Generator) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Each picture mixed with another of its batch (Zhang et al. 2018, "mixup: Beyond Empirical Risk Minimization").

    ``pictures`` float (N,H,W), ``targets`` sets of characters, bool (N,K), ``alpha`` > 0 of the Beta distribution that the
    shares are drawn from, ``generator`` on the same device. Gives the mixed pictures, their own targets, those of the picture
    that was laid over, and the ``share`` (N,) of their own in 0.5..1: the loss is share * loss(first) + (1 - share) * loss(second).
    Every picture has a share of its own, and it is always the larger one: the pair that is thereby left out is the
    same picture met from the other side.
    """
    count, device = len(pictures), pictures.device
    # a Gamma of alpha is one of alpha + 1 times a uniform number to the power of 1 / alpha: for a small alpha only its logarithm is one
    whole = torch._standard_gamma(torch.full((2, count), alpha + 1.0, device=device), generator=generator).log_()
    power = torch.rand(2, count, generator=generator, device=device).clamp_(min=LEAST).log_()
    share = (whole[0] - whole[1] + (power[0] - power[1]) / alpha).abs_().sigmoid_()
    partner = torch.randperm(count, generator=generator, device=device)
    mixed = torch.lerp(pictures[partner], pictures, share.view(-1, 1, 1))
    return mixed, targets, targets[partner], share
