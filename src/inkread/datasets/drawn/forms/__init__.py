"""The tables of stroke descriptions, our own work: no font and no data set stands behind them."""

from __future__ import annotations

from .form import LINE, MIDDLE, TAIL, TOP, Form, forms, forms_of

__all__ = ["Form", "forms", "forms_of", "TOP", "MIDDLE", "LINE", "TAIL"]
