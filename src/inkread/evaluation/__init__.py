"""Arrays in, dataclasses out: how often a reader is right, how far its probabilities can be believed, which of two is better."""

from __future__ import annotations

from .accuracy import Accuracy, accuracy, by_class, macro_accuracy, newcombe, right, wilson
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
from .chance import Chance
from .characters import CharacterScore, Evenness, characters, evenness, gini
from .compare import LEVEL, Changed, Compared, Comparison, Difference, bootstrap, compare, holm
from .confusion import Confusion, confusion
from .differences import Contrast, OverBlocks, differences, over_blocks, over_folds, over_pictures
from .ensemble import check_together, chosen_greedily, pooled
from .evaluation import Evaluation, Test, Wishes, evaluate, evaluated
from .examples import Example, Nearest
from .explain import quoted
from .given import Answered, Labelled, Model, answered_by_classes
from .letter import Asked, LetterPage, Taken, asked_letter, letter_page
from .paired import PairedTest, mcnemar, unpaired
from .pairs import ConfusedPair, Direction, Origin, confused_pairs
from .plain import plain
from .predictor import Predictor
from .published import BASES, PUBLISHED, Beside, Published, beside
from .risk import RiskCoverage, risk_coverage
from .robustness import PASSES, ROBUST, Damaged, Robustness, Suffered, robustness
from .saliency import Saliency, saliency
from .scores import Calibrated, Selective, Threshold, Top
from .seeds import OverSeeds, over_seeds
from .shapes import Looks, Shapes
from .spaces import CaseScore, SpaceScore, case_policies, spaces
from .suspected import SuspectedLabel, SuspectedLabels, suspected
from .view import View, view
from .views import VIEWS, Averaged, Restricted
from .witnesses import Witnesses, witnesses
from .worth import LabelWorth, label_worth

__all__ = [
    "Accuracy",
    "accuracy",
    "Answered",
    "answered_by_classes",
    "Asked",
    "asked_letter",
    "Audit",
    "audit",
    "Averaged",
    "BASES",
    "Beside",
    "beside",
    "bootstrap",
    "by_class",
    "Calibrated",
    "Calibration",
    "calibration",
    "CalibrationBin",
    "case_policies",
    "CaseScore",
    "Chance",
    "Changed",
    "characters",
    "CharacterScore",
    "check_together",
    "chosen_greedily",
    "compare",
    "Compared",
    "Comparison",
    "confused_pairs",
    "ConfusedPair",
    "Confusion",
    "confusion",
    "Contrast",
    "Damaged",
    "Difference",
    "differences",
    "Direction",
    "evaluate",
    "evaluated",
    "Evaluation",
    "Evenness",
    "evenness",
    "Example",
    "expected_calibration_error",
    "fit_temperature",
    "gini",
    "holm",
    "label_worth",
    "Labelled",
    "LabelWorth",
    "letter_page",
    "LetterPage",
    "LEVEL",
    "Looks",
    "macro_accuracy",
    "mcnemar",
    "Model",
    "Nearest",
    "negative_log_likelihood",
    "newcombe",
    "Origin",
    "over_blocks",
    "over_folds",
    "over_pictures",
    "over_seeds",
    "OverBlocks",
    "OverSeeds",
    "PairedTest",
    "PairOfLabels",
    "PASSES",
    "plain",
    "pooled",
    "Predictor",
    "PUBLISHED",
    "Published",
    "quoted",
    "Restricted",
    "right",
    "risk_coverage",
    "RiskCoverage",
    "ROBUST",
    "Robustness",
    "robustness",
    "Saliency",
    "saliency",
    "Selective",
    "Shapes",
    "softmax",
    "spaces",
    "SpaceScore",
    "Suffered",
    "Suspect",
    "suspected",
    "SuspectedLabel",
    "SuspectedLabels",
    "Taken",
    "Temperature",
    "Test",
    "Threshold",
    "Top",
    "unpaired",
    "View",
    "view",
    "VIEWS",
    "wilson",
    "Wishes",
    "Witnesses",
    "witnesses",
]
