"""Plain values of TOML or JSON -> a dataclass, strictly: an unknown key or a wrong type is an error with the way out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any, TypeVar

from ..errors import UsageError, nearest

T = TypeVar("T")
KINDS: dict[str, tuple[type, ...]] = {"int": (int,), "float": (float, int), "str": (str,), "bool": (bool,)}
ROWS = {"tuple[str, ...]": ("str", "texts"), "tuple[float, ...]": ("float", "numbers")}
"""Annotation of a row -> of what, and how people call that."""
CALLED = {"int": "a whole number", "float": "a number", "str": "a text", "bool": "true or false"}


def values(kind: type[T], told: object, where: str) -> T:
    """An instance of the dataclass ``kind`` from the mapping ``told``; ``where`` names it in errors.

    Fields annotated ``int``, ``float``, ``str``, ``bool`` and rows of texts or numbers are checked (an int passes for a float).
    :class:`UsageError`.
    """
    if not isinstance(told, Mapping):
        raise UsageError(f"{where} must be a table of keys and values: {told!r}")
    known = {each.name: each for each in fields(kind)}  # type: ignore[arg-type]
    for key in told:
        if key not in known:
            raise UsageError(f"unknown key in {where}: {key}", nearest(str(key), tuple(known)))
    needed = [name for name, each in known.items() if each.default is MISSING and each.default_factory is MISSING]
    missing = [name for name in needed if name not in told]
    if missing:
        raise UsageError(f"{where} lacks: {', '.join(missing)}")
    return kind(**{key: _checked(str(known[key].type), value, f"{where}.{key}") for key, value in told.items()})


def _checked(annotation: str, value: object, where: str) -> Any:
    row = ROWS.get(annotation)
    if row is not None:
        kind, called = row
        if not isinstance(value, list | tuple) or not all(isinstance(each, KINDS[kind]) for each in value):
            raise UsageError(f"{where} must be a row of {called}: {value!r}")
        return tuple(float(each) if kind == "float" else each for each in value)
    wanted = KINDS.get(annotation)
    if wanted is None:
        return value
    if not isinstance(value, wanted) or (isinstance(value, bool) and annotation != "bool"):
        raise UsageError(f"{where} must be {CALLED[annotation]}: {value!r}")
    return float(value) if isinstance(value, int) and annotation == "float" else value
