"""Recipes and pictures in, run folders and ONNX files out."""

from __future__ import annotations

from .fit import Circumstances, fit
from .pool import Pool
from .run import Answers, Run

__all__ = ["Answers", "Circumstances", "Pool", "Run", "fit"]
