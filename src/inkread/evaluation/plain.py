"""Dataclasses as plain values for JSON: one rule for all of them."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from ..alphabet import Alphabet

DIGITS = 6
"""Decimal places that are kept: a share of one in a million pictures still shows."""


def plain(value: object) -> Any:
    """``value`` as what JSON has: dataclasses as objects, arrays and tuples as lists, an alphabet as its characters.

    What is not a number (NaN) becomes None, and so does an array of grey levels (uint8): pictures belong on the page.
    A dataclass with an ``as_dict`` of its own says itself what it is.
    """
    if isinstance(value, Alphabet):
        return value.characters
    if is_dataclass(value) and not isinstance(value, type):
        own = getattr(value, "as_dict", None)
        return plain(own()) if own else fields_of(value)
    if isinstance(value, np.ndarray):
        return None if value.dtype == np.uint8 else plain(value.tolist())
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return None if value != value else round(value, DIGITS)
    return value


def fields_of(value: object) -> dict[str, Any]:
    """The fields of a dataclass as plain values, in their order; pictures are left out."""
    assert is_dataclass(value)
    told = ((each.name, getattr(value, each.name)) for each in fields(value))
    return {name: plain(each) for name, each in told if not (isinstance(each, np.ndarray) and each.dtype == np.uint8)}
