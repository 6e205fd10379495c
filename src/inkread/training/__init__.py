"""Recipes and pictures in, run folders and ONNX files out."""

from __future__ import annotations

from .card import card
from .circumstances import DEVICES, Circumstances
from .export import Exported, export
from .fit import fit
from .given import given
from .pack import pack
from .pool import Pool
from .pools import pools
from .run import Answers, Run

__all__ = ["DEVICES", "Answers", "Circumstances", "Exported", "Pool", "Run", "card", "export", "fit", "given", "pack", "pools"]
