"""Results as pages: one self-contained file each, nothing loaded from elsewhere."""

from __future__ import annotations

from .contact import Card, ContactSheet, Fact, percent
from .diagnosis import Covered, Examined, Remark, diagnosis_page, heat, stacked
from .suspects import Doubted, suspect_pages

__all__ = [
    "Card",
    "ContactSheet",
    "Covered",
    "Doubted",
    "Examined",
    "Fact",
    "Remark",
    "diagnosis_page",
    "heat",
    "percent",
    "stacked",
    "suspect_pages",
]
