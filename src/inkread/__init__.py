"""Reads single handwritten characters: ``inkread.read("H.png").character``.

This face is lazy: importing it costs the standard library only, and a name's room is imported when it is first used.
"""

from __future__ import annotations

import os

__version__ = "0.1.0"

__all__ = ["Alphabet", "InkreadError", "Reader", "Reading", "__version__", "read"]

TYPE_CHECKING = False  # as type checkers know it; the module `typing` would be most of what this import costs
if TYPE_CHECKING:
    from .alphabet import Alphabet
    from .errors import InkreadError
    from .reading import Reader, Reading, read

# ONNX Runtime sends an event to its makers as soon as it is imported, and keeps a device's number in the user's cache,
# unless this is set before. Here, since every way into the package passes here.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

_ROOMS = {"Alphabet": "alphabet", "InkreadError": "errors", "Reader": "reading", "Reading": "reading", "read": "reading"}


def __getattr__(name: str) -> object:
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f".{_ROOMS[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
