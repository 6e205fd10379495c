"""Changes that a writer, a pen or a scanner makes, on a whole batch at once: never a flip."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Generator, Tensor

from ..recipes import Augmentation


def augment(pictures: Tensor, settings: Augmentation, generator: Generator) -> Tensor:
    """Changed copies of a batch: float32 (N,H,W) in 0..1 of uint8 (N,H,W).

    The same pictures, settings and state of ``generator`` give the same result. A share of 1 - ``settings.share`` stays as it is.
    """
    x = (pictures.to(torch.float32) * (1.0 / 255.0)).unsqueeze(1)
    changed = _bent(x, settings, generator)
    changed = _stroke(changed, settings.stroke, generator)
    changed = _blurred(changed, settings.blur, generator)
    changed = _contrast(changed, settings.contrast, generator)
    changed = _erased(changed, settings.erase, generator)
    chosen = torch.rand(len(x), 1, 1, 1, generator=generator) < settings.share
    return torch.where(chosen, changed, x).squeeze(1)


def _normal(count: int, sigma: float, generator: Generator) -> Tensor:
    return torch.randn(count, generator=generator).clamp(-2.0, 2.0) * sigma


def _bent(x: Tensor, settings: Augmentation, generator: Generator) -> Tensor:
    """Rotated, slanted, scaled, stretched, shifted and elastically bent (Simard et al. 2003) in one resampling."""
    count, _, height, width = x.shape
    half = height / 2.0
    turn = torch.deg2rad(_normal(count, settings.rotation, generator))
    slant = torch.tan(torch.deg2rad(_normal(count, settings.slant, generator)))
    scale = torch.exp(-_normal(count, settings.scale, generator))
    stretch = torch.exp(_normal(count, settings.stretch, generator) / 2.0)
    cos, sin = torch.cos(turn) * scale, torch.sin(turn) * scale
    # a turn after a slant and a stretch: both diagonal factors are positive, so that nothing is ever mirrored
    rows = [cos * stretch, (cos * slant - sin) / stretch, sin * stretch, (sin * slant + cos) / stretch]
    matrix = torch.stack(rows, dim=1).view(count, 2, 2)
    shift = torch.stack([_normal(count, settings.shift / half, generator) for _ in range(2)], dim=1).view(count, 2, 1)
    grid = F.affine_grid(torch.cat([matrix, shift], dim=2), [count, 1, height, width], align_corners=False)
    if settings.bend:
        coarse = torch.randn(count, 2, 5, 5, generator=generator) * (settings.bend / half)
        field = F.interpolate(coarse, (height, width), mode="bicubic", align_corners=True)
        grid = grid + field.permute(0, 2, 3, 1)
    return F.grid_sample(x, grid, mode="bilinear", padding_mode="zeros", align_corners=False)


def _stroke(x: Tensor, most: float, generator: Generator) -> Tensor:
    """Ink grown (grey dilation) or thinned (erosion), mixed with the picture by up to ``most``."""
    if not most:
        return x
    share = (torch.rand(len(x), 1, 1, 1, generator=generator) * 2.0 - 1.0) * most
    grown = share.sign()  # erosion is the dilation of the negative: one pooling serves both
    return x + share * (F.max_pool2d(x * grown, 3, 1, 1) - x * grown)


def _blurred(x: Tensor, most: float, generator: Generator) -> Tensor:
    if not most:
        return x
    soft = F.avg_pool2d(F.avg_pool2d(x, 2, 1, 1), 2, 1)  # two 2x2 means are the 3x3 binomial
    return torch.lerp(x, soft, torch.rand(len(x), 1, 1, 1, generator=generator) * most)


def _contrast(x: Tensor, most: float, generator: Generator) -> Tensor:
    if not most:
        return x
    bend = torch.exp((torch.rand(len(x), 1, 1, 1, generator=generator) * 2.0 - 1.0) * most)
    return x.clamp(min=0.0).pow(bend)


def _erased(x: Tensor, share: float, generator: Generator) -> Tensor:
    """A square of 3 to 7 pixels made black in a ``share`` of the pictures: a gap in the stroke, a torn edge."""
    if not share:
        return x
    count, _, height, width = x.shape
    size = torch.randint(3, 8, (count, 1, 1, 1), generator=generator)
    top = torch.randint(0, height, (count, 1, 1, 1), generator=generator)
    left = torch.randint(0, width, (count, 1, 1, 1), generator=generator)
    rows = torch.arange(height).view(1, 1, -1, 1)
    columns = torch.arange(width).view(1, 1, 1, -1)
    inside = (rows >= top) & (rows < top + size) & (columns >= left) & (columns < left + size)
    hit = torch.rand(count, 1, 1, 1, generator=generator) < share
    return x.masked_fill(inside & hit, 0.0)
