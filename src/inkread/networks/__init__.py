"""Networks by name: ``build("mlp", 62, layers=2)`` is an ``nn.Module`` that gives (logits, features).

Importing this face, listing names and reading them costs the standard library only; PyTorch comes with the first network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .build import build, names, own_class, settings_of

if TYPE_CHECKING:
    from .keras import copy_keras
    from .linear import evidence, weight_pictures
    from .measure import Size, size
    from .pretrained_weights import Taken, library_file, take_weights

__all__ = [
    "Size",
    "Taken",
    "build",
    "copy_keras",
    "evidence",
    "library_file",
    "names",
    "own_class",
    "settings_of",
    "size",
    "take_weights",
    "weight_pictures",
]

_FILES = {
    "Size": "measure",
    "Taken": "pretrained_weights",
    "copy_keras": "keras",
    "evidence": "linear",
    "library_file": "pretrained_weights",
    "size": "measure",
    "take_weights": "pretrained_weights",
    "weight_pictures": "linear",
}


def __getattr__(name: str) -> object:
    if name not in _FILES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    from ..errors import MissingExtra

    try:
        value = getattr(import_module(f".{_FILES[name]}", __name__), name)
    except ImportError as error:
        raise MissingExtra(error.name or "torch", "train") from error
    globals()[name] = value
    return value
