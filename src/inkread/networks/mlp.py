"""The multilayer perceptron (Rumelhart, Hinton & Williams 1986): dense layers on 784 pixels, everything about them a setting."""

from __future__ import annotations

from torch import Tensor, nn

from . import layers as parts
from .layers import Activation, Initialisation, Norm, ink
from .settings import Count, Share, Whole, count_layers, each_layer


class Mlp(nn.Module):
    """Pictures in, logits (N, classes) and the last hidden layer as features out.

    ``layers``: hidden ones (0: as many as ``width`` has values, else one). ``width``, ``activation``, ``dropout``: of all, or
    one for each. A layer is dense, norm, activation, dropout; it has no bias where a norm follows. ``norm``: batch (Ioffe &
    Szegedy 2015), group (Wu & He 2018) in ``groups``, layer (Ba et al. 2016).

    ``width = 512`` with ``initialisation = "glorot-uniform"`` is the network of Chollet's book (2017, section 2.1).
    """

    def __init__(
        self,
        classes: int,
        *,
        layers: Whole = 0,
        width: Count | tuple[Count, ...] = 512,
        activation: Activation | tuple[Activation, ...] = "relu",
        initialisation: Initialisation = "default",
        dropout: Share | tuple[Share, ...] = 0.0,
        norm: Norm = "none",
        groups: Count = 8,
    ) -> None:
        super().__init__()
        number = count_layers(layers, width, activation, dropout)
        rows = each_layer(number, width=width, activation=activation, dropout=dropout)
        body, shape = parts.flat(parts.INPUT)
        new, shape = parts.dense_layers(shape, rows, norm, groups)
        self.body = nn.Sequential(*body, *new)
        self.classify = nn.Linear(shape[0], classes)
        parts.initialise(self, initialisation)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        features = self.body(ink(pictures))
        return self.classify(features), features
