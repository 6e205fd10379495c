"""Recipes and pictures in, run folders and ONNX files out."""

from __future__ import annotations

from .export import Exported, export
from .fit import Circumstances, fit
from .pool import Pool
from .pools import pools
from .run import Answers, Run

__all__ = ["Answers", "Circumstances", "Exported", "Pool", "Run", "export", "fit", "pools"]
