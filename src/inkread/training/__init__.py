"""Recipes and pictures in, run folders and ONNX files out."""

from __future__ import annotations

from .board import Board
from .calibrate import temperature_of
from .card import card
from .circumstances import DEVICES, Circumstances
from .curve import Scored, by_epoch, read_test, write_test
from .ensemble import Ensemble, Joint
from .export import Exported, export
from .fit import fit, run_in
from .given import given, small
from .history import History, Pace, Row
from .out_of_fold import dealt, kept_together, out_of_fold, sized
from .pack import pack, temperature_and_case_weight
from .pool import Pool
from .pools import pools
from .progress import Progress
from .run import Answers, Run, logits_of, read_with
from .several import joined
from .views import Viewed, Views

__all__ = [
    "DEVICES",
    "Answers",
    "Board",
    "Circumstances",
    "Ensemble",
    "Exported",
    "History",
    "Joint",
    "Pace",
    "Pool",
    "Progress",
    "Row",
    "Run",
    "Scored",
    "Viewed",
    "Views",
    "by_epoch",
    "card",
    "dealt",
    "export",
    "fit",
    "given",
    "joined",
    "kept_together",
    "logits_of",
    "out_of_fold",
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
