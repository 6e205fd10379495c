"""Results as pages: one self-contained file each, nothing loaded from elsewhere."""

from __future__ import annotations

from .blocks import Block, Code, Figure, Items, Link, Listing, Paragraph, Section, Strong, Table, Text
from .contact import Card, ContactSheet, Fact, percent
from .curves import COLOURS, Curve, Curves
from .diagnosis import Covered, Examined, Remark, diagnosis_page, heat, stacked
from .document import Document
from .effects import Effect, Interaction, effects_chart, interaction_chart
from .evaluation import About, evaluation_page
from .figures import evaluation_figures
from .measured import Measured, Series
from .standings import Difference, Step, forest_chart, ladder_chart
from .suspects import Doubted, suspect_pages
from .tradeoffs import Candidate, front, tradeoff_chart
from .trends import WU_AND_HE, Learnt, Panel, Worth, batch_chart, examples_chart, learning_chart
from .weights import evidence_picture, weights_picture

__all__ = [
    "About",
    "Block",
    "COLOURS",
    "Candidate",
    "Card",
    "Code",
    "ContactSheet",
    "Covered",
    "Curve",
    "Curves",
    "Difference",
    "Document",
    "Doubted",
    "Effect",
    "Examined",
    "Fact",
    "Figure",
    "Interaction",
    "Items",
    "Learnt",
    "Link",
    "Listing",
    "Measured",
    "Panel",
    "Paragraph",
    "Remark",
    "Section",
    "Series",
    "Step",
    "Strong",
    "Table",
    "Text",
    "WU_AND_HE",
    "Worth",
    "batch_chart",
    "diagnosis_page",
    "effects_chart",
    "evaluation_figures",
    "evaluation_page",
    "evidence_picture",
    "examples_chart",
    "forest_chart",
    "front",
    "heat",
    "interaction_chart",
    "ladder_chart",
    "learning_chart",
    "percent",
    "stacked",
    "suspect_pages",
    "tradeoff_chart",
    "weights_picture",
]
