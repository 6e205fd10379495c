"""What the families share: ink as input, activations, norms, initialisations, and layers that know the shape they give."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from functools import partial
from typing import Literal

import torch
from torch import Tensor, nn

from ..errors import UsageError

Shape = tuple[int, ...]
"""Of one picture on its way: (C,H,W) of maps, (D,) once they are flat."""
INPUT: Shape = (1, 28, 28)

Activation = Literal["none", "relu", "leaky-relu", "elu", "selu", "gelu", "silu", "mish", "softplus", "tanh", "sigmoid"]
Norm = Literal["none", "batch", "group", "layer"]
Padding = Literal["same", "valid"]
Pooling = Literal["none", "max", "average"]
Initialisation = Literal[
    "default", "he-normal", "he-uniform", "glorot-normal", "glorot-uniform", "lecun-normal", "orthogonal", "normal-0.05", "zeros"
]

ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {
    "none": nn.Identity,
    "relu": nn.ReLU,
    "leaky-relu": nn.LeakyReLU,
    "elu": nn.ELU,
    "selu": nn.SELU,
    "gelu": nn.GELU,
    "silu": nn.SiLU,
    "mish": nn.Mish,
    "softplus": nn.Softplus,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
}
INITIALISATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "he-normal": partial(nn.init.kaiming_normal_, nonlinearity="relu"),
    "he-uniform": partial(nn.init.kaiming_uniform_, nonlinearity="relu"),
    "glorot-normal": nn.init.xavier_normal_,
    "glorot-uniform": nn.init.xavier_uniform_,
    "lecun-normal": partial(nn.init.kaiming_normal_, nonlinearity="linear"),
    "orthogonal": nn.init.orthogonal_,
    "normal-0.05": partial(nn.init.normal_, std=0.05),
    "zeros": nn.init.zeros_,
}
"""He et al. 2015, Glorot & Bengio 2010, LeCun et al. 1998 (4.6), Saxe et al. 2014; 0.05 is the default of Keras' RandomNormal."""


def ink(pictures: Tensor) -> Tensor:
    """Pictures (N,28,28), uint8 0..255 or float 0..1, as float32 (N,1,28,28) in 0..1."""
    if pictures.dtype == torch.uint8:
        return pictures.to(torch.float32).unsqueeze(1) * (1.0 / 255.0)
    return pictures.unsqueeze(1)


def activation(name: str) -> list[nn.Module]:
    """The activation of this name as a list of one layer; none of ``none``."""
    return [] if name == "none" else [ACTIVATIONS[name]()]


def norm(name: str, shape: Shape, groups: int, where: str) -> list[nn.Module]:
    """The norm of this name for what has ``shape``, as a list of at most one layer.

    ``layer`` over maps is over all of C, H and W with a scale per channel, a group norm of one group (Wu & He 2018, figure 2).
    :class:`UsageError` where ``groups`` do not divide the channels.
    """
    channels = shape[0]
    if name == "group" and channels % groups:
        raise UsageError(f"{where} cannot be normalised in {groups} groups: {channels} channels", "`groups` divides them without rest")
    if name == "batch":
        return [nn.BatchNorm2d(channels) if len(shape) == 3 else nn.BatchNorm1d(channels)]
    if name == "layer" and len(shape) == 1:
        return [nn.LayerNorm(channels)]
    if name in ("group", "layer"):
        return [nn.GroupNorm(groups if name == "group" else 1, channels) if len(shape) == 3 else FlatGroupNorm(groups, channels)]
    return []


class FlatGroupNorm(nn.GroupNorm):
    """Group norm of vectors (N,D), which ONNX knows only of maps."""

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x.unsqueeze(2)).squeeze(2)


def convolution(
    shape: Shape, filters: int, kernel: int, stride: int, padding: str, where: str, bias: bool = True
) -> tuple[list[nn.Module], Shape]:
    """A convolution of maps ``shape`` and the shape it gives.

    ``same`` pads as Keras does: to ceil(side / stride), the odd pixel to the right and below. :class:`UsageError` naming
    ``where`` when nothing is left, or when there are no maps any more.
    """
    channels, *sides = _maps(shape, where)
    layers: list[nn.Module] = []
    around = 0
    if padding == "same":
        pads = [max((math.ceil(side / stride) - 1) * stride + kernel - side, 0) for side in sides]
        if all(pad == pads[0] and pad % 2 == 0 for pad in pads):
            around = pads[0] // 2
        else:
            layers.append(nn.ZeroPad2d((pads[1] // 2, pads[1] - pads[1] // 2, pads[0] // 2, pads[0] - pads[0] // 2)))
        sides = [side + pad for side, pad in zip(sides, pads, strict=True)]
    layers.append(nn.Conv2d(channels, filters, kernel, stride, around, bias=bias))
    return layers, (filters, *_shrunk(sides, kernel, stride, where))


def pool(shape: Shape, kind: str, size: int, where: str) -> tuple[list[nn.Module], Shape]:
    """Pooling over ``size`` x ``size`` pixels without overlap (``none``: no layer) and the shape it gives."""
    if kind == "none" or size == 1:
        return [], shape
    channels, *sides = _maps(shape, where)
    layer = nn.MaxPool2d(size) if kind == "max" else nn.AvgPool2d(size)
    return [layer], (channels, *_shrunk(sides, size, size, where))


def flat(shape: Shape, average: bool = False) -> tuple[list[nn.Module], Shape]:
    """Maps as a vector, pixel by pixel or as the mean of each map; what is flat stays."""
    if len(shape) == 1:
        return [], shape
    if average:
        return [nn.AdaptiveAvgPool2d(1), nn.Flatten()], shape[:1]
    return [nn.Flatten()], (math.prod(shape),)


def dense(shape: Shape, width: int, where: str, bias: bool = True) -> tuple[list[nn.Module], Shape]:
    """A dense layer of what is flat and the shape it gives."""
    if len(shape) != 1:
        raise UsageError(f"{where} needs a vector and gets maps: {told(shape)}", "flatten or average them before")
    return [nn.Linear(shape[0], width, bias=bias)], (width,)


def dense_layers(shape: Shape, rows: Iterable[tuple[int, str, float]], norm_name: str, groups: int) -> tuple[list[nn.Module], Shape]:
    """A dense layer for each row of width, activation and dropout, normed alike; no bias where a norm follows."""
    body: list[nn.Module] = []
    for at, (width, bent, left_out) in enumerate(rows, 1):
        where = f"dense layer {at}"
        new, shape = dense(shape, width, where, bias=norm_name == "none")
        body += [*new, *norm(norm_name, shape, groups, where), *activation(bent), *dropout(left_out)]
    return body, shape


def dropout(share: float) -> list[nn.Module]:
    """Dropout (Srivastava et al. 2014) as a list of at most one layer."""
    return [nn.Dropout(share)] if share else []


def initialise(network: nn.Module, name: str) -> None:
    """Weights of every convolution and dense layer drawn anew by this rule, their biases zero; ``default`` leaves PyTorch's.

    Normal draws are not cut off at twice their deviation, as Keras' are.
    """
    if name == "default":
        return
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            INITIALISATIONS[name](layer.weight)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)


def told(shape: Shape) -> str:
    """A shape as people write it: ``32 of 14x14``."""
    return f"{shape[0]} of {shape[1]}x{shape[2]}" if len(shape) == 3 else str(shape[0])


def _maps(shape: Shape, where: str) -> Shape:
    if len(shape) != 3:
        raise UsageError(f"{where} needs maps and gets a vector: {told(shape)}", "it cannot stand behind what flattens them")
    return shape


def _shrunk(sides: list[int], kernel: int, stride: int, where: str) -> Shape:
    if min(sides) < kernel:
        hint = 'take a smaller kernel or stride, fewer pools or padding = "same"'
        raise UsageError(f"the map shrinks to nothing at {where}: {sides[0]}x{sides[1]} is less than its {kernel}x{kernel}", hint)
    return tuple((side - kernel) // stride + 1 for side in sides)
