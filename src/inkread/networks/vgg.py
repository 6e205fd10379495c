"""VGG-5 and VGG-5 with a spinal head, as published for EMNIST (Kabir et al. 2020, "SpinalNet", section IV-B)."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from .layers import ink
from .settings import Count, Share


class Vgg5(nn.Module):
    """Pictures in, logits (N, classes) and the 512 neurons before them as features out.

    Ten 3x3 convolutions with batch norm in four groups, each group ended by a 2x2 maximum: ``width`` filters, then twice and
    four times as many; what is left is one pixel, and a dense layer of ``dense`` neurons. ``dropout`` before both dense
    layers. The authors feed pictures less their mean; here ink is 0..1 and the first batch norm does that.
    """

    def __init__(self, classes: int, *, width: Count = 64, dense: Count = 512, dropout: Share = 0.5) -> None:
        super().__init__()
        self.body = _body(width)
        self.head = nn.Sequential(nn.Dropout(dropout), nn.Linear(4 * width, dense), nn.BatchNorm1d(dense), nn.ReLU(), nn.Dropout(dropout))
        self.classify = nn.Linear(dense, classes)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        features = self.head(self.body(ink(pictures)))
        return self.classify(features), features


class SpinalNet(nn.Module):
    """Pictures in, logits (N, classes) and the four spinal layers side by side as features out.

    The convolutions of :class:`Vgg5`; their vector is cut into halves, and four dense layers of ``spine`` neurons see them in
    turn, each beside what the layer before it gave. ``dropout`` before every dense layer.
    """

    def __init__(self, classes: int, *, width: Count = 64, spine: Count = 128, dropout: Share = 0.5) -> None:
        super().__init__()
        self.body = _body(width)
        self.cut = 2 * width
        inputs = (self.cut, *(self.cut + spine,) * 3)
        self.spine = nn.ModuleList(
            nn.Sequential(nn.Dropout(dropout), nn.Linear(each, spine), nn.BatchNorm1d(spine), nn.ReLU()) for each in inputs
        )
        self.dropout = nn.Dropout(dropout)
        self.classify = nn.Linear(4 * spine, classes)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        halves = self.body(ink(pictures)).split(self.cut, dim=1)
        given: list[Tensor] = []
        for at, layer in enumerate(self.spine):
            given.append(layer(torch.cat([halves[at % 2], *given[-1:]], dim=1)))
        features = self.dropout(torch.cat(given, dim=1))
        return self.classify(features), features


def _body(width: int) -> nn.Sequential:
    """28x28 pixels to ``4 * width`` numbers; weights as the authors draw them (He et al. 2015, counted by what goes out)."""
    layers: list[nn.Module] = []
    before = 1
    for group in ((1, 1), (2, 2), (4, 4, 4), (4, 4, 4)):
        for times in group:
            convolution = nn.Conv2d(before, times * width, 3, padding=1)
            nn.init.normal_(convolution.weight, std=math.sqrt(2.0 / (9 * times * width)))
            layers += [convolution, nn.BatchNorm2d(times * width), nn.ReLU()]
            before = times * width
        layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers, nn.Flatten())
