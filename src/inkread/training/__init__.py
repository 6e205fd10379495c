"""Recipes and pictures in, run folders and ONNX files out."""

from __future__ import annotations

from .calibrate import joint_temperature_of, temperature_of
from .card import card
from .circumstances import Circumstances
from .curve import Scored, by_epoch, read_test, write_test
from .ensemble import Ensemble
from .export import export
from .fit import fit, run_in
from .given import given, small
from .history import History, Row
from .out_of_fold import dealt, out_of_fold, sized
from .outside import bring
from .pace import pace
from .pack import pack, temperature_and_case_weight
from .pool import Pool
from .pools import pools
from .progress import Progress
from .run import Answers, Run, logits_of, read_with
from .several import joined
from .shares import limited
from .trainer import CHECKPOINT
from .views import Viewed

__all__ = [
    "CHECKPOINT",
    "Answers",
    "Circumstances",
    "Ensemble",
    "History",
    "Pool",
    "Progress",
    "Row",
    "Run",
    "Scored",
    "Viewed",
    "bring",
    "by_epoch",
    "card",
    "dealt",
    "export",
    "fit",
    "given",
    "joined",
    "limited",
    "joint_temperature_of",
    "logits_of",
    "out_of_fold",
    "pace",
    "pack",
    "pools",
    "read_with",
    "run_in",
    "sized",
    "small",
    "temperature_and_case_weight",
    "temperature_of",
    "read_test",
    "write_test",
]
