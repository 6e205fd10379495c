"""Our own larger networks for 28x28 ink, `ink-m` and `ink-l`: one residual family, each idea with the paper that it comes from.

- Residual blocks (He et al. 2016), the last norm of each beginning at zero, so that a deep network begins as a shallow one
  (Goyal et al. 2017, section 5.1).
- Halving by a 3x3 convolution of stride 2, beside it a mean over 2x2 and a 1x1 convolution: the way beside loses no pixel
  (ResNet-D, He et al. 2019), and a mean is the low pass that sampling wants (Zhang 2019).
- A stem of 5x5 pixels and stride 2, since maps at 28x28 cost four times those at 14x14 and hold strokes of two pixels.
- A dense layer over the places of the last map instead of its mean: in ink it matters *where* a stroke ends. A 1x1
  convolution thins the maps before it.
- Squeeze and excitation (Hu et al. 2018): the whole picture weighs each map. Stochastic depth (Huang et al. 2016).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .layers import ACTIVATIONS, Activation, ink
from .settings import Count, Odd, Share, Step, Whole, each_layer


class Ink(nn.Module):
    """Pictures in, logits (N, classes) and features (N, D) out.

    ``stem``: channels of the first convolution (``stem_kernel``, stride ``stem_stride``). ``widths`` and ``depths``: channels
    and blocks of each stage; every stage halves the maps, except the first where the stem has already. ``excite``: by how much
    channels are squeezed in each block (0: none). ``places``: maps that the dense layer sees (0: all of them). ``features``: D,
    the width of the dense layer over them; 0 takes the mean of each map instead. ``dropout``: share of features left out;
    ``skip``: share of pictures for which the last block is left out, the blocks before it less often, down a line to 0.
    """

    def __init__(
        self,
        classes: int,
        *,
        stem: Count = 32,
        stem_kernel: Odd = 5,
        stem_stride: Step = 2,
        widths: tuple[Count, ...] = (64, 128),
        depths: tuple[Count, ...] = (2, 2),
        activation: Activation = "relu",
        excite: Whole = 0,
        places: Whole = 32,
        features: Whole = 256,
        dropout: Share = 0.2,
        skip: Share = 0.0,
    ) -> None:
        super().__init__()
        bend = ACTIVATIONS[activation]
        body: list[nn.Module] = [*_normed(1, stem, stem_kernel, stem_stride), bend()]
        side, before, stride = -(-28 // stem_stride), stem, 3 - stem_stride
        for width, depth in each_layer(len(widths), widths=widths, depths=depths):
            for at in range(depth):
                body.append(Block(before, width, stride if at == 0 else 1, excite, activation))
                before = width
            side, stride = -(-side // stride), 2
        if places:
            body += [*_normed(before, places, 1), bend()]
            before = places
        self.body = nn.Sequential(*body)
        _thin_out([each for each in body if isinstance(each, Block)], skip)
        self.pool = nn.Sequential(
            *([*_dense(before * side * side, features), bend()] if features else [nn.AdaptiveAvgPool2d(1), nn.Flatten()])
        )
        self.dropout = nn.Dropout(dropout)
        self.classify = nn.Linear(features or before, classes)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        features = self.pool(self.body(ink(pictures)))
        return self.classify(self.dropout(features)), features


class Block(nn.Module):
    """Two 3x3 convolutions beside a straight way; halves the maps where ``stride`` is 2."""

    def __init__(self, inputs: int, width: int, stride: int, excite: int, activation: str) -> None:
        super().__init__()
        bend = ACTIVATIONS[activation]
        last = nn.BatchNorm2d(width)
        nn.init.zeros_(last.weight)
        branch = [*_normed(inputs, width, 3, stride), bend(), nn.Conv2d(width, width, 3, padding=1, bias=False), last]
        self.branch = nn.Sequential(*branch, *([Excite(width, max(width // excite, 1))] if excite else []))
        halved = [nn.AvgPool2d(2, ceil_mode=True, count_include_pad=False)] if stride == 2 else []
        self.straight = nn.Sequential(*halved, *(_normed(inputs, width, 1) if inputs != width else []))
        self.skip = Skip(0.0)
        self.bend = bend()

    def forward(self, x: Tensor) -> Tensor:
        bent: Tensor = self.bend(self.straight(x) + self.skip(self.branch(x)))
        return bent


class Excite(nn.Module):
    """Each map times a share of 0..1 that the means of all maps decide, squeezed to ``squeezed`` numbers between."""

    def __init__(self, width: int, squeezed: int) -> None:
        super().__init__()
        ask = [nn.Conv2d(width, squeezed, 1), nn.ReLU(), nn.Conv2d(squeezed, width, 1)]
        self.ask = nn.Sequential(nn.AdaptiveAvgPool2d(1), *ask, nn.Sigmoid())

    def forward(self, x: Tensor) -> Tensor:
        weighed: Tensor = x * self.ask(x)
        return weighed


class Skip(nn.Module):
    """In training leaves a branch out for this share of the pictures, and scales up what stays."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or not self.share:
            return x
        kept = torch.rand(len(x), 1, 1, 1, device=x.device) >= self.share
        return x * (kept.to(x.dtype) / (1.0 - self.share))


def _thin_out(blocks: list[Block], skip: float) -> None:
    """Later blocks are left out more often than earlier ones (Huang et al. 2016, section 3)."""
    for at, block in enumerate(blocks, 1):
        block.skip.share = skip * at / len(blocks)


def _normed(inputs: int, outputs: int, kernel: int, stride: int = 1) -> list[nn.Module]:
    return [nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(outputs)]


def _dense(inputs: int, outputs: int) -> list[nn.Module]:
    return [nn.Flatten(), nn.Linear(inputs, outputs, bias=False), nn.BatchNorm1d(outputs)]
