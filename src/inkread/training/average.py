"""The moving average of a network's weights, which is what is validated and kept."""

from __future__ import annotations

import torch
from torch import nn


@torch.no_grad()
def follow(averaged: nn.Module, network: nn.Module, step: int, decay: float) -> None:
    """Brings ``averaged`` nearer to ``network`` after step number ``step`` (from 1); a ``decay`` of 0 leaves it as it is.

    Early steps count more, so that the average forgets the first weights.
    """
    if not decay:
        return
    decay = min(decay, (1 + step) / (10 + step))
    ours, theirs = averaged.state_dict(), network.state_dict()
    floats = [name for name, value in ours.items() if value.dtype.is_floating_point]
    torch._foreach_lerp_([ours[name] for name in floats], [theirs[name] for name in floats], 1.0 - decay)
