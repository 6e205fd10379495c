"""Two pictures laid over each other, and what the network should say of them."""

from __future__ import annotations

import torch
from torch import Generator, Tensor


def mixup(pictures: Tensor, targets: Tensor, alpha: float, generator: Generator) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Each picture mixed with another of its batch (Zhang et al. 2018, "mixup: Beyond Empirical Risk Minimization").

    ``pictures`` float (N,H,W), ``targets`` sets of characters, bool (N,K), ``alpha`` > 0 of the Beta distribution that the
    shares are drawn from, ``generator`` on the same device. Gives the mixed pictures, their own targets, those of the picture
    that was laid over, and the ``share`` (N,) of their own in 0.5..1: the loss is share * loss(first) + (1 - share) * loss(second).
    Every picture has a share of its own, and it is always the larger one: the pair that is thereby left out is the
    same picture met from the other side.
    """
    count, device = len(pictures), pictures.device
    one, other = torch._standard_gamma(torch.full((2, count), alpha, device=device), generator=generator).clamp_(min=1e-30)
    share = torch.maximum(one, other) / (one + other)
    partner = torch.randperm(count, generator=generator, device=device)
    mixed = torch.lerp(pictures[partner], pictures, share.view(-1, 1, 1))
    return mixed, targets, targets[partner], share
