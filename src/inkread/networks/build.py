"""Name -> network; a family's file is imported when one of its networks is asked for."""

from __future__ import annotations

from importlib import import_module
from inspect import signature
from typing import TYPE_CHECKING

from ..errors import MissingExtra, UsageError, nearest

if TYPE_CHECKING:
    from torch import nn

FAMILIES = {"residual": ("residual", "Residual")}
"""Name -> (file, class). Add a network: a file here, a class whose first argument is the number of classes, a line."""


def names() -> tuple[str, ...]:
    """The names that :func:`build` knows."""
    return tuple(FAMILIES)


def build(name: str, classes: int, **settings: object) -> nn.Module:
    """A fresh network of this family for ``classes`` classes, weights drawn from torch's random state.

    Its forward takes pictures (N,28,28), uint8 0..255 or float 0..1, and gives logits (N, classes) and features (N, D).
    :class:`UsageError` for an unknown name or setting, with the nearest known one.
    """
    if name not in FAMILIES:
        raise UsageError(f"unknown network: {name}", nearest(name, names()))
    file, kind = FAMILIES[name]
    try:
        family = getattr(import_module(f".{file}", __package__), kind)
    except ImportError as error:
        raise MissingExtra(error.name or "torch", "train") from error
    known = tuple(signature(family.__init__).parameters)[2:]
    for key in settings:
        if key not in known:
            raise UsageError(f"the network {name} has no setting: {key}", nearest(key, known))
    module: nn.Module = family(classes, **settings)
    return module
