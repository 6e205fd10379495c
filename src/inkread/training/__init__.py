"""Recipes and pictures in, run folders and ONNX files out."""

from __future__ import annotations

from .card import card
from .export import Exported, export
from .fit import Circumstances, fit
from .pack import pack
from .pool import Pool
from .pools import pools
from .run import Answers, Run

__all__ = ["Answers", "Circumstances", "Exported", "Pool", "Run", "card", "export", "fit", "pack", "pools"]
