"""Recipes and pictures in, run folders and ONNX files out."""

from __future__ import annotations

from .card import card
from .export import Exported, export
from .fit import Circumstances, fit
from .out_of_fold import dealt, out_of_fold
from .pack import pack
from .pool import Pool
from .pools import pools
from .run import Answers, Run

__all__ = ["Answers", "Circumstances", "Exported", "Pool", "Run", "card", "dealt", "export", "fit", "out_of_fold", "pack", "pools"]
