"""Multinomial logistic regression on 784 pixels: the floor, and the one network whose every weight can be looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from ..errors import UsageError
from .layers import Initialisation, initialise, ink

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Linear(nn.Module):
    """Pictures in, logits (N, classes) and the 784 pixels themselves as features out (Cox 1958; Bishop 2006, section 4.3.4).

    ``initialisation``: where the weights begin; the loss has one lowest value, so it decides nothing but the way there.
    """

    def __init__(self, classes: int, *, initialisation: Initialisation = "zeros") -> None:
        super().__init__()
        self.classify = nn.Linear(28 * 28, classes)
        initialise(self, initialisation)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        features = ink(pictures).flatten(1)
        return self.classify(features), features


def weight_pictures(network: nn.Module) -> NDArray[np.float32]:
    """The weights of each class as a picture, float32 (K,28,28): where ink speaks for the class (above 0) and against it.

    :class:`UsageError` for any other network than ``linear``.
    """
    weights = _of(network).weight.detach().float().cpu().reshape(-1, 28, 28)
    pictures: NDArray[np.float32] = weights.numpy().copy()
    return pictures


def evidence(network: nn.Module, picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """What each pixel of ``picture`` (28,28) adds to each logit, float32 (K,28,28); with the bias they sum to the logits.

    :class:`UsageError` for any other network than ``linear``, or a picture of another size.
    """
    if picture.shape != (28, 28):
        raise UsageError(f"evidence is told of one picture of 28x28 pixels: {'x'.join(map(str, picture.shape))}", "prepare it first")
    pixels = ink(torch.from_numpy(picture.copy()).unsqueeze(0))[0, 0]
    spoken: NDArray[np.float32] = weight_pictures(network) * pixels.float().numpy()
    return spoken


def _of(network: nn.Module) -> nn.Linear:
    if not isinstance(network, Linear):
        raise UsageError(f"only the network linear has weights that are pictures: {type(network).__name__}")
    return network.classify
