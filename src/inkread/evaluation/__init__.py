"""Arrays in, dataclasses out: how often a reader is right, how far its probabilities can be believed, which of two is better."""

from __future__ import annotations

from .accuracy import Accuracy, accuracy, by_class, macro_accuracy, right, wilson
from .audit import Audit, PairOfLabels, Suspect, audit
from .calibration import (
    Calibration,
    CalibrationBin,
    Temperature,
    calibration,
    expected_calibration_error,
    fit_temperature,
    negative_log_likelihood,
    softmax,
)
from .compare import PairedTest, mcnemar
from .confusion import Confusion, confusion
from .predictor import Predictor
from .risk import RiskCoverage, risk_coverage
from .seeds import OverSeeds, over_seeds
from .witnesses import Witnesses, witnesses

__all__ = [
    "Accuracy",
    "Audit",
    "Calibration",
    "CalibrationBin",
    "Confusion",
    "PairOfLabels",
    "OverSeeds",
    "PairedTest",
    "Predictor",
    "RiskCoverage",
    "Suspect",
    "Temperature",
    "Witnesses",
    "accuracy",
    "audit",
    "by_class",
    "calibration",
    "confusion",
    "expected_calibration_error",
    "fit_temperature",
    "macro_accuracy",
    "mcnemar",
    "negative_log_likelihood",
    "over_seeds",
    "right",
    "risk_coverage",
    "softmax",
    "wilson",
    "witnesses",
]
