"""What the numbers mean that a first convolution gets, and its weights for numbers that mean something else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor

Colours = tuple[float, float, float]


@dataclass(frozen=True)
class Scale:
    """Red, green and blue of 0..1 as a network gets them: each times its ``factor`` plus its ``shift``."""

    factor: Colours
    shift: Colours

    @classmethod
    def of(cls, mean: Colours, std: Colours, white: float = 1.0) -> Self:
        """(x - mean) / std of x in 0..white."""
        red, green, blue = zip(mean, std, strict=True)
        factor = white / red[1], white / green[1], white / blue[1]
        return cls(factor, (-red[0] / red[1], -green[0] / green[1], -blue[0] / blue[1]))


def refitted(weight: Tensor, bias: Tensor | None, given: Scale, wanted: Scale) -> tuple[Tensor, Tensor]:
    """The weights (F,3,H,W) and bias (F,) of a convolution made for ``given`` that compute the same of ``wanted``.

    Exact where the convolution pads nothing. Where it pads with zeros these stand for another grey in the two scales, and the
    outermost places differ by that. Computed as float64, given as float32.
    """
    factor, shift, to_factor, to_shift = (
        torch.tensor(each, dtype=torch.float64).view(1, 3, 1, 1) for each in (given.factor, given.shift, wanted.factor, wanted.shift)
    )
    ratio = factor / to_factor
    exact = weight.detach().double()
    more = (exact * (shift - ratio * to_shift)).sum(dim=(1, 2, 3))
    return (exact * ratio).float(), (more if bias is None else more + bias.detach().double()).float()


def summed(weight: Tensor, bias: Tensor | None, mean: Colours, std: Colours) -> tuple[Tensor, Tensor]:
    """The weights (F,1,H,W) and bias (F,) of a convolution of colours, (x - mean) / std, for grey alone, by the means of both.

    Exact as :func:`refitted` is.
    """
    grey = Scale.of((sum(mean) / 3,) * 3, (sum(std) / 3,) * 3)
    weight, bias = refitted(weight, bias, Scale.of(mean, std), grey)
    return weight.sum(dim=1, keepdim=True), bias
