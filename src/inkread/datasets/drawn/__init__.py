"""Characters drawn by a program, on paper and in boxes: for samples, tests and demos; never counted as handwriting."""

from __future__ import annotations

from .glyphs import drawn
from .hand import Hand, draw, strokes_of
from .marks import with_border
from .paper import Border, Camera, Dirt, Frame, Light, Paper, Ruling, on_paper

__all__ = [
    "Hand",
    "draw",
    "strokes_of",
    "drawn",
    "Paper",
    "Frame",
    "Border",
    "Ruling",
    "Light",
    "Dirt",
    "Camera",
    "on_paper",
    "with_border",
]
