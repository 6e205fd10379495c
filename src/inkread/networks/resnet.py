"""The residual network that its inventors took for small pictures (He et al. 2016, section 4.2, CIFAR-10), on 28x28."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .layers import ink
from .settings import Count, Share


class Resnet(nn.Module):
    """Pictures in, logits (N, classes) and the mean of each map as features out.

    A 3x3 convolution, then for each of ``widths`` ``blocks`` blocks of two 3x3 convolutions; every stage but the first
    halves the maps, its way beside by a 1x1 convolution (their option B). 3 blocks of three stages are ResNet-20.
    ``dropout`` before the classifier is ours (the paper has none).
    """

    def __init__(self, classes: int, *, widths: tuple[Count, ...] = (16, 32, 64), blocks: Count = 3, dropout: Share = 0.0) -> None:
        super().__init__()
        before = (widths or (16,))[0]
        body: list[nn.Module] = [*_normed(1, before, 3), nn.ReLU()]
        for stage, width in enumerate(widths):
            for at in range(blocks):
                body.append(Block(before, width, 2 if stage and not at else 1))
                before = width
        self.body = nn.Sequential(*body, nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.dropout = nn.Dropout(dropout)
        self.classify = nn.Linear(before, classes)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        features = self.body(ink(pictures))
        return self.classify(self.dropout(features)), features


class Block(nn.Module):
    """Two 3x3 convolutions beside a straight way, which is a 1x1 convolution where the shape changes."""

    def __init__(self, inputs: int, width: int, stride: int) -> None:
        super().__init__()
        self.branch = nn.Sequential(*_normed(inputs, width, 3, stride), nn.ReLU(), *_normed(width, width, 3))
        self.straight = nn.Sequential(*([] if stride == 1 and inputs == width else _normed(inputs, width, 1, stride)))

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(self.straight(x) + self.branch(x))


def _normed(inputs: int, width: int, kernel: int, stride: int = 1) -> list[nn.Module]:
    convolution = nn.Conv2d(inputs, width, kernel, stride, kernel // 2, bias=False)
    nn.init.kaiming_normal_(convolution.weight, mode="fan_out", nonlinearity="relu")
    return [convolution, nn.BatchNorm2d(width)]
