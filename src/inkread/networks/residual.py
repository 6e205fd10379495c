"""A small residual convolutional network for 28x28 ink (He et al. 2016, section 3; the plain stride-2 joints of RepVGG)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .layers import ink
from .settings import Count, Odd, Share, Step, Whole, each_layer


def _convolution(inputs: int, outputs: int, kernel: int = 3, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False),
        nn.BatchNorm2d(outputs),
    )


class Block(nn.Module):
    """Two 3x3 convolutions beside a straight way: (N,C,H,W) -> (N,C,H,W)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = _convolution(width, width)
        self.second = _convolution(width, width)

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(x + self.second(torch.relu(self.first(x))))


class Residual(nn.Module):
    """Pictures in, logits (N, classes) and features (N, D) out.

    ``stem``: channels of the first convolution (``stem_kernel``, stride ``stem_stride``). ``widths`` and ``depths``:
    channels and residual blocks of each stage; every stage begins with a 3x3 convolution that halves the picture,
    except the first where the stem has already halved it. ``features``: D, where positive the last map is flattened
    into a dense layer of this size, so that *where* a stroke ends stays known; 0 averages over the map and D is the
    last width. ``dropout``: share of features left out in training.
    """

    def __init__(
        self,
        classes: int,
        *,
        stem: Count = 32,
        stem_kernel: Odd = 3,
        stem_stride: Step = 1,
        widths: tuple[Count, ...] = (48, 96),
        depths: tuple[Whole, ...] = (1, 1),
        features: Whole = 0,
        dropout: Share = 0.1,
    ) -> None:
        super().__init__()
        layers: list[nn.Module] = [_convolution(1, stem, stem_kernel, stem_stride), nn.ReLU()]
        side = -(-28 // stem_stride)
        stages = each_layer(len(widths), before=(stem, *widths)[:-1], widths=widths, depths=depths)
        for stage, (before, width, depth) in enumerate(stages):
            if not (stage == 0 and stem_stride == 2 and before == width):
                stride = 1 if stage == 0 and stem_stride == 2 else 2
                layers += [_convolution(before, width, 3, stride), nn.ReLU()]
                side = -(-side // stride)
            layers += [Block(width) for _ in range(depth)]
        self.body = nn.Sequential(*layers)
        last = (stem, *widths)[-1]
        if features:
            self.pool: nn.Module = nn.Sequential(
                nn.Flatten(), nn.Linear(last * side * side, features, bias=False), nn.BatchNorm1d(features), nn.ReLU()
            )
        else:
            self.pool = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.dropout = nn.Dropout(dropout)
        self.classify = nn.Linear(features or last, classes)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        features = self.pool(self.body(ink(pictures)))
        return self.classify(self.dropout(features)), features
