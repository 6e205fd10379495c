"""What a study says of networks that are reused: where they come from, and by what their worth is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Body:
    """A network that is trained before anything is reused.

    ``name``: how levels call it. ``recipe``: of its training. ``data``: that it is trained on. ``alphabet``: what it tells apart.
    ``set``: values of the recipe by dotted key. ``reason``: why this one, for the report.
    """

    name: str
    recipe: str
    data: str
    alphabet: str
    set: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True)
class Worth:
    """That reuse is worth labels.

    ``of``: the factor whose levels are amounts, as numbers or as pictures to train on. ``against``: the level of another that
    begins from nothing. ``without``: the one that needs no label, empty where there is none. ``unit``: of amounts, in words.
    """

    of: str
    against: str
    without: str = ""
    unit: str = "labels"
