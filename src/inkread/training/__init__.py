"""Recipes and pictures in, run folders and ONNX files out."""

from __future__ import annotations

from .card import card
from .export import Exported, export
from .fit import Circumstances, fit
from .pack import pack, temperature_of
from .pool import Pool
from .pools import pools
from .run import Answers, Run, logits_of

__all__ = ["Answers", "Circumstances", "Exported", "Pool", "Run", "card", "export", "fit", "logits_of", "pack", "pools", "temperature_of"]
