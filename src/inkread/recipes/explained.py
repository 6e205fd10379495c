"""What every key of a recipe means, from the docstrings of its parts: for the command line and for the pages."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import MISSING, Field, dataclass, fields
from typing import Any

from ..preparation import Preparation
from .parts import Augmentation, Export, Finish, LeaveOut, NetworkUse, SourceUse, Training
from .recipe import Recipe
from .values import CALLED, ROWS

EXPLAINED: dict[str, type] = {
    "": Recipe,
    "sources": SourceUse,
    "preparation": Preparation,
    "network": NetworkUse,
    "training": Training,
    "augmentation": Augmentation,
    "leave_out": LeaveOut,
    "finish": Finish,
    "export": Export,
}
"""The tables of a recipe, as TOML names them, in the order in which they are explained."""


@dataclass(frozen=True)
class Key:
    """One key: its ``table`` ("" for none) and ``name``, what it ``takes``, its ``default`` (None: there is none), what it means."""

    table: str
    name: str
    takes: str
    default: Any
    meaning: str

    @property
    def dotted(self) -> str:
        """As ``--set`` takes it, ``training.epochs``."""
        return f"{self.table}.{self.name}" if self.table else self.name


def keys_explained() -> tuple[Key, ...]:
    """Every key that a recipe can have, but for the settings of its network, which are the network's own."""
    return tuple(each for table, kind in EXPLAINED.items() for each in _keys(table, kind))


def _keys(table: str, kind: type) -> Iterator[Key]:
    told = meanings(kind)
    for each in fields(kind):
        takes = _takes(str(each.type))
        if takes:
            yield Key(table, each.name, takes, _default(each), told[each.name])


def meanings(kind: type) -> dict[str, str]:
    """Field -> what the class's docstring says behind "``field``:", up to the next field or the end of the paragraph."""
    names = {each.name for each in fields(kind)}
    found = {}
    for paragraph in re.split(r"\n\s*\n", inspect.getdoc(kind) or ""):
        pieces = re.split(r"``(\w+)``:\s+", " ".join(paragraph.split()))
        for name, text in zip(pieces[1::2], pieces[2::2], strict=True):
            if name in names:
                found[name] = re.sub(r"\s*\(:meth:[^)]*\)", "", text).replace("``", "`").strip().removesuffix(".")
    return found


def _takes(annotation: str) -> str:
    """What values of this annotation are called; "" for a whole table."""
    return f"a row of {ROWS[annotation][1]}" if annotation in ROWS else CALLED.get(annotation, "")


def _default(of: Field[Any]) -> Any:
    return None if of.default is MISSING else of.default
