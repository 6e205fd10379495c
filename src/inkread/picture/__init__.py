"""Pictures of single characters: decoded, prepared, drawn and shown."""

from __future__ import annotations

from .accept import as_picture
from .beside import begin_beside, deaf, one_thread
from .blocks import Terminal, blocks, terminal_image, terminal_of
from .canvas import Canvas, shortened, text_width, wrapped
from .content import PICTURE_SUFFIXES, is_picture
from .crew import Crew, Made, made_of
from .damage import DAMAGES, Damage
from .decode import MAX_BYTES, MAX_PIXELS, channel_gap, decode
from .distort import distorted, sampling, scribbles, warped
from .encode import encode_png
from .occlusion import Flip, Occlusion, occlusion
from .pen import Pen, render
from .prepare import prepare
from .sheet import sheet
from .steps import SIDE_BY_SIDE, Placement, Prepared, Step
from .survey import Survey, survey
from .thumbnail import fitted, thumbnail

__all__ = [
    "Canvas",
    "Crew",
    "DAMAGES",
    "Damage",
    "Flip",
    "MAX_BYTES",
    "MAX_PIXELS",
    "PICTURE_SUFFIXES",
    "Made",
    "Occlusion",
    "Pen",
    "Placement",
    "Prepared",
    "SIDE_BY_SIDE",
    "Step",
    "Survey",
    "Terminal",
    "as_picture",
    "begin_beside",
    "deaf",
    "blocks",
    "channel_gap",
    "decode",
    "distorted",
    "encode_png",
    "fitted",
    "is_picture",
    "made_of",
    "occlusion",
    "one_thread",
    "prepare",
    "render",
    "sampling",
    "scribbles",
    "sheet",
    "shortened",
    "survey",
    "terminal_image",
    "terminal_of",
    "text_width",
    "thumbnail",
    "warped",
    "wrapped",
]
