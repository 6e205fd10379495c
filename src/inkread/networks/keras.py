"""Weights as Keras holds them, copied into a network of ours that has the same layers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from ..errors import UsageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def copy_keras(network: nn.Module, weights: Sequence[NDArray[np.floating]]) -> None:
    """Copies what ``keras.Model.get_weights()`` gives into ``linear``, ``mlp`` or ``cnn``, layer by layer in their order.

    Keras keeps kernels of convolutions as (height, width, in, out) and of dense layers as (in, out), and flattens maps pixel
    by pixel with the channels last; here they are (out, in, height, width), (out, in), and maps are flattened one by one. So
    the first dense layer after maps has its inputs put in another order. Batch norms follow as scale, shift, mean and
    variance; mind that Keras adds 1e-3 to the variance where PyTorch adds 1e-5.

    :class:`UsageError` where number or shape of the weights do not fit, before anything is copied.
    """
    ours = _targets(network)
    if len(ours) != len(weights):
        raise UsageError(f"the network has {len(ours)} arrays of weights, Keras gives: {len(weights)}")
    flattened = getattr(network, "flattened", None)
    turned: list[Tensor] = []
    for at, (target, array) in enumerate(zip(ours, weights, strict=True), 1):
        given = torch.tensor(array, dtype=target.dtype)
        if given.ndim == 4:
            given = given.permute(3, 2, 0, 1)
        elif given.ndim == 2:
            given = given.t()
            if flattened is not None:
                channels, height, width = flattened
                given = (
                    given.reshape(-1, height, width, channels).permute(0, 3, 1, 2).flatten(1)
                    if given[0].numel() == channels * height * width
                    else given
                )
                flattened = None
        if given.shape != target.shape:
            raise UsageError(f"weights {at} of Keras do not fit {tuple(target.shape)}: {tuple(given.shape)}")
        turned.append(given)
    with torch.no_grad():
        for target, given in zip(ours, turned, strict=True):
            target.copy_(given)


def _targets(network: nn.Module) -> list[Tensor]:
    """Parameters and running statistics in the order of Keras: kernel, bias; scale, shift, mean, variance."""
    keys = ("weight", "bias", "running_mean", "running_var")
    found = [getattr(layer, key, None) for layer in network.modules() if not list(layer.children()) for key in keys]
    return [each for each in found if isinstance(each, Tensor)]
