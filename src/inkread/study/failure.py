"""Why a trial failed, as its row tells it."""

from __future__ import annotations

from ..errors import InkreadError


def told(error: Exception) -> str:
    """A sentence for whatever a training, a network or a library raised."""
    if isinstance(error, InkreadError):
        return error.message
    if isinstance(error, MemoryError):
        return "the machine has not enough memory for it"
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else 'without a word'}"
