"""Networks of torchvision and timm as bodies: weights drawn at random, the last layer taken away, a vector of features out."""

from __future__ import annotations

import copy
from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import torch
from torch import Tensor, nn

from ..errors import MissingExtra, UsageError, nearest

Library = Literal["torchvision", "timm"]
Colours = tuple[float, float, float]
Made = tuple[nn.Module, Colours, Colours, tuple[str, ...]]
"""A network without its last layer, the mean and deviation of its input, and how the names of that layer begin in files."""

PHOTOGRAPHS = 224
"""Pixels of the side that most of these networks were made for: their stages are told apart at it."""
IMAGENET: tuple[Colours, Colours] = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
EVEN: tuple[Colours, Colours] = (0.5, 0.5, 0.5), (0.5, 0.5, 0.5)
OF_THEIR_OWN: dict[str, tuple[dict[str, Any], tuple[Colours, Colours]]] = {
    "googlenet": ({"aux_logits": False, "init_weights": True}, EVEN),
    "inception_v3": ({"aux_logits": False, "init_weights": True}, EVEN),
}
"""Networks of torchvision whose weights were trained by TensorFlow, and for pictures scaled as there; without the heads that
help in training."""
HELPING = ("aux", "AuxLogits")
"""How the names of such heads begin in files."""


@dataclass(frozen=True)
class Body:
    """``module`` takes pictures float (N,3,side,side), (x - ``mean``) / ``std`` of x in 0..1, and gives features (N, ``width``).

    ``first``: the name of its first convolution. ``left_out``: how the names begin that a file of its weights has beside its own.
    """

    module: nn.Module
    width: int
    first: str
    mean: Colours
    std: Colours
    left_out: tuple[str, ...]


def body(library: Library, model: str, side: int) -> Body:
    """The network ``model`` of a library for pictures of ``side`` x ``side`` pixels, without its last layer.

    Its weights are drawn from torch's random state; nothing is fetched. :class:`UsageError` for an unknown name, with the
    nearest ones, and for a network that cannot take pictures of this side; :class:`MissingExtra` without the library.
    """
    made = _of_timm(model, side) if library == "timm" else _of_torchvision(model, side)
    module, mean, std, left_out = made
    width = _width(module, model, side)
    first = [name for name, each in module.named_modules() if isinstance(each, nn.Conv2d) and each.in_channels == 3]
    return Body(module, width, first[0] if first else "", mean, std, (*left_out, *HELPING))


def _of_torchvision(model: str, side: int) -> Made:
    try:
        from torchvision import models
    except ImportError as error:
        raise MissingExtra("torchvision", "study") from error
    _check_known("torchvision", model, models.list_models(module=models))
    settings, (mean, std) = OF_THEIR_OWN.get(model, ({}, IMAGENET))
    if model.startswith("vit_"):
        settings = {"image_size": side}
    elif model.startswith("maxvit"):
        settings = {"input_size": (side, side)}
    network = _made(partial(models.get_model, model, weights=None, **settings), model, side)
    layers = [(name, each) for name, each in network.named_modules() if not list(each.children())]
    at = max(at for at, (_, each) in enumerate(layers) if isinstance(each, nn.Linear | nn.Conv2d))
    head = layers[at][0]
    _take_away(network, head)
    if isinstance(layers[at - 1][1], nn.Dropout):  # ours stands there
        _take_away(network, layers[at - 1][0])
    return network, mean, std, (f"{head}.",)


def _of_timm(model: str, side: int) -> Made:
    try:
        import timm
    except ImportError as error:
        raise MissingExtra("timm", "study") from error
    if not timm.is_model(model):
        _check_known("timm", model, timm.list_models())
    try:
        told = timm.get_pretrained_cfg(model, allow_unregistered=True)
    except RuntimeError:
        _check_known("timm", model, timm.list_models(f"{model.partition('.')[0]}.*", pretrained=True))
        raise
    made_for = told.input_size[-1] if told is not None and told.fixed_input_size else side
    fixed: dict[str, Any] = {"img_size": side} if made_for != side else {}
    network = _made(partial(timm.create_model, model, pretrained=False, num_classes=0, **fixed), model, side)
    of: dict[str, Any] = network.pretrained_cfg  # type: ignore[assignment]
    heads = of.get("classifier") or ()
    return network, tuple(of["mean"]), tuple(of["std"]), tuple(f"{each}." for each in ([heads] if isinstance(heads, str) else heads))


def _check_known(library: str, model: str, known: Collection[str]) -> None:
    if model not in known:
        hint = nearest(model, tuple(known))
        hint = f"{len(known)} are known, such as {', '.join(sorted(known)[:3])}" if hint.startswith("known") else hint
        raise UsageError(f"{library} has no network of this name: {model}", hint)


def _made(make: partial[Any], model: str, side: int) -> nn.Module:
    try:
        network: nn.Module = make()
    except Exception as error:  # what the libraries raise for a side that does not fit has no class of its own
        raise _unfit(model, side, error) from error
    return network


def _unfit(model: str, side: int, error: Exception) -> UsageError:
    hint = f"--set network.side={PHOTOGRAPHS}" if side != PHOTOGRAPHS else ""
    return UsageError(f"{model} cannot take pictures of {side}x{side} pixels: {_first_line(error)}", hint)


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def _take_away(network: nn.Module, name: str) -> None:
    above, _, last = name.rpartition(".")
    setattr(network.get_submodule(above), last, nn.Identity())


def _width(module: nn.Module, model: str, side: int) -> int:
    try:
        with torch.no_grad():
            features = shadow(module)(torch.zeros(2, 3, side, side, device="meta"))
    except Exception as error:
        raise _unfit(model, side, error) from error
    if not isinstance(features, Tensor) or features.ndim != 2:
        raise UsageError(f"this network gives no vector of features: {model}", "take one that tells what is in a picture")
    return features.shape[1]


def shadow(module: nn.Module) -> nn.Module:
    """A copy of a network that computes shapes only (PyTorch's device "meta"), in eval mode."""
    return copy.deepcopy(module).to("meta").eval()


def before_last_stage(module: nn.Module, side: int) -> set[str]:
    """The names of the modules that begin before the last stage of a body for pictures of ``side`` pixels; "" is the body itself.

    The last stage is what computes on maps of the last size, with all behind it; where the size never changes, as in a vision
    transformer, the last of the blocks and what follows them. A module that is used without being called begins with the one
    that it is in.
    """
    try:
        begun, places = _road(module, PHOTOGRAPHS)
    except Exception:  # made for one side only
        begun, places = _road(module, side)
    order = {name: at for at, name in enumerate(begun)}
    on_maps = [name for name in begun if places.get(name, 1) > 1]
    last = places[on_maps[-1]] if on_maps else 1
    larger = [order[name] for name in on_maps if places[name] > last]
    end = max(larger) + 1 if larger else order.get(_last_block(module), 0)
    return {name for name, _ in module.named_modules() if order[_called(name, order)] < end}


def _road(module: nn.Module, side: int) -> tuple[list[str], dict[str, int]]:
    """The names of all modules in the order in which they begin, and on how many places of a picture each with weights computes."""
    traced = shadow(module)
    begun: dict[str, None] = {}
    places: dict[str, int] = {}

    def noted(name: str, layer: nn.Module, given: object, output: object) -> None:
        weight = getattr(layer, "weight", None)
        if isinstance(weight, Tensor) and isinstance(output, Tensor):
            places[name] = output.numel() // weight.shape[0]

    for name, each in traced.named_modules():
        each.register_forward_pre_hook(lambda layer, given, name=name: begun.setdefault(name))
        each.register_forward_hook(partial(noted, name))
    with torch.no_grad():
        traced(torch.zeros(1, 3, side, side, device="meta"))
    return list(begun), places


def _last_block(module: nn.Module) -> str:
    """The last module of the longest row of modules with weights."""
    rows = {
        name: [key for key, block in each.named_children() if any(True for _ in block.parameters())]
        for name, each in module.named_modules()
        if isinstance(each, nn.Sequential | nn.ModuleList)
    }
    name = max(rows, key=lambda key: len(rows[key]), default="")
    return ".".join(filter(None, (name, rows[name][-1]))) if rows.get(name) else ""


def _called(name: str, order: dict[str, int]) -> str:
    while name not in order:
        name = name.rpartition(".")[0]
    return name
