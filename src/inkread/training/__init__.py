"""Recipes and pictures in, run folders and ONNX files out."""

from __future__ import annotations

from .card import card
from .circumstances import DEVICES, Circumstances
from .curve import test_curve, test_scores, write_test
from .export import Exported, export
from .fit import fit
from .given import given, small
from .pack import pack
from .pool import Pool
from .pools import pools
from .run import Answers, Run
from .trainer import CHECKPOINT

__all__ = [
    "CHECKPOINT",
    "DEVICES",
    "Answers",
    "Circumstances",
    "Exported",
    "Pool",
    "Run",
    "card",
    "export",
    "fit",
    "given",
    "pack",
    "pools",
    "small",
    "test_curve",
    "test_scores",
    "write_test",
]
