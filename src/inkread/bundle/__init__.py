"""The file that travels: one ONNX file whose metadata say everything that a reader must know beside the graph."""

from __future__ import annotations

from .load import Bundle, load, names, parse, save, write
from .manifest import FORMAT, KEYS, MAX_LEFT_OUT, Head, Manifest, RiskData

__all__ = [
    "FORMAT",
    "KEYS",
    "MAX_LEFT_OUT",
    "Bundle",
    "Head",
    "Manifest",
    "RiskData",
    "load",
    "names",
    "parse",
    "save",
    "write",
]
