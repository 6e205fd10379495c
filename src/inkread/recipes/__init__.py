"""What a training is made of: recipes as values and as TOML."""

from __future__ import annotations

from .assignments import assigned
from .choice import LAST, falling, judged_by, kept
from .explained import Key, keys_explained
from .keys import flat
from .parts import Augmentation, Export, Finish, LeaveOut, NetworkUse, SourceUse, Training
from .recipe import Recipe
from .toml import load, names, parse, write
from .values import values

__all__ = [
    "Augmentation",
    "Export",
    "Finish",
    "Key",
    "LAST",
    "LeaveOut",
    "NetworkUse",
    "Recipe",
    "SourceUse",
    "Training",
    "assigned",
    "falling",
    "flat",
    "judged_by",
    "kept",
    "keys_explained",
    "load",
    "names",
    "parse",
    "values",
    "write",
]
