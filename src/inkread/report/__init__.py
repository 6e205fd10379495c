"""Results as pages: one self-contained file each, nothing loaded from elsewhere."""

from __future__ import annotations

from .contact import Card, ContactSheet, Fact, percent
from .curves import COLOURS, Curve, Curves
from .diagnosis import Covered, Examined, Remark, diagnosis_page, heat, stacked
from .evaluation import About, evaluation_page
from .figures import evaluation_figures
from .suspects import Doubted, suspect_pages
from .weights import evidence_picture, weights_picture

__all__ = [
    "About",
    "COLOURS",
    "Card",
    "ContactSheet",
    "Covered",
    "Curve",
    "Curves",
    "Doubted",
    "Examined",
    "Fact",
    "Remark",
    "diagnosis_page",
    "evaluation_figures",
    "evaluation_page",
    "evidence_picture",
    "heat",
    "percent",
    "stacked",
    "suspect_pages",
    "weights_picture",
]
