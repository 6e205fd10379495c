"""How large a network is and how much it computes."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode


@dataclass(frozen=True)
class Size:
    """``parameters``, the ``trainable`` among them, and ``multiply_adds`` of one picture in convolutions and dense layers."""

    parameters: int
    trainable: int
    multiply_adds: int


def size(network: nn.Module) -> Size:
    """The :class:`Size` of a network for 28x28 pictures; it is left in the mode in which it came."""
    parameters = list(network.parameters())
    device = parameters[0].device if parameters else torch.device("cpu")
    training = network.training
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        network.eval()(torch.zeros(1, 28, 28, dtype=torch.uint8, device=device))
    network.train(training)
    trainable = sum(each.numel() for each in parameters if each.requires_grad)
    return Size(sum(each.numel() for each in parameters), trainable, counter.get_total_flops() // 2)
