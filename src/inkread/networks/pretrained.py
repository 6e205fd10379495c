"""Networks made for photographs as readers of ink: any of torchvision's or timm's, fine-tuned whole or in part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..errors import UsageError
from .layers import ink
from .pretrained_body import Library, before_last_stage, body
from .pretrained_input import Scale, summed
from .settings import Range, Share

COUNTER = "num_batches_tracked"
"""What norms count and nobody uses; old files lack it."""
PLAIN = ("Conv2d", "Conv2dSame")
"""Convolutions whose weights are used as they stand (timm's others norm them first)."""


class Pretrained(nn.Module):
    """Pictures in, logits (N, classes) and what the library's network gives before its last layer as features out.

    ``model``: its name in ``library``. ``side``: pixels that pictures are enlarged to (bilinear). ``input``: ``repeat`` shows the
    ink as three colours, (x - mean) / std by the library's mean and deviation of each; ``one-channel`` sums the weights of the
    first convolution over the colours (:func:`summed`), which computes the same of a third of the numbers. ``train``:
    ``full`` trains everything, ``last`` the new last layer ``classify`` and the last stage, ``head`` only the new layer. What is
    frozen stays as it is, the running statistics of its norms too. ``dropout``: share of the features left out, in place of the
    library's own before its last layer.

    Weights are drawn at random; those trained on photographs are put in by :meth:`adopt`, so that a finished run
    needs neither their file nor the internet.
    """

    def __init__(
        self,
        classes: int,
        *,
        library: Library = "torchvision",
        model: str = "squeezenet1_1",
        side: Annotated[int, Range(28, 256)] = 64,
        input: Literal["repeat", "one-channel"] = "repeat",
        train: Literal["head", "last", "full"] = "full",
        dropout: Share = 0.0,
    ) -> None:
        super().__init__()
        made = body(library, model, side)
        self.library, self.model, self.side = library, model, side
        self.left_out, self.first = made.left_out, made.first
        self.wanted = {name: tuple(value.shape) for name, value in made.module.state_dict().items()}
        self.body = made.module
        self.frozen: tuple[str, ...] = ()
        if train != "full":
            self._freeze({name for name, _ in self.body.named_modules()} if train == "head" else before_last_stage(self.body, side))
        self.scale = Scale.of(made.mean, made.std)
        self.colours = made.mean, made.std
        self.one_channel = input == "one-channel"
        if self.one_channel:
            self._sum()
        self.mean: Tensor
        self.std: Tensor
        for name, each in zip(("mean", "std"), self.colours, strict=True):
            self.register_buffer(name, torch.tensor([sum(each) / 3] if self.one_channel else each).view(1, -1, 1, 1))
        self.dropout = nn.Dropout(dropout)
        self.classify = nn.Linear(made.width, classes)
        nn.init.zeros_(self.classify.weight)  # some bodies give features of 0..1, some of 0..1000: the first answers are even
        self.train()

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        maps = ink(pictures)
        if self.side != maps.shape[-1]:
            maps = F.interpolate(maps, (self.side, self.side), mode="bilinear", align_corners=False)
        features = self.body((maps - self.mean) / self.std)
        return self.classify(self.dropout(features)), features

    def train(self, mode: bool = True) -> Self:
        """As every module, but what is frozen stays in eval mode."""
        super().train(mode)
        for name in self.frozen:
            self.body.get_submodule(name).training = False
        return self

    def adopt(self, state: Mapping[str, Tensor]) -> None:
        """Puts weights into the body: those of :attr:`wanted`, float, made for three colours scaled by the library's mean and std.

        Counters of norms may lack.
        """
        given = {name: value for name, value in self.body.state_dict().items() if name.endswith(COUNTER)} | dict(state)
        if self.one_channel:
            weight, bias = (f"{self.first}.{each}" for each in ("weight", "bias"))
            given[weight], given[bias] = summed(given[weight], given.get(bias), *self.colours)
        self.body.load_state_dict(given)

    def _freeze(self, names: set[str]) -> None:
        self.frozen = tuple(sorted(names))
        for name in self.frozen:
            for each in self.body.get_submodule(name).parameters(recurse=False):
                each.requires_grad_(False)

    def _sum(self) -> None:
        """Turns the first convolution into one of a single channel."""
        layer = self.body.get_submodule(self.first) if self.first else None
        if not isinstance(layer, nn.Conv2d) or type(layer).__name__ not in PLAIN or layer.groups > 1:
            raise UsageError(f"the weights of the first layer cannot be summed over colours: {self.model}", "--set network.input=repeat")
        trains = layer.weight.requires_grad
        weight, bias = summed(layer.weight, layer.bias, *self.colours)
        layer.weight, layer.bias = nn.Parameter(weight, trains), nn.Parameter(bias, trains)
        layer.in_channels = 1
