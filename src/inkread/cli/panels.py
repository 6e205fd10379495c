"""A diagnosis in the terminal: the page itself where pictures can be shown, else its pictures as block characters."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from .patient import Patient, page_of, steps

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CELL, LARGE, GAP = 18, 28, 2
"""Columns of a step's picture, of the finished one with what speaks for the answer, and between two."""


def shown(patient: Patient, environment: Mapping[str, str]) -> str:
    """What to write to the terminal behind these environment variables; lines, the last one ended too."""
    from ..picture import terminal_image, terminal_of
    from ..report import diagnosis_page

    columns = shutil.get_terminal_size().columns
    terminal = terminal_of(environment)
    if terminal in ("kitty", "iterm"):
        return terminal_image(diagnosis_page(page_of(patient)), terminal, columns=min(columns, 130))
    colour = terminal == "colour"
    panels = [_panel(caption.split("\n")[0], picture, CELL, colour) for caption, picture in _steps(patient)]
    return _rows(panels, columns) + _rows(_reasons(patient, colour), columns)


def wrapped(line: str) -> str:
    """A line of words broken between them where the terminal ends, indented from the second line on."""
    indent = " " * (len(line) - len(line.lstrip()) + 4)
    return textwrap.fill(line, shutil.get_terminal_size().columns, subsequent_indent=indent, break_on_hyphens=False)


def _steps(patient: Patient) -> list[tuple[str, NDArray[np.uint8]]]:
    """The steps but the finished one, which is shown larger below, where there is a below."""
    shown = steps(patient)
    return shown[:-1] if patient.diagnosis.occlusion and len(shown) > 1 else shown


def _reasons(patient: Patient, colour: bool) -> list[list[str]]:
    """What the network sees, and what in it speaks for the answer: red, or where there is no colour light."""
    import numpy as np

    from ..report import heat

    covered, reading = patient.diagnosis.occlusion, patient.diagnosis.reading
    if covered is None:
        return []
    if colour:
        map_, says = heat(reading.prepared, covered.falls), f"red speaks for {reading.character}"
    else:
        falls = np.clip(covered.falls, 0, None)
        map_, says = (255 * falls / max(float(falls.max()), 1e-9)).astype(np.uint8), f"light speaks for {reading.character}"
    return [_panel("the network sees", reading.prepared, LARGE, colour), _panel(says, map_, LARGE, colour)]


def _panel(caption: str, picture: NDArray[np.uint8], size: int, colour: bool) -> list[str]:
    """A caption and the lines below it, each as wide as ``size`` columns."""
    from ..picture import blocks, fitted

    width = fitted(picture, size).shape[1]
    return [f"{caption[:size]:<{size}}", *(line + " " * (size - width) for line in blocks(picture, size, colour=colour).split("\n"))]


def _rows(panels: Sequence[list[str]], columns: int) -> str:
    """The panels side by side, as many in a row as the terminal has room for."""
    if not panels:
        return ""
    size = len(panels[0][0])
    across = max(1, (columns + GAP) // (size + GAP))
    text = ""
    for start in range(0, len(panels), across):
        row = panels[start : start + across]
        tall = max(map(len, row))
        for line in range(tall):
            text += (" " * GAP).join(panel[line] if line < len(panel) else " " * size for panel in row).rstrip() + "\n"
    return text
