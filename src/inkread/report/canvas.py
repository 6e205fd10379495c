"""Figures of matplotlib that no window shows, and their PNG."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from ..errors import MissingExtra

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def figure(width: float, height: float, dpi: int = 130, what: str = "the report's figures") -> Figure:
    """An empty figure of so many inches. :class:`MissingExtra` for ``what`` without matplotlib."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError:
        raise MissingExtra(what, "report") from None
    made = Figure(figsize=(width, height), dpi=dpi, layout="constrained")
    FigureCanvasAgg(made)
    return made


def png(of: Figure) -> bytes:
    """The figure as PNG, the same bytes for the same figure."""
    out = BytesIO()
    of.savefig(out, format="png", metadata={"Software": None})
    return out.getvalue()
