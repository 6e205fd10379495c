"""Changes that a writer, a pen or a scanner makes, on a whole batch at once and where it is: never a flip."""

from __future__ import annotations

import math
from functools import cache

import torch
import torch.nn.functional as F
from torch import Generator, Tensor

from ..recipes import Augmentation

COARSE = 5
"""Points a side at which an elastic change is drawn; between them it is a cubic spline."""


def augment(pictures: Tensor, settings: Augmentation, generator: Generator) -> Tensor:
    """Changed copies of a batch: float32 (N,H,W) in 0..1 of uint8 (N,H,W), on the same device, which is ``generator``'s too.

    The same pictures, settings and state of ``generator`` give the same result. A share of 1 - ``settings.share`` stays as it is.
    Every picture is resampled once; the other changes are sums, products and maxima of shifted copies.
    """
    x = pictures.to(torch.float32) * (1.0 / 255.0)
    if not settings.changes:
        return x
    changed = _bent(x, settings, generator)
    changed = _stroke(changed, settings.stroke, generator)
    changed = _blurred(changed, settings.blur, generator)
    changed = _contrast(changed, settings.contrast, generator)
    changed = _noisy(changed, settings.noise, generator)
    changed = _erased(changed, settings.erase, generator)
    chosen = _uniform(len(x), generator) < settings.share
    return torch.where(chosen, changed, x)


def _uniform(count: int, generator: Generator) -> Tensor:
    """One number of 0..1 a picture, (N,1,1)."""
    return torch.rand(count, 1, 1, generator=generator, device=generator.device)


def _bent(x: Tensor, settings: Augmentation, generator: Generator) -> Tensor:
    """Rotated, slanted, scaled, stretched, shifted and elastically bent (Simard et al. 2003) in one resampling."""
    count, height, width = x.shape
    half = height / 2.0
    degree, shift = math.pi / 180.0, settings.shift / half
    sigmas = [settings.rotation * degree, settings.slant * degree, settings.scale, settings.stretch / 2.0, shift, shift]
    drawn = torch.randn(len(sigmas), count, generator=generator, device=x.device).clamp_(-2.0, 2.0)
    turn, lean, size, width_by, right, below = (each * sigma for each, sigma in zip(drawn, sigmas, strict=True))
    scale, stretch, slant = torch.exp(-size), torch.exp(width_by), torch.tan(lean)
    cos, sin = torch.cos(turn) * scale, torch.sin(turn) * scale
    # a turn after a slant and a stretch: both diagonal factors are positive, so that nothing is ever mirrored
    across = torch.stack([cos * stretch, (cos * slant - sin) / stretch, right], dim=1)
    down = torch.stack([sin * stretch, (sin * slant + cos) / stretch, below], dim=1)
    coarse = torch.randn(count, 2, COARSE * COARSE, generator=generator, device=x.device) * (settings.bend / half)
    # where each pixel comes from is linear in all that was drawn: one product of matrices gives the whole grid
    ways = torch.cat([torch.stack([across, down], dim=1), coarse], dim=2)
    grid = (ways @ _ways(height, width, str(x.device))).view(count, 2, height, width).permute(0, 2, 3, 1)
    changed = F.grid_sample(x.unsqueeze(1), grid, mode="bilinear", padding_mode="zeros", align_corners=False)
    return changed.squeeze(1)


@cache
def _ways(height: int, width: int, device: str) -> Tensor:
    """What each drawn number adds to where the pixels come from, (3 + COARSE squared, H*W): across, down, shift, bends."""
    place = F.affine_grid(torch.eye(2, 3).unsqueeze(0), [1, 1, height, width], align_corners=False).view(-1, 2)
    points = torch.eye(COARSE * COARSE).view(1, -1, COARSE, COARSE)
    bends = F.interpolate(points, (height, width), mode="bicubic", align_corners=True).view(COARSE * COARSE, -1)
    return torch.cat([place.T, torch.ones(1, height * width), bends]).to(device)


def _stroke(x: Tensor, most: float, generator: Generator) -> Tensor:
    """Ink grown (3x3 grey dilation) or thinned (erosion), mixed with the picture by up to ``most``."""
    if not most:
        return x
    share = (_uniform(len(x), generator) * 2.0 - 1.0) * most
    signed = x * share.sign()  # erosion is the dilation of the negative: one maximum serves both
    wide = signed.clone()
    torch.maximum(wide[:, :, 1:], signed[:, :, :-1], out=wide[:, :, 1:])
    torch.maximum(wide[:, :, :-1], signed[:, :, 1:], out=wide[:, :, :-1])
    high = wide.clone()
    torch.maximum(high[:, 1:], wide[:, :-1], out=high[:, 1:])
    torch.maximum(high[:, :-1], wide[:, 1:], out=high[:, :-1])
    return high.sub_(signed).mul_(share).add_(x)


def _blurred(x: Tensor, most: float, generator: Generator) -> Tensor:
    """A 3x3 binomial blur mixed in by up to ``most``; round the picture it is black."""
    if not most:
        return x
    wide = x * 0.5
    wide[:, :, 1:].add_(x[:, :, :-1], alpha=0.25)
    wide[:, :, :-1].add_(x[:, :, 1:], alpha=0.25)
    soft = wide * 0.5
    soft[:, 1:].add_(wide[:, :-1], alpha=0.25)
    soft[:, :-1].add_(wide[:, 1:], alpha=0.25)
    return torch.lerp(x, soft, _uniform(len(x), generator) * most, out=soft)


def _contrast(x: Tensor, most: float, generator: Generator) -> Tensor:
    """Greys x lightened or darkened by up to ``most`` times x (1 - x): black and white stay; written into ``x``."""
    if not most:
        return x
    by = (_uniform(len(x), generator) * 2.0 - 1.0) * most
    # a power would do the same, in ten times the time
    return x.add_(torch.addcmul(x, x, x, value=-1.0).mul_(by))


def _noisy(x: Tensor, sigma: float, generator: Generator) -> Tensor:
    """Independent Gaussian noise on every pixel, ``sigma`` as a share of white."""
    if not sigma:
        return x
    return torch.randn(x.shape, generator=generator, device=x.device).mul_(sigma).add_(x).clamp_(0.0, 1.0)


def _erased(x: Tensor, share: float, generator: Generator) -> Tensor:
    """A square of 3 to 7 pixels made black in a ``share`` of the pictures (cutout, DeVries & Taylor 2017), in ``x`` itself.

    It may stand out over each edge, so that every pixel is lost equally often.
    """
    if not share:
        return x
    count, height, width = x.shape
    size = torch.randint(3, 8, (count, 1), generator=generator, device=x.device)
    top, left = (
        (torch.rand(count, 1, generator=generator, device=x.device) * (side + size - 1)).floor() - (size - 1) for side in (height, width)
    )
    rows, columns = torch.arange(height, device=x.device), torch.arange(width, device=x.device)
    hit = (_uniform(count, generator) < share).to(x.dtype)
    high = ((rows >= top) & (rows < top + size)).to(x.dtype).unsqueeze(2) * hit
    wide = ((columns >= left) & (columns < left + size)).to(x.dtype).unsqueeze(1)
    return x.addcmul_(x, high * wide, value=-1.0)  # x - x or x - 0: quicker than a mask
