"""What a training is made of: recipes as values and as TOML."""

from __future__ import annotations

from .recipe import Augmentation, Finish, LeaveOut, NetworkUse, Recipe, SourceUse, Training
from .toml import load, names, parse, write

__all__ = ["Augmentation", "Finish", "LeaveOut", "NetworkUse", "Recipe", "SourceUse", "Training", "load", "names", "parse", "write"]
