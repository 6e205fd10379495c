"""Pictures of single characters: decoded, prepared, drawn and shown."""

from __future__ import annotations

from .pen import Pen, render

__all__ = ["Pen", "render"]
