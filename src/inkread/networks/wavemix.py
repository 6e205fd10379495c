"""A network that mixes pixels by wavelets instead of attention (Jeevan et al. 2022, "WaveMix-Lite"), wavelets of level 1."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .layers import ink
from .settings import Count, Share, Whole


class WaveMix(nn.Module):
    """Pictures in, logits (N, classes) and the mean of each map as features out.

    Two 3x3 convolutions to ``width`` maps of 28x28, then ``depth`` :class:`Block`, each beside a straight way. ``expansion``:
    how many times as many maps stand in the middle of a block. ``dropout``: there. The defaults are the authors'
    WaveMix-Lite-128/7, with which they report EMNIST; it is slow on a processor, since every block ends at 28x28.
    """

    def __init__(self, classes: int, *, width: Count = 128, depth: Whole = 7, expansion: Count = 2, dropout: Share = 0.5) -> None:
        super().__init__()
        width = 4 * -(-width // 4)
        self.stem = nn.Sequential(nn.Conv2d(1, width // 2, 3, padding=1), nn.Conv2d(width // 2, width, 3, padding=1))
        self.blocks = nn.ModuleList(Block(width, expansion, dropout) for _ in range(depth))
        self.pool = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.classify = nn.Linear(width, classes)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        x = self.stem(ink(pictures))
        for block in self.blocks:
            x = x + block(x)
        features = self.pool(x)
        return self.classify(features), features


class Block(nn.Module):
    """A quarter of the maps, their four Haar bands at half the side, two 1x1 convolutions, and back to the full side."""

    def __init__(self, width: int, expansion: int, dropout: float) -> None:
        super().__init__()
        self.reduce = nn.Conv2d(width, width // 4, 1)
        self.mix = nn.Sequential(
            nn.Conv2d(width, width * expansion, 1),
            nn.GELU(),
            nn.Dropout(dropout),
            nn.Conv2d(width * expansion, width, 1),
            nn.ConvTranspose2d(width, width, 4, stride=2, padding=1),
            nn.BatchNorm2d(width),
        )

    def forward(self, x: Tensor) -> Tensor:
        mixed: Tensor = self.mix(haar(self.reduce(x)))
        return mixed


def haar(x: Tensor) -> Tensor:
    """Maps (N,C,H,W) of even sides as their bands (N,4C,H/2,W/2): means, then differences down, across and both (Haar 1910).

    The transform is orthogonal: the sum of squares stays.
    """
    upper, lower = x[:, :, 0::2], x[:, :, 1::2]
    low, high = (upper + lower) / 2.0, (upper - lower) / 2.0
    bands = [each[..., 0::2] + sign * each[..., 1::2] for sign in (1.0, -1.0) for each in (low, high)]
    return torch.cat(bands, dim=1)
