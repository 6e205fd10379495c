"""Pictures of single characters: decoded, prepared, drawn and shown."""

from __future__ import annotations

from .accept import as_picture
from .blocks import Terminal, blocks, terminal_image, terminal_of
from .content import PICTURE_SUFFIXES, is_picture
from .decode import MAX_BYTES, MAX_PIXELS, decode
from .encode import encode_png
from .pen import Pen, render
from .prepare import prepare
from .sheet import sheet
from .steps import Placement, Prepared, Step
from .thumbnail import thumbnail

__all__ = [
    "MAX_BYTES",
    "MAX_PIXELS",
    "PICTURE_SUFFIXES",
    "Pen",
    "Placement",
    "Prepared",
    "Step",
    "Terminal",
    "as_picture",
    "blocks",
    "decode",
    "encode_png",
    "is_picture",
    "prepare",
    "render",
    "sheet",
    "terminal_image",
    "terminal_of",
    "thumbnail",
]
